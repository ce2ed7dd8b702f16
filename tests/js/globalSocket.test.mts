import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  closeSocket,
  connectSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
} from 'react-native-socket-task';
import { closedPort, serve, serveRaw } from './support/servers.mjs';
import { failure, rejection, until } from './support/tasks.mjs';

/** Registers all four and returns what they hear. */
function listen(): unknown[] {
  const heard: unknown[] = [];
  onSocketOpen(({ header }) => heard.push(['open', typeof header]));
  onSocketMessage(({ data }) => heard.push(['message', data]));
  onSocketError(({ errMsg, phase }) => heard.push(['error', phase, typeof errMsg]));
  onSocketClose(({ code, reason }) => heard.push(['close', code, reason]));
  return heard;
}

test('without a task: fail', async () => {
  let failed = '';
  const reason = await rejection(sendSocketMessage({ data: 'x', fail: ({ errMsg }) => (failed = errMsg) }));
  assert.equal(reason.errMsg, 'sendSocketMessage:fail there is no open WebSocket');
  assert.equal(failed, reason.errMsg);
  assert.equal((await rejection(closeSocket())).errMsg, 'closeSocket:fail there is no open WebSocket');
});

test('the newest is not open: fail, and not with a word about the others', async (t) => {
  const { url } = await serve(t);
  const older = await connectSocket({ url });
  await new Promise<void>((resolve) => older.onOpen(() => resolve()));
  const newest = await connectSocket({ url: `ws://127.0.0.1:${await closedPort()}` });
  await new Promise<void>((resolve) => newest.onClose(() => resolve()));
  const text = 'the newest WebSocket of connectSocket is not open';
  assert.equal((await rejection(sendSocketMessage({ data: 'x' }))).errMsg, `sendSocketMessage:fail ${text}`);
  assert.equal((await rejection(closeSocket())).errMsg, `closeSocket:fail ${text}`);
  assert.equal(older.readyState, older.OPEN);
  await older.close();
});

test('the sample of the documents: listeners first, then connectSocket', async (t) => {
  const { url } = await serve(t);
  const heard = listen();
  onSocketOpen(() => {
    heard.push('open');
    void sendSocketMessage({ data: 'queued', success: ({ errMsg }) => heard.push(errMsg) });
  });
  onSocketMessage(({ data }) => {
    heard.push(['message', data]);
    void closeSocket({ success: ({ errMsg }) => heard.push(errMsg) });
  });
  void connectSocket({ url });
  await until(() => heard.length === 5, 'all came');
  assert.deepEqual(
    new Set(heard.map(String)),
    new Set(['open', 'sendSocketMessage:ok', 'message,queued', 'closeSocket:ok', 'close,1000,']),
  );
});

test('the results are those of the task; wrong arguments fail with the same texts', async (t) => {
  const { url } = await serve(t);
  listen();
  const task = await connectSocket({ url });
  assert.match((await rejection(sendSocketMessage({ data: 'early' }))).errMsg, /^sendSocketMessage:fail \S/);
  await until(() => task.readyState === task.OPEN, 'it is open');
  assert.deepEqual(await sendSocketMessage({ data: new Uint8Array(3) }), { errMsg: 'sendSocketMessage:ok' });
  assert.deepEqual(
    await rejection(sendSocketMessage({ data: 5 as never })),
    failure('sendSocketMessage:fail parameter error: parameter.data should be String or ArrayBuffer'),
  );
  assert.deepEqual(
    await rejection(closeSocket({ code: 1001 })),
    failure('closeSocket:fail invalid code 1001: an app may close with 1000 and 3000–4999'),
  );
  assert.equal(task.readyState, task.OPEN);
  assert.deepEqual(await closeSocket({ code: 4000, reason: 'bye' }), { errMsg: 'closeSocket:ok' });
  await until(() => task.readyState === task.CLOSED, 'it is closed');
  assert.match((await rejection(closeSocket())).errMsg, /^closeSocket:fail \S/);
});

test('closeSocket aborts a task that is connecting', async (t) => {
  const { url } = await serveRaw(t, () => {});
  const heard = listen();
  const task = await connectSocket({ url });
  assert.deepEqual(await closeSocket(), { errMsg: 'closeSocket:ok' });
  await until(() => task.readyState === task.CLOSED, 'it is closed');
  assert.deepEqual(heard, [['close', 1006, '']]);
});

test('they listen to the newest task only', async (t) => {
  const { url } = await serve(t);
  const older = await connectSocket({ url });
  await until(() => older.readyState === older.OPEN, 'the older is open');
  const heard = listen();
  const newer = await connectSocket({ url });
  await until(() => newer.readyState === newer.OPEN, 'the newer is open');
  void older.send({ data: 'to the older' });
  let olderHeard = '';
  older.onMessage(({ data }) => (olderHeard = data));
  await until(() => olderHeard !== '', 'the older has its echo');
  void sendSocketMessage({ data: 'to the newer' });
  await until(() => heard.length === 2, 'the newer has its echo');
  void older.close();
  void newer.close();
  await until(() => heard.length === 3 && older.readyState === 3, 'both are closed');
  assert.deepEqual(heard, [
    ['open', 'object'],
    ['message', 'to the newer'],
    ['close', 1000, ''],
  ]);
});

test('errors, and the last registration wins', async () => {
  listen();
  const heard = listen();
  void connectSocket({ url: `ws://127.0.0.1:${await closedPort()}` });
  await until(() => heard.length === 2, 'it failed');
  assert.deepEqual(heard, [
    ['error', 'tcp', 'string'],
    ['close', 1006, ''],
  ]);
});
