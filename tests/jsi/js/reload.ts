// One life of an app that is reloaded while it works: a text and bytes come back, and then the end comes with calls of every
// kind under way, in both directions.

import { configure, connectSocket, type SocketTask } from '../../../js/index.js';
import { equal, until } from './harness.js';
import { host } from './host.js';

const [server] = host.arguments;

configure({ maxSockets: Infinity });

/** A task that is open, and what it receives. */
async function open(path: string): Promise<{ task: SocketTask; received: Array<string | ArrayBuffer> }> {
  const task = await connectSocket({ url: server + path });
  const received: Array<string | ArrayBuffer> = [];
  let isOpen = false;
  task.onOpen(() => (isOpen = true));
  task.onMessage(({ data }) => received.push(data));
  await until(() => isOpen, `${path} is open`);
  return { task, received };
}

async function run(): Promise<void> {
  const { task, received } = await open('/echo');
  void task.send({ data: 'text' });
  void task.send({ data: new Uint8Array([1, 2, 3]).buffer });
  await until(() => received.length === 2, 'both are back');
  equal(received, ['text', new Uint8Array([1, 2, 3]).buffer], 'what is back');

  const stream = await open('/stream?size=2000');
  const closing = await open('/deaf?ms=500');
  await until(() => stream.received.length > 0, 'there is a stream');
  for (const path of ['/echo', '/silent', '/burst?count=500&size=100']) void connectSocket({ url: server + path });
  void closing.task.close({});
  const fail = () => {};
  for (let i = 0; i < 50; i += 1) void task.send({ data: new ArrayBuffer(10_000), fail });
  // What is sent is written and echoed, and the stream goes on, while the instance ends.
  host.exit(0);
  void task.send({ data: 'after the end', fail });
}

run().catch((error: Error) => {
  host.print(error.message);
  host.exit(1);
});
