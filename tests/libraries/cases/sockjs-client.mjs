import assert from 'node:assert/strict';
import sockjs from 'sockjs';
import { http, until } from '../support/servers.mjs';

export const library = 'sockjs-client';
export const server = 'sockjs';
export const takesClass = false;

export default async function ({ load, did, note, after }) {
  const { server, host } = await http(after);
  const service = sockjs.createServer({ log() {} });
  const peers = [];
  service.on('connection', (peer) => {
    peers.push(peer);
    peer.on('data', (message) => (message === 'close' ? peer.close(4001, 'as you like') : peer.write(message)));
  });
  service.installHandlers(server, { prefix: '/chat' });

  // It asks the server by XMLHttpRequest first, which React Native has.
  const { XMLHttpRequest } = await import('../support/xhr.mjs');
  globalThis.XMLHttpRequest = XMLHttpRequest;
  globalThis.location ??= { protocol: 'http:', host: 'localhost', port: '', href: 'http://localhost/' };
  note('location and addEventListener have to be there');
  Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} });
  const { default: SockJS } = await load('sockjs-client', { source: "export { default } from 'sockjs-client'" });
  const socket = new SockJS(`http://${host}/chat`, undefined, { transports: ['websocket'] });
  const events = [];
  for (const type of ['open', 'message', 'close']) socket[`on${type}`] = (event) => events.push([type, event]);
  const next = async (type) => {
    await until(() => events.some(([name]) => name === type), type);
    return events.splice(0, events.findIndex(([name]) => name === type) + 1).at(-1)[1];
  };
  await next('open');
  assert.equal(socket.transport, 'websocket');
  socket.send('消息');
  assert.equal((await next('message')).data, '消息');
  did('messages');
  socket.send('close');
  const { code, reason, wasClean } = await next('close');
  assert.deepEqual([code, reason, wasClean], [4001, 'as you like', true]);
  did('closing by the server');
}
