// What the documents say of the options, in the terms of sources.mjs.
import { FILES, all, between } from './sources.mjs';

const DOCUMENTED_UNITS = {
  'number, ms': 'ms',
  'number, bytes': 'bytes',
  boolean: 'flag',
  'number or boolean': 'count',
};

/** The rows of the tables whose first cells are options of JavaScript. */
export function documentedOptions(sources) {
  const tables = between(sources.text(FILES.docsJs), /^\| option \| type \| default/m, /^### configure/m);
  return all(tables, /^\| (?<names>`[^|]*) \|(?<type>[^|]*)\|(?<default>[^|]*)\|(?<text>.*)\|$/gm).flatMap(
    ({ names, type, default: standard, text }) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => ({
        name,
        text: `${type} ${standard} ${text}`,
        unit: DOCUMENTED_UNITS[type.trim()],
        cell: standard.trim(),
      })),
  );
}

/** The C functions and the options of JavaScript beside them. */
export function documentedSetters(sources) {
  const table = between(sources.text(FILES.docsNetwork), /^\| C \| JavaScript/m, /^\n/m);
  return all(table, /^\| (?<c>`[^|]*) \| (?<js>[^|]*) \|/gm).map(({ c, js }) => ({
    c: [...c.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    js: [...js.matchAll(/`([\w.]+)/g)].map(([, name]) => name),
  }));
}

const firstCells = (table) =>
  all(table, /^\| (?<names>`\w+`(?:, `\w+`)*) \|/gm).flatMap(({ names }) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => ({ name })),
  );
export const documentedTlsOptions = (sources) =>
  firstCells(between(sources.text(FILES.docsJs), /^\| field of `tls` \|/m, /^\n/m));

/** The fields that the row of `perMessageDeflate` lists. */
export function documentedDeflateOptions(sources) {
  const list =
    /^\| `perMessageDeflate` \|.*`\{(?<names>[^}]*)\}`/m.exec(sources.text(FILES.docsJs))?.groups.names ?? '';
  return list.split(', ').map((name) => ({ name }));
}
