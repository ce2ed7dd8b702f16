import assert from 'node:assert/strict';
import { broker } from '../servers/aedes.mjs';
import { until } from '../support/servers.mjs';

export const library = 'paho-mqtt';
export const server = 'aedes';
export const takesClass = false;

export default async function ({ load, did, after }) {
  const { url } = await broker(after);
  const { default: Paho } = await load('paho-mqtt', { source: "export { default } from 'paho-mqtt'" });
  const client = new Paho.Client(`${url}/mqtt`, 'a-client');
  const received = [];
  client.onMessageArrived = (message) => received.push([message.destinationName, message.payloadString]);
  const lost = [];
  client.onConnectionLost = ({ errorCode }) => lost.push(errorCode);
  const connect = () =>
    new Promise((onSuccess, onFailure) => client.connect({ onSuccess, onFailure, keepAliveInterval: 1 }));
  await connect();
  await new Promise((onSuccess, onFailure) => client.subscribe('rooms/#', { qos: 1, onSuccess, onFailure }));
  client.send('rooms/1', '消息', 1);
  client.send('rooms/2', 'x'.repeat(200_000), 2);
  await until(() => received.length === 2, 'both came');
  assert.deepEqual(received, [
    ['rooms/1', '消息'],
    ['rooms/2', 'x'.repeat(200_000)],
  ]);
  did('publish and subscribe with quality 1 and 2, 200 KB');
  client.disconnect();
  await until(() => lost.length === 1, 'it is closed');
  assert.deepEqual(lost, [0]);
  did('closing');
}
