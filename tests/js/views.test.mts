// A task and its `ws` are two faces of one connection; neither works for nobody.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { CloseEvent, configure, connectSocket, MessageEvent, WebSocket } from 'react-native-socket-task';
import { accepting, frame, serve, serveRaw } from './support/servers.mjs';
import { connect, open, record, rejection, until, warnings } from './support/tasks.mjs';

/** Counts the events that are made of a class from now on, wherever that is: each is given its type. */
function count(t: TestContext, Class: abstract new (...args: never[]) => object): { made: number } {
  const counter = { made: 0 };
  Object.defineProperty(Class.prototype, '_type', {
    configurable: true,
    set(value) {
      counter.made += 1;
      Object.defineProperty(this, '_type', { value, writable: true, enumerable: true });
    },
  });
  t.after(() => void delete (Class.prototype as { _type?: unknown })._type);
  return counter;
}

/** Counts the Blobs that are made from now on. */
function countBlobs(t: TestContext): { made: number } {
  const counter = { made: 0 };
  const { Blob } = globalThis;
  globalThis.Blob = class extends Blob {
    constructor(...args: ConstructorParameters<typeof Blob>) {
      super(...args);
      counter.made += 1;
    }
  };
  t.after(() => void (globalThis.Blob = Blob));
  return counter;
}

/** Notes everything that a `ws` gets. */
function hear(ws: WebSocket): unknown[] {
  const heard: unknown[] = [];
  for (const type of ['open', 'error'] as const) ws.addEventListener(type, () => heard.push(type));
  ws.addEventListener('message', ({ data }) => heard.push(data));
  ws.addEventListener('close', ({ code, reason, wasClean }) => heard.push([code, reason, wasClean]));
  return heard;
}

const chat = { handleProtocols: () => 'chat', perMessageDeflate: true };
const ofChat = (url: string) => ({ url: `${url}?x`, protocols: ['chat'], perMessageDeflate: true });

test('ws is made when it is asked for, in any state, and shows that of the connection', async (t) => {
  const { url } = await serve(t, undefined, chat);
  const shown = (ws: WebSocket) => [ws.url, ws.readyState, ws.protocol, ws.extensions, ws.bufferedAmount];

  const early = await connect(t, ofChat(url));
  const { ws } = early.task;
  assert.ok(ws instanceof WebSocket);
  assert.deepEqual(shown(ws), [`${url}/?x`, 0, '', '', 0]);
  const heard = hear(ws);
  await early.opened;
  assert.deepEqual(shown(ws), [`${url}/?x`, 1, 'chat', 'permessage-deflate', 0]);
  assert.equal(early.task.ws, ws, 'the same each time');

  const late = await open(t, ofChat(url));
  assert.deepEqual(shown(late.task.ws), shown(ws));
  const heardLate = hear(late.task.ws);
  for (const { task, closed, message } of [early, late]) {
    void task.send({ data: 'hello' });
    await message();
    void task.close({ code: 3000, reason: 'bye' });
    await closed;
  }
  assert.deepEqual(heard, ['open', 'hello', [3000, 'bye', true]]);
  assert.deepEqual(heardLate, ['hello', [3000, 'bye', true]]);

  const over = await open(t, ofChat(url));
  void over.task.close();
  await over.closed;
  assert.deepEqual(shown(over.task.ws), [`${url}/?x`, 3, 'chat', 'permessage-deflate', 0]);
  const nothing = hear(over.task.ws);
  over.task.ws.send('three');
  assert.equal(over.task.ws.bufferedAmount, 5, 'as the standard counts what came too late');
  over.task.ws.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([nothing, over.names()], [[], ['open', 'close']]);
});

test('a ws that is made in a listener gets what follows, not the event that is under way', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), frame(1, '1'), frame(1, '2'), frame(1, '3')]));
    socket.on('data', () => socket.end());
  });
  const task = await connectSocket({ url });
  const ofTask: unknown[] = [];
  let ofWs: unknown[] = [];
  task.onMessage(({ data }) => {
    ofTask.push(data);
    if (data === '1') ofWs = hear(task.ws);
  });
  await until(() => ofTask.length === 3, 'all came');
  await task.close();
  await until(() => task.readyState === task.CLOSED, 'it is closed');
  assert.deepEqual(ofTask, ['1', '2', '3']);
  assert.deepEqual(ofWs, ['2', '3', [1006, '', false]]);
});

