import assert from 'node:assert/strict';
import { broker } from '../servers/aedes.mjs';
import { until } from '../support/servers.mjs';

export const library = 'mqtt';
export const server = 'aedes';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const { url, wss } = await broker(after);
  const { default: mqtt } = await load('mqtt/dist/mqtt.esm');
  const createWebsocket = WebSocket && ((url, protocols) => new WebSocket(url, protocols));
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 20, keepalive: 1, createWebsocket });
  after(() => client.endAsync(true));
  const received = [];
  client.on('message', (topic, payload) => received.push([topic, payload.toString()]));
  await client.subscribeAsync('rooms/#', { qos: 1 });
  await client.publishAsync('rooms/1', '消息', { qos: 1 });
  await client.publishAsync('rooms/2', 'x'.repeat(200_000), { qos: 2 });
  await until(() => received.length === 2, 'both came');
  assert.deepEqual(received, [
    ['rooms/1', '消息'],
    ['rooms/2', 'x'.repeat(200_000)],
  ]);
  did('publish and subscribe with quality 1 and 2, 200 KB');
  const again = new Promise((resolve) => client.once('connect', resolve));
  for (const peer of wss.clients) peer.terminate();
  await again;
  await client.publishAsync('rooms/3', 'again', { qos: 1 });
  await until(() => received.length === 3, 'the subscription holds');
  did('reconnecting');
  await client.endAsync();
}
