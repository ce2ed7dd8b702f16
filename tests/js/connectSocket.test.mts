import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configure, connectSocket } from 'react-native-socket-task';
import { accepting, closedPort, serve, serveRaw } from './support/servers.mjs';
import { close, connect, failure, open, record, rejection, uncaughtErrors, until } from './support/tasks.mjs';

test('success means accepted; the order is success, complete, the promise', async (t) => {
  const url = `ws://127.0.0.1:${await closedPort()}`;
  const order: unknown[] = [];
  const recording = connectSocket({
    url,
    success: (result) => order.push('success', result),
    fail: () => order.push('fail'),
    complete: (result) => order.push('complete', result),
  }).then((task) => {
    order.push('promise', task);
    return record(task);
  });
  order.push('returned');
  const { task, closed } = await recording;
  const result = { errMsg: 'connectSocket:ok', socketTaskId: task.socketTaskId, socketTask: task };
  assert.deepEqual(order, ['returned', 'success', result, 'complete', result, 'promise', task]);
  assert.equal(task.errMsg, 'connectSocket:ok');
  assert.equal(typeof task.socketTaskId, 'number');
  assert.equal(task.readyState, task.CONNECTING);
  assert.equal((await closed).code, 1006);
});

test('the order of a failure is fail, complete, the rejection, all with the same object', async () => {
  const order: unknown[] = [];
  const promise = connectSocket({
    url: 'http://no',
    success: () => order.push('success'),
    fail: (result) => order.push('fail', result),
    complete: (result) => order.push('complete', result),
  });
  order.push('returned');
  const reason = await rejection(promise);
  assert.deepEqual(
    order.filter((entry) => typeof entry === 'string'),
    ['returned', 'fail', 'complete'],
  );
  assert.equal(order[2], reason);
  assert.equal(order[4], reason);
  // An Error, of which what apps copy or log has the text.
  assert.ok(reason instanceof Error);
  assert.deepEqual({ ...reason }, { errMsg: reason.message });
});

test('a callback that throws stops none of the others, and is reported as uncaught', async (t) => {
  const reported = uncaughtErrors(t);
  const order: string[] = [];
  const thrower = (name: string) => () => {
    order.push(name);
    throw new Error(name);
  };
  const { url } = await serve(t);
  const task = await connectSocket({ url, success: thrower('success'), complete: thrower('complete') });
  const recording = record(task);
  t.after(() => close(recording));
  await rejection(connectSocket({ url: '', fail: thrower('fail'), complete: thrower('complete') }));
  assert.deepEqual(order, ['success', 'complete', 'fail', 'complete']);
  await until(() => reported.length === 4, 'all were reported');
  assert.deepEqual(
    reported.map((error) => (error as Error).message),
    order,
  );
});

test('an object that throws where it is read makes no call throw: the call fails, and its callbacks are called', async (t) => {
  const reported = uncaughtErrors(t);
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const calls = { connectSocket, sendSocketMessage: task.send.bind(task), closeSocket: task.close.bind(task) };
  const read = { connectSocket: 'url', sendSocketMessage: 'data', closeSocket: 'code' };
  for (const [name, call] of Object.entries(calls)) {
    const field = read[name as keyof typeof read];
    for (const [thrown, told] of [
      [new Error('from a getter'), 'from a getter'],
      [null, 'the option cannot be read'],
    ] as const) {
      const results: unknown[] = [];
      const option = {
        fail: (result: unknown) => results.push(result),
        complete: (result: unknown) => results.push(result),
      };
      const thrower = {
        get(): never {
          throw thrown;
        },
      };
      const result = await rejection(call(Object.defineProperty(option, field, thrower) as never));
      assert.deepEqual([result, ...results], Array(3).fill(failure(`${name}:fail ${told}`)));
      const hidden = Object.defineProperties({}, { success: thrower, fail: thrower, complete: thrower });
      await rejection(call(Object.defineProperty(hidden, field, { value: 7 }) as never));
    }
  }
  const revoked = new DataView(new ArrayBuffer(8));
  structuredClone(revoked.buffer, { transfer: [revoked.buffer] });
  assert.match((await rejection(task.send({ data: revoked }))).errMsg, /^sendSocketMessage:fail /);
  await until(() => reported.length === 18, 'callbacks that cannot be read are reported');
});

