import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import vm from 'node:vm';
import { CloseEvent, connectSocket, MessageEvent, WebSocket, type WebSocketOptions } from 'react-native-socket-task';
import { accepting, closedPort, closeFrame, closeOnDemand, frame, serve, serveRaw } from './support/servers.mjs';
import { rejection, uncaughtErrors, until, warnings } from './support/tasks.mjs';

function once(ws: WebSocket, type: 'open' | 'message' | 'error' | 'close' | 'pong'): Promise<any> {
  return new Promise((resolve) => ws.addEventListener(type, resolve, { once: true }));
}

/** An open WebSocket, closed when the test ends. */
async function open(
  t: TestContext,
  url: string,
  protocols?: string | string[],
  options?: WebSocketOptions,
): Promise<WebSocket> {
  const ws = new WebSocket(url, protocols, options);
  t.after(() => ws.close());
  await Promise.race([once(ws, 'open'), once(ws, 'error').then(({ message }) => Promise.reject(new Error(message)))]);
  return ws;
}

function throws(call: () => unknown, name: string, code: number): void {
  assert.throws(
    call,
    (error: any) => error instanceof DOMException && error.name === name && error.code === code,
    String(call),
  );
}

test('constants on the class and on each object', async (t) => {
  const ws = await open(t, (await serve(t)).url);
  for (const holder of [WebSocket, ws]) {
    assert.deepEqual([holder.CONNECTING, holder.OPEN, holder.CLOSING, holder.CLOSED], [0, 1, 2, 3]);
  }
  assert.throws(() => (WebSocket as any)('ws://a'), TypeError);
});

test('constructor: SyntaxError for a URL that is not acceptable', () => {
  for (const url of [
    '',
    'relative',
    '/path',
    'ftp://a/',
    'mailto:a@b',
    'ws://',
    'ws:/',
    'ws://a/#f',
    'wss://a#',
    'ws://a:70000',
    'ws://a b/',
    'ws://[::1',
    '//a/',
  ]) {
    throws(() => new WebSocket(url), 'SyntaxError', 12);
  }
});

test('constructor: it counts the URL alone as needed', () => {
  assert.equal(WebSocket.length, 1);
  assert.throws(() => new (WebSocket as unknown as new () => WebSocket)(), TypeError);
});

test('close: a code is clamped, and halfway between two integers the even one', () => {
  for (const code of [1000.5, 999.6, 3000.4, '1000']) {
    const ws = new WebSocket('ws://127.0.0.1:9');
    ws.close(code as number);
    assert.equal(ws.readyState, WebSocket.CLOSING, String(code));
  }
  for (const code of [1001.5, 2999.4, 1e9, -1, NaN]) {
    const ws = new WebSocket('ws://127.0.0.1:9');
    assert.throws(() => ws.close(code), { name: 'InvalidAccessError' }, String(code));
    ws.close();
  }
});

test('constructor: SyntaxError for sub-protocols that are not acceptable', () => {
  for (const protocols of [['a', 'a'], 'a b', [''], '', ['a,b'], ['中'], ['\u0000'], 'a/b']) {
    throws(() => new WebSocket('ws://127.0.0.1:9', protocols), 'SyntaxError', 12);
  }
  assert.throws(() => new WebSocket('ws://127.0.0.1:9', 5 as never), TypeError);
});

test('constructor: TypeError for options that are not acceptable', () => {
  for (const options of [
    { timeout: -1 },
    { header: { 'a b': '1' } },
    { headers: { a: '\n' } },
    { tls: { ca: 'x' } },
    { reconnect: 'yes' },
  ]) {
    assert.throws(() => new WebSocket('ws://127.0.0.1:9', [], options as never), TypeError);
  }
});

test('url: http(s) becomes ws(s); scheme, host, default port and path are normalized', async (t) => {
  const { url } = await serve(t);
  const ws = await open(t, url.replace('ws://', 'HTTP://'));
  assert.equal(ws.url, `${url}/`);
  for (const [given, expected] of [
    ['ws://EXAMPLE.test', 'ws://example.test/'],
    ['https://example.test/A?b=C', 'wss://example.test/A?b=C'],
    ['ws://example.test:80/', 'ws://example.test/'],
    ['wss://example.test:443?q', 'wss://example.test/?q'],
    ['wss://example.test:80/', 'wss://example.test:80/'],
    [' ws://example.test/ ', 'ws://example.test/'],
    ['ws://User:Pw@[::1]:1/', 'ws://User:Pw@[::1]:1/'],
  ] as const) {
    const other = new WebSocket(
      new (class {
        toString = () => given;
      })(),
    );
    assert.equal(other.url, expected);
    other.close();
  }
});

