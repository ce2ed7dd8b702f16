// The option `onHide`: a connection of an app that is hidden is closed when that lasts.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import vm from 'node:vm';
import { WebSocket } from 'react-native-socket-task';
import { Bundle } from './support/metro.mjs';
import { ROOT } from './support/program.mjs';
import { serveRaw, watch } from './support/servers.mjs';
import { until } from './support/tasks.mjs';

const addon = process.env.SOCKET_TASK_ADDON ?? `${ROOT}/node/socket-task.${process.platform}-${process.arch}.node`;
const native = createRequire(import.meta.url)(addon);

/** React Native's `AppState`, as far as it is needed. */
class AppState {
  currentState = 'active';
  readonly listeners = new Set<(state: string) => void>();

  addEventListener(type: string, listener: (state: string) => void) {
    assert.equal(type, 'change');
    this.listeners.add(listener);
    return { remove: () => void this.listeners.delete(listener) };
  }

  become(state: string) {
    this.currentState = state;
    this.listeners.forEach((listener) => listener(state));
  }
}

/** An app, and what React Native tells it of itself. JavaScript's timers stand still in its background, as on Android. */
function app() {
  const state = new AppState();
  const timers = (task: () => void, delay = 0) =>
    delay > 0 && state.currentState === 'background' ? undefined : setTimeout(task, delay);
  const context = vm.createContext({ console, setTimeout: timers, clearTimeout });
  return { state, ...new Bundle(context, native, undefined, { AppState: state }).load(ROOT) };
}

function opened(Class: typeof WebSocket, url: string, onHide?: 'keep' | 'close') {
  const ws = new Class(url, [], { onHide });
  const closed = new Promise<unknown[]>((resolve) => (ws.onclose = ({ code, wasClean }) => resolve([code, wasClean])));
  return new Promise<{ ws: WebSocket; closed: typeof closed }>(
    (resolve) => (ws.onopen = () => resolve({ ws, closed })),
  );
}

test('an app that is hidden for five seconds closes with 1001, where it is wanted', async (t) => {
  const { url, closes, count } = await watch(t);
  const { url: silent, sockets } = await serveRaw(t, () => {});
  const { state, WebSocket: Class } = app();
  const { ws: kept } = await opened(Class, url);
  await opened(Class, url, 'keep');
  assert.equal(state.listeners.size, 0);
  const first = await opened(Class, url, 'close');
  const second = await opened(Class, url, 'close');
  assert.equal(state.listeners.size, 1);
  const connecting = new Class(silent, [], { onHide: 'close' });
  const aborted = new Promise((resolve) => (connecting.onclose = ({ code }) => resolve(code)));
  await until(() => sockets.size === 1, 'it is connecting');

  // Looked away from, or gone for a moment.
  state.become('inactive');
  state.become('background');
  await sleep(1_000);
  state.become('active');
  await sleep(4_500);
  assert.deepEqual([closes, count()], [[], 4]);

  state.become('background');
  const start = performance.now();
  assert.deepEqual(await first.closed, [1001, true]);
  assert.deepEqual(await second.closed, [1001, true]);
  assert.equal(await aborted, 1006);
  const took = performance.now() - start;
  assert.ok(took > 4_900 && took < 8_000, `${took} ms`);
  await until(() => count() === 2, 'the server knows');
  assert.deepEqual(closes, [1001, 1001]);
  assert.equal(state.listeners.size, 0);

  // Made in the background.
  const ws = new Class(url, [], { onHide: 'close' });
  const closed = new Promise((resolve) => (ws.onclose = ({ code }) => resolve(code)));
  assert.equal(await closed, 1001);
  assert.equal(kept.readyState, 1);
});

test('it is checked everywhere, and does nothing on Node', async (t) => {
  const { url } = await watch(t);
  assert.throws(() => new WebSocket(url, [], { onHide: 'leave' as never }), /option onHide should be keep or close/);
  const { ws, closed } = await opened(WebSocket, url, 'close');
  ws.close(3000);
  assert.deepEqual(await closed, [3000, true]);
});
