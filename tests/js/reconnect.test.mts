// The option `reconnect`: what is told of a loss, what is asked, and what becomes of messages.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import {
  configure,
  connectSocket,
  WebSocket,
  type OnReconnectingResult,
  type ReconnectOptions,
  type SocketLoss,
  type SocketReconnectingEvent,
} from 'react-native-socket-task';
import type { WebSocket as Peer } from 'ws';
import { accepting, closedPort, echo, listen, serve, serveRaw } from './support/servers.mjs';
import { close, connect, open, rejection, until, warnings } from './support/tasks.mjs';

const SOON: ReconnectOptions<SocketLoss> = { minDelay: 10, maxDelay: 20 };

/** An echo server that closes with the code of a message `close:<code>`. */
function fragile(peer: Peer): void {
  peer.on('message', (data, isBinary) => {
    const [, code] = /^close:(\d+)$/.exec(String(data)) ?? [];
    if (code) peer.close(Number(code), 'as it was asked to');
    else peer.send(data, { binary: isBinary });
  });
}

/** What a task is told of its losses. */
function losses(task: { onReconnecting(callback: (result: OnReconnectingResult) => void): void }) {
  const told: OnReconnectingResult[] = [];
  task.onReconnecting((result) => told.push(result));
  return told;
}

test('a loss is told in the place of error and close, and each opening with its attempt', async (t) => {
  const { url } = await serve(t, fragile);
  const recording = await open(t, { url, reconnect: { ...SOON, stableAfter: 60_000 } });
  const { task } = recording;
  const told = losses(task);
  const states: number[] = [];
  task.onReconnecting((result) => {
    told.push(result);
    states.push(task.readyState);
  });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    void task.send({ data: 'close:1001' });
    await until(() => told.length === attempt, 'the loss is told');
    await until(() => task.readyState === task.OPEN, 'it is open again');
  }
  const loss = { code: 1001, reason: 'as it was asked to', wasClean: true };
  assert.deepEqual(
    told.map(({ delay, ...rest }) => rest),
    [1, 2, 3].map((attempt) => ({ attempt, ...loss })),
  );
  assert.ok(told.every(({ delay }) => delay >= 0 && delay <= 20));
  assert.deepEqual(states, [task.CONNECTING, task.CONNECTING, task.CONNECTING]);
  assert.deepEqual(recording.names(), ['open', 'open', 'open', 'open']);
  assert.deepEqual(
    recording.events.map(([, result]) => (result as { attempt: number }).attempt),
    [0, 1, 2, 3],
  );
  assert.equal(task.stats().reconnects, 3);
  void task.send({ data: 'still here' });
  assert.equal(await recording.message(), 'still here');
  void task.send({ data: 'close:1000' });
  assert.deepEqual(await recording.closed, { code: 1000, reason: 'as it was asked to', wasClean: true });
  assert.equal(recording.names().includes('error'), false);
});

test('a WebSocket has the events reconnecting and open, and one close', async (t) => {
  const { url } = await serve(t, fragile);
  const ws = new WebSocket(url, [], { reconnect: SOON });
  const events: string[] = [];
  for (const type of ['open', 'error', 'close', 'reconnecting'] as const) {
    ws.addEventListener(type, () => events.push(type));
  }
  await once(ws as never, 'open');
  ws.send('close:4000');
  const [event] = (await once(ws as never, 'reconnecting')) as [SocketReconnectingEvent];
  const { attempt, code, reason, wasClean, error } = event;
  assert.deepEqual(
    { attempt, code, reason, wasClean, error },
    {
      attempt: 1,
      code: 4000,
      reason: 'as it was asked to',
      wasClean: true,
      error: undefined,
    },
  );
  await once(ws as never, 'open');
  ws.send('close:1000');
  await once(ws as never, 'close');
  assert.deepEqual(events, ['open', 'reconnecting', 'open', 'close']);
  assert.equal(ws.onreconnecting, null);
});

test('a server that comes late is found, and what the app closes meanwhile ends at once', async (t) => {
  const port = await closedPort();
  const url = `ws://127.0.0.1:${port}`;
  const recording = await connect(t, { url, reconnect: SOON });
  const told = losses(recording.task);
  await until(() => told.length >= 2, 'it has tried');
  const [first] = told as [OnReconnectingResult];
  assert.equal(first.error?.code, 'connection-refused');
  assert.deepEqual([first.attempt, first.code, first.wasClean], [1, 1006, false]);
  assert.equal(recording.task.readyState, recording.task.CONNECTING);
  assert.deepEqual(recording.names(), []);

  const waiting = await connect(t, { url, reconnect: { minDelay: 60_000, maxDelay: 60_000 } });
  await until(() => losses(waiting.task).length >= 0 && waiting.task.stats().reconnects === 0, 'it waits');
  await waiting.task.close();
  assert.deepEqual(await waiting.closed, { code: 1006, reason: '', wasClean: false });
  assert.deepEqual(waiting.names(), ['close']);

  const { WebSocketServer } = await import('ws');
  const late = new WebSocketServer({ host: '127.0.0.1', port });
  t.after(() => late.close());
  late.on('connection', echo);
  await recording.opened;
  assert.ok(recording.events.length === 1);
});

