import assert from 'node:assert/strict';
import { JsonHubProtocol, MessageType } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { createRequire } from 'node:module';
import { serve, until } from '../support/servers.mjs';

export const library = '@microsoft/signalr';
export const server = "a hub of this test that speaks the library's own protocols";
export const takesClass = true;

const require = createRequire(import.meta.url);
const { HandshakeProtocol } = require('@microsoft/signalr/dist/cjs/HandshakeProtocol.js');
const { BinaryMessageFormat } = require('@microsoft/signalr-protocol-msgpack/dist/cjs/BinaryMessageFormat.js');
const { decode } = require('@msgpack/msgpack');

/** The library writes what a hub writes, but does not read all that a hub reads. */
const protocols = {
  json: {
    write: (message) => new JsonHubProtocol().writeMessage(message),
    read: (data) =>
      String(data)
        .split('\x1e')
        .filter(Boolean)
        .map((text) => JSON.parse(text)),
  },
  messagepack: {
    write: (message) => new MessagePackHubProtocol().writeMessage(message),
    read: (data) =>
      BinaryMessageFormat.parse(Uint8Array.from(data).buffer).map((frame) => {
        const [type, , invocationId, target, given] = decode(frame);
        return { type, invocationId, target, arguments: given };
      }),
  },
};

/** Adds, counts upward as a stream, and tells everybody what it is told. */
function hub(peer, seen) {
  let protocol;
  const tell = (message) => peer.send(protocol.write(message));
  peer.on('close', (code) => seen.closes.push(code));
  peer.on('message', (data) => {
    if (!protocol) {
      protocol = protocols[JSON.parse(String(data).slice(0, -1)).protocol];
      peer.send(new HandshakeProtocol().writeHandshakeRequest({}));
      return;
    }
    for (const { type, invocationId, target, arguments: given } of protocol.read(data)) {
      if (type === MessageType.Invocation && target === 'add') {
        tell({ type: MessageType.Completion, invocationId, headers: {}, result: given[0] + given[1] });
      } else if (type === MessageType.Invocation) {
        seen.sent.push(given[0]);
        tell({ type: MessageType.Invocation, headers: {}, target: 'said', arguments: given, streamIds: [] });
      } else if (type === MessageType.StreamInvocation) {
        for (let i = 0; i < given[0]; i += 1)
          tell({ type: MessageType.StreamItem, invocationId, headers: {}, item: i });
        tell({ type: MessageType.Completion, invocationId, headers: {} });
      } else if (type === MessageType.Ping) {
        seen.pings += 1;
      }
    }
  });
}

export default async function ({ WebSocket, load, did, after }) {
  const seen = { requests: [], closes: [], sent: [], pings: 0, peers: [] };
  const { host } = await serve(after, (peer, request) => {
    seen.requests.push(request);
    seen.peers.push(peer);
    hub(peer, seen);
  });
  const {
    HubConnectionBuilder,
    HttpTransportType,
    LogLevel,
    MessagePackHubProtocol: MessagePack,
  } = await load('both', {
    source: `export * from '@microsoft/signalr'; export * from '@microsoft/signalr-protocol-msgpack'`,
  });

  for (const [name, large] of [
    ['JSON', '消息'.repeat(50_000)],
    ['MessagePack', Uint8Array.from({ length: 100_000 }, (_, i) => i)],
  ]) {
    const builder = new HubConnectionBuilder()
      .withUrl(`http://${host}/hub`, {
        skipNegotiation: true,
        transport: HttpTransportType.WebSockets,
        accessTokenFactory: () => 'a-token',
        headers: { 'X-Room': '1' },
        WebSocket,
      })
      .withAutomaticReconnect([10, 20])
      .configureLogging(LogLevel.None);
    if (name === 'MessagePack') builder.withHubProtocol(new MessagePack());
    const connection = builder.build();
    after(() => connection.stop());
    connection.keepAliveIntervalInMilliseconds = 50;
    const said = [];
    connection.on('said', (what) => void said.push(what));
    await connection.start();
    const { headers } = seen.requests.at(-1);
    assert.deepEqual([headers.authorization, headers['x-room']], ['Bearer a-token', '1']);
    assert.match(headers['x-signalr-user-agent'], /^Microsoft SignalR\//);

    assert.equal(await connection.invoke('add', 2, 3), 5);
    await connection.send('say', large);
    await until(() => said.length === 1, 'it is told');
    assert.deepEqual(said, [large]);
    const items = await new Promise((resolve, reject) => {
      const items = [];
      connection
        .stream('count', 100)
        .subscribe({ next: (item) => items.push(item), complete: () => resolve(items), error: reject });
    });
    assert.deepEqual(
      items,
      Array.from({ length: 100 }, (_, i) => i),
    );
    await until(() => seen.pings > 0, 'it pings');
    did(`${name}: header fields of React Native, calls, 100 KB, a stream, pings`);

    // It comes back only if the close event says that it was not clean.
    const reconnected = new Promise((resolve) => connection.onreconnected(resolve));
    seen.peers.at(-1).terminate();
    await reconnected;
    assert.equal(await connection.invoke('add', 20, 30), 50);
    seen.closes = [];
    await connection.stop();
    await until(() => seen.closes.length === 1, 'the server sees it leave');
    seen.pings = 0;
  }
  did('reconnecting after a loss');
  assert.deepEqual(seen.closes, [WebSocket ? 1005 : 1000]);
  did('stopping');
}
