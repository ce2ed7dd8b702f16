import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { connectSocket, WebSocket, type SendOption } from 'react-native-socket-task';
import { accepting, closedPort, closeFrame, closeOnDemand, frame, serve, serveRaw } from './support/servers.mjs';
import { close, connect, failure, open, record, until } from './support/tasks.mjs';

const NOT_OPEN = failure('SocketTask.send:fail SocketTask.readyState is not OPEN');
const SENT = { errMsg: 'sendSocketMessage:ok' };
const CLOSED_OK = { errMsg: 'closeSocket:ok' };

/** Calls `send` or `close` and returns the callbacks and the promise's end in their order. */
async function outcome(
  call: (callbacks: Pick<SendOption, 'success' | 'fail' | 'complete'>) => Promise<unknown>,
): Promise<unknown[]> {
  const order: unknown[] = [];
  const promise = call({
    success: (result) => order.push('success', result),
    fail: (result) => order.push('fail', result),
    complete: (result) => order.push('complete', result),
  });
  assert.equal(order.length, 0, 'no callback runs before the call has returned');
  await promise.then(
    (result) => order.push('resolved', result),
    (reason) => order.push('rejected', reason),
  );
  return order;
}

const ok = (result: unknown) => ['success', result, 'complete', result, 'resolved', result];
const failed = (result: unknown) => ['fail', result, 'complete', result, 'rejected', result];

test('constants, state and ws', async (t) => {
  const { url } = await serve(t);
  const recording = await connect(t, { url });
  const { task } = recording;
  assert.deepEqual([task.CONNECTING, task.OPEN, task.CLOSING, task.CLOSED], [0, 1, 2, 3]);
  assert.equal(task.readyState, 0);
  assert.ok(task.ws instanceof WebSocket);
  await recording.opened;
  assert.equal(task.readyState, 1);
  void task.close();
  assert.equal(task.readyState, 2);
  assert.equal(task.ws.readyState, 2);
  await recording.closed;
  assert.equal(task.readyState, 3);
});

test('ws is the same connection: events and messages go both ways', async (t) => {
  const { url } = await serve(t);
  const recording = await connect(t, { url });
  const viaWs: string[] = [];
  recording.task.ws.addEventListener('open', () => viaWs.push('open'));
  recording.task.ws.onmessage = (event) => viaWs.push(event.data);
  await recording.opened;
  recording.task.ws.send('from ws');
  assert.equal(await recording.message(), 'from ws');
  assert.deepEqual(viaWs, ['open', 'from ws']);
  recording.task.ws.close(3001, 'by ws');
  assert.deepEqual(await recording.closed, { code: 3001, reason: 'by ws', wasClean: true });
});

test('send: string, ArrayBuffer and views, exactly their bytes; empty ones too', async (t) => {
  const { url } = await serve(t);
  const recording = await open(t, { url });
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const part = (array: ArrayBufferView) => [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
  for (const [data, expected] of [
    ['text', 'text'],
    ['', ''],
    [bytes.buffer, [...bytes]],
    [new ArrayBuffer(0), []],
    [bytes.subarray(5, 9), [5, 6, 7, 8]],
    [bytes.subarray(5, 5), []],
    [new DataView(bytes.buffer, 60), [60, 61, 62, 63]],
    [new Float64Array(bytes.buffer, 8, 2), part(new Float64Array(bytes.buffer, 8, 2))],
    [Buffer.from('Buffer'), [...Buffer.from('Buffer')]],
  ] as const) {
    assert.deepEqual(await outcome((callbacks) => recording.task.send({ data, ...callbacks })), ok(SENT));
    const received = await recording.message();
    if (typeof expected === 'string') assert.equal(received, expected);
    else {
      assert.ok(received instanceof ArrayBuffer);
      assert.deepEqual([...new Uint8Array(received)], expected);
    }
  }
});

test('send: what the buffer holds at the call is sent, whatever happens to it later', async (t) => {
  const { url } = await serve(t);
  const recording = await open(t, { url });
  const bytes = new Uint8Array(100_000).fill(1);
  void recording.task.send({ data: bytes });
  bytes.fill(2);
  assert.ok(new Uint8Array(await recording.message()).every((byte) => byte === 1));
});

test('send: not open', async (t) => {
  const { url } = await serve(t);
  const recording = await connect(t, { url });
  const send = () => outcome((callbacks) => recording.task.send({ data: 'x', ...callbacks }));
  assert.deepEqual(await send(), failed(NOT_OPEN), 'CONNECTING');
  await recording.opened;
  void recording.task.close();
  assert.deepEqual(await send(), failed(NOT_OPEN), 'CLOSING');
  await recording.closed;
  assert.deepEqual(await send(), failed(NOT_OPEN), 'CLOSED');
});

test('send: other types', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const result = failure('sendSocketMessage:fail parameter error: parameter.data should be String or ArrayBuffer');
  for (const data of [
    undefined,
    null,
    5,
    true,
    {},
    [1],
    new Blob(['x']),
    new SharedArrayBuffer(3),
    new Uint8Array(new SharedArrayBuffer(3)),
    Symbol('x'),
  ]) {
    assert.deepEqual(await outcome((callbacks) => task.send({ data: data as never, ...callbacks })), failed(result));
  }
  for (const option of [undefined, null, {}]) {
    await assert.rejects(task.send(option as never), result);
  }
});