test('the life of a connection: states, events, properties', async (t) => {
  const { url } = await serve(t, undefined, { handleProtocols: () => 'chat' });
  const ws = new WebSocket(url, ['chat', 'other']);
  const states: unknown[] = [ws.readyState];
  assert.deepEqual([ws.protocol, ws.extensions, ws.bufferedAmount], ['', '', 0]);
  ws.onopen = (event) => {
    states.push(event.type, ws.readyState, ws.protocol, event.target === ws, event.currentTarget === ws);
    ws.send('hello');
  };
  ws.onmessage = (event) => {
    states.push(event.type, event.data, event.origin);
    assert.ok(event instanceof MessageEvent);
    ws.close(3999, 'done');
    states.push(ws.readyState);
  };
  ws.onerror = () => states.push('error');
  await new Promise<void>((resolve) => {
    ws.onclose = (event) => {
      assert.ok(event instanceof CloseEvent);
      states.push(event.type, ws.readyState, event.code, event.reason, event.wasClean);
      resolve();
    };
  });
  assert.deepEqual(states, [
    0,
    'open',
    1,
    'chat',
    true,
    true,
    'message',
    'hello',
    url,
    2,
    'close',
    3,
    3999,
    'done',
    true,
  ]);
});

test('options: header and headers', async (t) => {
  let seen: Record<string, unknown> = {};
  const { url } = await serve(t, (_, request) => (seen = request.headers));
  const warned = warnings(t);
  await open(t, url, undefined, { headers: { Authorization: 'Bearer x', Host: 'evil' }, header: { 'X-A': '1' } });
  assert.equal(seen.authorization, 'Bearer x');
  assert.equal(seen['x-a'], '1');
  assert.equal(warned.length, 1);
  // As libraries call it that pass what they were not given.
  await open(t, url, null as never, null as never);
  assert.equal(seen['sec-websocket-protocol'], undefined);
});

test('send: InvalidStateError while connecting; dropped and counted after close()', async (t) => {
  const { url } = await serve(t);
  const ws = new WebSocket(url);
  throws(() => ws.send('x'), 'InvalidStateError', 11);
  assert.throws(() => (ws as unknown as { send(): void }).send(), {
    name: 'TypeError',
    message: 'send needs a message',
  });
  throws(() => ws.ping(), 'InvalidStateError', 11);
  assert.throws(() => (ws as unknown as { addEventListener(type: string): void }).addEventListener('x'), TypeError);
  const symbol = Symbol('x') as unknown as string;
  assert.throws(() => new WebSocket(symbol), TypeError);
  await once(ws, 'open');
  assert.throws(() => ws.send(symbol), TypeError);
  assert.throws(() => ws.close(1000, symbol), TypeError);
  ws.close();
  const before = ws.bufferedAmount;
  ws.send('中文');
  ws.send(new Uint8Array(4));
  ws.send(new Blob(['12345']));
  assert.equal(ws.bufferedAmount, before + 6 + 4 + 5);
  await once(ws, 'close');
  ws.send('abc');
  assert.equal(ws.bufferedAmount, before + 15 + 3);
});

test('send: strings, buffers, views, Blobs, and whatever else as a string', async (t) => {
  const { url } = await serve(t);
  const ws = await open(t, url);
  ws.binaryType = 'arraybuffer';
  const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
  for (const [data, expected] of [
    ['text', 'text'],
    [5, '5'],
    [null, 'null'],
    [{ toString: () => 'object' }, 'object'],
    [bytes.buffer, [1, 2, 3, 4, 5]],
    [bytes.subarray(1, 3), [2, 3]],
    [new DataView(bytes.buffer, 4), [5]],
    [new Blob([bytes.subarray(2)]), [3, 4, 5]],
    [new Blob([]), []],
  ] as const) {
    ws.send(data as never);
    const { data: received } = await once(ws, 'message');
    assert.deepEqual(typeof received === 'string' ? received : [...new Uint8Array(received)], expected);
  }
});

/** A Blob that this environment's class knows nothing of. */
function foreignBlob(content: unknown, size: number): object {
  return { size, type: '', slice: () => {}, arrayBuffer: () => content };
}

