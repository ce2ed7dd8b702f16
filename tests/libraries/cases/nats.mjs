import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, start, until } from '../support/servers.mjs';

export const library = '@nats-io/nats-core';
export const takesClass = true;

function version() {
  try {
    return execFileSync('nats-server', ['--version'], { encoding: 'utf8' }).trim().replace(': v', ' ');
  } catch {
    return undefined;
  }
}

export default async function ({ WebSocket, load, did, skip, after }) {
  const found = version() ?? skip('there is no nats-server: scripts/setup --all installs it');
  const [port, webPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'nats-'));
  after(() => rmSync(folder, { recursive: true }));
  const configuration = join(folder, 'nats.conf');
  writeFileSync(
    configuration,
    `listen: "127.0.0.1:${port}"
max_payload: 8MB
websocket { listen: "127.0.0.1:${webPort}", no_tls: true, compression: true }
`,
  );
  const run = () => start(after, webPort, 'nats-server', ['--config', configuration]);
  let server = await run();

  const { wsconnect, headers } = await load('@nats-io/nats-core');
  const url = `ws://127.0.0.1:${webPort}`;
  const wsFactory = WebSocket && ((url) => ({ socket: new WebSocket(url), encrypted: false }));
  const connection = () => wsconnect({ servers: url, wsFactory, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
  const one = await connection();
  const two = await connection();
  after(() => Promise.all([one.close(), two.close()]));

  const replies = two.subscribe('sum', { callback: (_, message) => message.respond(String(message.data.length)) });
  await two.flush();
  const large = Uint8Array.from({ length: 3_000_000 }, (_, i) => i);
  assert.equal((await one.request('sum', large, { timeout: 20_000 })).string(), '3000000');
  replies.unsubscribe();
  did('a request of 3 MB and its answer');

  const received = [];
  two.subscribe('news.>', {
    callback: (_, message) => received.push([message.subject, message.headers?.get('X-Id'), message.data]),
  });
  await two.flush();
  const fields = headers();
  fields.set('X-Id', '消息');
  one.publish('news.one', large.subarray(1, 4), { headers: fields });
  for (let i = 0; i < 5_000; i += 1) one.publish('news.many', `message ${i}`);
  await until(() => received.length === 5_001, 'all came');
  const [subject, id, data] = received[0];
  assert.deepEqual([subject, id, [...data]], ['news.one', '消息', [1, 2, 3]]);
  assert.equal(new TextDecoder().decode(received.at(-1)[2]), 'message 4999');
  did('publish and subscribe with headers, 5 000 messages in order');

  received.length = 0;
  const third = await connection();
  for (let i = 0; i < 8; i += 1) third.publish('news.last', large);
  // It waits until bufferedAmount is 0.
  await third.close();
  await until(() => received.length === 8, 'all that was published before close() came');
  assert.deepEqual(received.at(-1)[2], large);
  did('closing, which waits for bufferedAmount: 24 MB arrive');

  const statuses = [];
  void (async () => {
    for await (const { type } of one.status()) statuses.push(type);
  })();
  await server.stop();
  await until(() => statuses.includes('disconnect'), 'it notices');
  server = await run();
  await until(() => statuses.includes('reconnect'), 'it is back');
  await until(() => two.protocol.connected, 'the other is back');
  await two.flush();
  received.length = 0;
  one.publish('news.again', 'again');
  await until(() => received.length === 1, 'the subscription holds');
  did('reconnecting after the server was restarted');
  return found;
}
