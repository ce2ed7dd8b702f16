import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = 'pusher-js';
export const server = "a server of this test that speaks Pusher's protocol";
export const takesClass = false;

export default async function ({ load, did, note, after }) {
  const peers = [];
  const { host } = await serve(after, (peer, { url }) => {
    peers.push({ peer, url, pings: 0 });
    const at = peers.at(-1);
    const tell = (event, data, channel) => peer.send(JSON.stringify({ event, channel, data: JSON.stringify(data) }));
    tell('pusher:connection_established', { socket_id: '1.1', activity_timeout: 1 });
    peer.on('close', (code) => (at.code = code));
    peer.on('message', (text) => {
      const { event, channel, data } = JSON.parse(String(text));
      if (event === 'pusher:ping') {
        at.pings += 1;
        tell('pusher:pong', {});
      } else if (event === 'pusher:subscribe') {
        tell('pusher_internal:subscription_succeeded', {}, data.channel);
        tell('greeting', { text: '消息' }, data.channel);
      } else if (event === 'client-say') {
        tell('said', data, channel);
      }
    });
  });
  const [wsHost, wsPort] = host.split(':');
  const { Pusher } = await load('pusher-js');
  const pusher = new Pusher('a-key', {
    cluster: '',
    wsHost,
    wsPort: Number(wsPort),
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: { customHandler: (_, callback) => callback(null, { auth: 'a-key:signature' }) },
  });
  after(() => pusher.disconnect());
  note('it needs @react-native-community/netinfo, which was a stand-in here');
  const heard = [];
  const channel = pusher.subscribe('private-room');
  channel.bind('greeting', (data) => heard.push(data));
  channel.bind('said', (data) => heard.push(data));
  await until(() => heard.length === 1, 'it is greeted');
  channel.trigger('client-say', { text: 'x'.repeat(100_000) });
  await until(() => heard.length === 2, 'it is told');
  assert.deepEqual(heard, [{ text: '消息' }, { text: 'x'.repeat(100_000) }]);
  assert.match(peers[0].url, /^\/app\/a-key\?protocol=7&client=js/);
  did('its React Native build: subscribing to a private channel, events, 100 KB');
  await until(() => peers[0].pings > 0, 'it pings');
  did('pings');
  // 4200 asks for a new connection at once, 1006 for one too.
  peers[0].peer.close(4200, 'come back');
  await until(() => heard.length === 3, 'it has subscribed again');
  peers[1].peer.terminate();
  await until(() => heard.length === 4, 'it has subscribed again');
  did('reconnecting, after 4200 and after a loss');
  pusher.disconnect();
  await until(() => peers[2].code !== undefined, 'the server sees it leave');
  assert.equal(peers[2].code, 1000);
  did('closing');
}
