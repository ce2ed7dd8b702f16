// Holds each language's options against the table: each is there or excused, nothing is extra, units and defaults agree.
import { field, snake, spellings } from './names.mjs';
import { callOptions, options } from './options.mjs';
import * as documents from './documents.mjs';
import * as from from './sources.mjs';

/** By the object that the options are fields of in JavaScript: who has them, in which spelling, and what reads them. */
const PLACES = {
  '': [
    ['the core', 'core', from.coreFields],
    ['Java', 'java', from.javaBuilder],
    ['Objective-C', 'objc', from.objcOptions],
    ['the seam', 'seam', from.seamFields],
    ['the Node addon', 'seam', from.nodeFields],
    ['TypeScript', 'js', from.jsFields],
    ['docs/javascript.md', 'js', documents.documentedOptions],
  ],
  tls: [
    ['the core', 'core', from.coreTlsFields],
    ['the seam', 'seam', from.seamTlsFields],
    ['the Node addon', 'seam', from.nodeTlsFields],
    ['TypeScript', 'js', from.jsTlsFields],
    ['docs/javascript.md', 'js', documents.documentedTlsOptions],
  ],
  perMessageDeflate: [
    ['the core', 'core', from.coreDeflateFields],
    ['C', 'c', from.cDeflateFields],
    ['Java', 'java', from.javaDeflate],
    ['Objective-C', 'objc', from.objcDeflate],
    ['the seam', 'seam', from.seamDeflateFields],
    ['the Node addon', 'seam', from.nodeDeflateFields],
    ['docs/javascript.md', 'js', documents.documentedDeflateOptions],
  ],
};

/** C and its natives have one flat list, and so have Java and Objective-C for TLS. */
const FLAT = ['c', 'java', 'objc'];

/** The url is what a connection is made of; in JavaScript there are callbacks and more that a connection does not have. */
const NOT_OPTIONS = {
  'the seam': ['url'],
  'the Node addon': ['url'],
  TypeScript: Object.keys(callOptions),
  'docs/javascript.md': Object.keys(callOptions),
};

export function* checkOptions(sources) {
  yield* checkExcuses();
  for (const [object, places] of Object.entries(PLACES)) {
    for (const [where, place, read] of places) {
      const rows = options.filter(({ name }) => {
        const own = field(name).object;
        return own === object || (own === 'tls' && object === '' && FLAT.includes(place));
      });
      yield* checkPlace(where, place, rows, read(sources));
    }
  }
  const flat = options.filter(({ name }) => field(name).object !== 'perMessageDeflate');
  yield* checkPlace('C', 'c', flat, from.cSetters(sources));
  const ofJava = flat.filter(({ java }) => java !== null);
  yield* checkPlace('the natives of Java', 'c', ofJava, from.javaNatives(sources));
  yield* checkCpp(sources);
  yield* checkNode(sources);
  yield* checkSetterDocuments(flat, documents.documentedSetters(sources));
}

/** A row that leaves the habits says why. */
function* checkExcuses() {
  const places = ['core', 'c', 'java', 'objc', 'seam', 'js'];
  for (const row of options) {
    if (places.some((place) => row[place] !== undefined) && !row.why)
      yield `the table: ${row.name} does not say why it is spelled otherwise`;
  }
}

function* checkPlace(where, place, rows, found) {
  const known = new Map(found.map((option) => [option.name, option]));
  const wanted = new Set(NOT_OPTIONS[where] ?? []);
  for (const row of rows) {
    for (const name of spellings(row)[place]) {
      wanted.add(name);
      const option = known.get(name);
      if (!option) yield `${where}: there is no ${name}`;
      else yield* checkOption(`${where}: ${name}`, place, row, option);
    }
  }
  for (const name of known.keys()) if (!wanted.has(name)) yield `${where}: ${name} is not in the table`;
}

const MEASURED = ['ms', 'bytes', 'count', 'flag'];