test('what stops it: the number of attempts, 404, and what the app decides', async (t) => {
  const refused = `ws://127.0.0.1:${await closedPort()}`;
  const few = await connect(t, { url: refused, reconnect: { ...SOON, maxAttempts: 2 } });
  const told = losses(few.task);
  assert.equal((await few.closed).code, 1006);
  assert.deepEqual(
    told.map(({ attempt }) => attempt),
    [1, 2],
  );
  assert.deepEqual(few.names(), ['error', 'close']);
  assert.equal((await few.failed).code, 'connection-refused');

  let requests = 0;
  const { url } = await serveRaw(t, (socket) => {
    requests += 1;
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
  });
  const gone = await connect(t, { url, reconnect: SOON });
  assert.equal((await gone.failed).httpStatus, 404);
  assert.equal((await gone.closed).code, 1006);
  assert.equal(requests, 1);

  const causes: SocketLoss[] = [];
  const shouldReconnect = async (cause: SocketLoss) => {
    causes.push(cause);
    return causes.length < 3;
  };
  const decided = await connect(t, { url, reconnect: { ...SOON, shouldReconnect } });
  assert.equal((await decided.closed).code, 1006);
  assert.deepEqual(
    causes.map(({ error }) => error?.httpStatus),
    [404, 404, 404],
  );
});

test('shouldReconnect that throws, or says nothing, leaves it to the rules', async (t) => {
  const told = warnings(t);
  const { url } = await serve(t, fragile);
  for (const shouldReconnect of [
    () => undefined,
    () => {
      throw new TypeError('a token is in here');
    },
  ]) {
    const recording = await open(t, { url, reconnect: { ...SOON, shouldReconnect } });
    void recording.task.send({ data: 'close:1001' });
    await until(() => recording.task.stats().reconnects === 1 && recording.task.readyState === 1, 'it is open again');
    void recording.task.send({ data: 'close:1000' });
    assert.equal((await recording.closed).code, 1000);
  }
  assert.deepEqual(told, [
    'react-native-socket-task: shouldReconnect has thrown TypeError',
    'react-native-socket-task: shouldReconnect has thrown TypeError',
  ]);
});

test('refresh gives each attempt its URL, header and sub-protocols', async (t) => {
  const requests: IncomingMessage[] = [];
  const { url } = await serve(t, (peer, request) => {
    requests.push(request);
    fragile(peer);
  });
  const calls: Array<[number, number]> = [];
  const refresh = async (attempt: number, cause: SocketLoss) => {
    calls.push([attempt, cause.code]);
    if (calls.length === 1) {
      return { url: `${url}/second?x`, header: { Authorization: 'Bearer 2' }, protocols: ['chat.v2'] };
    }
    return calls.length === 2 ? { header: new Map([['X-Third', '3']]) } : undefined;
  };
  const recording = await open(t, {
    url: `${url}/first`,
    header: { Authorization: 'Bearer 1' },
    reconnect: { ...SOON, refresh, stableAfter: 0 },
  });
  for (let round = 1; round <= 3; round += 1) {
    void recording.task.send({ data: 'close:1001' });
    await until(() => recording.task.stats().reconnects === round, 'it is open again');
    await until(() => recording.task.readyState === 1, 'it is told');
  }
  const seen = requests.map(({ url: path, headers }) => [
    path,
    headers.authorization,
    headers['sec-websocket-protocol'],
    headers['x-third'],
  ]);
  assert.deepEqual(seen, [
    ['/first', 'Bearer 1', undefined, undefined],
    ['/second?x', 'Bearer 2', 'chat.v2', undefined],
    ['/second?x', undefined, 'chat.v2', '3'],
    ['/second?x', undefined, 'chat.v2', '3'],
  ]);
  assert.deepEqual(calls, [
    [1, 1001],
    [1, 1001],
    [1, 1001],
  ]);
});

