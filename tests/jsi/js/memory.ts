// Receives 3 000 messages of 1 MiB and drops them: the memory of the process stays bounded.

import { WebSocket } from '../../../js/index.js';
import { host } from './host.js';

const SIZE = 1 << 20;
const COUNT = 3_000;
/** What may be alive at once: the queue, what one hop has taken, and what the engine has not collected yet. */
const LIMIT = 256 << 20;

const [server] = host.arguments;
const MiB = (bytes: number) => `${Math.round(bytes / (1 << 20))} MiB`;

host.resetPeak();
const before = host.residentBytes();
const told = host.externalMemory?.() ?? 0;
const start = host.now();
let received = 0;
const socket = new WebSocket(`${server}/flood?size=${SIZE}&count=${COUNT}`);
socket.onmessage = ({ data }) => {
  received += (data as ArrayBuffer).byteLength === SIZE ? 1 : 0;
  if (received < COUNT) return;
  const growth = host.peakBytes() - before;
  host.print(
    `${host.engine}: ${COUNT} x 1 MiB in ${Math.round(host.now() - start)} ms, memory grew by at most ${MiB(growth)}`,
  );
  if (host.externalMemory && host.arguments[1] === 'told') {
    const amount = host.externalMemory() - told;
    host.print(`the engine was told of ${MiB(amount)}`);
    if (amount !== SIZE * COUNT) host.exit(1);
  }
  host.exit(growth < LIMIT ? 0 : 1);
};
socket.onclose = ({ code }) => {
  host.print(`closed with ${code} after ${received} messages`);
  host.exit(1);
};
