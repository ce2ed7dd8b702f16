import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = 'rxjs';
export const server = 'ws';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const peers = [];
  const codes = [];
  const { url } = await serve(after, (peer) => {
    peers.push(peer);
    peer.on('message', (data) => peer.send(String(data)));
    peer.on('close', (code) => codes.push(code));
  });
  const { webSocket, retry } = await load('rxjs', {
    source: "export * from 'rxjs/webSocket'; export { retry } from 'rxjs'",
  });
  const received = [];
  const completed = [];
  const opened = [];
  const subject = webSocket({
    url,
    WebSocketCtor: WebSocket,
    openObserver: { next: (event) => opened.push(event.type) },
    closeObserver: { next: (event) => completed.push(event.wasClean) },
  });
  const values = subject.pipe(retry({ delay: 10 })).subscribe((value) => received.push(value));
  subject.next({ text: '消息' });
  await until(() => received.length === 1, 'it comes back');
  assert.deepEqual(received, [{ text: '消息' }]);
  did('webSocket: values before it is open');
  peers[0].terminate();
  await until(() => opened.length === 2, 'it is open again');
  subject.next({ text: 'again' });
  await until(() => received.length === 2, 'it comes back');
  assert.deepEqual([opened, completed], [['open', 'open'], [false]]);
  did('retry after a loss');
  values.unsubscribe();
  await until(() => codes.length === 2, 'the server sees it leave');
  assert.equal(codes.at(-1), WebSocket ? 1005 : 1000);
  did('closing when nobody is subscribed');
}
