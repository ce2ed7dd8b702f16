// What a message costs the JavaScript thread, in microseconds of its processor time: by the module alone (`seam`), through
// the package's `WebSocket` and `SocketTask`, and on the way of React Native's own WebSocket. All are timed in the same place:
// around each task that native code makes the JavaScript thread run. The package's messages come from a real server; those of
// React Native's own are emitted as its native module does (host/Base64Events.h), to its real WebSocket where the bundle has
// it, otherwise to what decodes with base64-js.
//
// Prints a table. The ratio of a row is that of React Native's own to the dearer of the package's two; where something is sent,
// that of the module alone.

import base64 from 'base64-js';
import { configure, connectSocket, WebSocket } from '../../../js/index.js';
import { EventKind } from '../../../js/native/seam.js';
import { module } from './client.js';
import { host } from './host.js';
import { until, wait } from './harness.js';
import type { OwnWebSocket } from './own.js';

const [server] = host.arguments;

// Those that are closing have a slot still.
configure({ maxSockets: Infinity });

interface Kind {
  name: string;
  path: string;
  type: 'text' | 'binary';
  count: number;
}

const text = (name: string, size: number, count: number, of = ''): Kind => ({
  name: `text ${name} × ${count}`,
  path: `/burst?size=${size}&count=${count}&of=${of}`,
  type: 'text',
  count,
});
const binary = (name: string, size: number, count: number): Kind => ({
  name: `binary ${name} × ${count}`,
  path: `/flood?size=${size}&count=${count}`,
  type: 'binary',
  count,
});

const KINDS: Kind[] = [
  text('16 B', 16, 1_000),
  text('16 B', 16, 8_000),
  text('100 B', 100, 100),
  text('100 B', 100, 1_000),
  text('100 B', 100, 8_000),
  text('1 KiB Chinese', 1_024, 1_000, 'chinese'),
  text('16 KiB JSON', 16_384, 200, 'json'),
  binary('100 B', 100, 1_000),
  binary('64 KiB', 65_536, 60),
];

/** Starts to receive; `received` is called for each message. Returns what ends it. */
type Receiver = (kind: Kind, received: (data: string | ArrayBuffer) => void) => () => void;

const bySeam: Receiver = ({ path }, received) => {
  const session = module.openSession('bench', (...[, kind, data]) => {
    if (kind === EventKind.Message) received(data as string | ArrayBuffer);
  });
  session.connect({ url: server + path, headers: [], protocols: [] });
  return () => session.end();
};

const byWebSocket: Receiver = ({ path }, received) => {
  const socket = new WebSocket(server + path);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => received(data as string | ArrayBuffer);
  return () => socket.close();
};

const bySocketTask: Receiver = ({ path }, received) => {
  let end = () => {};
  void connectSocket({ url: server + path }).then((task) => {
    task.onMessage(({ data }) => received(data as string | ArrayBuffer));
    end = () => void task.close();
  });
  return () => end();
};

/** One message of the kind, for the way of React Native's own. */
const samples = new Map<string, string>();

const own = (globalThis as { ownWebSocket?: OwnWebSocket }).ownWebSocket;

const byOwn: Receiver = ({ type, name, count }, received) => {
  const end = own ? own.listen(received) : listenWithoutIt(received);
  host.base64Events(type, samples.get(name) as string, count);
  return end;
};

function listenWithoutIt(received: (data: string | ArrayBuffer) => void): () => void {
  (globalThis as Record<string, unknown>)['__rctDeviceEventEmitter'] = {
    emit: (_name: string, { type, data }: { type: string; data: string }) =>
      received(type === 'binary' ? (base64.toByteArray(data) as Uint8Array<ArrayBuffer>).buffer : data),
  };
  return () => {};
}

async function measure(receiver: Receiver, kind: Kind): Promise<number> {
  let came = 0;
  const busy = host.busy();
  const end = receiver(kind, (data) => {
    came += 1;
    if (!samples.has(kind.name)) samples.set(kind.name, typeof data === 'string' ? data : 'x'.repeat(data.byteLength));
  });
  // Everything is to arrive in one burst; the opening of a task comes before.
  if (receiver === bySocketTask) await wait(10);
  host.sleep(250);
  await until(() => came === kind.count, `${kind.count} messages came`, 60_000);
  // The task that brought the last is over.
  await wait(0);
  const cost = ((host.busy() - busy) * 1000) / kind.count;
  end();
  await wait(10);
  return cost;
}

