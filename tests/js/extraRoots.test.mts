// NODE_EXTRA_CA_CERTS: Node's own variable for authorities, in programs that are started with it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Authority } from './support/certificates.mjs';
import { runProgram } from './support/program.mjs';
import { echo, serve } from './support/servers.mjs';

/** Tells for each set of options in `args` how a connection with it went; removes the file behind the first. */
const PROGRAM = `
  import { rmSync } from 'node:fs';
  import { WebSocket } from 'react-native-socket-task';
  const [url, file, ...each] = process.argv.slice(1);
  const told = [];
  for (const options of each) {
    const ws = new WebSocket(url, [], JSON.parse(options));
    ws.onopen = () => { told.push('open'); ws.close(); };
    ws.onerror = ({ error }) => told.push(error.code);
    await new Promise((resolve) => (ws.onclose = resolve));
    if (told.length === 1) rmSync(file, { force: true });
    process.env.NODE_EXTRA_CA_CERTS = '';
  }
  console.log(JSON.stringify(told));
`;

async function setUp(t: TestContext) {
  const authority = new Authority();
  const folder = mkdtempSync(join(tmpdir(), 'socket-task-extra-'));
  t.after(() => {
    authority.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const { url } = await serve(t, echo, { tls: authority.issue() });
  const file = join(folder, 'extra.pem');
  const run = async (content: string | undefined, ...options: object[]) => {
    if (content !== undefined) writeFileSync(file, content);
    const args = [url, file, ...options.map((each) => JSON.stringify(each))];
    const { stdout, stderr } = await runProgram(PROGRAM, { args, env: { NODE_EXTRA_CA_CERTS: file } });
    return { told: JSON.parse(stdout || '[]') as string[], stderr };
  };
  return { authority, run };
}

test('it adds to the known authorities, and is read once', async (t) => {
  const { authority, run } = await setUp(t);
  const other = new Authority();
  t.after(() => other.dispose());
  const each = [{}, { tls: { roots: 'bundled' } }, { tls: { ca: other.ca } }, { tls: { roots: 'none', ca: other.ca } }];
  const { told, stderr } = await run(`# of the company\n${other.ca}\n${authority.ca}`, ...each);
  assert.deepEqual(told, ['open', 'open', 'open', 'certificate-unknown-issuer']);
  assert.equal(stderr, '');
});

test('what cannot be read of it is told once, and the rest counts', async (t) => {
  const { authority, run } = await setUp(t);
  const broken = authority.ca.replace(/\n.{8}/, '\n????????');
  const partly = await run(`${broken}\n${authority.ca}`, {}, {});
  assert.deepEqual(partly.told, ['open', 'open']);
  assert.equal(
    partly.stderr.match(/NODE_EXTRA_CA_CERTS, .*: 1 of its certificates left out: /g)?.length,
    1,
    partly.stderr,
  );
  const nothing = await run('no PEM', {});
  assert.deepEqual(nothing.told, ['certificate-unknown-issuer']);
  assert.match(nothing.stderr, /NODE_EXTRA_CA_CERTS, .*: there is no certificate in PEM in it/);
  const missing = await run(undefined, {});
  assert.deepEqual(missing.told, ['certificate-unknown-issuer']);
  assert.match(missing.stderr, /NODE_EXTRA_CA_CERTS, .*: it cannot be read: No such file/);
});

test('what listens to the warning may connect', async () => {
  const program = `
    import { WebSocket } from 'react-native-socket-task';
    const connect = () => new WebSocket('wss://127.0.0.1:9/').close();
    process.emitWarning = () => { connect(); console.log('told'); };
    connect();
  `;
  const { stdout } = await runProgram(program, { env: { NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' } });
  assert.equal(stdout.trim(), 'told');
});
