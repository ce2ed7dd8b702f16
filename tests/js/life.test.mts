// Signs of life: probes, the peer that is suspect, pongs, and the queue that has run empty.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSocket, WebSocket } from 'react-native-socket-task';
import { accepting, frame, serve, serveRaw } from './support/servers.mjs';
import { open, record, rejection, until } from './support/tasks.mjs';

/** A server that opens and then says nothing by itself. What its client sends it does not read. */
async function deaf(t: Parameters<typeof serveRaw>[0]) {
  const peers: Array<(bytes: Buffer) => void> = [];
  const { url, sockets } = await serveRaw(t, (socket, head) => {
    socket.write(accepting(head));
    peers.push((bytes) => void socket.write(bytes));
  });
  return { url, sockets, say: (bytes: Buffer) => peers.forEach((peer) => peer(bytes)) };
}

test('a probe tells the round trip, and is told of as no pong', async (t) => {
  const { url } = await serve(t);
  const { task, message } = await open(t, { url });
  let pongs = 0;
  task.onPong(() => (pongs += 1));
  const results = await Promise.all([task.probe(), task.probe({ timeout: 10_000 }), task.ws.probe({})]);
  for (const { rtt, ...rest } of results) {
    assert.ok(rtt > 0 && rtt < 10_000, `${rtt}`);
    assert.deepEqual(rest, {});
  }
  void task.send({ data: 'after' });
  assert.equal(await message(), 'after');
  assert.equal(pongs, 0);
});

test('a probe without an answer fails, and leaves the connection alone', async (t) => {
  const { url, say } = await deaf(t);
  const ws = new WebSocket(url);
  await once(ws as never, 'open');
  const start = performance.now();
  const failed = await rejection(ws.probe({ timeout: 100 }));
  assert.ok(failed instanceof Error);
  assert.deepEqual([failed.name, failed.message], ['TimeoutError', 'no answer was read within 100 ms']);
  assert.ok(performance.now() - start >= 99);
  assert.equal(ws.readyState, ws.OPEN);
  // A late answer is nobody's, and one to the last probe answers those before it.
  say(frame(10, 'socket-task probe 1'));
  const both = [ws.probe(), ws.probe()];
  say(frame(10, 'socket-task probe 3'));
  for (const { rtt } of await Promise.all(both)) assert.ok(rtt >= 0 && rtt < 5_000);
  // What only looks like one is the app's.
  const pong = once(ws as never, 'pong');
  say(frame(10, 'socket-task probe 4'));
  assert.equal((await pong)[0].rtt, -1);
  ws.close();
});

test('a probe of what is not open fails, also when the connection ends meanwhile', async (t) => {
  const { url, sockets } = await deaf(t);
  const task = await connectSocket({ url });
  const { opened, closed } = record(task);
  assert.deepEqual((await rejection(task.probe())).name, 'InvalidStateError');
  await opened;
  const failed = rejection(task.probe());
  await sleep(20);
  sockets.forEach((socket) => socket.destroy());
  assert.equal((await closed).code, 1006);
  assert.deepEqual(
    [(await failed).name, (await failed).message],
    ['NetworkError', 'the connection closed (1006) before it answered'],
  );
  assert.equal((await rejection(task.probe())).message, 'the WebSocket is not open');
  assert.match((await rejection(task.probe({ timeout: 'soon' as never }))).message, /timeout should be a Number/);
});

test('the answer to a probe counts that came while the thread was busy', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const answer = task.probe({ timeout: 100 });
  await sleep(0);
  const end = performance.now() + 300;
  while (performance.now() < end);
  assert.ok((await answer).rtt < 100);
});

test('a server that does not answer is suspect until it says something', async (t) => {
  const { url, say } = await deaf(t);
  const recording = await open(t, { url, pingInterval: 100, pongTimeout: 600 });
  const { task } = recording;
  const told: unknown[] = [];
  task.onSuspect(({ silent }) => told.push(['suspect', silent >= 300 && silent < 600]));
  task.onAlive((result) => told.push(['alive', result]));
  task.ws.onsuspect = ({ silent, isTrusted }) => told.push(['suspect event', silent >= 300, isTrusted]);
  task.ws.addEventListener('alive', ({ type }) => told.push([`${type} event`]));
  task.onMessage(({ data }) => told.push(data));
  await until(() => told.length === 2, 'it is suspect');
  say(frame(1, 'late'));
  await until(() => told.length === 5, 'it is alive');
  assert.deepEqual(
    told.sort(),
    [['alive event'], ['alive', {}], ['suspect event', true, true], ['suspect', true], 'late'].sort(),
  );
  // Left alone, it is suspect once more, and then the connection is over.
  assert.equal((await recording.failed).code, 'pong-timeout');
  assert.equal(told.filter((what) => String(what).startsWith('suspect,')).length, 2);
  assert.equal(told.filter((what) => String(what).startsWith('alive,')).length, 1);
});

test('who listens in for pongs gets those of the app', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  const pong = new Promise<{ data: ArrayBuffer; rtt: number }>((resolve) => task.onPong(resolve));
  task.ws.ping('hello');
  const { data, rtt } = await pong;
  assert.equal(Buffer.from(data).toString(), 'hello');
  assert.ok(rtt > 0);
  task.offPong();
});

test('drain: after what was sent has gone, and after room was lacking', async (t) => {
  const { url, wss } = await serve(t, (peer) => peer.pause());
  const { task } = await open(t, { url, maxBufferedAmount: 8 << 20 });
  let drains = 0;
  task.onDrain(() => (drains += 1));
  void task.send({ data: 'small' });
  await until(() => drains === 1, 'the small one has gone');
  assert.equal(task.ws.bufferedAmount, 0);
  const chunk = new Uint8Array(1 << 20);
  const sent: Array<Promise<unknown>> = [];
  let refused = '';
  for (let i = 0; i < 100 && !refused; i += 1) {
    sent.push(task.send({ data: chunk }));
    const last = sent[sent.length - 1]!;
    await Promise.race([last.catch(({ errMsg }) => (refused = errMsg)), sleep(20)]);
  }
  assert.match(refused, /the send queue is full/);
  const before = drains;
  await sleep(50);
  assert.equal(drains, before, 'there is no room yet');
  const event = once(task.ws as never, 'drain');
  wss.clients.forEach((peer) => peer.resume());
  await event;
  assert.ok(task.ws.bufferedAmount <= 4 << 20);
  assert.ok(drains > before);
});
