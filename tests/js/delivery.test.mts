// Nothing is missed: events are held until listeners could be registered, and each comes in a task of its own.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connectSocket, WebSocket, type SocketTask } from 'react-native-socket-task';
import { accepting, closeFrame, frame, serveRaw } from './support/servers.mjs';
import { until } from './support/tasks.mjs';

const COUNT = 100;
const EXPECTED = Array.from({ length: COUNT }, (_, i) => `message ${i}`);

/** A server that puts 100 messages and its Close frame into the very write that holds its 101. */
async function burstServer(t: TestContext): Promise<string> {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), ...EXPECTED.map((text) => frame(1, text)), closeFrame(1000, 'all')]));
    socket.on('data', () => socket.end());
  });
  return url;
}

interface Heard {
  open: number;
  messages: unknown[];
  close: unknown[];
}

function listen(task: SocketTask, heard: Heard): void {
  task.onOpen(() => (heard.open += 1));
  task.onMessage(({ data }) => heard.messages.push(data));
  task.onClose((result) => heard.close.push(result));
}

const ways: Record<string, (url: string, heard: Heard) => void | Promise<void>> = {
  'in .then': (url, heard) => void connectSocket({ url }).then((task) => listen(task, heard)),
  'after await': async (url, heard) => listen(await connectSocket({ url }), heard),
  'in success': (url, heard) => void connectSocket({ url, success: ({ socketTask }) => listen(socketTask, heard) }),
  'in complete': (url, heard) => {
    void connectSocket({
      url,
      complete: (result) => listen((result as unknown as { socketTask: SocketTask }).socketTask, heard),
    });
  },
  'one macrotask (setTimeout) later': async (url, heard) => {
    const task = await connectSocket({ url });
    setTimeout(() => listen(task, heard), 0);
  },
  'one macrotask (setImmediate) later': async (url, heard) => {
    const task = await connectSocket({ url });
    setImmediate(() => listen(task, heard));
  },
  'one timer later, set in success': (url, heard) => {
    void connectSocket({ url, success: ({ socketTask }) => void setTimeout(() => listen(socketTask, heard), 0) });
  },
  'twenty microtasks later': async (url, heard) => {
    const task = await connectSocket({ url });
    for (let i = 0; i < 20; i += 1) await undefined;
    listen(task, heard);
  },
};

for (const [way, register] of Object.entries(ways)) {
  test(`listeners registered ${way} hear everything`, async (t) => {
    const url = await burstServer(t);
    for (let round = 0; round < 20; round += 1) {
      const heard: Heard = { open: 0, messages: [], close: [] };
      await register(url, heard);
      await until(() => heard.close.length > 0, 'the socket is closed');
      assert.equal(heard.open, 1);
      assert.deepEqual(heard.messages, EXPECTED);
      assert.deepEqual(heard.close, [{ code: 1000, reason: 'all', wasClean: true }]);
    }
  });
}

test('an app that blocks the thread right after the call misses nothing', async (t) => {
  const url = await burstServer(t);
  const heard: Heard = { open: 0, messages: [], close: [] };
  const task = await connectSocket({ url });
  const end = Date.now() + 100;
  while (Date.now() < end);
  setTimeout(() => listen(task, heard), 0);
  await until(() => heard.close.length > 0, 'the socket is closed');
  assert.deepEqual(heard.messages, EXPECTED);
});

test('each event comes in a task of its own: what awaits one goes on before the next', async (t) => {
  const url = await burstServer(t);
  const ws = new WebSocket(url);
  const next = (type: 'open' | 'message' | 'close') =>
    new Promise<any>((resolve) => ws.addEventListener(type, (event) => resolve(event), { once: true }));
  const readOne = async () => (await next('message')).data;
  await next('open');
  const received: unknown[] = [];
  for (let i = 0; i < COUNT; i += 1) received.push(await readOne());
  assert.deepEqual(received, EXPECTED);
  assert.equal((await next('close')).code, 1000);
});

test('onX: the last registration wins, offX removes it', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => {
    socket.write(Buffer.concat([accepting(head), frame(1, 'one'), closeFrame(1000)]));
    socket.on('data', () => socket.end());
  });
  const heard: string[] = [];
  const note = (text: string) => () => void heard.push(text);
  const task = await connectSocket({ url });
  const kept = note('open 2');
  task.onOpen(note('open 1'));
  task.onOpen(kept);
  task.offOpen(() => {});
  task.onMessage(note('message'));
  task.offMessage();
  const closeListener = note('close 1');
  task.onClose(closeListener);
  task.offClose(closeListener);
  task.onError(note('error'));
  task.offError();
  await until(() => task.readyState === task.CLOSED, 'the socket is closed');
  assert.deepEqual(heard, ['open 2']);
});
