// What each language's own file says of its options: a list of `{name, unit, text, default}`, where the text is the
// documentation without its marks, and unit and default are what the code says. A list without one of the last two is of a
// place that cannot say it; where they are undefined, the place could and does not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILES = {
  header: 'include/socket_task.h',
  core: 'src/options/mod.rs',
  coreTls: 'src/options/tls/mod.rs',
  coreDeflate: 'src/wire/deflate/negotiation.rs',
  java: 'android/src/main/java/com/sockettask/SocketTaskBuilder.java',
  javaDeflate: 'android/src/main/java/com/sockettask/SocketTaskDeflateOptions.java',
  javaNatives: 'android/src/main/java/com/sockettask/NativeSocket.java',
  objc: 'ios/STSocketTaskOptions.h',
  seam: 'js/native/seam.ts',
  js: 'js/options/options.ts',
  taro: 'js/taro/connectSocket.ts',
  cpp: 'cpp/jsi/ConnectOptions.cpp',
  node: 'node/src/options.rs',
  docsJs: 'docs/javascript.md',
  docsNetwork: 'docs/network.md',
};

export class Sources {
  #root;
  #texts = new Map();

  constructor(root) {
    this.#root = root;
  }

  /** The text of a file. It is there, or the contract looks in the wrong place. */
  text(file) {
    if (!this.#texts.has(file)) this.#texts.set(file, readFileSync(join(this.#root, file), 'utf8'));
    return this.#texts.get(file);
  }

  /** The same with another text for a file. */
  with(file, text) {
    const changed = new Sources(this.#root);
    changed.#texts = new Map(this.#texts).set(file, text);
    return changed;
  }
}

const plain = (documentation) =>
  documentation
    .replace(/^\s*(\/\/\/|\/?\*+\/?)/gm, '')
    .replace(/\s*\*\/\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();

/** All matches, as objects of the named groups. */
export const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match.groups);

/** What stands between `start` and the next `end`. */
export function between(text, start, end) {
  const begin = text.search(start);
  if (begin < 0) throw new Error(`nothing matches ${start}`);
  const rest = text.slice(begin);
  const length = rest.search(end);
  if (length < 0) throw new Error(`nothing matches ${end} after ${start}`);
  return rest.slice(0, length);
}

// ---- C ----

const C_UNITS = {
  'uint32_t milliseconds': 'ms',
  'size_t bytes': 'bytes',
  'uint32_t limit': 'count',
  'bool no_delay': 'flag',
};

export function cSetters(sources) {
  const found = all(
    sources.text(FILES.header),
    /(?<documentation>(?:^\/\/\/.*\n)+)^socket_task_status socket_task_(?<name>(?:set|add)_\w+)\(socket_task_handle handle,?(?<parameters>[^;]*)\);/gm,
  );
  return found.map(({ documentation, name, parameters }) => ({
    name,
    text: plain(documentation),
    unit: C_UNITS[parameters.trim()],
  }));
}

export function cDeflateFields(sources) {
  const struct = between(
    sources.text(FILES.header),
    /typedef struct \{\s+\/\/\/ As much of the struct/,
    /\} socket_task_deflate_options;/,
  );
  return all(struct, /^\s+\w+ (?<name>\w+);/gm).filter(({ name }) => name !== 'struct_size');
}

// ---- Rust ----

const RUST_UNITS = [
  [/Duration/, 'ms'],
  [/^usize$/, 'bytes'],
  [/^u8$|<u8>/, 'count'],
  [/^bool$/, 'flag'],
];
const rustUnit = (type) => RUST_UNITS.find(([pattern]) => pattern.test(type))?.[1];

function rustFields(text, struct) {
  const body = between(text, new RegExp(`pub struct ${struct}\\b`), /^\}/m);
  return all(body, /(?<documentation>(?:^\s+\/\/\/.*\n)*)^\s+pub (?<name>\w+): (?<type>.+),$/gm).map(
    ({ documentation, name, type }) => ({ name, text: plain(documentation), unit: rustUnit(type) }),
  );
}

/** A default as the core writes it, in the table's terms. */
function rustDefault(value) {
  const duration = /^Duration::from_(secs|millis)\((\d+)\)$/.exec(value);
  if (duration) return Number(duration[2]) * (duration[1] === 'secs' ? 1000 : 1);
  const shift = /^(\d+) << (\d+)$/.exec(value);
  if (shift) return Number(shift[1]) << Number(shift[2]);
  return { true: true, false: false, None: 'off', 0: 'off', 'ProxySource::Direct': 'off' }[value] ?? value;
}

export function coreFields(sources) {
  const text = sources.text(FILES.core);
  const defaults = new Map(
    all(between(text, /pub fn new\(url: Url\) -> Options/, /^ {4}\}/m), /^\s+(?<name>\w+): (?<value>.+),$/gm).map(
      ({ name, value }) => [name, rustDefault(value)],
    ),
  );
  return rustFields(text, 'Options')
    .filter(({ name }) => name !== 'url')
    .map((option) => ({ ...option, default: defaults.get(option.name) }));
}
export const coreTlsFields = (sources) => rustFields(sources.text(FILES.coreTls), 'TlsOptions');
export const coreDeflateFields = (sources) => rustFields(sources.text(FILES.coreDeflate), 'DeflateOptions');