test('send: Blobs of other realms and of polyfills are sent as bytes; what only looks like one is not', async (t) => {
  const ws = await open(t, (await serve(t)).url);
  ws.binaryType = 'arraybuffer';
  const bytes = Uint8Array.of(1, 2, 3);
  for (const blob of [
    foreignBlob(bytes.buffer, 3),
    foreignBlob(Promise.resolve(bytes), 3),
    foreignBlob(vm.runInNewContext('Uint8Array.of(1, 2, 3).buffer'), 3),
    foreignBlob(bytes, 0),
  ]) {
    ws.send(blob as never);
    assert.deepEqual([...new Uint8Array((await once(ws, 'message')).data)], [1, 2, 3]);
  }
  // React Native's own has no arrayBuffer(), and is read with its FileReader.
  t.after(() => delete (globalThis as { FileReader?: unknown }).FileReader);
  (globalThis as { FileReader?: unknown }).FileReader = class {
    result: unknown;
    onload?: () => void;
    readAsArrayBuffer(blob: { data: { blobId: string } }) {
      this.result = Uint8Array.from(Buffer.from(blob.data.blobId)).buffer;
      this.onload?.();
    }
  };
  ws.send({ size: 2, type: '', slice: () => {}, data: { blobId: 'id' } } as never);
  assert.equal(Buffer.from((await once(ws, 'message')).data).toString(), 'id');
  for (const other of [
    { size: 3 },
    { size: -1, type: '', slice: () => {} },
    { size: '3', type: '', slice: () => {} },
  ]) {
    ws.send(other as never);
    assert.equal((await once(ws, 'message')).data, '[object Object]');
  }
  const throwing = new Proxy({}, { get: () => assert.fail('a getter') });
  assert.throws(() => ws.send(throwing as never), { message: 'a getter' });
  assert.equal(ws.readyState, 1);
});

test('send: a Blob that gives no bytes fails its connection with the reason', async (t) => {
  const { url } = await serve(t);
  for (const content of [() => 'text', () => undefined, () => Promise.reject(new Error('gone'))]) {
    const ws = await open(t, url);
    ws.send(foreignBlob(content(), 1) as never);
    const [error, close] = await Promise.all([once(ws, 'error'), once(ws, 'close')]);
    assert.match(error.message, /^a Blob cannot be read: (gone|what it gives is no ArrayBuffer)$/);
    assert.equal(close.code, 1006);
  }
});

test('send and ping: TypeError for shared memory, which may change while it is read', async (t) => {
  const ws = await open(t, (await serve(t)).url);
  const shared = new SharedArrayBuffer(2);
  for (const data of [shared, new Uint8Array(shared), new DataView(shared)]) {
    assert.throws(() => ws.send(data as never), TypeError);
    assert.throws(() => ws.ping(data as never), TypeError);
  }
  assert.equal(ws.bufferedAmount, 0);
});

test('send: what follows a Blob stays behind it, close() too', async (t) => {
  const received: string[] = [];
  let closed: unknown[] = [];
  const { url } = await serve(t, (peer) => {
    peer.on('message', (data) => received.push(String(data)));
    peer.on('close', (code, reason) => (closed = [code, String(reason)]));
  });
  const ws = await open(t, url);
  const bytes = new TextEncoder().encode('view');
  ws.send('before');
  ws.send(new Blob(['b'.repeat(1000)]));
  ws.send('between');
  ws.send(bytes);
  ws.send(new Blob(['blob 2']));
  ws.send('after');
  assert.ok(ws.bufferedAmount >= 1000 + 7 + 4 + 6 + 5);
  bytes.fill(0);
  ws.close(4001, 'end');
  await once(ws, 'close');
  assert.deepEqual(received, ['before', 'b'.repeat(1000), 'between', 'view', 'blob 2', 'after']);
  await until(() => closed.length > 0, 'the server saw the close');
  assert.deepEqual(closed, [4001, 'end']);
  assert.equal(ws.bufferedAmount, 0);
});

test('send: a task of connectSocket whose ws has sent a Blob keeps the order', async (t) => {
  const received: string[] = [];
  const { url } = await serve(t, (peer) => peer.on('message', (data) => received.push(String(data))));
  const task = await connectSocket({ url });
  await until(() => task.readyState === 1, 'it is open');
  task.ws.send(new Blob(['first']));
  assert.deepEqual(await task.send({ data: 'second' }), { errMsg: 'sendSocketMessage:ok' });
  await until(() => received.length === 2, 'both came');
  assert.deepEqual(received, ['first', 'second']);
  await task.close();
  await once(task.ws, 'close');
});

