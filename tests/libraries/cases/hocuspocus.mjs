import assert from 'node:assert/strict';
import { Server } from '@hocuspocus/server';
import { freePort, until } from '../support/servers.mjs';

export const library = '@hocuspocus/provider';
export const server = '@hocuspocus/server';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const port = await freePort();
  const tokens = [];
  const server = new Server({
    port,
    address: '127.0.0.1',
    quiet: true,
    stopOnSignals: false,
    async onAuthenticate({ token }) {
      tokens.push(token);
      if (token !== 'a-token') throw new Error('refused');
    },
  });
  await server.listen();
  after(() => server.destroy());
  const { HocuspocusProvider, HocuspocusProviderWebsocket, Doc } = await load('both', {
    source: "export * from '@hocuspocus/provider'; export { Doc } from 'yjs'",
  });
  const join = (token) => {
    const document = new Doc();
    const websocketProvider = new HocuspocusProviderWebsocket({
      url: `ws://127.0.0.1:${port}`,
      ...(WebSocket && { WebSocketPolyfill: WebSocket }),
      delay: 10,
      minDelay: 10,
      maxDelay: 20,
    });
    const failed = [];
    const provider = new HocuspocusProvider({
      websocketProvider,
      name: 'room',
      document,
      token,
      onAuthenticationFailed: ({ reason }) => failed.push(reason),
    });
    provider.attach();
    after(() => {
      provider.destroy();
      websocketProvider.destroy();
    });
    return { provider, websocketProvider, failed, text: document.getText('text') };
  };
  const [one, two] = [join('a-token'), join('a-token')];
  await until(() => one.provider.isSynced && two.provider.isSynced, 'both are in step');
  for (let i = 0; i < 500; i += 1) one.text.insert(one.text.length, `${i} `);
  two.text.insert(0, '消息 ');
  await until(() => one.text.length === two.text.length && two.text.length > 1_890, 'the texts are the same');
  assert.equal(one.text.toString(), two.text.toString());
  did('500 changes of two clients');
  const refused = join('another');
  await until(() => refused.failed.length > 0, 'it is refused');
  did('a token that is refused');
  server.hocuspocus.closeConnections();
  one.text.insert(0, 'offline ');
  await until(() => two.text.toString().startsWith('offline '), 'it is told after it came back');
  did('reconnecting, with what changed meanwhile');
}
