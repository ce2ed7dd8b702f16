import assert from 'node:assert/strict';
import { initTRPC, tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { serve, until } from '../support/servers.mjs';

export const library = '@trpc/client';
export const server = '@trpc/server';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const { router, procedure } = initTRPC.context().create();
  const appRouter = router({
    greet: procedure.input((value) => value).query(({ input, ctx }) => `${input}, ${ctx.token}`),
    store: procedure.input((value) => value).mutation(({ input }) => input.length),
    count: procedure
      .input((value) => value)
      .subscription(async function* ({ input }) {
        for (let i = Number(input?.lastEventId ?? 0) + 1; ; i += 1) {
          yield tracked(String(i), i);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }),
  });
  const { url, wss } = await serve(after, () => {});
  const handler = applyWSSHandler({
    wss,
    router: appRouter,
    createContext: ({ info }) => ({ token: info.connectionParams?.token }),
    keepAlive: { enabled: true, pingMs: 20, pongWaitMs: 5_000 },
  });
  after(() => handler.broadcastReconnectNotification());

  const { createTRPCClient, createWSClient, wsLink } = await load('@trpc/client');
  const opened = [];
  const client = createWSClient({
    url: async () => url,
    connectionParams: async () => ({ token: 'a token' }),
    WebSocket,
    retryDelayMs: () => 10,
    onOpen: () => opened.push('open'),
    keepAlive: { enabled: true, intervalMs: 20, pongTimeoutMs: 5_000 },
  });
  after(() => client.close());
  const trpc = createTRPCClient({ links: [wsLink({ client })] });

  assert.equal(await trpc.greet.query('你好'), '你好, a token');
  assert.equal(await trpc.store.mutate('x'.repeat(300_000)), 300_000);
  did('a query with a URL and parameters that are promised, a mutation of 300 KB');
  const numbers = [];
  const subscription = trpc.count.subscribe({}, { onData: ({ data }) => numbers.push(data), onError: assert.fail });
  await until(() => numbers.length >= 20, 'numbers come');
  did('a subscription, pings of both sides');

  for (const peer of wss.clients) peer.terminate();
  await until(() => opened.length === 2, 'it is open again');
  const before = numbers.length;
  await until(() => numbers.length > before + 5, 'numbers come again');
  assert.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, i) => i + 1),
  );
  did('reconnecting, where the subscription goes on without a gap');
  subscription.unsubscribe();
  await client.close();
  await until(() => wss.clients.size === 0, 'the server sees it leave');
  did('closing');
}
