import assert from 'node:assert/strict';
import { echo, serve, until } from '../support/servers.mjs';

export const library = 'reconnecting-websocket';
export const server = 'ws';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const { default: ReconnectingWebSocket } = await load('reconnecting-websocket');
  const peers = [];
  const { url } = await serve(after, (peer) => {
    peers.push(peer);
    echo(peer);
  });
  const ws = new ReconnectingWebSocket(url, [], { WebSocket, minReconnectionDelay: 10, maxReconnectionDelay: 20 });
  after(() => ws.close());
  const messages = [];
  const closes = [];
  ws.addEventListener('message', (event) => messages.push(event.data));
  ws.addEventListener('close', (event) => closes.push(event.code));
  const next = async () => {
    await until(() => messages.length > 0, 'a message comes');
    return messages.shift();
  };

  ws.send('before it is open');
  assert.equal(await next(), 'before it is open');
  did('text, sent before it is open');
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i);
  ws.send(bytes.buffer);
  assert.deepEqual(new Uint8Array(await next()), bytes);
  ws.send(bytes.subarray(1, 4));
  assert.deepEqual(new Uint8Array(await next()), bytes.subarray(1, 4));
  did('binary, which it asks for as Blob');
  peers[0].terminate();
  await until(() => peers.length === 2 && ws.readyState === 1, 'it is open again');
  ws.send('again');
  assert.equal(await next(), 'again');
  did('reconnecting');
  const before = closes.length;
  ws.close(1000, 'enough');
  await until(() => closes.length > before, 'it is closed');
  assert.equal(closes.at(-1), 1000);
  did('closing');
}