const camelOf = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
function napiFields(sources, struct) {
  return rustFields(sources.text(FILES.node), struct).map(({ name, text }) => ({ name: camelOf(name), text }));
}
export const nodeFields = (sources) => napiFields(sources, 'NativeOptions');
export const nodeTlsFields = (sources) => napiFields(sources, 'NativeTls');
export const nodeDeflateFields = (sources) => napiFields(sources, 'NativeDeflate');

/** Which field of the seam's object each field of the core is set from, and all that are read. */
export function nodeRows(sources) {
  const text = sources.text(FILES.node);
  const set =
    /set\(&mut options\.(?<to>\w+), self\.(?<from>\w+)|^\s+options\.(?<to2>\w+) = (?:\w+\()?self\.(?<from2>\w+)/gm;
  return {
    set: all(text, set).map(({ to, from, to2, from2 }) => ({ to: to ?? to2, from: from ?? from2 })),
    read: [...text.matchAll(/\bself\.(\w+)/g)].map(([, name]) => camelOf(name)),
  };
}

// ---- Java ----

const JAVA_UNITS = {
  milliseconds: 'ms',
  bytes: 'bytes',
  limit: 'count',
  bits: 'count',
  level: 'count',
  noDelay: 'flag',
  noContextTakeover: 'flag',
};

function javaMethods(text, type) {
  return all(
    text,
    new RegExp(
      `(?<documentation>/\\*\\*(?:(?!\\*/)[^])*\\*/)\\s+public ${type} (?<name>\\w+)\\((?<parameters>[^)]*)\\)`,
      'g',
    ),
  ).map(({ documentation, name, parameters }) => ({
    name,
    text: plain(documentation),
    unit: JAVA_UNITS[/^(?:int|long|boolean) (\w+)$/.exec(parameters)?.[1]],
  }));
}
export const javaBuilder = (sources) => javaMethods(sources.text(FILES.java), 'SocketTaskBuilder');
export const javaDeflate = (sources) => javaMethods(sources.text(FILES.javaDeflate), 'SocketTaskDeflateOptions');

/** The natives of options, under the names of the C functions. */
export function javaNatives(sources) {
  const natives = sources.text(FILES.javaNatives).split('// ---- Options, before connect ----')[1] ?? '';
  return all(natives, /static native int (?<name>\w+)\(\s*long handle,?(?<parameters>[^)]*)\)/g).map(
    ({ name, parameters }) => ({
      name: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      unit: JAVA_UNITS[/^\s*(?:int|long|boolean) (\w+)$/.exec(parameters)?.[1]],
    }),
  );
}

// ---- Objective-C ----

const OBJC_UNITS = { NSTimeInterval: 'ms', BOOL: 'flag' };
const objcUnit = (type, text) =>
  type === 'NSInteger' ? (/\bbytes?\b/i.test(text) ? 'bytes' : 'count') : OBJC_UNITS[type];

function objcClass(sources, name) {
  const body = between(sources.text(FILES.objc), new RegExp(`@interface ${name} `), /^@end/m);
  const properties = all(
    body,
    /(?<documentation>(?:^\/\/\/.*\n)+)^@property\((?<traits>[^)]*)\) (?<type>[^;(]*?)[ *]*(?:\(\^)?(?<name>\w+)\)?(?:\(NSString.*\))?;/gm,
  ).map(({ documentation, name, type }) => ({ name, text: plain(documentation), unit: objcUnit(type, documentation) }));
  const methods = all(body, /(?<documentation>(?:^\/\/\/.*\n)+)^- \(void\)(?<signature>[^;]*);/gm).map(
    ({ documentation, signature }) => ({
      name: signature.replace(/\([^)]*\)\w+ ?/g, ''),
      text: plain(documentation),
    }),
  );
  return [...properties, ...methods];
}
export const objcOptions = (sources) => objcClass(sources, 'STSocketTaskOptions');
export const objcDeflate = (sources) => objcClass(sources, 'STSocketTaskDeflateOptions');

