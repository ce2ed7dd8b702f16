import assert from 'node:assert/strict';
import { Server } from 'socket.io';
import { http, until } from '../support/servers.mjs';

export const library = 'socket.io-client';
export const server = 'socket.io';
export const takesClass = false;

export default async function ({ load, did, after }) {
  const { server, host } = await http(after);
  const io = new Server(server, { transports: ['websocket'], pingInterval: 30, pingTimeout: 20_000 });
  after(() => io.close());
  const tokens = [];
  io.on('connection', (socket) => {
    tokens.push(socket.handshake.headers['x-token']);
    socket.on('sum', (a, b, reply) => reply(a + b));
    socket.on('binary', (data, reply) => reply(Buffer.from(data).reverse()));
    socket.on('drop', () => socket.conn.transport.socket.terminate());
  });
  const { io: connect } = await load('socket.io-client');
  const socket = connect(`http://${host}`, {
    transports: ['websocket'],
    extraHeaders: { 'X-Token': 'abc' },
    reconnectionDelay: 10,
  });
  after(() => socket.disconnect());
  assert.equal(await socket.emitWithAck('sum', 2, 3), 5);
  assert.deepEqual(tokens, ['abc']);
  did('header fields of React Native, calls');
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i);
  assert.deepEqual(new Uint8Array(await socket.emitWithAck('binary', bytes)), bytes.slice().reverse());
  did('200 KB of binary');
  socket.emit('drop');
  await until(() => tokens.length === 2 && socket.connected, 'it is connected again');
  assert.equal(await socket.emitWithAck('sum', 20, 30), 50);
  did('reconnecting');
  socket.disconnect();
  await until(() => io.engine.clientsCount === 0, 'the server saw it leave');
  did('closing');
}
