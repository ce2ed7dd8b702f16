// One implementation in one case, in a process of its own: client.mjs IMPLEMENTATION CASE TYPE SIZE COUNT URL.
// Prints the processor time of the process (all its threads) for each message, in microseconds.
import { createRequire } from 'node:module';

const [implementation, what, type, sizeText, countText, url] = process.argv.slice(2);
const [size, count] = [Number(sizeText), Number(countText)];
const require = createRequire(import.meta.url);
const { WebSocket } = implementation === 'ws' ? require('ws') : require('../../lib/cjs/index.node.js');
const message = type === 'text' ? 'x'.repeat(size) : new Uint8Array(size).fill(120);

function open(path) {
  const socket = new WebSocket(url + path, [], { perMessageDeflate: false });
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = reject;
  });
}

const runs = {
  async receive() {
    const socket = await open(`/receive?type=${type}&size=${size}&count=${count}`);
    let came = 0;
    const all = new Promise((resolve) => (socket.onmessage = () => (came += 1) === count && resolve()));
    return measure(() => (socket.send('go'), all));
  },
  async echo() {
    const socket = await open('/echo');
    let came = 0;
    const all = new Promise((resolve) => {
      socket.onmessage = () => ((came += 1) === count ? resolve() : socket.send(message));
    });
    return measure(() => (socket.send(message), all));
  },
  async send() {
    const socket = await open(`/send?count=${count}`);
    const all = new Promise((resolve) => (socket.onmessage = resolve));
    return measure(async () => {
      for (let sent = 0; sent < count;) {
        for (let i = 0; i < 100 && sent < count && socket.bufferedAmount <= 4 << 20; i += 1, sent += 1)
          socket.send(message);
        while (socket.bufferedAmount > 4 << 20) await new Promise((resolve) => setTimeout(resolve, 1));
        await new Promise(setImmediate);
      }
      await all;
    });
  },
};

async function measure(run) {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

console.log(await runs[what]());
process.exit(0);
