// Runs programs and counts how tests went, for each folder of tests that has its own way to run them.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

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
export function execute(command, args, { cwd = root, env = {}, milliseconds = 120_000, line } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
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

/** Runs `compile` on two halves of the files at once, since a compiler takes one processor. */
export async function inHalves(files, compile) {
  const halves = [0, 1].map((half) => files.filter((_, index) => index % 2 === half));
  const results = await Promise.all(halves.filter((half) => half.length > 0).map(compile));
  const output = results.map((result) => result.output).join('');
  return { good: results.length > 0 && results.every(({ code }) => code === 0), output };
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
