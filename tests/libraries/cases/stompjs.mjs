import assert from 'node:assert/strict';
import StompServer from 'stomp-broker-js';
import { http, until } from '../support/servers.mjs';

export const library = '@stomp/stompjs';
export const server = 'stomp-broker-js';
export const takesClass = true;

export default async function ({ WebSocket, load, did, after }) {
  const { server, host } = await http(after);
  new StompServer({ server, path: '/ws', heartbeat: [0, 0] });
  const { Client } = await load('@stomp/stompjs');
  const activate = async () => {
    const brokerURL = `ws://${host}/ws`;
    const client = new Client({
      ...(WebSocket ? { webSocketFactory: () => new WebSocket(brokerURL, ['v12.stomp']) } : { brokerURL }),
      reconnectDelay: 0,
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
    });
    after(() => client.deactivate());
    await new Promise((resolve) => {
      client.onConnect = resolve;
      client.activate();
    });
    return client;
  };
  const bodies = [];
  const listener = await activate();
  listener.subscribe('/chat', (message) => bodies.push(message.body));
  // This broker sends nothing back to the sender itself.
  const sender = await activate();
  for (let i = 0; i < 10; i += 1) sender.publish({ destination: '/chat', body: `message ${i}` });
  await until(() => bodies.length === 10, 'all came');
  assert.deepEqual(
    bodies,
    Array.from({ length: 10 }, (_, i) => `message ${i}`),
  );
  did('publish and subscribe');
  await listener.deactivate();
  assert.equal(listener.active, false);
  did('closing');
}
