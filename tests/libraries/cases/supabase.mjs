import assert from 'node:assert/strict';
import { phoenix } from '../servers/phoenix.mjs';
import { until } from '../support/servers.mjs';

export const library = '@supabase/realtime-js';
export const server = "a server of this test that speaks Phoenix's protocol";
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const seen = [];
  const { url } = await phoenix(after, seen);
  const { RealtimeClient } = await load('@supabase/realtime-js');
  const client = new RealtimeClient(`${url}/realtime/v1`, {
    transport: WebSocket,
    params: { apikey: 'a-key' },
    heartbeatIntervalMs: 30,
    reconnectAfterMs: () => 10,
  });
  after(() => client.disconnect());
  const channel = client.channel('room', { config: { broadcast: { ack: true, self: true } } });
  const heard = [];
  channel.on('broadcast', { event: 'said' }, ({ payload }) => heard.push(payload));
  const statuses = [];
  channel.subscribe((status) => statuses.push(status));
  await until(() => statuses.includes('SUBSCRIBED'), 'it is subscribed');
  did('subscribing');
  assert.equal(await channel.send({ type: 'broadcast', event: 'said', payload: { text: '消息' } }), 'ok');
  await until(() => heard.length === 1, 'it is told');
  assert.deepEqual(heard, [{ text: '消息' }]);
  await channel.send({ type: 'broadcast', event: 'said', payload: Uint8Array.of(1, 2, 3).buffer });
  await until(() => heard.length === 2, 'binary is told');
  assert.deepEqual(new Uint8Array(heard[1]), Uint8Array.of(1, 2, 3));
  did('broadcasts in binary frames');
  await until(() => seen[0].heartbeats > 1, 'it pings');
  did('heartbeats');
  seen[0].peer.terminate();
  await until(() => statuses.filter((status) => status === 'SUBSCRIBED').length === 2, 'it is subscribed again');
  did('reconnecting');
  await client.removeAllChannels();
  await client.disconnect();
  await until(() => seen.every(({ peer }) => peer.readyState === peer.CLOSED), 'the server sees it leave');
  did('closing, which polls bufferedAmount');
}
