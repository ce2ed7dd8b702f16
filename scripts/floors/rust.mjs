// The arrows between the files of a Rust crate.
//
// A path of the code (`crate::`, `super::`, `self::`, a module that the file declares, a name that it imports) is
// followed, through re-exports, to the file that defines what it names: that is where the arrow leads. Three things are
// no arrows:
//
//   * `mod x;`, which only says that the file is there,
//   * `pub use` of something below the module itself, a mere sign at the door, unless the module uses the name too,
//   * what is compiled for unit tests only, since a test may use the whole house.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const NAME = '[A-Za-z_][A-Za-z0-9_]*';

/** A Map from each file of the crate, whose root file is `entry`, to the Set of files it uses. */
export function rustArrows(root, entry) {
  const arrows = new Map();
  if (existsSync(join(root, entry))) {
    const crate = readModule(root, entry, undefined);
    for (const module of everyModule(crate)) arrows.set(module.file, targets(module));
  }
  return arrows;
}

function readModule(root, file, parent) {
  const code = withoutTests(withoutText(readFileSync(join(root, file), 'utf8')));
  const module = { file, parent, children: new Map(), imports: [], names: new Map() };
  if (/\bmod\s+\w+\s*\{/.test(code)) throw new Error(`${file} has a module inside, which this script does not follow`);
  const folder = /^(mod|lib|main)\.rs$/.test(basename(file)) ? dirname(file) : file.replace(/\.rs$/, '');
  for (const [, name] of code.matchAll(new RegExp(`\\bmod\\s+(${NAME})\\s*;`, 'g'))) {
    const child = [`${folder}/${name}.rs`, `${folder}/${name}/mod.rs`].find((path) => existsSync(join(root, path)));
    if (child === undefined) throw new Error(`${file} declares the module ${name}, which has no file`);
    module.children.set(name, readModule(root, child, module));
  }
  const statement = /\b(pub\s*(?:\([^)]*\)\s*)?)?use\s+([^;]+);/g;
  for (const [, visibility, tree] of code.matchAll(statement)) {
    for (const leaf of leaves(tree.replace(/\s+/g, ' '))) {
      if (leaf.name === '*') throw new Error(`${file} uses a glob, which this script does not follow`);
      module.imports.push({ ...leaf, isPublic: visibility !== undefined });
      module.names.set(leaf.name, leaf.path);
    }
  }
  module.body = code
    .replace(statement, ' ')
    .replace(/\bpub\s*\([^)]*\)/g, 'pub')
    .replace(/\bmod\s+\w+\s*;/g, ' ');
  return module;
}

function* everyModule(module) {
  yield module;
  for (const child of module.children.values()) yield* everyModule(child);
}

function targets(module) {
  const found = new Set();
  const add = (path) => {
    const target = resolve(module, path);
    // A module by itself is no use of its file: what is named in it is.
    if (target !== undefined && !target.isModule) found.add(target.file);
  };
  for (const { path, name, isPublic } of module.imports) {
    const isUsed = () => new RegExp(`(?<![\\w.:])${name}\\b(?!::)`).test(module.body);
    if (!isPublic || !isBelow(module, path) || isUsed()) add(path);
  }
  for (const [path] of module.body.matchAll(new RegExp(`(?<![\\w.:])${NAME}(\\s*::\\s*${NAME})+`, 'g'))) {
    add(path.split(/\s*::\s*/));
  }
  found.delete(module.file);
  return found;
}

function isBelow(module, path) {
  const start = path[0] === 'self' ? path[1] : path[0];
  return module.children.has(start);
}

/** The file that defines what `path` names in `module`; undefined for another crate's. */
function resolve(module, path, followed = new Set()) {
  let at = module;
  let index = 0;
  if (path[0] === 'crate') {
    while (at.parent !== undefined) at = at.parent;
    index = 1;
  } else if (path[0] === 'self' || path[0] === 'super') {
    for (; path[index] === 'self' || path[index] === 'super'; index += 1) {
      if (path[index] === 'super') at = at.parent;
    }
  } else if (!at.children.has(path[0]) && !at.names.has(path[0])) {
    return undefined;
  }
  for (; index < path.length; index += 1) {
    const name = path[index];
    const child = at.children.get(name);
    const imported = at.names.get(name);
    // A module may have the name of a function that it brings in.
    if (child !== undefined && (imported === undefined || index < path.length - 1)) {
      at = child;
      continue;
    }
    const step = `${at.file} ${name}`;
    if (imported === undefined || followed.has(step)) return { file: at.file, isModule: false };
    return resolve(at, [...imported, ...path.slice(index + 1)], followed.add(step));
  }
  return { file: at.file, isModule: true };
}

/** The names that a `use` brings in, with their paths: `a::{self, b as c}` are `a` and `c`. */
function leaves(tree, before = []) {
  const text = tree.trim();
  const brace = text.indexOf('{');
  if (brace >= 0) {
    const prefix = [
      ...before,
      ...text
        .slice(0, brace)
        .split('::')
        .map((part) => part.trim())
        .filter(Boolean),
    ];
    return parts(text.slice(brace + 1, text.lastIndexOf('}'))).flatMap((part) => leaves(part, prefix));
  }
  const [given, alias] = text.split(/\s+as\s+/);
  const path = [...before, ...given.split('::').map((part) => part.trim())];
  if (path.at(-1) === 'self') path.pop();
  return [{ path, name: alias ?? path.at(-1) }];
}

/** The parts of a list, of which some are lists themselves. */
function parts(list) {
  const found = [''];
  let depth = 0;
  for (const character of list) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth === 0) found.push('');
    else found[found.length - 1] += character;
  }
  return found.filter((part) => part.trim() !== '');
}

/** The code without comments and without what is in quotes. */
function withoutText(code) {
  const text = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^\n]*?|[^'\\\n])'/g;
  return code.replace(text, ' ');
}

/** The code without the items that `#[cfg(test)]` stands before. */
function withoutTests(code) {
  const at = code.search(/#\[cfg\(test\)\]/);
  if (at < 0) return code;
  let end = at + '#[cfg(test)]'.length;
  let depth = 0;
  for (; end < code.length; end += 1) {
    if (code[end] === '{') depth += 1;
    if (code[end] === '}') depth -= 1;
    if (depth === 0 && (code[end] === ';' || code[end] === '}')) break;
  }
  return withoutTests(code.slice(0, at) + code.slice(end + 1));
}
