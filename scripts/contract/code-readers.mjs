// What reads a list of codes in a text: `[[name, number], …]`, with 0 where a place has no numbers.
import { between } from './sources.mjs';

const pairs = (text, pattern) => [...text.matchAll(pattern)].map(([, name, number]) => [name, Number(number)]);

export function cEnum(prefix, first) {
  return (text) => {
    const start = text.search(first);
    return pairs(text.slice(start, text.indexOf('}', start)), new RegExp(`\\b${prefix}(\\w+) = (-?\\d+)`, 'g'));
  };
}

export function cDefines(prefix) {
  return (text) => pairs(text, new RegExp(`^#define ${prefix}(\\w+) (\\d+)`, 'gm'));
}

/** The constants of a function of C that tells their names; the number is 0, and a name that is no kebab of its constant is one of its own. */
export function cNames(name, prefix) {
  return (text) =>
    [...between(text, new RegExp(`fn ${name}\\(`), /^\}/m).matchAll(/(\w+) => c"([^"]*)"/g)].map(
      ([, constant, word]) => [
        constant === prefix + word.replaceAll('-', '_').toUpperCase() ? word : `${constant} as "${word}"`,
        0,
      ],
    );
}

export function rustEnum(name) {
  return (text) => pairs(between(text, new RegExp(`enum ${name} \\{`), /^\}/m), /^ {4}(\w+)(?: = (-?\d+))?,/gm);
}

export function cppEnum(name) {
  return (text) => pairs(between(text, new RegExp(`enum class ${name} \\{`), /\};/), /^\s+(\w+) = (\d+)/gm);
}

export function javaConstants(text) {
  return pairs(text, /static final int (\w+) = (\d+);/g);
}

/** The number is what the constant is made with; otherwise its place, counted from `first`. */
export function javaEnum(name, first = 0) {
  return (text) => {
    const code = text.replace(/\/\*\*[^]*?\*\//g, '');
    const body = between(code, new RegExp(`enum ${name} \\{`), /;|^\s*\}/m);
    const constants = [...body.matchAll(/^\s+([A-Z][A-Z0-9_]*)(?:\((\d+)\))?(?=,|;|\s*$)/gm)];
    return constants.map(([, own, number], place) => [own, Number(number ?? first + place)]);
  };
}

export function objcEnum(name, prefix = name) {
  return (text) =>
    pairs(
      between(text, new RegExp(`NS_ENUM\\(NSInteger, ${name}\\)`), /\};/),
      new RegExp(`\\b${prefix}(\\w+) = (-?\\d+)`, 'g'),
    );
}

/** A list whose index is the number, with '' where there is none. */
export function tsList(name) {
  return (text) => {
    const body = between(text, new RegExp(`const ${name} = \\[`), /\] as const/);
    return [...body.matchAll(/'([^']*)'/g)].map(([, code], number) => [code, number]).filter(([code]) => code !== '');
  };
}

export function tsObject(name) {
  return (text) => pairs(between(text, new RegExp(`const ${name} = \\{`), /\} as const/), /^\s+(\w+): (\d+),/gm);
}

/** The texts between `start` and the end of its line or statement. */
export function tsUnion(start) {
  return (text) => [...between(text, new RegExp(start), /;|,$/m).matchAll(/'([\w.-]+)'/g)].map(([, code]) => [code, 0]);
}

export function rustWords(start) {
  return (text) =>
    [...between(text, start, /\n {8}\}/).matchAll(/(?:Some\(|=> )"([\w.-]+)"/g)].map(([, code]) => [code, 0]);
}

export function cppWords(name) {
  return (text) =>
    [...between(text, new RegExp(`${name}\\[\\] = `), /\};/).matchAll(/"([\w.-]+)"/g)].map(([, code]) => [code, 0]);
}

export function quoted(text) {
  return [...text.matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)]
    .filter(([, code]) => code.includes('-') || code === 'resource')
    .map(([, code]) => [code, 0]);
}

export function documentedCodes(field) {
  return (text) => {
    const row =
      new RegExp(`^\\| \`${field}\` \\| (.*) \\|$`, 'm').exec(text.slice(text.indexOf('## Errors')))?.[1] ?? '';
    return [...row.matchAll(/`([\w.-]+)`/g)].map(([, code]) => [code, 0]);
  };
}
