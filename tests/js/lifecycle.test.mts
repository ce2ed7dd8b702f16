// The end of things: of processes, worker threads, and evaluations of the module.

import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { ROOT, runProgram } from './support/program.mjs';
import { loadAsJest, type Package } from './support/realm.mjs';
import { serve, watch } from './support/servers.mjs';
import { rejection, until } from './support/tasks.mjs';

const OPEN = `
  const { connectSocket, WebSocket } = await import('react-native-socket-task');
  const task = await connectSocket({ url: process.argv[1] });
  await new Promise((resolve) => task.onOpen(resolve));
`;

test('a process that only loads the package, or only has closed sockets, exits by itself', async (t) => {
  const { url, closes } = await watch(t);
  const exits = async (source: string) => {
    const { code, stderr, milliseconds } = await runProgram(source, { args: [url] });
    assert.deepEqual([code, stderr], [0, ''], source);
    assert.ok(milliseconds < 5000, `${milliseconds} ms: ${source}`);
  };
  for (const source of [
    "await import('react-native-socket-task')",
    `${OPEN} await new Promise((resolve) => { task.onClose(resolve); task.close(); });`,
    `${OPEN} task.close();`,
    `const { WebSocket } = await import('react-native-socket-task'); new WebSocket(process.argv[1]).onopen = ({ target }) => target.close();`,
    `const { WebSocket } = await import('react-native-socket-task'); new WebSocket('ws://127.0.0.1:1/');`,
  ]) {
    await exits(source);
  }
  assert.ok(!closes.includes(1006), String(closes));
  // An attempt that is aborted just when the server has accepted it looks like this there.
  await exits(
    `const { WebSocket } = await import('react-native-socket-task'); new WebSocket(process.argv[1]).close();`,
  );
  assert.ok(closes.filter((code) => code === 1006).length <= 1, String(closes));
});

test('an open socket keeps the process alive, until the server closes it', async (t) => {
  const { url, wss } = await serve(t);
  wss.on('connection', (peer) => setTimeout(() => peer.close(4000), 700));
  const { code, stdout, milliseconds } = await runProgram(`${OPEN} task.onClose(({ code }) => console.log(code));`, {
    args: [url],
  });
  assert.deepEqual([code, stdout], [0, '4000\n']);
  assert.ok(milliseconds > 700);
});

test('process.exit with open sockets: they are closed with 1001, and the exit is not held up', async (t) => {
  const { url, closes } = await watch(t);
  const { code, stderr, milliseconds } = await runProgram(
    `${OPEN} new WebSocket(process.argv[1]).onopen = () => process.exit(7);`,
    { args: [url] },
  );
  assert.deepEqual([code, stderr], [7, '']);
  assert.ok(milliseconds < 3000, `${milliseconds} ms`);
  await until(() => closes.length === 2, 'the server saw both go');
  assert.deepEqual(closes, [1001, 1001]);
});

test('an uncaught exception with an open socket ends the process as always', async (t) => {
  const { url } = await watch(t);
  const { code, stderr } = await runProgram(`${OPEN} setTimeout(() => { throw new Error('mine'); });`, { args: [url] });
  assert.equal(code, 1);
  assert.match(stderr, /Error: mine/);
});

// React Native has no worker threads; the runtime that stands in for its own in Node aborts when one is stopped within a call.
const skip = process.env.SOCKET_TASK_JSI ? 'the C++ module in Node' : false;

