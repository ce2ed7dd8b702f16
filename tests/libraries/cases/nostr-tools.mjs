import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = 'nostr-tools';
export const server = 'a relay of this test (NIP-01)';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const stored = [];
  const closed = [];
  const { url } = await serve(after, (peer) => {
    const subscriptions = new Map();
    peer.on('close', (code) => closed.push(code));
    peer.on('message', (text) => {
      const [type, id, filter] = JSON.parse(String(text));
      const tell = (...message) => peer.send(JSON.stringify(message));
      if (type === 'EVENT') {
        stored.push(id);
        tell('OK', id.id, true, '');
        for (const name of subscriptions.keys()) tell('EVENT', name, id);
      } else if (type === 'REQ') {
        subscriptions.set(id, filter);
        for (const event of stored) tell('EVENT', id, event);
        tell('EOSE', id);
      } else if (type === 'CLOSE') {
        subscriptions.delete(id);
      }
    });
  });
  const { Relay, useWebSocketImplementation, finalizeEvent, generateSecretKey } = await load('nostr', {
    source: `export { Relay, useWebSocketImplementation } from 'nostr-tools/relay';
      export { finalizeEvent, generateSecretKey } from 'nostr-tools/pure';`,
  });
  if (WebSocket) useWebSocketImplementation(WebSocket);
  const relay = await Relay.connect(url);
  after(() => relay.close());
  const key = generateSecretKey();
  const event = (content) => finalizeEvent({ kind: 1, created_at: 1_700_000_000, tags: [], content }, key);
  await relay.publish(event('消息'));
  did('publishing');
  const heard = [];
  let stale = false;
  const subscription = relay.subscribe([{ kinds: [1] }], {
    onevent: ({ content }) => heard.push(content),
    oneose: () => (stale = true),
  });
  await until(() => stale, 'all that is stored was told');
  await relay.publish(event('x'.repeat(60_000)));
  await until(() => heard.length === 2, 'the new one is told');
  assert.deepEqual(heard, ['消息', 'x'.repeat(60_000)]);
  did('a subscription: what is stored and what is new');
  subscription.close();
  relay.close();
  await until(() => closed.length === 1, 'the server sees it leave');
  did('closing');
}