// ---- TypeScript ----

function tsUnit(type, text) {
  if (/^boolean$/.test(type)) return 'flag';
  if (!/^number( \| boolean)?$/.test(type)) return undefined;
  if (/millisecond/.test(text)) return 'ms';
  return /\bbytes\b/.test(text) ? 'bytes' : 'count';
}

function tsFields(text, name) {
  const body = between(text, new RegExp(`interface ${name}\\b`), /^\}/m);
  return all(body, /(?<documentation>\/\*\*(?:(?!\*\/)[^])*\*\/)?\s+(?<name>\w+)\??: (?<type>.+);/g).map(
    ({ documentation = '', name: own, type }) => ({
      name: own,
      text: plain(documentation),
      unit: tsUnit(type, documentation),
    }),
  );
}
export const seamFields = (sources) => tsFields(sources.text(FILES.seam), 'NativeOptions');
export const seamTlsFields = (sources) => tsFields(sources.text(FILES.seam), 'NativeTls');
export const seamDeflateFields = (sources) => tsFields(sources.text(FILES.seam), 'NativeDeflate');
export const jsFields = (sources) => [
  ...tsFields(sources.text(FILES.js), 'SocketOptions'),
  ...tsFields(sources.text(FILES.taro), 'ConnectOption'),
];
export const jsTlsFields = (sources) => tsFields(sources.text(FILES.js), 'TlsOptions');

// ---- C++ ----

const CPP_UNITS = { milliseconds: 'ms', byteCount: 'bytes', count: 'count', integer: 'count', boolean: 'flag' };
function cppTable(sources, pattern) {
  return all(sources.text(FILES.cpp), pattern).map(({ unit, ...row }) => ({ ...row, unit: CPP_UNITS[unit] }));
}
/** The rows of the marshaller: the field of the seam, its unit, and the C function. */
export const cppRows = (sources) =>
  cppTable(sources, /\{"(?<name>\w+)", \w+<(?:(?<unit>\w+), )?socket_task_(?<setter>\w+)(?:, \w+)?>\}/g);
/** The rows of permessage-deflate: the same with the field of the C struct. */
export const cppDeflateRows = (sources) =>
  cppTable(sources, /\{"(?<name>\w+)", store<(?<unit>\w+), &Deflate::(?<setter>\w+)>\}/g);
export const cppNames = (sources) =>
  [...new Set(all(sources.text(FILES.cpp), /"(?<name>[a-z][A-Za-z]+)"/g).map(({ name }) => name))].map((name) => ({
    name,
  }));
