// Which ratios of the benchmarks of JavaScript have to be held: ratios.json has the least of each, by the run and the row of
// its table. They are what an almost idle machine has shown at least, less a quarter, and less two fifths where there is a compiler at run
// time: what disturbs the machine shifts both sides, but not by the same.
import { readFileSync, writeFileSync } from 'node:fs';

const least = JSON.parse(readFileSync(new URL('ratios.json', import.meta.url), 'utf8'));

/**
 * What is wrong with the ratios of `run`, a sentence each: one that is too small, one that is missing, one of which the file
 * knows nothing. `ratios` has them by the names of the rows.
 */
export function shortfalls(run, ratios) {
  const wanted = least[run] ?? {};
  const names = new Set([...Object.keys(wanted), ...Object.keys(ratios)]);
  return [...names].flatMap((name) => {
    const row = `${run}, ${name}`;
    if (!(name in wanted)) return [`${row}: bench/ratios.json does not say how large it has to be`];
    if (!(ratios[name] >= 0)) return [`${row}: it was not measured`];
    return ratios[name] < wanted[name] ? [`${row}: ${ratios[name]}, and ${wanted[name]} is the least`] : [];
  });
}

/** The ratios, in the last column, of the rows of a table in Markdown, by what is in the first. */
export function ratiosOf(table) {
  const rows = [...table.matchAll(/^\| ([^|]*[^| ]) \|.*\| ([\d.]+) \|$/gm)];
  return Object.fromEntries(rows.map(([, name, ratio]) => [name, Number(ratio)]));
}

/** Puts the table into the file between the lines `<!-- NAME -->` and `<!-- end of NAME -->`. */
export function writeTable(file, name, table) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no lines ${begin} and ${end}`);
  writeFileSync(file, `${text.slice(0, from)}${begin}\n\n${table.trim()}\n\n${text.slice(to)}`);
}
