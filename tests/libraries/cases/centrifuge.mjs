import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = 'centrifuge';
export const server = "a server of this test that speaks Centrifugo's protocol (JSON)";
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const peers = [];
  const { url } = await serve(after, (peer) => {
    const at = { peer, pongs: 0 };
    peers.push(at);
    const tell = (reply) => peer.send(JSON.stringify(reply));
    const pinging = setInterval(() => tell({}), 20);
    peer.on('close', (code) => {
      clearInterval(pinging);
      at.code = code;
    });
    peer.on('message', (text) => {
      for (const line of String(text).split('\n').filter(Boolean)) {
        const { id, connect, subscribe, publish, rpc } = JSON.parse(line);
        if (connect) tell({ id, connect: { client: 'a', version: '1', ping: 25, pong: true } });
        else if (subscribe) tell({ id, subscribe: {} });
        else if (rpc) tell({ id, rpc: { data: rpc.data } });
        else if (publish) {
          tell({ id, publish: {} });
          tell({ push: { channel: publish.channel, pub: { data: publish.data } } });
        } else at.pongs += 1;
      }
    });
  });
  const { Centrifuge } = await load('centrifuge');
  const client = new Centrifuge(url, {
    ...(WebSocket && { websocket: WebSocket }),
    minReconnectDelay: 10,
    maxReconnectDelay: 20,
  });
  after(() => client.disconnect());
  client.connect();
  await client.ready();
  assert.deepEqual((await client.rpc('echo', { text: '消息' })).data, { text: '消息' });
  did('calls');
  const heard = [];
  const subscription = client.newSubscription('room');
  subscription.on('publication', ({ data }) => heard.push(data));
  subscription.subscribe();
  await subscription.ready();
  await subscription.publish({ text: 'x'.repeat(100_000) });
  await until(() => heard.length === 1, 'it is told');
  assert.deepEqual(heard, [{ text: 'x'.repeat(100_000) }]);
  did('publish and subscribe, 100 KB');
  await until(() => peers[0].pongs > 0, 'it answers pings');
  did("the server's pings");
  peers[0].peer.terminate();
  await until(() => peers.length === 2, 'it is back');
  await subscription.ready();
  await subscription.publish('again');
  await until(() => heard.length === 2, 'the subscription holds');
  did('reconnecting');
  client.disconnect();
  await until(() => peers[1].code !== undefined, 'the server sees it leave');
  did('closing');
}
