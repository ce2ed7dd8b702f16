// What JavaScript has not handled waits in one bounded queue, and the rest of the event loop has its turns.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { mock, test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { connectSocket, WebSocket } from 'react-native-socket-task';
import { loadAsJest } from './support/realm.mjs';
import { accepting, frame, serve, serveRaw } from './support/servers.mjs';
import { until } from './support/tasks.mjs';

/** Whether the C++ module is tested in the place of the addon: its host has a loop of its own, and Node's rules for memory. */
const IS_MODULE = process.env.SOCKET_TASK_JSI !== undefined;

/** Blocks the thread, as a slow listener does. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** A server that sends `count` binary messages of `size` bytes as fast as they are taken; how many it has sent. */
async function flood(t: TestContext, count: number, size: number): Promise<{ url: string; sent: () => number }> {
  let sent = 0;
  const message = Buffer.alloc(size, 1);
  const { url } = await serve(t, async (peer) => {
    for (; sent < count && peer.readyState === peer.OPEN; sent += 1) {
      const written = new Promise((resolve) => peer.send(message, resolve));
      if (peer.bufferedAmount > 1 << 20) await written;
    }
  });
  return { url, sent: () => sent };
}

test('a slow listener makes the server wait, and timers run between its messages', async (t) => {
  const SIZE = 64 << 10;
  const { url, sent } = await flood(t, 100_000, SIZE);
  const ws = new WebSocket(url);
  ws.binaryType = 'arraybuffer';
  t.after(() => ws.close());
  let received = 0;
  let timers = 0;
  const timer = setInterval(() => (timers += 1), 1);
  t.after(() => clearInterval(timer));
  ws.onmessage = () => {
    received += 1;
    work(2);
  };
  await until(() => received >= 200, '200 messages were handled', 30_000);
  // The queue, what was read already, and what the operating system and the server's own buffers hold.
  assert.ok((sent() - received) * SIZE < 32 << 20, `${sent()} were sent while ${received} were handled`);
  // A turn of the event loop after 8 ms, that is after about 4 messages.
  assert.ok(IS_MODULE || timers > received / 20, `${timers} timers ran while ${received} messages were handled`);
});

test('what is held for a task does not keep others waiting, and is bounded', async (t) => {
  const { url, sent } = await flood(t, 1_000, 64 << 10);
  const task = await connectSocket({ url });
  // No timer can run: its events stay where they are.
  work(300);
  const before = sent();
  let received = 0;
  task.onMessage(() => (received += 1));
  await until(() => received === 1_000, 'all came', 30_000);
  assert.ok(before < 1_000, 'the server had to wait');
  await task.close();
});

test('an earlier evaluation gets no event any more', async (t) => {
  const { url } = await flood(t, 20_000, 100);
  const first = loadAsJest();
  const ws = new first.WebSocket(url);
  let heard = 0;
  ws.onmessage = () => (heard += 1);
  await until(() => heard > 100, 'messages come');
  work(50);
  const second = loadAsJest();
  const other = new second.WebSocket(url);
  const atEnd = heard;
  await once(other as never, 'open');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(heard, atEnd);
  other.close();
  await until(() => other.readyState === 3, 'the other is closed');

  // What was held for a task of it is not told either.
  const task = await second.connectSocket({ url });
  let told = 0;
  task.onOpen(() => (told += 1));
  task.onClose(() => (told += 1));
  work(50);
  const third = loadAsJest();
  const last = new third.WebSocket(url);
  await once(last as never, 'open');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(told, 0);
  last.close();
  await until(() => last.readyState === 3, 'the last is closed');
});

test('with a fake clock sockets live on, then and afterwards', async (t) => {
  const { url } = await serve(t);
  const echo = async () => {
    const task = await connectSocket({ url });
    await new Promise((resolve) => task.onOpen(resolve));
    const messages: unknown[] = [];
    const all = new Promise<void>((resolve) =>
      task.onMessage(({ data }) => (messages.push(data), messages.length === 300 && resolve())),
    );
    for (let i = 0; i < 300; i += 1) void task.send({ data: `${i}` });
    // So that the event loop is owed a turn before the messages are through.
    work(20);
    await all;
    const closed = new Promise((resolve) => task.onClose(resolve));
    await task.close();
    await closed;
  };
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
  try {
    await echo();
  } finally {
    mock.timers.reset();
  }
  await echo();
});

