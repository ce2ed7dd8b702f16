import assert from 'node:assert/strict';
import { setupWSConnection } from '@y/websocket-server/utils';
import { serve, until } from '../support/servers.mjs';

export const library = 'y-websocket';
export const server = '@y/websocket-server';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const { url, wss } = await serve(after, setupWSConnection);
  const { WebsocketProvider, Doc } = await load('both', {
    source: "export * from 'y-websocket'; export { Doc } from 'yjs'",
  });
  const join = () => {
    const doc = new Doc();
    const provider = new WebsocketProvider(url, 'room', doc, {
      ...(WebSocket && { WebSocketPolyfill: WebSocket }),
      disableBc: true,
      maxBackoffTime: 20,
    });
    after(() => provider.destroy());
    return { doc, provider, text: doc.getText('text') };
  };
  const [one, two] = [join(), join()];
  await until(() => one.provider.synced && two.provider.synced, 'both are in step');
  for (let i = 0; i < 1_000; i += 1) one.text.insert(one.text.length, `${i} `);
  two.text.insert(0, '消息 ');
  await until(() => one.text.length === two.text.length && two.text.length > 3_890, 'the texts are the same');
  assert.equal(one.text.toString(), two.text.toString());
  did('1 000 changes in small binary messages, of two clients');
  one.provider.awareness.setLocalStateField('name', 'one');
  await until(() => [...two.provider.awareness.getStates().values()].some(({ name }) => name === 'one'), 'it is seen');
  did('awareness');
  for (const peer of wss.clients) peer.terminate();
  await until(() => !one.provider.wsconnected, 'it notices');
  one.text.insert(0, 'offline ');
  await until(() => two.text.toString().startsWith('offline '), 'it is told after it came back');
  did('reconnecting, with what changed meanwhile');
}
