// The table of docs/platforms.md: what was run, compiled or only written, for which platform.
//
//   node scripts/platforms.mjs write          writes the table into the document
//   node scripts/platforms.mjs check LOGS     whether the document has this table, and the logs of `make test` bear it out
//
// A cell claims something and names its evidence: lines that must be in the logs of that run. A log that is not there, or
// says that all its tests were skipped, names the reason and proves nothing either way.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { features, platforms } from './platforms/evidence.mjs';

const DOCUMENT = new URL('../docs/platforms.md', import.meta.url);
const BEGIN = '<!-- The table is written by scripts/platforms.mjs -->\n';
const END = '<!-- End of the table -->\n';

function table() {
  const row = (cells) => `| ${cells.join(' | ')} |\n`;
  const head = row(['', ...Object.values(platforms)]) + row(Array(Object.keys(platforms).length + 1).fill('---'));
  const body = features.map(({ feature, ...cells }) =>
    row([feature, ...Object.keys(platforms).map((platform) => cells[platform]?.claim ?? '')]),
  );
  return head + body.join('');
}

function withTable(document) {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/platforms.md has no place for the table');
  return `${before}${BEGIN}\n${table()}\n${END}${after}`;
}

/** What the logs do not bear out. */
function* unproved(logs) {
  for (const { feature, ...cells } of features) {
    for (const [platform, { claim, evidence = [] }] of Object.entries(cells)) {
      if (/\b(run|compiled)\b/.test(claim) && evidence.length === 0) yield `${feature}, ${platform}: no evidence`;
      for (const [log, line] of evidence) {
        const file = join(logs, `${log}.log`);
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        if (text && !/^skipped: all of /m.test(text) && !line.test(text)) {
          yield `${feature}, ${platform}: "${claim}", but ${log} has no ${line}`;
        }
      }
    }
  }
}

const [mode, logs] = process.argv.slice(2);
const document = readFileSync(DOCUMENT, 'utf8');
if (mode === 'write') {
  writeFileSync(DOCUMENT, withTable(document));
} else {
  const faults = [...unproved(logs)];
  if (withTable(document) !== document)
    faults.push('the table is not that of the evidence: node scripts/platforms.mjs write');
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
