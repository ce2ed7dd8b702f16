// The tables of docs/platforms.md: what was run, compiled or only written, for which platform and version of React Native.
//
//   node scripts/platforms.mjs write          writes the tables into the document
//   node scripts/platforms.mjs check LOGS     whether the document has these tables, and the logs of `make test` bear it out
//
// A cell claims something and names its evidence: lines that must be in the logs of that run. A log that is not there, or
// says that all its tests were skipped, or those of a host, names the reason and proves nothing either way.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { features, platforms, versions } from './platforms/evidence.mjs';

const DOCUMENT = new URL('../docs/platforms.md', import.meta.url);
const END = '<!-- End of the table -->\n';

const row = (cells) => `| ${cells.join(' | ')} |\n`;

function platformTable() {
  const head = row(['', ...Object.values(platforms)]) + row(Array(Object.keys(platforms).length + 1).fill('---'));
  const body = features.map(({ feature, ...cells }) =>
    row([feature, ...Object.keys(platforms).map((platform) => cells[platform]?.claim ?? '')]),
  );
  return head + body.join('');
}

function versionTable() {
  const head = row(['React Native', 'architecture', 'engine', '']) + row(['---', '---', '---', '---']);
  return (
    head +
    versions.map(({ version, architecture, engine, claim }) => row([version, architecture, engine, claim])).join('')
  );
}

function withTable(document, name, table) {
  const begin = `<!-- The table of ${name} is written by scripts/platforms.mjs -->\n`;
  const [before, rest] = document.split(begin);
  const end = rest?.indexOf(END) ?? -1;
  if (end < 0) throw new Error(`docs/platforms.md has no place for the table of ${name}`);
  return `${before}${begin}\n${table}\n${rest.slice(end)}`;
}

const withTables = (document) =>
  withTable(withTable(document, 'platforms', platformTable()), 'versions', versionTable());

/** All that is claimed. */
function* claims() {
  for (const { feature, ...cells } of features) {
    for (const [platform, cell] of Object.entries(cells)) yield { place: `${feature}, ${platform}`, ...cell };
  }
  for (const { version, architecture, engine, ...cell } of versions) {
    yield { place: `React Native ${version}, ${architecture}, ${engine}`, ...cell };
  }
}

/** What the logs do not bear out. */
function* unproved(logs) {
  for (const { place, claim, evidence = [] } of claims()) {
    if (/\b(run|compiled)\b/.test(claim) && evidence.length === 0) yield `${place}: no evidence`;
    for (const [log, line, host] of evidence) {
      const file = join(logs, `${log}.log`);
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const skipped = /^skipped: all of /m.test(text) || (host && text.includes(`skipped: ${host}: `));
      if (text && !skipped && !line.test(text)) yield `${place}: "${claim}", but ${log} has no ${line}`;
    }
  }
}

const [mode, logs] = process.argv.slice(2);
const document = readFileSync(DOCUMENT, 'utf8');
if (mode === 'write') {
  writeFileSync(DOCUMENT, withTables(document));
} else {
  const faults = [...unproved(logs)];
  if (withTables(document) !== document)
    faults.push('the tables are not those of the evidence: node scripts/platforms.mjs write');
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
