// Servers that tests connect to. Each listens on a free port of 127.0.0.1 and ends with the test that started it.

import { createHash } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions as HttpsOptions } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocketServer, type ServerOptions, type WebSocket as Peer } from 'ws';

/** A server of the npm package `ws`. */
export async function serve(
  t: TestContext,
  onConnection: (peer: Peer, request: IncomingMessage) => void = echo,
  options: ServerOptions & { tls?: HttpsOptions } = {},
): Promise<{ url: string; wss: WebSocketServer }> {
  const { tls, ...rest } = options;
  const http = tls ? createHttpsServer(tls) : createHttpServer();
  const port = await listen(t, http);
  const wss = new WebSocketServer({ server: http, ...rest });
  wss.on('connection', (peer, request) => {
    peer.on('error', () => {});
    onConnection(peer, request);
  });
  t.after(() => wss.clients.forEach((client) => client.terminate()));
  return { url: `${tls ? 'wss://localhost' : 'ws://127.0.0.1'}:${port}`, wss };
}

/** Sends every message back as it came. */
export function echo(peer: Peer): void {
  peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
}

/** An echo server that notes the codes with which its clients go. */
export async function watch(t: TestContext): Promise<{ url: string; closes: number[]; count: () => number }> {
  const closes: number[] = [];
  const { url, wss } = await serve(t, (peer) => {
    echo(peer);
    peer.on('close', (code) => closes.push(code));
  });
  return { url, closes, count: () => wss.clients.size };
}

/** Closes with the code, or with the reason's code, that a text message asks for: `close:<code>:<reason>`. */
export function closeOnDemand(peer: Peer): void {
  peer.on('message', (data) => {
    const [, code, reason] = /^close:(\d*):(.*)$/s.exec(String(data)) ?? [];
    if (code) peer.close(Number(code), reason);
    else peer.close();
  });
}

/** A bare TCP server. `onConnection` gets the request's head once it is complete. */
export async function serveRaw(
  t: TestContext,
  onConnection: (socket: Socket, head: string, rest: Buffer) => void,
): Promise<{ url: string; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = Buffer.alloc(0);
    const onData = (data: Buffer) => {
      received = Buffer.concat([received, data]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData);
      onConnection(socket, received.toString('latin1', 0, end + 4), received.subarray(end + 4));
    };
    socket.on('data', onData);
  });
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  const port = await listen(t, server);
  return { url: `ws://127.0.0.1:${port}/`, port, sockets };
}

/** The response that opens a WebSocket. */
export function accepting(head: string, ...headers: string[]): Buffer {
  const key = /^sec-websocket-key: *(.*)$/im.exec(head)?.[1]?.trim() ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...headers,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** An unmasked frame, as servers send them. */
export function frame(opcode: number, payload: string | Uint8Array): Buffer {
  const data = Buffer.from(payload as Uint8Array);
  const head =
    data.length < 126
      ? Buffer.from([0x80 | opcode, data.length])
      : Buffer.from([0x80 | opcode, 126, data.length >> 8, data.length & 0xff]);
  return Buffer.concat([head, data]);
}

/** A Close frame. */
export function closeFrame(code?: number, reason = ''): Buffer {
  if (code === undefined) return frame(8, '');
  return frame(8, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function listen(t: TestContext, server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