test('send: the promise is one in every use of promises, before its end and after it', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const [good, bad] = [() => task.send({ data: 'x' }), () => task.send({ data: 5 as never })];
  const reason = failure('sendSocketMessage:fail parameter error: parameter.data should be String or ArrayBuffer');
  for (const ended of [false, true]) {
    const send = async (call: () => Promise<unknown>) => {
      const promise = call();
      // In a wrapper: the promise itself would be awaited.
      if (ended) await new Promise((resolve) => setTimeout(resolve, 50));
      return { promise };
    };
    const { promise } = await send(good);
    assert.ok(promise instanceof Promise);
    assert.equal(Object.prototype.toString.call(promise), '[object Promise]');
    assert.deepEqual(await promise, SENT);
    assert.equal(await promise, await promise, 'the same result each time');
    assert.deepEqual(await Promise.resolve((await send(good)).promise), SENT);
    assert.deepEqual(await Promise.all([(await send(good)).promise, 1]), [SENT, 1]);
    assert.deepEqual(await Promise.race([(await send(good)).promise]), SENT);
    assert.deepEqual(await new Promise(async (resolve) => resolve((await send(good)).promise)), SENT);
    assert.deepEqual(await (async () => (await send(good)).promise)(), SENT);
    let finals = 0;
    assert.deepEqual(await (await send(good)).promise.finally(() => (finals += 1)), SENT);
    await assert.rejects(
      (await send(bad)).promise.finally(() => (finals += 1)),
      reason,
    );
    assert.equal(finals, 2);
    assert.deepEqual(await (await send(bad)).promise.catch((failed: unknown) => failed), reason);
    assert.deepEqual(
      await Promise.prototype.catch.call((await send(bad)).promise, (failed: unknown) => failed),
      reason,
    );
    const [settled] = await Promise.allSettled([(await send(bad)).promise]);
    assert.deepEqual(settled, { status: 'rejected', reason });
  }
});

test('send and close: a promise that is ignored is no unhandled rejection', async (t) => {
  const { url } = await serve(t);
  const { task } = await connect(t, { url });
  // An unhandled rejection would fail this test.
  void task.send({ data: 'too early' });
  void task.close({ code: 1 });
  await new Promise((resolve) => setTimeout(resolve, 10));
});

