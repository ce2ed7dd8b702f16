// What a message costs the JavaScript thread of the bridge, by the package's WebSocket and by React Native's own: all its
// processor time from the connect to the last message, in the same host, from the same server. Prints a table.

import CoreWebSocket from 'react-native/Libraries/WebSocket/WebSocket';
import { WebSocket } from '../../../js/index.js';

const { host } = globalThis;
const [server] = host.arguments;

const KINDS = [
  { name: 'text, 100 B', path: 'burst', size: 100, count: 2_000 },
  { name: 'binary, 100 B', path: 'flood', size: 100, count: 2_000 },
  { name: 'binary, 64 KiB', path: 'flood', size: 64 << 10, count: 200 },
  { name: 'binary, 1 MiB', path: 'flood', size: 1 << 20, count: 20 },
];

/** Microseconds for a message. */
function measure(Socket, { path, size, count }) {
  return new Promise((resolve, reject) => {
    const start = host.processorTime();
    let received = 0;
    const socket = new Socket(`${server}/${path}?size=${size}&count=${count}`);
    socket.onmessage = ({ data }) => {
      if ((typeof data === 'string' ? data.length : data.byteLength) === size) received += 1;
      if (received < count) return;
      resolve(((host.processorTime() - start) * 1000) / count);
      socket.close();
    };
    socket.onerror = ({ message }) => reject(new Error(message));
  });
}

/** The cheapest of several rounds, in turns: what else the machine does only adds, and disturbs both alike. */
async function cheapest(sockets, kind) {
  const least = sockets.map(() => Infinity);
  for (let round = 0; round < 5; round += 1) {
    for (const [i, Socket] of sockets.entries()) least[i] = Math.min(least[i], await measure(Socket, kind));
  }
  return least;
}

async function run() {
  host.print("| µs | the package's `WebSocket` | React Native's own | ratio |");
  host.print('| --- | ---: | ---: | ---: |');
  for (const kind of KINDS) {
    const [core, own] = await cheapest([CoreWebSocket, WebSocket], kind);
    const ratio = (core / own).toFixed(1);
    host.print(`| ${kind.name} | ${own.toFixed(1)} | ${core.toFixed(1)} | ${ratio} |`);
  }
}

run().then(
  () => host.exit(0),
  (error) => {
    host.print(`${error.message}\n${error.stack}`);
    host.exit(1);
  },
);
