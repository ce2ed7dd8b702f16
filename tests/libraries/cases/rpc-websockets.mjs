import assert from 'node:assert/strict';
import { Server } from 'rpc-websockets';
import { freePort, until } from '../support/servers.mjs';

export const library = 'rpc-websockets';
export const server = 'rpc-websockets';
export const takesClass = false;

export default async function ({ load, did, note, after }) {
  const server = new Server({ host: '127.0.0.1', port: await freePort() });
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => server.close());
  server.register('sum', ([a, b]) => a + b);
  server.event('news');

  note('its exports name no file for React Native; Metro takes "browser" then');
  const { Client } = await load('./node_modules/rpc-websockets/dist/index.browser.mjs');
  const url = `ws://127.0.0.1:${server.wss.address().port}`;
  const client = new Client(url, { reconnect_interval: 20, max_reconnects: 0 });
  after(() => client.close());
  await new Promise((resolve) => client.once('open', resolve));
  assert.equal(await client.call('sum', [2, 3]), 5);
  await assert.rejects(client.call('nothing'), { message: 'Method not found' });
  did('calls');
  const news = [];
  client.on('news', (...given) => news.push(given));
  await client.subscribe('news');
  server.emit('news', '消息', 'x'.repeat(200_000));
  await until(() => news.length === 1, 'news come');
  assert.deepEqual(news, [['消息', 'x'.repeat(200_000)]]);
  did('events, 200 KB');
  const again = new Promise((resolve) => client.once('open', resolve));
  for (const peer of server.wss.clients) peer.terminate();
  await again;
  assert.equal(await client.call('sum', [20, 30]), 50);
  did('reconnecting');
  const closed = new Promise((resolve) => client.once('close', resolve));
  client.close(1000, 'enough');
  assert.equal(await closed, 1000);
  did('closing');
}