test('send: ok only for bytes that the operating system has; the rest fails when the connection ends', async (t) => {
  // This server never reads, and then resets the connection.
  const { url, sockets } = await serveRaw(t, (socket, head) => {
    socket.write(accepting(head));
    socket.pause();
  });
  const recording = await open(t, { url });
  const results: string[] = [];
  const size = 1 << 20;
  const eventsAtFailure = new Set<string>();
  for (let i = 0; i < 32; i += 1) {
    const fail = () => eventsAtFailure.add(recording.names().join());
    recording.task.send({ data: new Uint8Array(size), fail }).then(
      ({ errMsg }) => results.push(errMsg),
      ({ errMsg }) => results.push(errMsg),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(recording.task.ws.bufferedAmount > 16 << 20, 'most of it waits');
  assert.ok(results.length < 16, `${results.length} of 32 MiB cannot have been handed over`);
  for (const socket of sockets) socket.resetAndDestroy();
  const { code } = await recording.closed;
  assert.equal(code, 1006);
  await until(() => results.length === 32, 'each send has its result');
  const fails = results.filter((errMsg) => errMsg !== SENT.errMsg);
  assert.ok(fails.length > 16, `${fails.length} failed`);
  assert.equal(new Set(fails).size, 1);
  assert.match(
    fails[0] ?? '',
    /^sendSocketMessage:fail the connection closed \(1006\) before the message was handed to the operating system$/,
  );
  assert.deepEqual(results.slice(results.length - fails.length), fails, 'in the order of the sends');
  assert.deepEqual([...eventsAtFailure], ['open,error'], 'before onClose');
});

test('send: a full queue refuses the message, and the socket lives', async (t) => {
  let resume = () => {};
  const { url } = await serve(t, (peer) => {
    peer.pause();
    resume = () => peer.resume();
    peer.on('message', (data) => peer.send(String((data as Buffer).length)));
  });
  const recording = await open(t, { url, maxBufferedAmount: 1 << 20 });
  const big = new Uint8Array(1 << 20);
  let refused: string | undefined;
  let accepted = 0;
  for (let i = 0; i < 64 && refused === undefined; i += 1) {
    accepted += 1;
    recording.task.send({ data: big, fail: ({ errMsg }) => (refused = errMsg) });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  accepted -= 1;
  assert.match(
    refused ?? '',
    /^sendSocketMessage:fail the send queue is full: \d+ of 1048576 bytes are waiting and the message has 1048576$/,
  );
  assert.equal(recording.task.readyState, recording.task.OPEN);
  resume();
  for (let i = 0; i < accepted; i += 1) assert.equal(await recording.message(), String(1 << 20));
  assert.deepEqual(await outcome((callbacks) => recording.task.send({ data: 'room again', ...callbacks })), ok(SENT));
  assert.equal(await recording.message(), '10');
});

test('send: queued messages go out before the Close frame of a close that follows', async (t) => {
  const received: string[] = [];
  const { url } = await serve(t, (peer) => peer.on('message', (data) => received.push(String(data))));
  const recording = await open(t, { url });
  const sends = Array.from({ length: 50 }, (_, i) => recording.task.send({ data: `${i}${'x'.repeat(10_000)}` }));
  void recording.task.close();
  assert.deepEqual(
    await Promise.all(sends),
    sends.map(() => SENT),
  );
  await recording.closed;
  assert.equal(received.length, 50);
});

test('close: default code 1000 without a reason, and what the app gives', async (t) => {
  const seen: Array<[number, string]> = [];
  const { url } = await serve(t, (peer) => peer.on('close', (code, reason) => seen.push([code, String(reason)])));
  for (const [option, expected] of [
    [undefined, [1000, '']],
    [{}, [1000, '']],
    [{ code: 1000, reason: 'done' }, [1000, 'done']],
    [{ code: 3000 }, [3000, '']],
    [{ code: 4999, reason: '再见😀' }, [4999, '再见😀']],
    [{ reason: 'x'.repeat(123) }, [1000, 'x'.repeat(123)]],
  ] as const) {
    const recording = await open(t, { url });
    assert.deepEqual(await outcome((callbacks) => recording.task.close({ ...option, ...callbacks })), ok(CLOSED_OK));
    const [code, reason] = expected;
    assert.deepEqual(await recording.closed, { code, reason, wasClean: true });
    await until(() => seen.length > 0, 'the server saw it');
    assert.deepEqual(seen.pop(), expected);
  }
});

test('close: another code or a long reason fails, and the socket stays as it was', async (t) => {
  const { url } = await serve(t);
  const { task, message } = await open(t, { url });
  for (const code of [0, 999, 1001, 1005, 1006, 1015, 2999, 5000, 70_000, 3000.5, NaN, '1000', null]) {
    assert.deepEqual(
      await outcome((callbacks) => task.close({ code: code as never, ...callbacks })),
      failed(
        failure(
          `closeSocket:fail invalid code${typeof code === 'number' ? ` ${code}` : ''}: an app may close with 1000 and 3000–4999`,
        ),
      ),
      String(code),
    );
  }
  for (const [reason, length] of [
    ['x'.repeat(124), 124],
    ['中'.repeat(42), 126],
    ['\ud800'.repeat(50), 150],
  ] as const) {
    const long = failure(`closeSocket:fail reason must be at most 123 bytes, and has ${length} in UTF-8`);
    assert.deepEqual(await outcome((callbacks) => task.close({ reason, ...callbacks })), failed(long));
  }
  assert.deepEqual(
    await outcome((callbacks) => task.close({ reason: 5 as never, ...callbacks })),
    failed(failure('closeSocket:fail parameter error: parameter.reason should be String')),
  );
  assert.equal(task.readyState, task.OPEN);
  void task.send({ data: 'alive' });
  assert.equal(await message(), 'alive');
});

test('close while connecting aborts at once: onClose 1006, never onOpen', async (t) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => void silent.close());
  const { port } = silent.address() as { port: number };
  const { url: proxied } = await serve(t);
  for (const [phase, option] of Object.entries({
    dns: { url: 'ws://a-name-that-nobody-has.invalid/' },
    tcp: { url: 'ws://10.255.255.1/' },
    tls: { url: `wss://127.0.0.1:${port}/` },
    handshake: { url: `ws://127.0.0.1:${port}/` },
    proxy: { url: proxied, proxy: `http://127.0.0.1:${port}` },
  })) {
    for (const delay of [0, 20]) {
      const recording = record(await connectSocket(option));
      if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
      // A system without a way to the network says so early.
      if (recording.task.readyState !== recording.task.CONNECTING) continue;
      const started = performance.now();
      const result = await outcome((callbacks) => recording.task.close(callbacks));
      assert.deepEqual(result, ok(CLOSED_OK), phase);
      assert.deepEqual(await recording.closed, { code: 1006, reason: '', wasClean: false }, phase);
      assert.ok(performance.now() - started < 500, `${phase}: at once`);
      assert.deepEqual(recording.names(), ['close'], phase);
    }
  }
});

test('close while the 101 is on its way: still no onOpen', async (t) => {
  const { url } = await serve(t, (peer) => peer.send('hello'));
  for (let i = 0; i < 50; i += 1) {
    const recording = record(await connectSocket({ url }));
    await new Promise((resolve) => setTimeout(resolve, i % 4));
    const late = recording.task.readyState !== recording.task.CONNECTING;
    void recording.task.close();
    const { code } = await recording.closed;
    if (late) continue;
    assert.equal(code, 1006);
    assert.deepEqual(recording.names(), ['close']);
  }
});

test('close twice: ok, and no second event', async (t) => {
  const { url } = await serve(t);
  const recording = await open(t, { url });
  assert.deepEqual(await outcome((callbacks) => recording.task.close(callbacks)), ok(CLOSED_OK));
  assert.deepEqual(await outcome((callbacks) => recording.task.close({ code: 4000, ...callbacks })), ok(CLOSED_OK));
  await recording.closed;
  assert.deepEqual(await outcome((callbacks) => recording.task.close(callbacks)), ok(CLOSED_OK));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(recording.names(), ['open', 'close']);
});

test('a message that arrives after close() is not delivered', async (t) => {
  const { url } = await serve(t, (peer) => {
    peer.send('hello');
    peer.on('close', () => {});
  });
  const recording = await connect(t, { url });
  recording.task.onOpen(() => void recording.task.close());
  await recording.closed;
  assert.deepEqual(recording.names(), ['close']);
});

test('onOpen: profile', async (t) => {
  const { url } = await serve(t);
  const before = Date.now();
  const { profile } = await (await open(t, { url })).opened;
  const after = Date.now();
  const times = [
    profile.fetchStart,
    profile.domainLookUpStart,
    profile.domainLookUpEnd,
    profile.connectStart,
    profile.connectEnd,
  ];
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.ok(profile.fetchStart >= before && profile.connectEnd <= after + 1);
  assert.ok(profile.handshakeCost > 0 && profile.rtt > 0 && profile.cost >= profile.handshakeCost + profile.rtt - 0.01);
});

test('onError: the text, phase and code of what went wrong, always followed by onClose', async (t) => {
  const refused = await connect(t, { url: `ws://127.0.0.1:${await closedPort()}/` });
  assert.deepEqual(await refused.closed, { code: 1006, reason: '', wasClean: false });
  const error = await refused.failed;
  assert.equal(error.phase, 'tcp');
  assert.equal(error.code, 'connection-refused');
  assert.equal(error.osError, 111);
  assert.match(error.errMsg, /127\.0\.0\.1.*refused/i);
  assert.deepEqual(refused.names(), ['error', 'close']);

  const unknown = await connect(t, { url: 'ws://a-name-that-nobody-has.invalid/' });
  await unknown.closed;
  assert.equal((await unknown.failed).phase, 'dns');
  assert.match((await unknown.failed).errMsg, /a-name-that-nobody-has\.invalid/);
});

test('onError: status, headers and body of a refused handshake', async (t) => {
  const { url } = await serveRaw(t, (socket) =>
    socket.end(
      'HTTP/1.1 403 Forbidden\r\nX-Why: token\r\nSet-Cookie: a=1\r\nContent-Length: 15\r\n\r\n{"err":"token"}',
    ),
  );
  const recording = await connect(t, { url });
  assert.equal((await recording.closed).code, 1006);
  const error = await recording.failed;
  assert.equal(error.phase, 'handshake');
  assert.equal(error.code, 'http-status');
  assert.equal(error.httpStatus, 403);
  assert.deepEqual(error.httpHeaders, { 'X-Why': 'token', 'Set-Cookie': ['a=1'], 'Content-Length': '15' });
  assert.equal(error.body, '{"err":"token"}');
  assert.match(error.errMsg, /403/);
});

test('onClose: what was on the wire', async (t) => {
  const { url } = await serve(t, closeOnDemand);
  for (const [ask, expected] of [
    ['close:1001:bye', { code: 1001, reason: 'bye', wasClean: true }],
    ['close:4000:中文', { code: 4000, reason: '中文', wasClean: true }],
    ['close:1011:', { code: 1011, reason: '', wasClean: true }],
    ['close::', { code: 1005, reason: '', wasClean: true }],
  ] as const) {
    const recording = await open(t, { url });
    void recording.task.send({ data: ask });
    assert.deepEqual(await recording.closed, expected);
    assert.deepEqual(recording.names(), ['open', 'close']);
  }
});

test('onClose: 1006 when the connection ends without a Close frame', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.end(accepting(head)));
  const recording = await connect(t, { url });
  assert.deepEqual(await recording.closed, { code: 1006, reason: '', wasClean: false });
  assert.deepEqual(recording.names(), ['open', 'error', 'close']);
  assert.equal((await recording.failed).phase, 'closed');
});

