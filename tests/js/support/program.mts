// Runs small programs that use the package in processes of their own.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Run {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** Runs `source`, an ES module or CommonJS, in Node with the repository's package in reach. Ends it after `timeout` ms. */
export function runProgram(
  source: string,
  {
    type = 'module',
    args = [],
    env = {},
    cwd = ROOT,
    timeout = 20_000,
    flags = [],
  }: {
    type?: 'module' | 'commonjs';
    args?: string[];
    env?: Record<string, string>;
    cwd?: string;
    timeout?: number;
    flags?: string[];
  } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [...flags, `--input-type=${type}`, '-e', source, '--', ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    const run = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (run.stdout += data));
    child.stderr.on('data', (data) => (run.stderr += data));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...run, code, signal, milliseconds: performance.now() - started });
    });
  });
}
