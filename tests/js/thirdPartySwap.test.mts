// Programs that count on what React Native's own WebSocket does, or on globals that it lacks, over installWebSocket().

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installWebSocket } from 'react-native-socket-task';
import type { WebSocket as Peer } from 'ws';
import { serve } from './support/servers.mjs';
import { until } from './support/tasks.mjs';

// As React Native 0.74 to 0.85 has them: no class of events, and a Blob that takes no bytes.
const globals = globalThis as Record<string, any>;
for (const name of ['Event', 'EventTarget', 'MessageEvent', 'CloseEvent']) delete globals[name];
globals['Blob'] = class {
  constructor() {
    throw new Error("Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported");
  }
};
Object.defineProperty(globalThis, 'navigator', { value: { product: 'ReactNative' }, configurable: true });
const Installed = installWebSocket();

test('partysocket, which sets binaryType to blob and makes its events with the global classes', async (t) => {
  const { WebSocket: PartySocket } = (await import('partysocket')) as any;
  const { url, wss } = await serve(t);
  const ws = new PartySocket(url, [], { minReconnectionDelay: 10, maxReconnectionDelay: 20 });
  t.after(() => ws.close());
  const events: any[] = [];
  for (const type of ['open', 'message', 'error', 'close']) {
    ws.addEventListener(type, (event: any) => events.push(event));
  }
  const next = async (type: string) => {
    await until(() => events.some((event) => event.type === type), type);
    return events.splice(0).find((event) => event.type === type);
  };
  ws.send('before it is open');
  assert.equal((await next('message')).data, 'before it is open');
  ws.send(Uint8Array.of(1, 2));
  const binary = await next('message');
  assert.deepEqual(binary.data, Uint8Array.of(1, 2).buffer);
  assert.ok(binary instanceof globals['MessageEvent']);
  for (const peer of wss.clients) peer.terminate();
  // It closes by itself on an error, which it must not take for the close event.
  assert.match((await next('error')).message, /without a Close frame|closed|reset/);
  await next('open');
  ws.send('again');
  assert.equal((await next('message')).data, 'again');
  ws.close(4000, 'enough');
  assert.equal((await next('close')).code, 4000);
});

test("Rails' ActionCable client, with a server that refuses another Origin than its own, as Rails does", async (t) => {
  globals['addEventListener'] = globals['removeEventListener'] = () => {};
  const refused: unknown[] = [];
  const codes: number[] = [];
  const onConnection = (peer: Peer) => {
    const tell = (message: object) => peer.send(JSON.stringify(message));
    tell({ type: 'welcome' });
    peer.on('close', (code) => codes.push(code));
    peer.on('message', (text) => {
      const { command, identifier, data } = JSON.parse(String(text));
      if (command === 'subscribe') tell({ type: 'confirm_subscription', identifier });
      if (command === 'message') tell({ identifier, message: JSON.parse(data) });
    });
  };
  const { url } = await serve(t, onConnection, {
    handleProtocols: () => 'actioncable-v1-json',
    verifyClient: ({ origin, req }, answer) => {
      const isOwn = origin === `http://${req.headers.host}`;
      if (!isOwn) refused.push(origin);
      answer(isOwn, 404);
    },
  });

  const { createConsumer } = (await import('@rails/actioncable' as string)) as any;
  const consumer = createConsumer(url);
  t.after(() => consumer.disconnect());
  const received: unknown[] = [];
  const channel = consumer.subscriptions.create('RoomChannel', {
    connected: () => channel.perform('speak', { text: 'hello' }),
    received: (message: unknown) => received.push(message),
  });
  await until(() => received.length === 1, 'its message came back');
  assert.deepEqual(received, [{ text: 'hello', action: 'speak' }]);
  consumer.disconnect();
  await until(() => codes.length === 1, 'the server saw it leave');
  assert.deepEqual([codes, refused], [[1000], []]);

  const without = new Installed(url, [], { origin: null });
  const error = await new Promise<any>((resolve) => (without.onerror = resolve));
  assert.equal(error.error.httpStatus, 404);
});