test('a refresh that rejects, throws or gives what is not acceptable has cost an attempt', async (t) => {
  const told = warnings(t);
  const { url } = await serve(t, fragile);
  const answers: Array<() => any> = [
    () => Promise.reject(new Error('the token endpoint is down')),
    () => {
      throw new Error('a mistake');
    },
    () => ({ url: 'no URL, but a secret' }),
    () => ({ token: 'secret' }),
    () => ({}),
  ];
  let calls = 0;
  const refresh = () => answers[calls++]?.();
  const recording = await open(t, { url, reconnect: { ...SOON, refresh } });
  const attempts = losses(recording.task);
  void recording.task.send({ data: 'close:1001' });
  await until(() => recording.task.stats().reconnects === 1 && recording.task.readyState === 1, 'it is open again');
  assert.equal(calls, 5);
  assert.deepEqual(
    attempts.map(({ attempt, code }) => [attempt, code]),
    [
      [1, 1001],
      [2, 1006],
      [3, 1006],
      [4, 1006],
      [5, 1006],
    ],
  );
  assert.equal(attempts[1]?.error?.phase, 'url');
  assert.equal(told.length, 2);
  assert.ok(told.every((text) => /^react-native-socket-task: refresh: /.test(text) && !text.includes('secret')));
});

test('401: other credentials are tried once, the same ones never', async (t) => {
  for (const [answer, tries] of [
    [{ header: { Authorization: 'new' } }, 2],
    [{ header: { Authorization: 'old' } }, 1],
    [undefined, 1],
  ] as const) {
    let requests = 0;
    const { url } = await serveRaw(t, (socket) => {
      requests += 1;
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    const recording = await connect(t, {
      url,
      header: { Authorization: 'old' },
      reconnect: { ...SOON, refresh: () => answer },
    });
    assert.equal((await recording.failed).httpStatus, 401);
    assert.equal((await recording.closed).code, 1006);
    assert.equal(requests, tries);
  }
});

test('what was not handed over at a loss fails, and nothing is sent between', async (t) => {
  const { url, sockets } = await serveRaw(t, (socket, head) => {
    socket.write(accepting(head));
    socket.pause();
  });
  const recording = await open(t, { url, reconnect: { minDelay: 60_000, maxDelay: 60_000 } });
  const { task } = recording;
  const data = new ArrayBuffer(4 << 20);
  const outcomes = Promise.allSettled(Array.from({ length: 10 }, () => task.send({ data })));
  await until(() => task.stats().bytesSent > 0, 'some has gone');
  const told = losses(task);
  sockets.forEach((socket) => socket.resetAndDestroy());
  await until(() => told.length === 1, 'the loss is told');
  const results = await outcomes;
  const failed = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  assert.equal(failed.length, 10 - task.stats().messagesSent);
  assert.match(failed[0]?.reason.errMsg, /^sendSocketMessage:fail the connection was lost \(1006\) before/);
  assert.equal(task.stats().bufferedAmount, 0);
  const text = (await rejection(task.send({ data: 'between' }))).errMsg;
  assert.equal(text, 'SocketTask.send:fail SocketTask.readyState is not OPEN');
  assert.throws(() => task.ws.send('between'), { name: 'InvalidStateError' });
});

test('queue keeps messages for the next connection, in order; each is told of once', async (t) => {
  let connections = 0;
  const chunks: Buffer[] = [];
  const server = await serveRaw(t, (socket, head) => {
    connections += 1;
    socket.write(accepting(head));
    // The first takes the beginning of what comes, and breaks.
    if (connections === 1) socket.pause();
    else socket.on('data', (bytes) => chunks.push(bytes));
  });
  const recording = await open(t, { url: server.url, reconnect: { ...SOON, queue: 64 << 20 } });
  const { task } = recording;
  const outcomes: string[] = [];
  const send = (data: string) =>
    void task.send({ data }).then(
      () => outcomes.push('ok'),
      (failed: { errMsg: string }) => outcomes.push(failed.errMsg),
    );
  const filler = 'x'.repeat(1 << 19);
  for (let i = 0; i < 20; i += 1) send(`${i}:${filler}`);
  await until(() => task.stats().bytesSent > 0, 'some has gone');
  const before = task.stats().messagesSent;
  server.sockets.forEach((socket) => socket.resetAndDestroy());
  await until(() => task.readyState === task.CONNECTING || task.stats().reconnects === 1, 'it was lost');
  send('between');
  await until(() => task.stats().reconnects >= 1, 'it is open again');
  send('after');
  await until(() => outcomes.length === 22, 'all are told of');
  assert.deepEqual(
    outcomes.filter((outcome) => outcome !== 'ok'),
    [],
  );
  // Masked, of course.
  const numbers: string[] = [];
  for (let rest = Buffer.concat(chunks); rest.length > 0;) {
    const short = rest[1]! & 0x7f;
    const [at, length] = short === 127 ? [10, Number(rest.readBigUInt64BE(2))] : [2, short];
    const key = rest.subarray(at, at + 4);
    const head = rest.subarray(at + 4, at + 4 + Math.min(length, 7)).map((byte, i) => byte ^ key[i % 4]!);
    numbers.push(String(head).split(':')[0]!);
    rest = rest.subarray(at + 4 + length);
  }
  const kept = Array.from({ length: 20 }, (_, i) => String(i)).slice(before);
  assert.deepEqual(numbers, [...kept, 'between', 'after']);
  assert.equal(task.stats().messagesSent, 22);
  assert.equal(task.stats().bufferedAmount, 0);
});

test('queue: what is sent before the first opening arrives, and what does not fit is refused', async (t) => {
  const { url } = await serve(t);
  const recording = await connect(t, { url, reconnect: { queue: 200 } });
  const { task } = recording;
  void task.send({ data: 'early' });
  const { errMsg } = await rejection(task.send({ data: 'x'.repeat(200) }));
  assert.match(errMsg, /^sendSocketMessage:fail the send queue is full/);
  assert.equal(await recording.message(), 'early');
  const ws = new WebSocket(url, [], { reconnect: { queue: 1000 } });
  t.after(() => ws.close());
  ws.send('early, too');
  const [{ data }] = await once(ws as never, 'message');
  assert.equal(data, 'early, too');
});

test('the slot stays taken between connections', async (t) => {
  configure({ maxSockets: 1 });
  t.after(() => configure({ maxSockets: 2 }));
  const { url } = await serve(t, fragile);
  const recording = await open(t, { url, reconnect: { minDelay: 60_000, maxDelay: 60_000 } });
  const told = losses(recording.task);
  void recording.task.send({ data: 'close:1001' });
  await until(() => told.length === 1, 'it waits');
  assert.match((await rejection(connectSocket({ url }))).errMsg, /exceed max concurrent count 1/);
  await close(recording);
  await open(t, { url });
});

test('close() between connections is no failure', async (t) => {
  const { url } = await serve(t, fragile);
  const ws = new WebSocket(url, [], { reconnect: { minDelay: 60_000, maxDelay: 60_000 } });
  const events: string[] = [];
  for (const type of ['error', 'close'] as const) ws.addEventListener(type, () => events.push(type));
  await once(ws as never, 'open');
  ws.send('close:1001');
  await once(ws as never, 'reconnecting');
  assert.equal(ws.readyState, ws.CONNECTING);
  ws.close(1000);
  assert.equal(ws.readyState, ws.CLOSING);
  const [{ code, wasClean }] = await once(ws as never, 'close');
  assert.deepEqual([code, wasClean, events], [1006, false, ['close']]);
});

test('options that are not acceptable are refused, and tell which', async () => {
  const url = 'ws://127.0.0.1:9';
  for (const [reconnect, text] of [
    ['yes', /parameter\.reconnect should be Boolean or Object/],
    [{ minDelay: -1 }, /parameter\.reconnect\.minDelay should be a Number, 0 or more/],
    [{ maxAttempts: 0 }, /parameter\.reconnect\.maxAttempts should be an integer, 1 or more, or Infinity/],
    [{ factor: 0.5 }, /the factor of the delays must be 1 or more/],
    [{ minDelay: 2, maxDelay: 1 }, /the smallest delay must not be longer than the largest/],
    [{ stopCodes: [999] }, /a close code to stop at must be 1000 to 4999/],
    [{ refresh: 'x' }, /parameter\.reconnect\.refresh should be Function/],
    [{ retries: 5 }, /parameter\.reconnect\.retries should be left out: there is no such option/],
  ] as const) {
    assert.match((await rejection(connectSocket({ url, reconnect } as never))).errMsg, text);
  }
});

test('restart of a server under many clients: they come back spread over time', async (t) => {
  const http = await import('node:http');
  const { WebSocketServer } = await import('ws');
  const server = http.createServer();
  const port = await listen(t, server);
  const arrivals: number[] = [];
  let wss = new WebSocketServer({ server });
  wss.on('connection', () => arrivals.push(performance.now()));
  const clients = Array.from({ length: 100 }, () => new WebSocket(`ws://127.0.0.1:${port}`, [], { reconnect: true }));
  t.after(() => clients.forEach((client) => client.close()));
  await until(() => arrivals.length === 100, 'all are connected');
  arrivals.length = 0;
  const start = performance.now();
  wss.clients.forEach((client) => client.close(1012));
  await until(() => arrivals.length === 100, 'all are back', 30_000);
  wss.close();
  const quarters = [0, 0, 0, 0];
  for (const time of arrivals) quarters[Math.min(3, Math.floor((time - start) / 250))]! += 1;
  assert.ok(
    quarters.every((count) => count >= 5 && count <= 60),
    quarters.join(', '),
  );
});
