// Whether the checkout can become a release: node scripts/release/ready.mjs [vX.Y.Z]. Tells everything that stands against it.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { address, fieldsFor, isPlaceholder } from './address.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (...path) => readFileSync(join(root, ...path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { version } = manifest;
const [tag = `v${version}`] = process.argv.slice(2);

const problems = [];
const want = (isSo, problem) => isSo || problems.push(problem);

want(tag === `v${version}`, `the tag is ${tag}, and package.json has ${version}`);
for (const [file, pattern] of [
  ['Cargo.toml', /^version = "(.*)"$/m],
  ['node/Cargo.toml', /^version = "(.*)"$/m],
  ['js/native/versions.ts', /VERSION = '(.*)'/],
]) {
  const [, found] = pattern.exec(read(...file.split('/'))) ?? [];
  want(found === version, `${file} has version ${found}, and package.json has ${version}`);
}
const [, heading] = /^## (.*)$/m.exec(read('CHANGELOG.md')) ?? [];
want(heading === version, `CHANGELOG.md begins with "${heading}", not with "${version}"`);
want(!isPlaceholder, `${address} is a placeholder: scripts/release/address.mjs`);
const { homepage, bugs, repository } = manifest;
want(
  JSON.stringify({ homepage, bugs, repository }) === JSON.stringify(fieldsFor(address)),
  'homepage, bugs and repository of package.json are not of one place: scripts/release/address.mjs',
);
const workflows = join('.github', 'workflows');
for (const file of readdirSync(join(root, workflows))) {
  for (const [, action] of read(workflows, file).matchAll(/uses: (\S+)/g)) {
    want(/@[0-9a-f]{40}$/.test(action), `${file} names ${action} without its digest`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${version} can be released`);
else process.exitCode = 1;