test('the binaryType of ws concerns itself only: the task gets an ArrayBuffer', async (t) => {
  const { url } = await serve(t);
  const recording = await open(t, { url });
  const { ws } = recording.task;
  const heard = hear(ws);
  for (const [binaryType, Class] of [
    ['blob', Blob],
    ['arraybuffer', ArrayBuffer],
  ] as const) {
    ws.binaryType = binaryType;
    void recording.task.send({ data: Uint8Array.of(1, 2, 3) });
    const received = await recording.message();
    assert.ok(received instanceof ArrayBuffer);
    assert.deepEqual([...new Uint8Array(received)], [1, 2, 3]);
    const viaWs = heard.pop();
    assert.ok(viaWs instanceof Class, binaryType);
    const bytes = viaWs instanceof Blob ? await viaWs.arrayBuffer() : viaWs;
    assert.deepEqual([...new Uint8Array(bytes as ArrayBuffer)], [1, 2, 3]);
  }
});

test('a listener of the task may transfer its ArrayBuffer: the Blob of ws is made before', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const heard = hear(task.ws);
  const transferred = new Promise<ArrayBuffer>((resolve) =>
    task.onMessage<ArrayBuffer>(({ data }) => resolve(structuredClone(data, { transfer: [data] }))),
  );
  void task.send({ data: Uint8Array.of(4, 5) });
  assert.deepEqual([...new Uint8Array(await transferred)], [4, 5]);
  const [blob] = heard as Blob[];
  assert.deepEqual([...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))], [4, 5]);
});

let warningsOfBlobs = 0;

/** Blob as React Native has it: from 0.74 it takes no bytes, in 0.73 it makes Base64 of them. */
for (const make of [
  () => {
    throw new Error("Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported");
  },
  (parts: ArrayBuffer[]) => parts.map((part) => Buffer.from(part).toString('base64')),
]) {
  test(`no message is lost where Blobs cannot be made of bytes: ${make}`, async (t) => {
    const { url } = await serve(t);
    const warned = warnings(t);
    const recording = await open(t, { url });
    const { ws } = recording.task;
    assert.equal(ws.binaryType, 'blob');
    const heard = hear(ws);
    const { Blob } = globalThis;
    t.after(() => void (globalThis.Blob = Blob));
    globalThis.Blob = class extends Blob {
      constructor(parts: ArrayBuffer[]) {
        super(make(parts));
      }
    } as never;
    const echoed = async (data: Uint8Array | string) => {
      void recording.task.send({ data });
      await recording.message();
      await until(() => heard.length > 0, 'ws heard it');
      return heard.pop();
    };
    assert.deepEqual(await echoed(Uint8Array.of(1)), Uint8Array.of(1).buffer);
    assert.equal(ws.binaryType, 'arraybuffer');
    ws.binaryType = 'blob';
    assert.equal(ws.binaryType, 'arraybuffer', 'what it says is what comes');
    assert.deepEqual(await echoed(Uint8Array.of(2)), Uint8Array.of(2).buffer);
    assert.equal(await echoed('text'), 'text');
    globalThis.Blob = Blob;
    ws.binaryType = 'blob';
    assert.ok((await echoed(Uint8Array.of(3))) instanceof Blob, 'another class, a polyfill for example, is tried anew');
    assert.ok(warned.length <= 1, 'once in the life of the program');
    warningsOfBlobs += warned.filter((text) => /no Blob can be made of bytes here; binaryType stays/.test(text)).length;
  });
}
test('that Blobs cannot be made is told once', () => assert.equal(warningsOfBlobs, 1));

