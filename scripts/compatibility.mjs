// The table of docs/compatibility.md: which client libraries run unchanged, from what tests/libraries printed.
//
//   node scripts/compatibility.mjs write LOG     writes the rows of the libraries that LOG has
//   node scripts/compatibility.mjs check [LOG]   whether each case has its row, in the version of the lock file, and LOG bears it out
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const DOCUMENT = new URL('docs/compatibility.md', root);
const CASES = new URL('tests/libraries/cases/', root);
const LOCK = new URL('tests/libraries/package-lock.json', root);
const BEGIN = '<!-- The table is written by scripts/compatibility.mjs -->\n';
const END = '<!-- End of the table -->\n';
const HEAD = `
| library | server | class given to it | \`installWebSocket()\` | exercised | |
| --- | --- | --- | --- | --- | --- |
`;

const MODES = { class: 2, swap: 3 };

/** The rows that a log bears out, by their libraries. */
function rowsOf(log) {
  const rows = new Map();
  for (const [, text] of log.matchAll(/^ok (.* \| .* \| (?:class|swap) \| .*)$/gm)) {
    const [library, server, mode, shown, notes = ''] = text.split(' | ').map((field) => field.trim());
    const row = rows.get(library) ?? [library, server, '–', '', shown, notes];
    row[MODES[mode]] = '✓';
    if (!row[5]) row[5] = notes;
    rows.set(library, row);
  }
  return rows;
}

function rowsOfDocument(document) {
  const lines = document.slice(document.indexOf(BEGIN), document.indexOf(END)).match(/^\| .*$/gm) ?? [];
  const rows = lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
  return new Map(rows.map((row) => [row[0], row]));
}

const nameOf = (library) => library.replace(/ \S+$/, '');
const lineOf = (row) => `| ${row.join(' | ')} |`;
/** Another machine may have another version of a server that is no npm package. */
const comparable = ([library, server, ...rest]) => lineOf([library, server.replace(/\d+(\.\d+)+/g, ''), ...rest]);

function write(document, log) {
  const rows = new Map([...rowsOfDocument(document)].map(([library, row]) => [nameOf(library), row]));
  for (const [library, row] of rowsOf(log)) rows.set(nameOf(library), row);
  const sorted = [...rows.keys()].sort((a, b) => a.replace('@', '').localeCompare(b.replace('@', ''), 'en'));
  const table = sorted.map((name) => `${lineOf(rows.get(name))}\n`).join('');
  const [before, rest] = document.split(BEGIN);
  return `${before}${BEGIN}${HEAD}${table}\n${rest.slice(rest.indexOf(END))}`;
}

function* faults(document, log) {
  const rows = rowsOfDocument(document);
  const { packages } = JSON.parse(readFileSync(LOCK, 'utf8'));
  const expected = new Set();
  for (const file of readdirSync(CASES)) {
    const [, library] = /^export const library = '(.*)';$/m.exec(readFileSync(new URL(file, CASES), 'utf8')) ?? [];
    expected.add(`${library} ${packages[`node_modules/${library}`]?.version}`);
  }
  for (const library of expected) if (!rows.has(library)) yield `there is no row for ${library}`;
  for (const library of rows.keys()) if (!expected.has(library)) yield `there is no case for the row of ${library}`;
  for (const [library, row] of rowsOf(log)) {
    const found = rows.get(library);
    if (found && comparable(found) !== comparable(row))
      yield `the row of ${library} is not what the tests show:\n${lineOf(row)}`;
  }
}

const [mode, file] = process.argv.slice(2);
const log = file && existsSync(file) ? readFileSync(file, 'utf8') : '';
const document = readFileSync(DOCUMENT, 'utf8');
if (mode === 'write') {
  writeFileSync(DOCUMENT, write(document, log));
} else {
  const found = [...faults(document, log)];
  for (const fault of found) console.log(fault);
  if (found.length > 0) console.log('make libraries, then: node scripts/compatibility.mjs write LOG');
  process.exitCode = found.length === 0 ? 0 : 1;
}