test('a server that breaks the protocol: error, then close', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), frame(1, 'fine'), frame(1, Buffer.from([0xff, 0xfe]))]));
    socket.on('data', () => socket.end(closeFrame(1007)));
  });
  const recording = await connect(t, { url });
  await recording.closed;
  assert.deepEqual(recording.names(), ['open', 'message', 'error', 'close']);
  assert.equal((await recording.failed).code, 'invalid-utf8');
  assert.equal((await recording.failed).phase, 'protocol');
});

for (const [payload, text] of [
  [[0x03], "the server's Close frame has one byte, 3, where a code has two"],
  [[0x03, 0xee, 0x78], "the server's Close frame has the code 1006, which may not be sent"],
  [
    [0x0f, 0xa0, 0x78, 0xff],
    "the server's Close frame has the code 4000 and a reason that is not valid UTF-8: 1 of its 2 bytes are",
  ],
] as const) {
  test(`a bad Close frame is told with its code: ${text}`, async (t) => {
    const { url } = await serveRaw(t, (socket, head) => {
      socket.write(Buffer.concat([accepting(head), frame(8, Buffer.from(payload))]));
      socket.on('data', () => socket.end());
    });
    const recording = await connect(t, { url });
    assert.deepEqual(await recording.closed, { code: 1006, reason: '', wasClean: false });
    const error = await recording.failed;
    assert.equal(error.phase, 'protocol');
    assert.ok(error.errMsg.endsWith(text), error.errMsg);
  });
}

test('close frees the slot also when the server never answers the Close frame', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.write(accepting(head)));
  const recording = await open(t, { url });
  await close(recording);
  assert.deepEqual(await recording.closed, { code: 1006, reason: '', wasClean: false });
  assert.deepEqual(recording.names(), ['open', 'close']);
});
