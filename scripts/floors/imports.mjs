// The arrows between files of TypeScript and of C++: each import or include of a file of the project is one. In
// TypeScript that holds for types too.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const SCRIPT = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/;
const CPP = /\.(h|hpp|c|cpp|mm)$/;

/** A Map from each file of `folder` to the Set of files it imports. */
export function scriptArrows(root, folder) {
  const specifier = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(['"])(\.[^'"]*)\1/g;
  const files = filesOf(root, folder, SCRIPT);
  const resolve = (file, path) => {
    const base = posix.join(dirname(file), path);
    const bare = base.replace(SCRIPT, '');
    const endings = ['ts', 'tsx', 'mts', 'cts', 'js', 'mjs', 'cjs'];
    const names = [base, ...endings.map((end) => `${bare}.${end}`), ...endings.map((end) => `${base}/index.${end}`)];
    return names.find((name) => files.includes(name));
  };
  const arrows = new Map();
  for (const file of files) {
    const paths = [...read(root, file).matchAll(specifier)].map(([, , path]) => resolve(file, path));
    arrows.set(file, new Set(paths.filter((path) => path !== undefined && path !== file)));
  }
  return arrows;
}

/** The same for `#include`, and all includes as they are written. */
export function cppArrows(root, folder) {
  const include = /^[ \t]*#[ \t]*(?:include|import)[ \t]*(?:"([^"]+)"|<([^>]+)>)/gm;
  const files = filesOf(root, folder, CPP);
  const arrows = new Map();
  const includes = [];
  for (const file of files) {
    arrows.set(file, new Set());
    for (const [, own, system] of read(root, file).matchAll(include)) {
      includes.push({ file, path: own ?? system });
      if (own === undefined) continue;
      // Beside the file, or anywhere: each folder of ours is on the include path of some build.
      const beside = posix.join(dirname(file), own);
      const target = files.includes(beside) ? beside : files.find((other) => other.endsWith(`/${own}`));
      if (target !== undefined && target !== file) arrows.get(file).add(target);
    }
  }
  return { arrows, includes };
}

function filesOf(root, folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .filter((path) => ending.test(path))
    .sort();
}

function read(root, file) {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<![:'"])\/\/[^\n]*/g, ' ');
}