test('send: QuotaExceededError when the queue is full, and the socket lives', async (t) => {
  const { url } = await serve(t, (peer) => peer.pause());
  const ws = await open(t, url, [], { maxBufferedAmount: 1000 });
  throws(() => ws.send('x'.repeat(1001)), 'QuotaExceededError', 22);
  assert.equal(ws.readyState, WebSocket.OPEN);
});

test('bufferedAmount counts all that was sent in a task, and falls between tasks', async (t) => {
  const { url } = await serve(t);
  const ws = await open(t, url);
  for (let i = 1; i <= 200; i += 1) {
    ws.send('x');
    assert.equal(ws.bufferedAmount, i);
  }
  ws.send('中😀');
  ws.send(new Uint8Array(3));
  const much = new Uint8Array(60 << 20);
  ws.send(much);
  assert.equal(ws.bufferedAmount, 210 + much.length);
  // Time enough for the library's thread to hand all of it over.
  const until100ms = performance.now() + 100;
  while (performance.now() < until100ms);
  await Promise.resolve();
  assert.equal(ws.bufferedAmount, 210 + much.length);
  // In a task that sends nothing, too.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const before = ws.bufferedAmount;
  assert.ok(before < 210 + much.length, String(before));
  const until20ms = performance.now() + 20;
  while (performance.now() < until20ms);
  await Promise.resolve();
  assert.equal(ws.bufferedAmount, before);
  await until(() => ws.bufferedAmount === 0, 'all is sent');
});

test('bufferedAmount is true: it rises with a server that does not read and falls when it does', async (t) => {
  let resume = () => {};
  const { url } = await serve(t, (peer) => {
    peer.pause();
    resume = () => peer.resume();
  });
  const ws = await open(t, url);
  for (let i = 0; i < 16; i += 1) ws.send(new Uint8Array(1 << 20));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(ws.bufferedAmount > 4 << 20 && ws.bufferedAmount < 16 << 20, String(ws.bufferedAmount));
  resume();
  await until(() => ws.bufferedAmount === 0, 'all is sent');
});

test('binaryType: blob by default in Node, arraybuffer; other values are ignored', async (t) => {
  const { url } = await serve(t);
  const ws = await open(t, url);
  assert.equal(ws.binaryType, 'blob');
  const roundTrip = async () => {
    ws.send(Uint8Array.of(7, 8));
    return (await once(ws, 'message')).data;
  };
  const blob = await roundTrip();
  assert.ok(blob instanceof Blob);
  assert.deepEqual([...new Uint8Array(await blob.arrayBuffer())], [7, 8]);
  ws.binaryType = 'arraybuffer';
  const buffer = await roundTrip();
  assert.ok(buffer instanceof ArrayBuffer);
  assert.deepEqual([...new Uint8Array(buffer)], [7, 8]);
  ws.binaryType = 'nodebuffer' as never;
  assert.equal(ws.binaryType, 'arraybuffer');
  ws.binaryType = 'blob';
  assert.ok((await roundTrip()) instanceof Blob);
});

test('close: InvalidAccessError for a code, SyntaxError for a reason, that is not acceptable', async (t) => {
  const ws = await open(t, (await serve(t)).url);
  for (const code of [0, 999, 1001, 1006, 2999, 5000, 65536 + 1000, NaN, -1, 'x', null]) {
    throws(() => ws.close(code as never), 'InvalidAccessError', 15);
  }
  throws(() => ws.close(1000, 'x'.repeat(124)), 'SyntaxError', 12);
  throws(() => ws.close(undefined, '中'.repeat(42)), 'SyntaxError', 12);
  assert.equal(ws.readyState, WebSocket.OPEN);
});

