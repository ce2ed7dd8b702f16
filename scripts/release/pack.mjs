// Makes the archives that are published, in build/npm: the package, and one for the addon of each kind of Node (scripts/addons).
//
//   node scripts/release/pack.mjs [--release]    --release: fails, and names what it is, when anything is missing
//
// What npm installs for a platform is in the package's optionalDependencies, which are written into the archive only: in the
// repository they would have to be published before they can be locked. Without --release only the addons that are there.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingParts } from '../native-parts.mjs';
import { address, isPlaceholder } from './address.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const out = join(root, 'build', 'npm');
const addons = join(root, 'build', 'addons');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
const isRelease = process.argv.includes('--release');

const targets = read(join(root, 'scripts', 'addons', 'targets.json'));
const manifest = read(join(root, 'package.json'));
const { name, version, author, license, homepage, bugs, repository, engines, publishConfig } = manifest;

/** `npm pack` of a folder, without its scripts; the archive's path. */
function pack(folder) {
  const answer = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', out], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    }),
  );
  const [{ filename }] = Array.isArray(answer) ? answer : Object.values(answer);
  return join(out, filename);
}

/** The package with the addon of a target. */
function packAddon(target, { os, cpu, libc }) {
  const folder = join(out, target);
  mkdirSync(folder);
  copyFileSync(join(addons, `${target}.node`), join(folder, 'socket-task.node'));
  for (const file of ['LICENSE', 'THIRD_PARTY_NOTICES.txt']) copyFileSync(join(root, file), join(folder, file));
  writeFileSync(
    join(folder, 'README.md'),
    `# ${name}-${target}\n\nThe Node addon of [${name}](${homepage}) for ${target}. npm installs it with that package.\n`,
  );
  const system = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
  const description = `The Node addon of ${name} for ${target}`;
  const [main, files] = ['socket-task.node', ['socket-task.node', 'THIRD_PARTY_NOTICES.txt']];
  write(join(folder, 'package.json'), {
    ...{ name: `${name}-${target}`, version, description, license, author, homepage, bugs, repository },
    ...{ main, files, ...system, engines, publishConfig },
  });
  return pack(folder);
}

/** The package itself: what `npm pack` makes of the checkout, but for the addon that was built there. */
function packMain(packed) {
  const folder = join(out, 'package');
  execFileSync('tar', ['-xzf', pack(root), '-C', out]);
  for (const file of readdirSync(join(folder, 'node')).filter((file) => file.endsWith('.node'))) {
    rmSync(join(folder, 'node', file));
  }
  const published = read(join(folder, 'package.json'));
  delete published.devDependencies;
  delete published.scripts;
  delete published.prettier;
  published.optionalDependencies = Object.fromEntries(packed.map((target) => [`${name}-${target}`, version]));
  write(join(folder, 'package.json'), published);
  return pack(folder);
}

const wanting = Object.keys(targets).filter((target) => !existsSync(join(addons, `${target}.node`)));
const problems = [
  ...missingParts().map((part) => `there is no ${part}`),
  ...wanting.map((target) => `there is no build/addons/${target}.node`),
  ...(isPlaceholder ? [`${address} is a placeholder: scripts/release/address.mjs`] : []),
];
try {
  execFileSync(process.execPath, [join(root, 'scripts', 'dependencies.mjs'), 'check'], { stdio: 'pipe' });
} catch (error) {
  problems.push(`the licences do not fit: ${error.stderr}`);
}
if (problems.length > 0) {
  console.error(`${isRelease ? 'This cannot be released' : 'Not to be published'}:\n  ${problems.join('\n  ')}`);
  if (isRelease) process.exit(1);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const packed = Object.keys(targets).filter((target) => !wanting.includes(target));
const archives = packed.map((target) => packAddon(target, targets[target]));
for (const archive of [...archives, packMain(packed)]) console.log(archive);
