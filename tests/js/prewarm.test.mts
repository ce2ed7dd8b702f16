// Connections that are opened in advance.

import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { installWebSocket, prewarm, WebSocket, type PrewarmOption } from 'react-native-socket-task';
import { connectSocket as connectSocketOfTaro, prewarm as prewarmOfTaro } from 'react-native-socket-task/taro';
import { Authority } from './support/certificates.mjs';
import { runProgram } from './support/program.mjs';
import { serve } from './support/servers.mjs';
import { close, open, until } from './support/tasks.mjs';

const authority = new Authority();
const identity = authority.issue();
after(() => authority.dispose());

/** A server that greets with the number of the connection, and notes the codes with which its clients go. */
async function greeter(t: TestContext, secure = false) {
  const codes: number[] = [];
  let count = 0;
  const options = secure ? { tls: identity } : {};
  const { url, wss } = await serve(
    t,
    (peer) => {
      count += 1;
      peer.send(`number ${count}`);
      peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
      peer.on('close', (code) => codes.push(code));
    },
    { ...options, handleProtocols: (protocols) => [...protocols][0] ?? false },
  );
  return { url, wss, codes, count: () => count };
}

const opened = (count: () => number, expected: number) => until(() => count() === expected, `${expected} connections`);

test('connectSocket adopts it: its greeting, header, protocol, profile', async (t) => {
  for (const secure of [false, true]) {
    const { url, codes, count } = await greeter(t, secure);
    const option = {
      url: `${url}/chat?q=1`,
      protocols: ['a', 'b'],
      header: { 'X-Test': ['1', '2'] },
      tls: { ca: authority.ca },
      perMessageDeflate: true,
      timeout: 5000,
    };
    prewarm(option);
    await opened(count, 1);
    await sleep(50);
    const recording = await open(t, option);
    assert.equal(await recording.message(), 'number 1');
    const { protocol, profile, header } = await recording.opened;
    assert.equal(protocol, 'a');
    assert.ok(profile.cost > 0 && profile.remoteAddress !== '' && 'Sec-WebSocket-Accept' in header);
    void recording.task.send({ data: 'there and back' });
    assert.equal(await recording.message(), 'there and back');
    await close(recording);
    assert.equal(count(), 1);
    await until(() => codes.length === 1, 'closed');
    assert.deepEqual(codes, [1000]);

    const next = await open(t, option);
    assert.equal(await next.message(), 'number 2');
    await close(next);
  }
});

test('WebSocket adopts it, on its way too', async (t) => {
  const { url, count } = await greeter(t);
  prewarm({ url, headers: { 'X-Test': 1 } });
  const ws = new WebSocket(url, [], { headers: { 'X-Test': 1 } });
  const greeting = await new Promise((resolve) => (ws.onmessage = ({ data }) => resolve(data)));
  assert.equal(greeting, 'number 1');
  assert.equal(count(), 1);
  const closed = new Promise((resolve) => (ws.onclose = resolve));
  ws.close();
  await closed;
});

test("the one of Taro's module and of the installed class is adopted by their sockets, and by no others", async (t) => {
  const { url, wss, count } = await greeter(t);
  const origins: unknown[] = [];
  wss.on('connection', (_, { headers }) => origins.push(headers.origin));
  t.after(() => Reflect.deleteProperty(globalThis, 'WebSocket'));
  const Installed = installWebSocket({ headers: { 'X-Test': 1 }, proxy: false });
  const greeting = (ws: WebSocket) =>
    new Promise((resolve) => {
      ws.onmessage = ({ data }) => (ws.close(), resolve(data));
    });
  prewarmOfTaro({ url });
  await opened(count, 1);
  assert.equal(await greeting(new WebSocket(url)), 'number 2');
  assert.equal(await greeting((await connectSocketOfTaro({ url })).ws), 'number 1');
  Installed.prewarm({ url, protocols: ' a' });
  await opened(count, 3);
  assert.equal(await greeting(new Installed(url)), 'number 4');
  assert.equal(await greeting(new Installed(url, 'a')), 'number 3');
  const own = url.replace('ws:', 'http:');
  assert.deepEqual(origins, [own, undefined, own, own]);
  assert.throws(() => Installed.prewarm(undefined as never), TypeError);
});

test('one with another option is not adopted', async (t) => {
  const { url, codes, count } = await greeter(t);
  const option: PrewarmOption = { url, header: { a: '1' }, protocols: 'a', lifetime: 60_000 };
  let connections = 0;
  for (const other of [
    { url: `${url}/other` },
    { header: { a: '2' } },
    { header: { A: '1' } },
    { protocols: 'b' },
    { tls: { minVersion: 'TLSv1.3' as const } },
    { timeout: 59_999 },
    { pingInterval: 10_000 },
    { resolve: { 'a.test': '127.0.0.1' } },
    { cookies: { get: () => '' } },
  ]) {
    prewarm(option);
    if (connections === 0) await opened(count, (connections = 1));
    const recording = await open(t, { ...option, ...other });
    connections += 1;
    assert.equal(await recording.message(), `number ${connections}`, JSON.stringify(other));
    await close(recording);
  }
  const adopter = await open(t, option);
  assert.equal(await adopter.message(), 'number 1');
  await close(adopter);
  await until(() => codes.length === connections, 'closed');
});

test('one that the server has closed is not adopted, nor one that was not to be had', async (t) => {
  const { url, wss, count } = await greeter(t);
  prewarm({ url });
  await opened(count, 1);
  wss.clients.forEach((client) => client.close(1001));
  await sleep(50);
  const second = await open(t, { url });
  assert.equal(await second.message(), 'number 2');
  await close(second);

  prewarm({ url });
  await opened(count, 3);
  wss.clients.forEach((client) => client.terminate());
  await sleep(50);
  const third = await open(t, { url });
  assert.equal(await third.message(), 'number 4');
  await close(third);
  // Of a failure nothing is told.
  prewarm({ url: 'ws://name.invalid/' });
});

test('its lifetime ends with 1001', async (t) => {
  const { url, codes, count } = await greeter(t);
  const start = performance.now();
  prewarm({ url, lifetime: 200 });
  await opened(count, 1);
  await until(() => codes.length === 1, 'closed');
  assert.deepEqual(codes, [1001]);
  assert.ok(performance.now() - start >= 195);
});

test('options that are not acceptable', () => {
  const url = 'ws://localhost/';
  for (const option of [
    {},
    undefined,
    { url: 5 },
    { url, lifetime: 0 },
    { url, lifetime: '5' },
    { url, header: { 'a b': 'c' } },
    { url, cookies: { get: () => '' } },
    { url, tls: { roots: 'none' } },
  ]) {
    assert.throws(() => prewarm(option as never), TypeError, JSON.stringify(option));
  }
  for (const option of [
    { url: 'ftp://a' },
    { url: 'ws://a/#b' },
    { url: 'ws://a:99999/' },
    { url, protocols: 'a b' },
  ]) {
    assert.throws(() => prewarm(option), { name: 'SyntaxError' }, JSON.stringify(option));
  }
});

test('it does not keep the process alive', async (t) => {
  const { url, count } = await greeter(t);
  const run = await runProgram(
    "const { prewarm } = await import('react-native-socket-task'); prewarm({ url: process.argv[1] });",
    { args: [url], timeout: 10_000 },
  );
  assert.deepEqual([run.code, run.stderr], [0, '']);
  assert.ok(count() <= 1);
});
