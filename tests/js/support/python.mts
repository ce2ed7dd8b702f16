// The echo server of the Python package `websockets`, which tests/js/requirements.txt names.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Identity } from './certificates.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCES = join(ROOT, 'tests', 'js');
const ENVIRONMENT = join(ROOT, 'build', 'python');

export class PythonServer {
  url = '';
  tlsUrl = '';
  readonly #identity: Identity;
  readonly #folder = mkdtempSync(join(tmpdir(), 'socket-task-python-'));
  #process: ChildProcess | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  async start(): Promise<void> {
    const certificate = join(this.#folder, 'identity.pem');
    writeFileSync(certificate, this.#identity.cert + this.#identity.key);
    const process = spawn(python(), [join(SOURCES, 'support', 'echo_server.py'), certificate], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = process;
    for await (const line of createInterface({ input: process.stdout })) {
      const [plain, tls] = JSON.parse(line) as [number, number];
      this.url = `ws://127.0.0.1:${plain}/`;
      this.tlsUrl = `wss://localhost:${tls}/`;
      return;
    }
    throw new Error('the Python server has not started');
  }

  stop(): void {
    // It ends when its input does.
    this.#process?.stdin?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A Python that has the package: the one on the path, or one in a virtual environment that is made once. */
function python(): string {
  if (hasWebsockets('python3')) return 'python3';
  const own = join(ENVIRONMENT, 'bin', 'python');
  if (!existsSync(own) || !hasWebsockets(own)) {
    run('python3', '-m', 'venv', ENVIRONMENT);
    run(own, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(SOURCES, 'requirements.txt'));
  }
  return own;
}

function hasWebsockets(command: string): boolean {
  return spawnSync(command, ['-c', 'import websockets.asyncio.server'], { stdio: 'ignore' }).status === 0;
}

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} has failed`);
}
