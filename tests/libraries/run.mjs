// Runs cases, each in processes of its own: once with the class where the library takes one, once with the swap as the global.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SIX = ['partysocket', 'reconnecting-websocket', 'signalr', 'trpc', 'actioncable', 'nats'];
const LIMIT = 60_000;

const cases = new URL('cases/', import.meta.url);
const all = readdirSync(cases)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length));
const wanted = process.argv.slice(2);
const names = wanted.length === 0 ? SIX : wanted[0] === 'all' ? all : wanted;

let passed = 0;
let failed = 0;

/** Runs one case. It says what it has shown in one line that begins with "ok" or "skipped". */
function run(name, mode) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('run-case.mjs', import.meta.url)), name, mode], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ended together with the server that it may have started.
      detached: true,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const line = output.split('\n').find((line) => /^(ok|skipped:) /.test(line));
      if (code === 0 && line) {
        console.log(line);
        if (line.startsWith('ok')) passed += 1;
      } else {
        failed += 1;
        console.log(`not ok ${name} | ${mode}: ${signal ?? `exit code ${code}`}\n${output}${errors}`);
      }
      resolve();
    });
  });
}

/** Said in the file, which is not loaded here: it would start what its server is. */
const takesClass = (name) =>
  /^export const takesClass = true;$/m.test(readFileSync(new URL(`${name}.mjs`, cases), 'utf8'));

for (const name of names) {
  if (takesClass(name)) await run(name, 'class');
  await run(name, 'swap');
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
