// The crates that are in the library and in the Node addon, on any platform, with what they say of themselves.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Licences that ask for no more than to be named, and their text to be given. */
export const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-3-Clause',
  'CDLA-Permissive-2.0',
  'ISC',
  'MIT',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

const OURS = /^socket-task/;
const TEXT = /^(licen[cs]e|copying|notice)/i;

function cargo(root, ...args) {
  return execFileSync(process.env.CARGO ?? 'cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** `name version` of all of them: macros that run while compiling are not in the library. */
function names(root) {
  const tree = (name, ...options) =>
    cargo(root, 'tree', '-p', name, '-e', 'normal,no-proc-macro', '--target', 'all', '--prefix', 'none', ...options);
  const lines = tree('socket-task', '--features', 'android') + tree('socket-task-node');
  const all = Array.from(lines.matchAll(/^(\S+) v(\S+)/gm), ([, name, version]) => `${name} ${version}`);
  return new Set(all.filter((name) => !OURS.test(name)));
}

/** The licence that is chosen of `expression` (SPDX): of alternatives MIT, if it is one. */
export function choice(expression) {
  const alternatives = expression
    .replaceAll('/', ' OR ')
    .split(' OR ')
    .map((one) => one.trim());
  if (alternatives.includes('MIT')) return ['MIT'];
  const together = (alternatives.length > 1 && !expression.includes('(') ? alternatives[0] : expression).split(' AND ');
  return together.map((one) => (one.startsWith('(') ? choice(one.slice(1, -1))[0] : one));
}

/** The texts of the chosen licences among the crate's files. None where the crate comes without. */
function texts(folder, licences, expression) {
  const files = readdirSync(folder).filter((file) => TEXT.test(file));
  const hasChoice = /OR|\//.test(expression);
  const named = files.filter((file) => licences.some((licence) => file.toLowerCase().includes(licence.toLowerCase())));
  const chosen = hasChoice && named.length > 0 ? named : files;
  return chosen.sort().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
}

/** Sorted by name: `{name, version, description, repository, checksum, expression, licences, texts, authors}`. */
export function crates(root) {
  const wanted = names(root);
  const { packages } = JSON.parse(cargo(root, 'metadata', '--format-version', '1', '--features', 'android'));
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  const checksums = new Map(
    Array.from(
      lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(.+)"$/gm),
      ([, name, version, checksum]) => [`${name} ${version}`, checksum],
    ),
  );
  return packages
    .filter(({ name, version }) => wanted.has(`${name} ${version}`))
    .map(({ name, version, description, repository, license, authors, manifest_path }) => {
      const expression = license ?? '';
      const licences = choice(expression);
      return {
        name,
        version,
        description: description?.trim().replace(/\s+/g, ' '),
        repository,
        checksum: checksums.get(`${name} ${version}`),
        expression,
        licences,
        texts: texts(dirname(manifest_path), licences, expression),
        authors,
      };
    })
    .sort((a, b) => (a.name === b.name ? a.version.localeCompare(b.version) : a.name < b.name ? -1 : 1));
}

/** Of the crates, those whose licence nobody has accepted, in words. */
export function refused(all) {
  return all
    .filter(({ licences }) => !licences.every((licence) => ACCEPTED.has(licence)))
    .map(({ name, version, expression }) => `${name} ${version} is under "${expression}"`);
}
