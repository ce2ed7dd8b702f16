// stats() of both faces: what a connection has carried so far.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket, type SocketStats } from 'react-native-socket-task';
import { closedPort, serve } from './support/servers.mjs';
import { close, open, until } from './support/tasks.mjs';

const counts = ({ profile, rtt, ...rest }: SocketStats) => rest;

test('both faces count messages and bytes of one connection, and keep the counts when it is over', async (t) => {
  const { url } = await serve(t);
  const recording = await open(t, { url, perMessageDeflate: true });
  const { task } = recording;
  const nothing = {
    messagesSent: 0,
    messagesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    bufferedAmount: 0,
    reconnects: 0,
  };
  assert.deepEqual(counts(task.stats()), nothing);
  assert.equal(task.stats().rtt, undefined);

  const pongs: number[] = [];
  task.ws.onpong = ({ rtt }) => pongs.push(rtt);
  task.ws.ping('ping');
  void task.send({ data: '消息' });
  void task.send({ data: new ArrayBuffer(100_000) });
  await recording.message();
  await recording.message();
  await until(() => pongs.length === 1, 'a pong comes');
  // Six bytes of UTF-8; the ping's four are sent bytes, but no message.
  const carried = { ...nothing, messagesSent: 2, messagesReceived: 2, bytesSent: 100_010, bytesReceived: 100_006 };
  const stats = task.stats();
  assert.deepEqual(counts(stats), carried);
  assert.deepEqual(task.ws.stats(), stats);
  assert.ok(Math.abs((stats.rtt as number) - (pongs[0] as number)) < 0.01, `${stats.rtt}, ${pongs[0]}`);
  assert.deepEqual(stats.profile, (await recording.opened).profile);
  await close(recording);
  assert.deepEqual(task.stats(), stats);
});

test('what waits is told, and what was lost with the connection stays told', async (t) => {
  const { url, wss } = await serve(t, (peer) => peer.pause());
  const ws = new WebSocket(url);
  await new Promise((resolve) => (ws.onopen = resolve));
  const size = 30 << 20;
  ws.send(new ArrayBuffer(size));
  await until(() => ws.stats().bytesSent > 0, 'some of it is sent');
  const { bufferedAmount, messagesSent } = ws.stats();
  assert.ok(bufferedAmount > 0 && messagesSent === 0, `${bufferedAmount}, ${messagesSent}`);
  for (const peer of wss.clients) peer.terminate();
  await new Promise((resolve) => (ws.onclose = resolve));
  const after = ws.stats();
  assert.equal(after.bytesSent + after.bufferedAmount, size);
  assert.equal(after.bufferedAmount, ws.bufferedAmount);
});

test('a connection that was never made has carried nothing', async () => {
  const ws = new WebSocket(`ws://127.0.0.1:${await closedPort()}`);
  await new Promise((resolve) => (ws.onclose = resolve));
  const { profile, rtt, ...rest } = ws.stats();
  assert.deepEqual([profile, rtt], [undefined, undefined]);
  assert.deepEqual(Object.values(rest), [0, 0, 0, 0, 0, 0]);
});
