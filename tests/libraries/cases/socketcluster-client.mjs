import assert from 'node:assert/strict';
import socketcluster from 'socketcluster-server';
import { http, until } from '../support/servers.mjs';

export const library = 'socketcluster-client';
export const server = 'socketcluster-server';
export const takesClass = false;

/** Does `act` with each item of a stream, which has no end of its own. */
async function each(stream, act) {
  for await (const item of stream) act(item);
}

export default async function ({ load, did, after }) {
  const { server, host } = await http(after);
  const [hostname, port] = host.split(':');
  const agServer = socketcluster.attach(server, { pingInterval: 50, pingTimeout: 20_000 });
  const peers = [];
  void each(agServer.listener('connection'), ({ socket }) => {
    peers.push(socket);
    void each(socket.procedure('echo'), (request) => request.end(request.data));
  });
  const { create } = await load('socketcluster-client');
  const client = create({ hostname, port: Number(port), autoReconnectOptions: { initialDelay: 10, randomness: 1 } });
  after(() => client.disconnect());
  const faults = [];
  void each(client.listener('error'), ({ error }) => faults.push(error));
  await client.listener('connect').once(5000);
  assert.deepEqual(await client.invoke('echo', { text: '消息' }), { text: '消息' });
  did('calls');
  const room = client.subscribe('room');
  const heard = [];
  void each(room, (data) => heard.push(data));
  await room.listener('subscribe').once(5000);
  await client.invokePublish('room', 'x'.repeat(100_000));
  await until(() => heard.length === 1, 'it is told');
  assert.equal(heard[0], 'x'.repeat(100_000));
  did('publish and subscribe, 100 KB');
  assert.deepEqual(faults, []);
  const again = client.listener('connect').once(5000);
  peers[0].socket.terminate();
  await again;
  await until(() => client.isSubscribed('room'), 'the subscription holds');
  await client.invokePublish('room', 'again');
  await until(() => heard.length === 2, 'it is told again');
  did('reconnecting');
  client.disconnect(4001, 'as you like');
  assert.equal((await peers[1].listener('disconnect').once(5000)).code, 4001);
  did('closing');
}
