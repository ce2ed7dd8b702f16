// The server of the benchmark in Node, in a process of its own: it writes frames that are made before, so that it is never
// what is measured, and echoes. Tells its port on its first line.
//
//   /receive?size=…&count=…&type=text|binary   sends so many messages, as fast as they are taken
//   /echo                                      sends back what comes
//   /send?count=…                              answers "done" when so many messages have come
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** A frame as servers send them. */
function frame(type, size) {
  const head =
    size < 126
      ? [size]
      : size < 65_536
        ? [126, size >> 8, size & 255]
        : [127, 0, 0, 0, 0, size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from([type === 'text' ? 0x81 : 0x82, ...head]), Buffer.alloc(size, 'x')]);
}

const http = createServer();
const sockets = new WebSocketServer({ server: http, maxPayload: 1 << 30 });
sockets.on('connection', (peer, request) => {
  const { pathname, searchParams } = new URL(request.url, 'ws://localhost');
  const count = Number(searchParams.get('count'));
  peer.on('error', () => {});
  if (pathname === '/echo') peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
  if (pathname === '/send') {
    let came = 0;
    peer.on('message', () => (came += 1) === count && peer.send('done'));
  }
  if (pathname === '/receive') {
    const one = frame(searchParams.get('type'), Number(searchParams.get('size')));
    const perWrite = Math.max(1, Math.floor(65_536 / one.length));
    const many = Buffer.concat(Array.from({ length: perWrite }, () => one));
    let left = count;
    const socket = request.socket;
    const write = () => {
      while (left >= perWrite) {
        left -= perWrite;
        if (!socket.write(many)) return socket.once('drain', write);
      }
      for (; left > 0; left -= 1) socket.write(one);
    };
    peer.once('message', write);
  }
});
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