test('a handler runs in the asynchronous context in which its own socket was made', async (t) => {
  const { url } = await serve(t, (peer) => peer.send('x'));
  const storage = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const see = (what: string) => () => void seen.push(`${what} ${storage.getStore()}`);
  const sockets = ['first', 'second'].map((name) =>
    storage.run(name, () => {
      const ws = new WebSocket(url);
      ws.onopen = see(`${name} open`);
      ws.onmessage = see(`${name} message`);
      ws.onclose = see(`${name} close`);
      return ws;
    }),
  );
  const task = await storage.run('task', () => connectSocket({ url }));
  const closed = new Promise((resolve) => task.onClose((result) => (see('task close')(), resolve(result))));
  await new Promise((resolve) => task.onMessage((result) => (see('task message')(), resolve(result))));
  await until(() => seen.filter((text) => text.includes('message')).length === 3, 'all came');
  for (const ws of sockets) storage.run('another', () => ws.close());
  await task.close();
  await closed;
  await until(() => sockets.every(({ readyState }) => readyState === 3), 'all are closed');
  assert.deepEqual(
    seen.filter((text) => !/^(\S+) \S+ \1$/.test(text)),
    [],
  );
  assert.equal(seen.length, 8);
});

test('received buffers can be transferred to a worker, whatever their size', { skip: IS_MODULE }, async (t) => {
  const { url } = await serve(t);
  const ws = new WebSocket(url);
  ws.binaryType = 'arraybuffer';
  t.after(() => ws.close());
  await once(ws as never, 'open');
  const worker = new Worker(
    `require('worker_threads').parentPort.on('message', (b) => {
    require('worker_threads').parentPort.postMessage([b.byteLength, new Uint8Array(b)[b.byteLength - 1]]);
  })`,
    { eval: true },
  );
  t.after(() => worker.terminate());
  for (const size of [1, 16_383, 16_384, 65_536, 1 << 20]) {
    ws.send(new Uint8Array(size).fill(7));
    const [{ data }] = (await once(ws as never, 'message')) as [{ data: ArrayBuffer }];
    const answer = once(worker, 'message');
    worker.postMessage(data, [data]);
    assert.deepEqual(await answer, [[size, 7]]);
    assert.equal(data.byteLength, 0, 'it was moved, not copied');
  }
});

test('a text that is longer than a string can be fails its own connection, and no other', async (t) => {
  const { url } = await serveRaw(t, (socket, head, rest) => {
    socket.write(accepting(head));
    const PART = Buffer.alloc(64 << 20, 'x');
    // One frame of 576 MiB, after a message that is none of its business.
    const size = 9 * PART.length;
    const header = Buffer.from([
      0x81,
      127,
      0,
      0,
      0,
      0,
      size >>> 24,
      (size >>> 16) & 255,
      (size >>> 8) & 255,
      size & 255,
    ]);
    socket.write(Buffer.concat([frame(1, 'before'), header]));
    for (let i = 0; i < 9; i += 1) socket.write(PART);
    socket.write(frame(1, 'after'));
    const received: Buffer[] = [rest];
    socket.on('data', (data) => {
      received.push(data);
      if (Buffer.concat(received).length < 8) return;
      // Masked, as clients send it: opcode 8, and the code behind the mask.
      const close = Buffer.concat(received);
      code = ((close[6] as number) << 8) ^ ((close[2] as number) << 8) ^ (close[7] as number) ^ (close[3] as number);
      socket.end();
    });
  });
  let code = 0;
  const { url: other } = await serve(t);
  const heard: unknown[] = [];
  const ws = new WebSocket(url, [], { maxMessageSize: 1 << 30 });
  ws.onmessage = ({ data }) => heard.push(data);
  ws.onerror = (event) => heard.push(event.error?.code);
  const alive = new WebSocket(other);
  t.after(() => alive.close());
  await once(alive as never, 'open');
  await new Promise((resolve) => (ws.onclose = resolve));
  assert.deepEqual(heard, ['before', 'message-too-big']);
  assert.equal(code, 1009);
  alive.send('alive');
  const [{ data }] = (await once(alive as never, 'message')) as [{ data: string }];
  assert.equal(data, 'alive');
});
