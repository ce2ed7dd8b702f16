// Programs written for the browser's WebSocket run unchanged with this one in its place, each against its real server.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'react-native-socket-task';
import { WebSocketServer, createWebSocketStream } from 'ws';
import { until } from './support/tasks.mjs';

// Before the programs are loaded: some look at it only then.
let made = 0;
class CountingWebSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    made += 1;
  }
}
(globalThis as any).WebSocket = CountingWebSocket;

/** Programs tell React Native by this. */
function setNavigator(product: string): void {
  Object.defineProperty(globalThis, 'navigator', { value: { product, userAgent: '' }, configurable: true });
}
setNavigator('Gecko');

/** An HTTP server on a free port; what the test's server attaches to. */
async function http(t: TestContext): Promise<{ server: ReturnType<typeof createServer>; host: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function usesOurs(t: TestContext): void {
  const before = made;
  t.after(() => assert.ok(made > before, 'the program did not use global.WebSocket'));
}

test('graphql-ws: a query and a subscription', async (t) => {
  usesOurs(t);
  const { buildSchema } = await import('graphql');
  const { useServer } = await import('graphql-ws/use/ws');
  const { createClient } = await import('graphql-ws');
  const { server, host } = await http(t);
  const schema = buildSchema('type Query { hello: String } type Subscription { count: Int }');
  const roots = {
    query: { hello: () => '你好' },
    subscription: {
      count: async function* () {
        for (let i = 0; i < 5; i += 1) yield { count: i };
      },
    },
  };
  const wss = new WebSocketServer({ server, path: '/graphql' });
  const running = useServer({ schema, roots }, wss);
  t.after(() => running.dispose());

  const client = createClient({ url: `ws://${host}/graphql` });
  t.after(() => client.dispose());
  const results: unknown[] = [];
  for await (const result of client.iterate({ query: '{ hello }' })) results.push(result.data);
  for await (const result of client.iterate({ query: 'subscription { count }' })) results.push(result.data);
  assert.deepEqual(
    results.map((result) => ({ ...(result as object) })),
    [{ hello: '你好' }, ...[0, 1, 2, 3, 4].map((count) => ({ count }))],
  );
});

for (const reactNative of [false, true]) {
  test(`socket.io-client, websocket transport${reactNative ? ', as it runs on React Native' : ''}`, async (t) => {
    usesOurs(t);
    const { Server } = await import('socket.io');
    const { server, host } = await http(t);
    const io = new Server(server, { transports: ['websocket'] });
    t.after(() => void io.close());
    const headers: Array<string | string[] | undefined> = [];
    io.on('connection', (socket) => {
      headers.push(socket.handshake.headers['x-token']);
      socket.on('sum', (a: number, b: number, reply: (sum: number) => void) => reply(a + b));
      socket.on('binary', (data: Buffer, reply: (data: Buffer) => void) => reply(Buffer.from(data).reverse()));
    });

    setNavigator(reactNative ? 'ReactNative' : 'Gecko');
    t.after(() => setNavigator('Gecko'));
    // The build for browsers, evaluated again for each environment.
    const require = createRequire(import.meta.url);
    const browserBuild = require.resolve('socket.io-client/dist/socket.io.js');
    delete require.cache[browserBuild];
    const { io: connect } = require(browserBuild) as typeof import('socket.io-client');
    const socket = connect(`http://${host}`, {
      transports: ['websocket'],
      extraHeaders: { 'X-Token': 'abc' },
      forceNew: true,
    });
    t.after(() => void socket.disconnect());
    assert.equal(await socket.emitWithAck('sum', 2, 3), 5);
    const reversed = await socket.emitWithAck('binary', Uint8Array.of(1, 2, 3));
    assert.deepEqual([...new Uint8Array(reversed)], [3, 2, 1]);
    assert.equal(headers[0], reactNative ? 'abc' : undefined);
    socket.disconnect();
    await until(() => io.engine.clientsCount === 0, 'the server saw it leave');
  });
}

test('mqtt.js, its React Native build, with an aedes broker', async (t) => {
  usesOurs(t);
  const { Aedes } = (await import('aedes')) as any;
  const broker = await Aedes.createBroker();
  t.after(() => new Promise<void>((resolve) => broker.close(resolve)));
  const { server, host } = await http(t);
  const wss = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
  wss.on('connection', (peer, request) => {
    const stream = createWebSocketStream(peer);
    stream.on('error', () => {});
    broker.handle(stream, request);
  });

  setNavigator('ReactNative');
  t.after(() => setNavigator('Gecko'));
  const { default: mqtt } = (await import('mqtt/dist/mqtt.esm' as string)) as {
    default: typeof import('mqtt').default;
  };
  const client = await mqtt.connectAsync(`ws://${host}`, { reconnectPeriod: 0 });
  t.after(() => client.endAsync(true));
  const received: Array<[string, string]> = [];
  client.on('message', (topic, payload) => received.push([topic, payload.toString()]));
  await client.subscribeAsync('rooms/#', { qos: 1 });
  await client.publishAsync('rooms/1', '消息', { qos: 1 });
  await client.publishAsync('rooms/2', 'x'.repeat(200_000), { qos: 2 });
  await until(() => received.length === 2, 'both came');
  assert.deepEqual(received, [
    ['rooms/1', '消息'],
    ['rooms/2', 'x'.repeat(200_000)],
  ]);
  await client.endAsync();
});

test('@stomp/stompjs with a stomp-broker-js server', async (t) => {
  usesOurs(t);
  const { default: StompServer } = (await import('stomp-broker-js' as string)) as any;
  const { Client } = await import('@stomp/stompjs');
  const { server, host } = await http(t);
  new StompServer({ server, path: '/ws', heartbeat: [0, 0] });
  const activate = (onConnect: (client: InstanceType<typeof Client>) => void) => {
    const client = new Client({
      brokerURL: `ws://${host}/ws`,
      reconnectDelay: 0,
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
    });
    t.after(() => client.deactivate());
    client.onConnect = () => onConnect(client);
    client.activate();
    return client;
  };
  const bodies: string[] = [];
  let subscribed = false;
  const listener = activate((client) => {
    client.subscribe('/chat', (message) => bodies.push(message.body));
    subscribed = true;
  });
  await until(() => subscribed, 'the listener is connected');
  // This broker sends nothing back to the sender itself.
  activate((client) => {
    for (let i = 0; i < 10; i += 1) client.publish({ destination: '/chat', body: `message ${i}` });
  });
  await until(() => bodies.length === 10, 'all came');
  assert.deepEqual(
    bodies,
    Array.from({ length: 10 }, (_, i) => `message ${i}`),
  );
  await listener.deactivate();
  assert.equal(listener.active, false);
});