test('close: without a code, with one, with a reason, after fractions were rounded', async (t) => {
  const seen: Array<[number, string]> = [];
  const { url } = await serve(t, (peer) => peer.on('close', (code, reason) => seen.push([code, String(reason)])));
  for (const [args, expected] of [
    [[], [1005, '']],
    [
      [undefined, undefined],
      [1005, ''],
    ],
    [[1000], [1000, '']],
    [
      [3000.4, '再见'],
      [3000, '再见'],
    ],
    [['4000'], [4000, '']],
    [
      [undefined, 'only a reason'],
      [1000, 'only a reason'],
    ],
  ] as const) {
    const ws = await open(t, url);
    ws.close(...(args as unknown as [number?, string?]));
    ws.close(4999, 'a second call changes nothing');
    const { code, reason, wasClean } = await once(ws, 'close');
    assert.deepEqual([code, reason, wasClean], [...expected, true]);
    await until(() => seen.length > 0, 'the server saw it');
    assert.deepEqual(seen.pop(), expected);
  }
});

test('close while connecting: error, then close 1006, no open', async (t) => {
  const { url } = await serveRaw(t, () => {});
  const ws = new WebSocket(url);
  const events: unknown[] = [];
  for (const type of ['open', 'error', 'close'] as const) {
    ws.addEventListener(type, (event: any) => events.push([type, ws.readyState, event.code]));
  }
  ws.close();
  assert.equal(ws.readyState, WebSocket.CLOSING);
  await once(ws, 'close');
  assert.deepEqual(events, [
    ['error', 3, undefined],
    ['close', 3, 1006],
  ]);
});

test('a connection that fails: error with its reason, then close 1006', async (t) => {
  const ws = new WebSocket(`ws://127.0.0.1:${await closedPort()}`);
  const error = await once(ws, 'error');
  assert.equal(error.type, 'error');
  assert.match(error.message, /refused/);
  assert.ok(error.error instanceof Error);
  assert.deepEqual([error.error.message, error.error.phase], [error.message, 'tcp']);
  // Libraries know events by their fields: partysocket takes one with a code for a close event.
  for (const field of ['code', 'reason', 'wasClean', 'data']) assert.ok(!(field in error), field);
  const { code, wasClean } = await once(ws, 'close');
  assert.deepEqual([code, wasClean], [1006, false]);

  const refused = new WebSocket(
    (await serveRaw(t, (socket) => socket.end('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'))).url,
  );
  assert.equal((await once(refused, 'error')).error.httpStatus, 401);
});

test('close() in the error listener: the connection has failed already, and is told so once', async (t) => {
  const events: unknown[] = [];
  const ws = new WebSocket(`ws://127.0.0.1:${await closedPort()}`);
  for (const type of ['error', 'close'] as const) {
    ws.addEventListener(type, (event: any) => {
      events.push([type, ws.readyState, event.error?.code ?? event.code]);
      ws.close();
    });
  }
  await once(ws, 'close');
  assert.deepEqual(events, [
    ['error', WebSocket.CLOSING, 'connection-refused'],
    ['close', WebSocket.CLOSED, 1006],
  ]);
});

test('the close event has what the server sent', async (t) => {
  const { url } = await serve(t, closeOnDemand);
  const ws = await open(t, url);
  ws.send('close:1013:再试');
  const { code, reason, wasClean } = await once(ws, 'close');
  assert.deepEqual([code, reason, wasClean], [1013, '再试', true]);
});

test('listeners: order, once, removal, objects, signals, and handlers among them', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), frame(1, 'a'), frame(1, 'b'), closeFrame(1000)]));
    socket.on('data', () => socket.end());
  });
  const ws = new WebSocket(url);
  const heard: string[] = [];
  const note = (name: string) => (event: any) => void heard.push(`${name}:${event.data}`);
  const twice = note('twice');
  const removed = note('removed');
  const controller = new AbortController();
  ws.addEventListener('message', twice);
  ws.onmessage = note('replaced');
  ws.addEventListener('message', twice);
  ws.addEventListener('message', note('once'), { once: true });
  ws.addEventListener('message', removed);
  ws.addEventListener('message', { handleEvent: note('object') });
  ws.addEventListener('message', note('signal'), { signal: controller.signal });
  ws.addEventListener('message', null);
  ws.addEventListener('message', removed, null as never);
  ws.onmessage = note('handler');
  ws.removeEventListener('message', removed, null as never);
  ws.addEventListener('message', () => controller.abort());
  await once(ws, 'close');
  assert.deepEqual(heard, [
    'twice:a',
    'handler:a',
    'once:a',
    'object:a',
    'signal:a',
    'twice:b',
    'handler:b',
    'object:b',
  ]);
  assert.equal(typeof ws.onmessage, 'function');
  ws.onmessage = null;
  assert.equal(ws.onmessage, null);
  ws.onmessage = 'no function' as never;
  assert.equal(ws.onmessage, null);
});