test('a listener that throws is reported, and the next event comes all the same', async (t) => {
  const reported = uncaughtErrors(t);
  const { url } = await serve(t);
  const recording = await open(t, { url });
  let count = 0;
  recording.task.onMessage(() => {
    count += 1;
    throw new Error('from onMessage');
  });
  void recording.task.send({ data: '1' });
  void recording.task.send({ data: '2' });
  await until(() => count === 2 && reported.length === 2, 'both messages came');
});

test('no unhandled rejection when fail or complete was given; one when neither was', async (t) => {
  const unhandled: unknown[] = [];
  const before = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  t.after(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) process.on('unhandledRejection', listener);
  });
  void connectSocket({ url: '', fail: () => {} });
  void connectSocket({ url: '', complete: () => {} });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(unhandled, []);
  void connectSocket({ url: '' });
  await until(() => unhandled.length === 1, 'the third was reported');
});

test('the third task fails while two are not CLOSED', async (t) => {
  const { url } = await serve(t);
  const first = await open(t, { url });
  const second = await connect(t, { url });
  const exceeded = 'connectSocket:fail exceed max concurrent count 2';
  assert.equal((await rejection(connectSocket({ url }))).errMsg, exceeded);
  // Not accepted: the socket stays as it was.
  void first.task.close({ code: 1 });
  assert.equal((await rejection(connectSocket({ url }))).errMsg, exceeded);
  // Closed and connected again at once, as apps do.
  void first.task.close();
  assert.equal(first.task.readyState, first.task.CLOSING);
  const third = await open(t, { url });
  assert.equal((await rejection(connectSocket({ url }))).errMsg, exceeded, 'one close, one slot');
  void first.task.close();
  assert.equal((await rejection(connectSocket({ url }))).errMsg, exceeded, 'a second close frees nothing more');
  await second.opened;
  // Through the WebSocket, and before it is open, too.
  third.task.ws.close();
  const fourth = await connect(t, { url });
  void fourth.task.close();
  await open(t, { url });
});

test('configure changes the limit', async (t) => {
  t.after(() => configure({ maxSockets: 2 }));
  const { url } = await serve(t);
  configure({ maxSockets: 1 });
  const only = await open(t, { url });
  assert.equal((await rejection(connectSocket({ url }))).errMsg, 'connectSocket:fail exceed max concurrent count 1');
  configure({ maxSockets: Infinity });
  const many = await Promise.all(Array.from({ length: 20 }, () => open(t, { url })));
  configure({});
  await Promise.all([only, ...many].map(close));
  for (const maxSockets of [0, -1, 1.5, NaN, '2']) {
    assert.throws(() => configure({ maxSockets: maxSockets as never }), RangeError);
  }
  for (const configuration of [undefined, null, 2, { maxSocket: 9 }]) {
    assert.throws(() => configure(configuration as never), {
      name: 'TypeError',
      message: /object|maxSocket; there are maxSockets/,
    });
  }
});

test('1 000 sockets that the server closes, without any listener, never use up the limit', async (t) => {
  const { url, wss } = await serve(t, (peer) => peer.close(1000));
  let opened = 0;
  wss.on('connection', () => (opened += 1));
  for (let i = 0; i < 1000; i += 1) {
    const task = await connectSocket({ url });
    await until(() => task.readyState === task.CLOSED, `task ${i} is closed`);
  }
  assert.equal(opened, 1000);
});

test('the headers of the server reach the program in the spelling in which they came', async (t) => {
  const { url } = await serveRaw(t, (socket, head) =>
    socket.write(
      accepting(
        head,
        'X-Multi: 1',
        'Set-Cookie: a=1; Path=/',
        'x-multi: 2',
        'set-cookie: b=2',
        'X-UTF8: \xe4\xbd\xa0',
        'X-Latin1: \xe9',
        '__proto__: here',
      ),
    ),
  );
  const { header } = await (await open(t, { url })).opened;
  assert.equal(header['X-Multi'], '1, 2');
  assert.deepEqual(header['Set-Cookie'], ['a=1; Path=/', 'b=2']);
  assert.equal(header['X-UTF8'], '你');
  assert.equal(header['X-Latin1'], 'é');
  assert.equal(Object.getOwnPropertyDescriptor(header, '__proto__')?.value, 'here');
});

test('a single Set-Cookie is an array too', async (t) => {
  const { url, wss } = await serve(t);
  wss.on('headers', (headers) => headers.push('Set-Cookie: one=1'));
  const { header } = await (await open(t, { url })).opened;
  assert.deepEqual(header['Set-Cookie'], ['one=1']);
});
