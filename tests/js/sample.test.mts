// The program in examples/, as `make demo` runs it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority } from './support/certificates.mjs';
import { ROOT } from './support/program.mjs';
import { closedPort, echo, serve } from './support/servers.mjs';

function sample(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'examples', 'taro-sample.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ code, output }));
  });
}

test('against an echo server', async (t) => {
  const { code, output } = await sample((await serve(t)).url);
  assert.equal(code, 0, output);
  assert.match(
    output,
    /connect success\nonOpen: .*onMessage: .*onMessage: .*onClose:  \{ code: 1000, reason: '', wasClean: true \}/s,
  );
});

test('with TLS and --ca', async (t) => {
  const authority = new Authority();
  const folder = mkdtempSync(join(tmpdir(), 'socket-task-sample-'));
  t.after(() => {
    authority.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const { url } = await serve(t, echo, { tls: authority.issue() });
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.ca);
  const { code, output } = await sample(url, '--ca', ca);
  assert.equal(code, 0, output);
  assert.equal((await sample(url)).code, 1);
});

test('anything else ends with another code', async (t) => {
  const altering = await serve(t, (peer) =>
    peer.on('message', (data, isBinary) => peer.send(`${data}!`, { binary: isBinary })),
  );
  assert.equal((await sample(altering.url)).code, 1);
  assert.equal((await sample(`ws://127.0.0.1:${await closedPort()}`)).code, 1);
  assert.equal((await sample('http://127.0.0.1')).code, 1);
  assert.equal((await sample()).code, 2);
});
