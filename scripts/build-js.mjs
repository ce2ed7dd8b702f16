// Compiles js/ to lib/esm and lib/cjs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(join(root, 'lib'), { recursive: true, force: true });
for (const [format, type] of [
  ['esm', 'module'],
  ['cjs', 'commonjs'],
]) {
  execFileSync(process.execPath, [tsc, '-p', join(root, `tsconfig.${format}.json`)], { stdio: 'inherit' });
  copyFileSync(join(root, 'js', 'native', 'addon.cjs'), join(root, 'lib', format, 'native', 'addon.cjs'));
  // Tells Node, and TypeScript, how to read the files of the folder.
  writeFileSync(join(root, 'lib', format, 'package.json'), `${JSON.stringify({ type }, null, 2)}\n`);
}
