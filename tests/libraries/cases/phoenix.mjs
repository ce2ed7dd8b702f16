import assert from 'node:assert/strict';
import { phoenix } from '../servers/phoenix.mjs';
import { until } from '../support/servers.mjs';

export const library = 'phoenix';
export const server = "a server of this test that speaks Phoenix's protocol";
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const seen = [];
  const { url } = await phoenix(after, seen);
  Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} });
  const { Socket } = await load('phoenix');
  const socket = new Socket(`${url}/socket`, {
    transport: WebSocket,
    params: { user: '1' },
    authToken: 'a-token',
    heartbeatIntervalMs: 30,
    reconnectAfterMs: () => 10,
    rejoinAfterMs: () => 10,
  });
  after(() => socket.disconnect());
  socket.connect();
  const channel = socket.channel('room:1', {});
  const joins = [];
  channel.join().receive('ok', (response) => joins.push(response.joined));
  await until(() => joins.length === 1, 'it has joined');
  const [{ url: path, headers }] = seen;
  assert.match(path, /^\/socket\/websocket\?user=1&vsn=2\.0\.0$/);
  assert.match(headers['sec-websocket-protocol'], /^phoenix, base64url\.bearer\.phx\./);
  did('the token among the sub-protocols, joining');

  const heard = [];
  channel.on('shout', (payload) => heard.push(payload));
  await new Promise((resolve) => channel.push('shout', { text: '消息' }).receive('ok', resolve));
  await until(() => heard.length === 1, 'it is told');
  channel.push('shout', Uint8Array.of(1, 2, 3).buffer);
  await until(() => heard.length === 2, 'binary is told');
  assert.deepEqual([heard[0], new Uint8Array(heard[1])], [{ text: '消息' }, Uint8Array.of(1, 2, 3)]);
  did('messages, text and binary');
  await until(() => seen[0].heartbeats > 1, 'it pings');
  did('heartbeats');
  seen[0].peer.terminate();
  await until(() => joins.length === 2, 'it has joined again');
  did('reconnecting');
  const closed = new Promise((resolve) => seen[1].peer.on('close', resolve));
  socket.disconnect(undefined, 1000, 'enough');
  assert.equal(await closed, 1000);
  did('closing, which polls bufferedAmount');
}