test('no event and no Blob is made for nobody', async (t) => {
  const { url } = await serve(t);
  const [messages, closes, blobs] = [count(t, MessageEvent), count(t, CloseEvent), countBlobs(t)];
  const made = () => [messages.made, closes.made, blobs.made];

  const recording = await open(t, { url });
  const { ws } = recording.task;
  ws.onopen = () => {};
  const roundTrip = async () => {
    void recording.task.send({ data: Uint8Array.of(1) });
    await recording.message();
  };
  assert.equal(ws.binaryType, 'blob');
  await roundTrip();
  assert.deepEqual(made(), [0, 0, 0], 'nobody listens to messages on ws');
  ws.onmessage = () => {};
  await roundTrip();
  assert.deepEqual(made(), [1, 0, 1], 'a handler does');
  ws.onmessage = null;
  const listener = () => {};
  ws.addEventListener('message', listener, { once: true });
  await roundTrip();
  await roundTrip();
  assert.deepEqual(made(), [2, 0, 2], 'a listener did, once');
  ws.addEventListener('message', listener);
  ws.removeEventListener('message', listener);
  await roundTrip();
  assert.deepEqual(made(), [2, 0, 2]);
  void recording.task.close();
  await recording.closed;
  assert.deepEqual(made(), [2, 0, 2]);

  const alone = new WebSocket(url);
  await new Promise((resolve) => (alone.onopen = resolve));
  const pong = new Promise((resolve) => (alone.onpong = resolve));
  alone.send(Uint8Array.of(1));
  alone.ping();
  await pong;
  alone.close();
  await until(() => alone.readyState === 3, 'it is closed');
  assert.deepEqual(made(), [2, 0, 2], 'nor by a WebSocket that stands alone');
  const last = new WebSocket(url);
  await new Promise((resolve) => ((last.onclose = resolve), last.close()));
  assert.deepEqual(made(), [2, 1, 2]);
});

test('a close through ws is the close of the task: one onClose, and its slot is free', async (t) => {
  t.after(() => configure({ maxSockets: 2 }));
  configure({ maxSockets: 1 });
  const { url } = await serve(t);
  for (const { early, expected } of [
    { early: false, expected: { code: 4001, reason: 'by ws', wasClean: true } },
    { early: true, expected: { code: 1006, reason: '', wasClean: false } },
  ]) {
    const recording = record(await connectSocket({ url }));
    if (!early) await recording.opened;
    const { ws } = recording.task;
    const heard = hear(ws);
    assert.match((await rejection(connectSocket({ url }))).errMsg, /max concurrent count 1/);
    ws.close(4001, 'by ws');
    assert.equal(recording.task.readyState, 2);
    assert.deepEqual(await recording.task.close(), { errMsg: 'closeSocket:ok' });
    assert.deepEqual(await recording.closed, expected);
    const { code, reason, wasClean } = expected;
    assert.deepEqual(heard, early ? ['error', [code, reason, wasClean]] : [[code, reason, wasClean]]);
    assert.deepEqual(recording.names(), early ? ['close'] : ['open', 'close']);
  }
  const next = await open(t, { url });
  void next.task.close();
  await next.closed;
});

test('sends through both are one queue: their order, their outcomes, and what waits', async (t) => {
  const received: string[] = [];
  const { url } = await serve(t, (peer) => peer.on('message', (data) => received.push(String(data).slice(0, 9))));
  const { task } = await open(t, { url, maxBufferedAmount: 1000 });
  task.ws.send(new Blob(['blob'.repeat(100)]));
  const fits = task.send({ data: 'of the task' });
  const tooBig = rejection(task.send({ data: new Uint8Array(1001) }));
  task.ws.send('of its ws');
  assert.equal(task.ws.bufferedAmount, 400 + 11 + 1001 + 9);
  const closed = new Promise((resolve) => task.onClose(resolve));
  void task.close({ code: 3000 });
  assert.deepEqual(await fits, { errMsg: 'sendSocketMessage:ok' });
  assert.match(
    (await tooBig).errMsg,
    /^sendSocketMessage:fail the message has \d+ bytes and the send queue has room for \d+,/,
  );
  assert.deepEqual(await closed, { code: 3000, reason: '', wasClean: true });
  assert.deepEqual(received, ['blobblobb', 'of the ta', 'of its ws']);
  assert.equal(task.ws.bufferedAmount, 0);
});
