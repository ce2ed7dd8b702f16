// Proxies that forward. A host under .test, which no resolver knows, leads to this machine: who reaches one has left the
// look-up to the proxy.

import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import { listen } from './servers.mjs';

export interface Proxy {
  port: number;
  /** Host and port of each connection that was asked for. */
  asked: string[];
  /** Names and values of the header fields of each request to an HTTP proxy, as they came. */
  fields: string[][];
}

/** `user:password` that the proxy wants; none: everybody may use it. */
interface Access {
  credentials?: string;
}

/** Connects `client` to the server, once it was told `established`; tells it `refused` when there is none. */
function forward(client: Duplex, host: string, port: number, established: Buffer, refused: Buffer): void {
  const server = connect(port, host.endsWith('.test') ? '127.0.0.1' : host);
  server.once('connect', () => {
    client.write(established);
    client.pipe(server).pipe(client);
  });
  server.on('error', () => client.end(refused));
  server.on('close', () => client.destroy());
  client.on('error', () => server.destroy());
  client.on('close', () => server.destroy());
}

/** An HTTP proxy, over TLS if `tls` is given. */
export async function httpProxy(
  t: TestContext,
  { credentials, tls }: Access & { tls?: ServerOptions } = {},
): Promise<Proxy> {
  const asked: string[] = [];
  const fields: string[][] = [];
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  server.on('connect', (request, client) => {
    fields.push(request.rawHeaders);
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (wanted && request.headers['proxy-authorization'] !== wanted) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n');
      return;
    }
    const target = request.url ?? '';
    asked.push(target);
    const colon = target.lastIndexOf(':');
    const established = Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n');
    const refused = Buffer.from('HTTP/1.1 502 Bad Gateway\r\nX-Why: nobody there\r\nContent-Length: 4\r\n\r\nsad\n');
    forward(client, target.slice(0, colon), Number(target.slice(colon + 1)), established, refused);
  });
  return { port: await listen(t, server), asked, fields };
}

/** A SOCKS 5 proxy (RFC 1928, RFC 1929) that takes host names and IPv4 addresses. */
export async function socksProxy(t: TestContext, { credentials }: Access = {}): Promise<Proxy> {
  const asked: string[] = [];
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    serveSocks(client, credentials, asked).catch(() => client.destroy());
  });
  t.after(() => clients.forEach((client) => client.destroy()));
  return { port: await listen(t, server), asked, fields: [] };
}

async function serveSocks(client: Socket, credentials: string | undefined, asked: string[]): Promise<void> {
  const read = reader(client);
  const readCounted = async () => read((await read(1))[0] as number);
  await read(1);
  const methods = await readCounted();
  const method = credentials ? 2 : 0;
  if (!methods.includes(method)) return void client.end(Buffer.from([5, 0xff]));
  client.write(Buffer.from([5, method]));
  if (credentials) {
    await read(1);
    const known = `${await readCounted()}:${await readCounted()}` === credentials;
    client.write(Buffer.from([1, known ? 0 : 1]));
    if (!known) return void client.end();
  }
  const kind = (await read(4))[3];
  const host = kind === 3 ? String(await readCounted()) : (await read(4)).join('.');
  const port = (await read(2)).readUInt16BE();
  asked.push(`${host}:${port}`);
  const reply = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  forward(client, host, port, reply(0), reply(5));
}

/** Reads exactly so many bytes. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const data = length === 0 ? Buffer.alloc(0) : (socket.read(length) as Buffer | null);
      if (data) return data;
      await new Promise((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', reject);
      });
    }
  };
}
