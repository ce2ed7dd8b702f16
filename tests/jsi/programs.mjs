// Compiles the programs of js/, runs them, and counts how their tests went: for run.mjs, and for that of
// tests/react-native.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');

export const counts = { passed: 0, failed: 0 };

/** Tells how a test went; `details` only when it failed. */
export function report(name, good, details = '') {
  if (good) counts.passed += 1;
  else counts.failed += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${name}${good || !details ? '' : `\n${details.trim()}`}`);
}

/** Prints the last line of a run, and sets the exit code. */
export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

/** Runs a program to its end; `line` gets each line of its output at once. */
export function execute(command, args, { env = {}, milliseconds = 120_000, line } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      for (const text of line ? chunk.split('\n') : []) line(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      output += `\nno end after ${milliseconds} ms`;
      child.kill('SIGKILL');
    }, milliseconds);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, output });
    });
  });
}

/** Counts the "ok" and "not ok" lines of a program that runs several tests, and its end as one more if it went wrong. */
export function reportTests(name, { code, output }) {
  const tests = output.split(/^(?=(?:not )?ok )/m).filter((part) => /^(not )?ok /.test(part));
  for (const test of tests) {
    const [first, ...rest] = test.split('\n');
    report(`${name}: ${first.replace(/^(not )?ok /, '')}`, !first.startsWith('not'), rest.join('\n'));
  }
  if (tests.length === 0 || (code !== 0 && tests.every((test) => test.startsWith('ok')))) {
    report(`${name}: ends well`, false, `exit ${code}\n${output}`);
  }
}

/**
 * Compiles programs of js/ with the package's own sources to one file each in `folder`; returns where one is. `options` are
 * of esbuild.
 */
export async function compile(folder, names, options) {
  await build({
    entryPoints: names.map((name) => join(here, 'js', `${name}.ts`)),
    outdir: folder,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    // package.json speaks of the compiled files only.
    ignoreAnnotations: true,
    logLevel: 'warning',
    ...options,
  });
  return (name) => join(folder, `${name}.js`);
}

/** What stands in for the package react-native where there is only a TurboModule. */
export const alias = { 'react-native': join(here, 'js', 'react-native.ts') };

export function bundle(folder, ...names) {
  return compile(folder, names, { alias });
}

/**
 * Runs js/cycle.ts, and checks what the server has heard of the ends of the runtimes. `run` gets the arguments of the host
 * program; what it returns is `clean` unless a sanitizer complains. `named` makes the name of a test complete.
 */
export async function cycle(server, script, run, named) {
  const before = { ...server.counts.closeCodes };
  const { code, output, clean = true, leaked } = await run(['cycle', '200', script]);
  report(named('200 runtimes that end with live sockets'), code === 0 && clean, leaked || `${output}\nexit ${code}`);
  report(named('the server has seen all of them go'), await server.allClosed(5_000), `${server.counts.open} are open`);
  const told = Object.entries(server.counts.closeCodes).map(([code, count]) => [code, count - (before[code] ?? 0)]);
  const { 1001: away = 0, ...others } = Object.fromEntries(told.filter(([, count]) => count > 0));
  // Two sockets at least were open in most of the runtimes when they ended.
  report(named(`it was told 1001: ${away} times`), away >= 200);
  // What close() and the paths /close and /drop lead to.
  const expected = Object.keys(others).every((code) => ['1000', '1005', '1006'].includes(code));
  report(named('and no code that nobody sends'), expected, JSON.stringify(others));
}

/** Runs js/calls.ts, like {@link cycle}. The server may hear no code: it is busy sending. */
export async function calls(server, script, run, named) {
  const before = server.counts.opened;
  const { code, output, clean = true, leaked } = await run(['cycle', '200', script]);
  report(
    named('200 runtimes that end while another thread calls into them'),
    code === 0 && clean,
    leaked || `${output}\nexit ${code}`,
  );
  const opened = server.counts.opened - before;
  const gone = await server.allClosed(5_000);
  report(
    named(`the server has seen all their ${opened} sockets go`),
    gone && opened >= 400,
    `${server.counts.open} are open`,
  );
}
