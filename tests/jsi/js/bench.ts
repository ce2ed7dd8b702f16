// What a message costs the JavaScript thread: by the module, and in the way of React Native's own WebSocket (see
// host/Base64Events.h), which decodes with base64-js. Both are timed in the same place: around each task that native
// code makes the JavaScript thread run. The module's messages come from a real server, through the package's WebSocket.
//
// Prints a line for each kind of message; the last argument, `check`, makes ratios that are too small a failure.

import base64 from 'base64-js';
import { WebSocket } from '../../../js/index.js';
import { host } from './host.js';
import { until, wait } from './harness.js';

const [server] = host.arguments;

interface Kind {
  name: string;
  type: 'text' | 'binary';
  size: number;
  count: number;
  /** The least that Base64 has to cost in comparison. */
  ratio: number;
  /** The most hops of the module for all messages; they come while the JavaScript thread is blocked. */
  hops?: number;
}

const binaryRatio = host.engine === 'JavaScriptCore' ? 20 : 5;
const KINDS: Kind[] = [
  { name: 'text, 100 B', type: 'text', size: 100, count: 2_000, ratio: 0 },
  { name: 'binary, 64 KiB', type: 'binary', size: 64 << 10, count: 1_000, ratio: binaryRatio },
  { name: 'binary, 1 MiB', type: 'binary', size: 1 << 20, count: 100, ratio: binaryRatio },
  { name: 'burst of 1 000 x 100 B, binary', type: 'binary', size: 100, count: 1_000, ratio: 0, hops: 1 },
];

interface Cost {
  /** Microseconds of the JavaScript thread for a message. */
  time: number;
  hops: number;
}

let listener: (event: { type: string; data: string }) => void = () => {};
(globalThis as Record<string, unknown>)['__rctDeviceEventEmitter'] = {
  emit: (_name: string, event: { type: string; data: string }) => listener(event),
};

async function measure(count: number, received: () => number): Promise<Cost> {
  const [busy, hops] = [host.busy(), host.hops()];
  await until(() => received() === count, `${count} messages came`, 60_000);
  // The task that brought the last is over.
  await wait(0);
  return { time: ((host.busy() - busy) * 1000) / count, hops: host.hops() - hops };
}

async function byModule({ type, size, count, hops }: Kind): Promise<Cost> {
  const path = type === 'text' ? 'burst' : 'flood';
  const socket = new WebSocket(`${server}/${path}?size=${size}&count=${count}`);
  socket.binaryType = 'arraybuffer';
  let received = 0;
  socket.onmessage = ({ data }) => {
    if ((typeof data === 'string' ? data.length : (data as ArrayBuffer).byteLength) === size) received += 1;
  };
  // Everything arrives meanwhile, the opening too.
  if (hops) host.sleep(300);
  const cost = await measure(count, () => received);
  socket.close();
  return cost;
}

function asBase64({ type, size, count }: Kind): Promise<Cost> {
  let received = 0;
  listener = ({ type, data }) => {
    const content = type === 'binary' ? (base64.toByteArray(data) as Uint8Array).buffer : data;
    if ((typeof content === 'string' ? content.length : content.byteLength) === size) received += 1;
  };
  host.base64Events(type, size, count);
  return measure(count, () => received);
}

/** The cheapest of several: what else the machine does, only adds. */
async function cheapest(measured: () => Promise<Cost>): Promise<Cost> {
  const costs = [await measured(), await measured(), await measured(), await measured()];
  return {
    time: Math.min(...costs.map(({ time }) => time)),
    hops: Math.min(...costs.map(({ hops }) => hops)),
  };
}

async function run(): Promise<void> {
  const micros = (time: number) => `${time < 100 ? time.toFixed(2) : Math.round(time)} µs`;
  let failures = 0;
  for (const kind of KINDS) {
    const core = await cheapest(() => asBase64(kind));
    const own = await cheapest(() => byModule(kind));
    const ratio = core.time / own.time;
    const tooSlow = ratio < kind.ratio;
    const tooMany = kind.hops !== undefined && own.hops > kind.hops;
    failures += Number(tooSlow || tooMany);
    host.print(
      `${host.engine}: ${kind.name}: ${micros(own.time)} and ${own.hops} hops for ${kind.count} messages; ` +
        `${kind.type === 'binary' ? 'as Base64' : 'as an event'} ${micros(core.time)} and ${core.hops} hops; ratio ${ratio.toFixed(1)}` +
        `${tooSlow ? `, which is less than ${kind.ratio}` : ''}${tooMany ? `, more than ${kind.hops} hops` : ''}`,
    );
  }
  host.exit(failures > 0 && host.arguments.includes('check') ? 1 : 0);
}

run().catch((error: Error) => {
  host.print(`${error.message}\n${error.stack}`);
  host.exit(1);
});