test('listeners: what one throws is reported and stops none', async (t) => {
  const reported = uncaughtErrors(t);
  const { url } = await serve(t);
  const ws = new WebSocket(url);
  t.after(() => ws.close());
  let heard = 0;
  ws.addEventListener('open', () => {
    throw new Error('from a listener');
  });
  ws.addEventListener('open', () => (heard += 1));
  await until(() => heard === 1 && reported.length === 1, 'both ran');
});

test('dispatchEvent with an event of the environment', async (t) => {
  const ws = await open(t, (await serve(t)).url);
  let heard = '';
  ws.addEventListener('custom', (event: any) => (heard = event.type));
  ws.dispatchEvent(new Event('custom') as never);
  assert.equal(heard, 'custom');
});

test('ping and pong', async (t) => {
  const pings: string[] = [];
  const { url } = await serve(t, (peer) => peer.on('ping', (data) => pings.push(String(data))));
  const ws = await open(t, url);
  ws.ping('中é文😀\ud800a');
  const pong = await once(ws, 'pong');
  assert.equal(Buffer.from(pong.data).toString(), '中é文😀\ufffda');
  assert.ok(pong.rtt >= 0 && pong.rtt < 5000);
  ws.onpong = (event) => (heard = event.data);
  let heard: ArrayBuffer | undefined;
  ws.ping();
  await until(() => heard !== undefined, 'the pong came');
  assert.equal(heard?.byteLength, 0);
  ws.ping(new Uint8Array(125));
  assert.equal((await once(ws, 'pong')).data.byteLength, 125);
  assert.throws(() => ws.ping(new Uint8Array(126)), TypeError);
  assert.deepEqual(pings, ['中é文😀\ufffda', '', '\0'.repeat(125)]);
});

test('an unasked pong has no round-trip time', async (t) => {
  const { url } = await serve(t, (peer) => peer.pong('unasked'));
  const ws = new WebSocket(url);
  t.after(() => ws.close());
  const { data, rtt } = await once(ws, 'pong');
  assert.equal(Buffer.from(data).toString(), 'unasked');
  assert.equal(rtt, -1);
});

test('pause and resume', async (t) => {
  const { url } = await serve(t);
  const ws = await open(t, url);
  let messages = 0;
  ws.onmessage = () => (messages += 1);
  ws.pause();
  ws.send('while paused');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(messages, 0);
  ws.resume();
  await until(() => messages === 1, 'it came');
});

test('there is no limit on their number', async (t) => {
  const { url } = await serve(t);
  const many = await Promise.all(Array.from({ length: 50 }, () => open(t, url)));
  assert.equal(many.filter((ws) => ws.readyState === WebSocket.OPEN).length, 50);
});

test('send: a Blob that fails after the call fails its connection, and nothing else', async (t) => {
  const reported = uncaughtErrors(t);
  const { url } = await serve(t);
  class Broken extends Blob {
    override arrayBuffer(): Promise<ArrayBuffer> {
      return Promise.reject(new Error('the file is gone'));
    }
  }
  for (const { blob, why } of [
    { blob: new Broken(['x']), why: /cannot be read: the file is gone/ },
    { blob: new Blob(['x'.repeat(1001)]), why: /the message has 1001 bytes and the send queue has room for 1000,/ },
  ]) {
    const task = await connectSocket({ url, maxBufferedAmount: 1000 });
    await new Promise((resolve) => task.onOpen(resolve));
    const heard: unknown[] = [];
    task.ws.onerror = (event) => heard.push(event.type);
    task.ws.onclose = ({ code, wasClean }) => heard.push([code, wasClean]);
    task.onError(({ errMsg }) => heard.push(errMsg));
    const closed = new Promise((resolve) => task.onClose(resolve));
    task.ws.send(blob);
    const behind = rejection(task.send({ data: 'behind' }));
    task.ws.send('behind as well');
    assert.deepEqual(await closed, { code: 1006, reason: '', wasClean: false });
    assert.deepEqual([heard[0], heard[2]], ['error', [1006, false]]);
    assert.match(heard[1] as string, why);
    assert.match((await behind).errMsg, /^sendSocketMessage:fail /);
    await until(() => task.ws.bufferedAmount === 14, 'what came too late is counted');
    assert.equal(task.readyState, 3);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(reported, []);
});