function* checkOption(what, place, row, option) {
  if (MEASURED.includes(row.unit) && 'unit' in option && option.unit !== row.unit) {
    yield option.unit
      ? `${what} is in ${option.unit}, and should be in ${row.unit}`
      : `${what} does not say that it is in ${row.unit}`;
  }
  if (row.default === undefined) return;
  if (place === 'core') {
    const wanted = row.default === 'none' ? 'off' : row.default;
    if ('default' in option && option.default !== wanted)
      yield `${what} is ${option.default} by default, and should be ${row.default}`;
  } else if (option.cell !== undefined) {
    if (!cellPattern(row).test(option.cell)) yield `${what} does not tell its default, ${row.default}`;
  } else if (option.text && place !== 'seam') {
    const pattern = defaultPattern(row, place);
    if (pattern && !pattern.test(option.text)) yield `${what} does not tell its default, ${row.default}`;
  }
}

/** How a cell of a table that holds nothing else tells a default. */
function cellPattern({ unit, default: value }) {
  if (value === 'off' || value === 'none') return /^(never|none|`false`)$/;
  if (unit === 'choice') return new RegExp(`^\`'${value}'\`$`);
  const number = unit === 'bytes' ? `${value >> 20} MiB` : String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
  return new RegExp(value === true ? '^`true`' : `^${number}$`);
}

/** How the documentation tells a default; nothing where an option without one is plain without words. */
function defaultPattern({ unit, default: value }, place) {
  if (value === true) return /(true|YES|on)`? (by default|◆)|default true|`true`/i;
  if (value === 'off')
    return /\b(0|none)[^.]* (the|by) default|default: (never|not|none)|number[^.]*, \w+ never|\bnone\b|\bnever\b/i;
  if (unit === 'ms') {
    const number = place === 'objc' ? String(value / 1000) : String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
    return new RegExp(`(?<!\\d ?)${number}(?! ?\\d)`);
  }
  if (unit === 'bytes') return new RegExp(`\\b${value >> 20} MiB`);
  return undefined;
}

/** The rows of the C++ marshaller: each number goes to the function of its own name, in its own unit. */
function* checkCpp(sources) {
  const names = new Set(from.cppNames(sources).map(({ name }) => name));
  for (const row of options)
    for (const name of spellings(row).seam) {
      if (!names.has(name)) yield `C++: there is no ${name}`;
    }
  for (const [rows, isOwn] of [
    [from.cppRows(sources), ({ name }) => field(name).object !== 'perMessageDeflate'],
    [from.cppDeflateRows(sources), ({ name }) => field(name).object === 'perMessageDeflate'],
  ]) {
    for (const row of options.filter((one) => isOwn(one) && MEASURED.includes(one.unit))) {
      const [name] = spellings(row).seam;
      if (!rows.some((one) => one.name === name)) yield `C++: ${name} has no row with its unit`;
    }
    for (const { name, unit, setter } of rows) {
      const row = options.find((one) => isOwn(one) && spellings(one).seam.includes(name));
      if (!row) yield `C++: ${name} is not in the table`;
      else if (!spellings(row).c.includes(setter)) yield `C++: ${name} goes to ${setter}`;
      else if (MEASURED.includes(row.unit) && unit !== row.unit)
        yield `C++: ${name} is in ${unit}, and should be in ${row.unit}`;
    }
  }
}

/** The Node addon hands each field on, and to the field of its own name. */
function* checkNode(sources) {
  const { set, read } = from.nodeRows(sources);
  for (const { name } of [
    ...from.nodeFields(sources),
    ...from.nodeTlsFields(sources),
    ...from.nodeDeflateFields(sources),
  ]) {
    if (!read.includes(name)) yield `the Node addon: ${name} is not handed on`;
  }
  for (const row of options) {
    const [core, seam] = [spellings(row).core, spellings(row).seam.map(snake)];
    for (const { to, from: source } of set)
      if (seam.includes(source) && !core.includes(to)) yield `the Node addon: ${source} goes to ${to}`;
  }
}

/** docs/network.md puts the names of C beside those of JavaScript. */
function* checkSetterDocuments(rows, documented) {
  if (documented.length === 0) yield 'docs/network.md: there are no functions of C';
  const setters = new Map(rows.flatMap((row) => spellings(row).c.map((setter) => [setter, row])));
  for (const { c, js } of documented) {
    for (const setter of c) {
      const row = setters.get(setter);
      if (!row && /^(set|add)_/.test(setter)) yield `docs/network.md: ${setter} is not in the table`;
      if (row && js.length > 0 && !js.includes(row.of ?? row.name)) yield `docs/network.md: ${setter} is not ${js}`;
    }
  }
}
