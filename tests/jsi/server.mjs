// The WebSocket server of these tests, on npm's `ws`: it does what its paths say, and remembers how clients have closed.
//
//   /echo                        echoes
//   /headers                     first sends the request's header fields as JSON
//   /close?code=…&reason=…       closes at once
//   /drop                        ends the TCP connection
//   /refuse?status=…&body=…      refuses the handshake
//   /silent                      never answers the handshake
//   /huge?size=N                 sends "before", a text of so many bytes in fragments, and "after"
//   /deaf?ms=N                   opens, and reads after N ms (2 000)
//   /burst?count=…&size=…        sends texts: numbers, padded with zeros to size digits; with of=chinese or of=json, texts of
//                                about size bytes
//   /flood?count=…&size=…        sends binary messages, as fast as they are taken
//   /stream?size=…               sends two binary messages each millisecond until the client goes
//   /report?name=…               the close code of the connection that was opened with that name, when it has closed
//
// Everywhere name=… names the connection.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** Starts the server on a free port of 127.0.0.1. */
export async function startServer() {
  /** The close codes by name; a promise for each. */
  const closings = new Map();
  const counts = { opened: 0, open: 0, closeCodes: {} };
  const closing = (name) => {
    if (!closings.has(name)) closings.set(name, deferred());
    return closings.get(name);
  };

  const http = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: { threshold: 0 },
    handleProtocols: (protocols) => [...protocols][0],
    maxPayload: 256 << 20,
  });
  sockets.on('headers', (headers) => headers.push('Set-Cookie: a=1', 'Set-Cookie: b=2'));

  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url, 'ws://localhost');
    socket.on('error', () => {});
    if (url.pathname === '/silent') {
      // Only one who reads notices that the client goes.
      socket.resume().on('end', () => socket.end());
      return;
    }
    if (url.pathname === '/refuse') {
      const body = url.searchParams.get('body') ?? '';
      const status = url.searchParams.get('status');
      socket.end(`HTTP/1.1 ${status} Refused\r\nX-Refused: yes\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (peer) => {
      counts.opened += 1;
      counts.open += 1;
      peer.on('error', () => {});
      peer.on('close', (code) => {
        counts.open -= 1;
        counts.closeCodes[code] = (counts.closeCodes[code] ?? 0) + 1;
        const name = url.searchParams.get('name');
        if (name !== null && url.pathname !== '/report') closing(name).resolve(code);
      });
      void serve(peer, socket, request, url);
    });
  });

  async function serve(peer, socket, request, { pathname, searchParams }) {
    const number = (name) => Number(searchParams.get(name));
    switch (pathname) {
      case '/close': {
        const code = searchParams.get('code');
        return code === null ? peer.close() : peer.close(Number(code), searchParams.get('reason') ?? '');
      }
      case '/drop':
        return socket.destroy();
      case '/huge': {
        const part = Buffer.alloc(1 << 20, 'x');
        peer.send('before');
        for (let left = number('size'); left > 0; left -= part.length) {
          const sent = new Promise((resolve) =>
            peer.send(part.subarray(0, left), { binary: false, fin: left <= part.length, compress: false }, resolve),
          );
          if (peer.bufferedAmount > 16 << 20) await sent;
        }
        peer.send('after');
        break;
      }
      case '/deaf':
        peer.pause();
        return setTimeout(() => peer.resume(), number('ms') || 2_000);
      case '/burst':
        for (let i = 0; i < number('count'); i += 1) peer.send(text(searchParams.get('of'), i, number('size')));
        break;
      case '/flood': {
        const message = Buffer.alloc(number('size'), 7);
        for (let i = 0; i < number('count') && peer.readyState === peer.OPEN; i += 1) {
          const sent = new Promise((resolve) => peer.send(message, { compress: false }, resolve));
          if (peer.bufferedAmount > 4 << 20) await sent;
        }
        break;
      }
      case '/stream': {
        const message = Buffer.alloc(number('size'), 7);
        const timer = setInterval(() => {
          for (let i = 0; i < 2; i += 1) peer.send(message, { compress: false });
        }, 1);
        peer.on('close', () => clearInterval(timer));
        break;
      }
      case '/report':
        return peer.send(String(await closing(searchParams.get('name')).promise));
      case '/headers':
        peer.send(JSON.stringify(request.headers));
        break;
    }
    peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
  }

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${http.address().port}`,
    counts,
    /** Waits until all clients have gone. */
    async allClosed(milliseconds) {
      const deadline = Date.now() + milliseconds;
      while (counts.open > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
      return counts.open === 0;
    },
    stop() {
      for (const peer of sockets.clients) peer.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}

/** A text of about `size` bytes. */
function text(kind, number, size) {
  if (kind === 'chinese') return '漢字仮名交文'.repeat(Math.ceil(size / 18)).slice(0, Math.floor(size / 3));
  if (kind !== 'json') return String(number).padStart(size, '0');
  const record = { id: number, name: 'Zoe', price: 12.5, tags: ['a', 'b'], open: true };
  return JSON.stringify(Array.from({ length: Math.ceil(size / 65) }, () => record));
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
