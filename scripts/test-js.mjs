// Compiles the JavaScript tests and runs them over the built package: npm test [-- <name> …]
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, 'build', 'js-tests');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(compiled, { recursive: true, force: true });
// The types are tested by compiling programs that use them.
for (const project of ['tests/js', 'tests/js/types']) {
  execFileSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: 'inherit' });
}

const wanted = process.argv.slice(2);
const files = readdirSync(compiled)
  .filter((file) => file.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some((name) => file.startsWith(name))))
  .map((file) => join(compiled, file));
if (files.length === 0) throw new Error(`no test is called ${wanted.join(' or ')}`);
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-reporter=spec', '--test-timeout=60000', '--test-concurrency=2', ...files],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
