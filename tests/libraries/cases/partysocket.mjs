import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = 'partysocket';
export const server = 'ws';
export const takesClass = true;

export default async function ({ api, WebSocket, load, did, note, after }) {
  if (WebSocket) {
    Object.assign(globalThis, { MessageEvent: api.MessageEvent, CloseEvent: api.CloseEvent });
    note('without the swap, MessageEvent and CloseEvent have to be made global');
  }
  const { WebSocket: PartySocket } = await load('partysocket');
  const { url, wss } = await serve(after);
  const ws = new PartySocket(url, [], { WebSocket, minReconnectionDelay: 10, maxReconnectionDelay: 20 });
  after(() => ws.close());
  const events = [];
  for (const type of ['open', 'message', 'error', 'close']) ws.addEventListener(type, (event) => events.push(event));
  const next = async (type) => {
    await until(() => events.some((event) => event.type === type), type);
    return events.splice(0, events.findIndex((event) => event.type === type) + 1).at(-1);
  };

  ws.send('before it is open');
  assert.equal((await next('message')).data, 'before it is open');
  did('text, sent before it is open');
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i);
  ws.send(bytes.buffer);
  ws.send(bytes.subarray(1, 4));
  const first = await next('message');
  assert.deepEqual(new Uint8Array(first.data), bytes);
  assert.ok(first instanceof globalThis.MessageEvent);
  assert.deepEqual(new Uint8Array((await next('message')).data), bytes.subarray(1, 4));
  did('binary, which it asks for as Blob');
  for (const peer of wss.clients) peer.terminate();
  assert.match((await next('error')).message, /without a Close frame|closed|reset/);
  await next('open');
  ws.send('again');
  assert.equal((await next('message')).data, 'again');
  did('reconnecting');
  ws.close(4000, 'enough');
  const { code, reason } = await next('close');
  assert.deepEqual([code, reason], [4000, 'enough']);
  did('closing with a code');
}