/** The cheapest of several rounds of each, in turns: what else the machine does only adds, and disturbs all alike. */
async function cheapest(rounds: number, runs: Array<() => Promise<number>>): Promise<number[]> {
  const least = runs.map(() => Infinity);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, run] of runs.entries()) least[i] = Math.min(least[i] as number, await run());
  }
  return least;
}

// Behind a message that the server does not read yet: the queue does not run empty, and what it costs to wake the thread of
// the network is not counted.
const deaf = `${server}/deaf?ms=150`;
const plug = new ArrayBuffer(8 << 20);

type Sender = (message: string, count: number, sent: (close: () => void) => void) => void;

const sendBySeam: Sender = (message, count, sent) => {
  const session = module.openSession('bench', (...[, kind]) => {
    if (kind !== EventKind.Open) return;
    socket.sendBinary(plug, 0, plug.byteLength);
    for (let i = 0; i < count; i += 1) socket.sendText(message);
    sent(() => session.end());
  });
  const socket = session.connect({ url: deaf, headers: [], protocols: [] });
};

const sendByWebSocket: Sender = (message, count, sent) => {
  const socket = new WebSocket(deaf);
  socket.onopen = () => {
    socket.send(plug);
    for (let i = 0; i < count; i += 1) socket.send(message);
    sent(() => socket.close());
  };
};

const sendBySocketTask: Sender = (message, count, sent) => {
  void connectSocket({ url: deaf }).then((task) =>
    task.onOpen(() => {
      const success = () => {};
      void task.send({ data: plug, success });
      for (let i = 0; i < count; i += 1) void task.send({ data: message, success });
      sent(() => void task.close());
    }),
  );
};

/** What an opening costs with so many messages sent in its listener, until they are handed over, and until it is closed. */
async function openingAndSending(sender: Sender, message: string, count: number): Promise<number> {
  const busy = host.busy();
  let close: (() => void) | undefined;
  sender(message, count, (end) => (close = end));
  await until(() => close !== undefined, 'all is sent');
  await wait(250);
  close?.();
  await wait(50);
  return host.busy() - busy;
}

const COUNT = 2_000;
const SENDERS = [sendBySeam, sendByWebSocket, sendBySocketTask];

const micros = (time: number) => (time < 100 ? time.toFixed(2) : String(Math.round(time)));

function print(name: string, costs: number[], ratio: number): void {
  host.print(`| ${name} | ${costs.map((cost) => (cost < 0 ? '' : micros(cost))).join(' | ')} | ${ratio.toFixed(2)} |`);
}

async function run(): Promise<void> {
  host.print(`${host.engine}, µs of the JavaScript thread for a message`);
  host.print('');
  host.print(
    `| | seam | \`WebSocket\` | \`SocketTask\` | React Native's own${own ? '' : ', without its WebSocket'} | ratio |`,
  );
  host.print('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const kind of KINDS) {
    // React Native's own sends what came to another.
    const ways = [bySeam, byWebSocket, bySocketTask, byOwn].map((receiver) => () => measure(receiver, kind));
    const costs = await cheapest(4, ways);
    const [, socket, task, other] = costs as [number, number, number, number];
    print(kind.name, costs, other / Math.max(socket, task));
  }
  for (const [name, message] of [
    ['100 B', 'x'.repeat(100)],
    ['1 KiB Chinese', '漢'.repeat(341)],
  ] as const) {
    const whole = SENDERS.flatMap((sender) =>
      [0, COUNT].map((count) => () => openingAndSending(sender, message, count)),
    );
    const times = await cheapest(5, whole);
    const costs = SENDERS.map((_, i) => (((times[2 * i + 1] as number) - (times[2 * i] as number)) * 1000) / COUNT);
    const [seam, socket, task] = costs as [number, number, number];
    print(`send text ${name}`, [...costs, -1], seam / Math.max(socket, task));
  }
  host.exit(0);
}

run().catch((error: Error) => {
  host.print(`${error.message}\n${error.stack}`);
  host.exit(1);
});
