// What the types allow, and what they do not.

import {
  configure,
  connectSocket,
  prewarm,
  WebSocket as SocketTaskWebSocket,
  type OnErrorResult,
  type SocketErrorEvent,
  type TlsOptions,
} from 'react-native-socket-task';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expect<T extends true>(): T | void {}

/** In the place of the global class: for programs that are typed against the DOM. */
export const replacement: new (url: string, protocols?: string | string[]) => WebSocket = SocketTaskWebSocket;
export const impl: { new (url: string | URL, protocols?: string | string[]): WebSocket; readonly OPEN: 1 } =
  SocketTaskWebSocket;

const tls: TlsOptions = {
  ca: ['pem', new ArrayBuffer(1), new Uint8Array(1)],
  pins: 'sha256/x',
  roots: 'none',
  minVersion: 'TLSv1.3',
  serverName: 'a',
  acceptedCertificates: ['x'],
  clientCert: { cert: 'x', key: 'y' },
};
// @ts-expect-error: no such option
const wrong: TlsOptions = { rejectUnauthorized: false };
console.log(wrong);

const ws = new SocketTaskWebSocket('wss://a.test', ['a'], {
  headers: { a: '1' },
  timeout: 1,
  closeTimeout: 1,
  tls,
  perMessageDeflate: { level: 1 },
  proxy: 'environment',
  followRedirects: 3,
  resolve: { 'a.test': '127.0.0.1', 'b.test': ['::1', '127.0.0.1'] },
  tcpKeepalive: 30_000,
  cookies: { get: async (url) => `${url}`, set: (url, cookies) => console.log(url, cookies.join()) },
});
new SocketTaskWebSocket('wss://a.test', [], { proxy: { url: 'system', headers: new Map([['X-Tag', 'a']]) } });
// @ts-expect-error: a proxy has a URL
new SocketTaskWebSocket('wss://a.test', [], { proxy: { headers: {} } });
ws.onerror = (event) => expect<Equal<typeof event, SocketErrorEvent>>();
ws.addEventListener('close', (event) => event.wasClean && event.code);
ws.addEventListener('pong', (event) => event.rtt + event.data.byteLength, { once: true });
ws.binaryType = 'arraybuffer';
// @ts-expect-error: not in the standard
ws.binaryType = 'nodebuffer';
ws.send('x');
ws.send(new Uint8Array(1).subarray(0));
ws.send(new Blob([]));
// @ts-expect-error: a number is no message
ws.send(5);
ws.ping();
// @ts-expect-error: internal
ws.getHandler('open');

prewarm({ url: 'wss://a.test', protocols: ['a'], lifetime: 1000, tls });
// @ts-expect-error: a jar is a socket's own
prewarm({ url: 'wss://a.test', cookies: { get: () => '' } });

configure({ maxSockets: Infinity });
// @ts-expect-error: there must be a url
connectSocket({ header: {} });
// @ts-expect-error: misspelt
connectSocket({ url: 'ws://a', perMessageDefalte: true });
connectSocket({
  url: 'ws://a',
  protocols: 'one',
  maxMessageSize: 1,
  maxBufferedAmount: 1,
  pingInterval: 1,
  pongTimeout: 1,
}).then((task) => {
  expect<Equal<typeof task.ws, SocketTaskWebSocket>>();
  expect<Equal<typeof task.readyState, 0 | 1 | 2 | 3>>();
  task.onError((result) => {
    expect<Equal<typeof result, OnErrorResult>>();
    if (result.code === 'certificate-expired') console.log(result.phase, result.httpStatus);
    // @ts-expect-error: no such code
    if (result.code === 'no-such-code') console.log('never');
  });
  task.onOpen(({ header, profile, protocol, extensions }) =>
    console.log(header['Set-Cookie'], profile.handshakeCost, protocol, extensions),
  );
  task.onMessage<string>(({ data }) => data.length);
  task.offMessage();
  // @ts-expect-error: a number is no message
  task.send({ data: 5 });
  // @ts-expect-error: data is missing
  task.send({});
});
