import assert from 'node:assert/strict';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { serve, until } from '../support/servers.mjs';

export const library = 'graphql-ws';
export const server = 'graphql-ws';
export const takesClass = true;

export default async function ({ WebSocket, load, did, note, after }) {
  const schema = buildSchema('type Query { hello: String } type Subscription { count(from: Int): Int }');
  const roots = {
    query: { hello: () => '你好' },
    subscription: {
      count: async function* ({ from }) {
        for (let i = from; i < from + 5; i += 1) yield { count: i };
      },
    },
  };
  const { url, wss } = await serve(after, () => {}, { path: '/graphql' });
  const running = useServer({ schema, roots }, wss);
  after(() => running.dispose());

  const { createClient } = await load('graphql-ws');
  const opened = [];
  const client = createClient({
    url: `${url}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 10)),
    shouldRetry: () => true,
    keepAlive: 20,
    on: { connected: () => opened.push(true) },
  });
  after(() => client.dispose());
  const ask = async (query) => {
    const results = [];
    for await (const { data } of client.iterate({ query })) results.push({ ...data });
    return results;
  };
  assert.deepEqual(await ask('{ hello }'), [{ hello: '你好' }]);
  assert.deepEqual(
    await ask('subscription { count(from: 3) }'),
    [3, 4, 5, 6, 7].map((count) => ({ count })),
  );
  did('a query, a subscription');
  for (const peer of wss.clients) peer.terminate();
  await until(() => opened.length === 2, 'it is open again');
  assert.deepEqual(await ask('{ hello }'), [{ hello: '你好' }]);
  did('reconnecting');
  note('after a loss an error event comes first, as with React Native’s own class: it needs `shouldRetry: () => true`');
}
