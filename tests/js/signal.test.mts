// The option `signal`: what an abort ends, and that a signal which outlives connections keeps none of them.

import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { test } from 'node:test';
import { connectSocket, WebSocket, type SocketErrorEvent } from 'react-native-socket-task';
import { closedPort, serve, serveRaw, watch } from './support/servers.mjs';
import { connect, failure, open, record, rejection, until } from './support/tasks.mjs';

const SECRET = 'the reason is nobody else’s';
const TEXT = 'the attempt to connect was aborted by its signal';

test('an aborted signal: nothing is connected', async (t) => {
  const { url, sockets } = await serveRaw(t, () => {});
  const signal = AbortSignal.abort(new Error(SECRET));
  assert.throws(() => new WebSocket(url, [], { signal }), { name: 'AbortError', message: /^the signal is aborted/ });
  const failed = await rejection(connectSocket({ url, signal }));
  assert.deepEqual(failed, failure('connectSocket:fail the signal is aborted already'));
  assert.equal(sockets.size, 0);
});

test('an abort while connecting ends the attempt, with an error and 1006', async (t) => {
  const { url, sockets } = await serveRaw(t, () => {});
  const controller = new AbortController();
  const { signal } = controller;
  const ws = new WebSocket(url, [], { signal });
  const events: string[] = [];
  for (const type of ['open', 'error', 'close']) ws.addEventListener(type, () => events.push(type));
  const error = once(ws as never, 'error');
  const closed = once(ws as never, 'close');
  const first = await connect(t, { url, signal });
  await until(() => sockets.size === 2, 'both are connecting');
  controller.abort(new Error(SECRET));
  assert.equal(ws.readyState, ws.CLOSING);
  assert.deepEqual(events, [], 'no event comes inside the call');
  const [{ message }] = (await error) as [SocketErrorEvent];
  assert.equal(message, TEXT);
  const [{ code, wasClean }] = await closed;
  assert.deepEqual([code, wasClean], [1006, false]);
  assert.deepEqual(events, ['error', 'close']);
  assert.deepEqual(await first.failed, { errMsg: TEXT, phase: 'closed', code: 'other' });
  assert.deepEqual(await first.closed, { code: 1006, reason: '', wasClean: false });
  assert.deepEqual(first.names(), ['error', 'close']);
  await until(() => sockets.size === 0, 'the connections are gone');
});

test('an abort right after the call is told to who listens in then, and frees the slot', async (t) => {
  const { url } = await serve(t);
  for (let i = 0; i < 5; i += 1) {
    const controller = new AbortController();
    const promise = connectSocket({ url, signal: controller.signal });
    controller.abort();
    const { failed, closed, names } = record(await promise);
    assert.equal((await failed).errMsg, TEXT);
    assert.equal((await closed).code, 1006);
    assert.deepEqual(names(), ['error', 'close']);
  }
});

test('an abort of an open one closes it as close(1000) does, after what was sent', async (t) => {
  const { url, closes } = await watch(t);
  const controller = new AbortController();
  const { task, closed, names } = await open(t, { url, signal: controller.signal });
  const sent = task.send({ data: 'x'.repeat(1 << 20) });
  controller.abort();
  assert.equal(task.readyState, task.CLOSING);
  assert.deepEqual(await closed, { code: 1000, reason: '', wasClean: true });
  assert.equal((await sent).errMsg, 'sendSocketMessage:ok');
  assert.deepEqual(
    names().filter((name) => name === 'error'),
    [],
  );
  await until(() => closes.length > 0, 'the server knows');
  assert.deepEqual(closes, [1000]);
});

test('when a connection is over its signal keeps no listener, however it ended', async (t) => {
  const { url } = await serve(t);
  const refusing = `ws://127.0.0.1:${await closedPort()}/`;
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = () => getEventListeners(signal, 'abort').length;
  for (const [target, end] of [
    [url, (ws: WebSocket) => ws.close()],
    [url, (ws: WebSocket) => (ws.onopen = () => ws.close())],
    [refusing, () => {}],
  ] as Array<[string, (ws: WebSocket) => void]>) {
    const ws = new WebSocket(target, [], { signal });
    assert.equal(listeners(), 1);
    end(ws);
    await once(ws as never, 'close');
    assert.equal(listeners(), 0);
  }
  assert.throws(() => new WebSocket(url, ['a b'], { signal }));
  assert.equal(listeners(), 0);
  controller.abort();
});

test('a signal of a polyfill does, and what is none is refused', async (t) => {
  const { url } = await serve(t);
  const heard = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_: 'abort', listener: () => void) => void heard.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => void heard.delete(listener),
  };
  const { closed } = await open(t, { url, signal });
  heard.forEach((abort) => abort());
  assert.equal((await closed).code, 1000);
  assert.equal(heard.size, 0);
  for (const none of [true, 'abort', {}, { aborted: false }]) {
    assert.throws(
      () => new WebSocket(url, [], { signal: none as never }),
      /the option signal should be an AbortSignal/,
    );
  }
  new WebSocket(url, [], { signal: null }).close();
});