test(
  'worker threads: each has its own sockets; the end of one closes them with 1001 and harms no other',
  { skip },
  async (t) => {
    const { url, closes, count } = await watch(t);
    const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    const { WebSocket } = require(workerData.file);
    const sockets = Array.from({ length: 5 }, () => new WebSocket(workerData.url));
    let open = 0;
    for (const socket of sockets) {
      socket.onopen = () => { open += 1; if (open === 5) parentPort.postMessage('open'); socket.send('x'); };
      // A steady stream, so that events are under way when the thread ends.
      socket.onmessage = () => socket.send('x');
    }`;
    const file = createRequire(import.meta.url).resolve('react-native-socket-task');
    for (let round = 0; round < 5; round += 1) {
      const worker = new Worker(source, { eval: true, workerData: { url, file } });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      assert.equal(count(), 5);
      await worker.terminate();
      await until(() => count() === 0, 'the server saw them go');
    }
    assert.deepEqual(new Set(closes), new Set([1001]));
    const { WebSocket } = await import('react-native-socket-task');
    const ws = new WebSocket(url);
    await new Promise((resolve) => (ws.onopen = resolve));
    ws.close();
  },
);

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

test('reload: the sockets of the earlier evaluation are closed with 1001, in every state, and it hears nothing more', async (t) => {
  const { url, closes, count } = await watch(t);
  const { url: silent } = await serve(t, () => {}, { verifyClient: () => {} });
  let heardAfterwards = 0;
  let earlier: Package | undefined;
  let baseline = 0;
  for (let round = 0; round < 20; round += 1) {
    const current = loadAsJest();
    const task = await current.connectSocket({ url });
    await until(() => count() === 1 && task.readyState === task.OPEN, 'only the new socket is open');
    new current.WebSocket(silent);
    const closing = new current.WebSocket(url);
    await new Promise((resolve) => (closing.onopen = resolve));
    closing.close();
    if (earlier) {
      const { errMsg } = await rejection(earlier.connectSocket({ url }));
      assert.match(errMsg, /^connectSocket:fail .*replaced/);
    }
    await until(() => closing.readyState === closing.CLOSED, 'one is closed');
    earlier = current;
    if (round === 2) baseline = threads();
    const next = loadAsJest();
    task.onClose(() => (heardAfterwards += 1));
    task.onMessage(() => (heardAfterwards += 1));
    void task.send({ data: 'the echo comes back to nobody' });
    // A session begins with the first socket.
    const replacing = new next.WebSocket(url);
    await new Promise((resolve) => (replacing.onopen = resolve));
    await until(() => count() === 1, 'the sockets of the earlier evaluation are gone');
    replacing.close();
    await new Promise((resolve) => (replacing.onclose = resolve));
  }
  assert.equal(heardAfterwards, 0);
  assert.equal(closes.filter((code) => code === 1001).length, 20);
  assert.ok(threads() <= baseline, `${threads()} threads, ${baseline} at the beginning`);
});

test('reload: what arrives is of the realm that the module runs in', async (t) => {
  const { url } = await watch(t);
  const { WebSocket, realm } = loadAsJest();
  const ws = new WebSocket(url);
  ws.binaryType = 'arraybuffer';
  ws.onopen = () => ws.send(Uint8Array.of(1, 2, 3));
  const { data } = await new Promise<{ data: unknown }>((resolve) => (ws.onmessage = resolve));
  realm.data = data;
  assert.equal(
    vm.runInContext('data instanceof ArrayBuffer && data.byteLength === 3 && new Uint8Array(data)[2] === 3', realm),
    true,
  );
  ws.close();
});

test('sockets that come and go leave nothing behind', async (t) => {
  const { url } = await serve(t, (peer) => peer.send(new Uint8Array(100_000), () => peer.close()));
  const { stdout, code } = await runProgram(
    `
      import { readdirSync } from 'node:fs';
      import { WebSocket } from 'react-native-socket-task';
      const one = () => new Promise((resolve) => (new WebSocket(process.argv[1]).onclose = resolve));
      const rounds = async () => { for (let i = 0; i < 600; i += 1) { await Promise.all([one(), one()]); if (i % 100 === 0) gc(); } };
      const state = () => ({ rss: process.memoryUsage().rss, files: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length });
      await rounds();
      const before = state();
      await rounds();
      console.log(JSON.stringify([before, state()]));
    `,
    { args: [url], flags: ['--expose-gc'] },
  );
  assert.equal(code, 0);
  const [before, later] = JSON.parse(stdout);
  assert.deepEqual([later.files, later.threads], [before.files, before.threads]);
  assert.ok(later.rss - before.rss < 32 << 20, `${(later.rss - before.rss) >> 20} MiB more after 1200 sockets`);
});

test('without the native library: an error that says what to do', async () => {
  const missing = join(ROOT, 'build', 'missing.node');
  const source = `
    const { connectSocket, WebSocket } = await import('react-native-socket-task');
    await connectSocket({ url: 'ws://127.0.0.1:9' }).catch(({ errMsg }) => console.log(errMsg));
    try { new WebSocket('ws://127.0.0.1:9'); } catch (error) { console.log(error.message); }
  `;
  const { stdout, code } = await runProgram(source, { env: { SOCKET_TASK_ADDON: missing } });
  assert.equal(code, 0);
  const [first = '', second = ''] = stdout.split('\n');
  assert.equal(first, `connectSocket:fail ${second}`);
  for (const part of [missing, `${process.platform}-${process.arch}`, 'npm run build:addon', 'SOCKET_TASK_ADDON'])
    assert.ok(second.includes(part), second);

  const file = join(ROOT, 'build', 'broken.node');
  writeFileSync(file, 'no library');
  const broken = await runProgram(source, { env: { SOCKET_TASK_ADDON: file } });
  assert.match(broken.stdout, /cannot be loaded: .*\n.*npm run build:addon/s);
});

test('the React Native entry without its native module: an error that says what to do', async () => {
  // React Native itself does not run in Node: this stands in for its registry, which knows no such module.
  const source = `
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(\`
      export const resolve = (name, context, next) => name === 'react-native'
        ? { url: 'data:text/javascript,export const TurboModuleRegistry = { get: () => null }, AppState = undefined;', shortCircuit: true }
        : next(name, context);\`));
    const { connectSocket } = await import(process.argv[1]);
    await connectSocket({ url: 'ws://127.0.0.1:9' }).catch(({ errMsg }) => console.log(errMsg));
  `;
  const { stdout, stderr } = await runProgram(source, { args: [join(ROOT, 'lib', 'esm', 'index.js')] });
  assert.match(
    stdout,
    /^connectSocket:fail react-native-socket-task: the native module NativeSocketTask is not in this app\. Rebuild.*autolinking/,
    stderr,
  );
});
