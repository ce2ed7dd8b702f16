// What an app does with the package, from connectSocket to the end of a connection.

import {
  closeSocket,
  connectSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
} from '../../../js/index.js';
import { equal, runTests, test, until } from './harness.js';
import { host } from './host.js';

const [server] = host.arguments;

test('connectSocket: a text and bytes come back as they were sent', async () => {
  const calls: string[] = [];
  const task = await connectSocket({
    url: `${server}/echo`,
    success: () => calls.push('success'),
    complete: () => calls.push('complete'),
  });
  const received: Array<string | ArrayBuffer> = [];
  task.onOpen(() => calls.push('open'));
  task.onMessage(({ data }) => received.push(data));
  task.onClose(({ code, reason }) => calls.push(`close ${code} ${reason}`));
  await until(() => calls.includes('open'), 'it is open');
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
  await task.send({ data: '漢字 🙂 text' });
  await task.send({ data: bytes.buffer });
  await until(() => received.length === 2, 'both are back');
  equal(received[0], '漢字 🙂 text', 'the text');
  equal(received[1], bytes.buffer, 'the bytes');
  await task.close({ code: 4001, reason: 'done' });
  await until(() => calls.length === 4, 'it is closed');
  equal(calls, ['success', 'complete', 'open', 'close 4001 done'], 'what was called');
});

test('the six functions without a task', async () => {
  const heard: string[] = [];
  onSocketOpen(() => heard.push('open'));
  onSocketMessage(({ data }) => heard.push(typeof data === 'string' ? `text ${data}` : `${data.byteLength} bytes`));
  onSocketError(({ errMsg }) => heard.push(`error ${typeof errMsg}`));
  onSocketClose(({ code }) => heard.push(`close ${code}`));

  void connectSocket({ url: `${server}/echo` });
  await until(() => heard.includes('open'), 'it is open');
  await sendSocketMessage({ data: 'hello' });
  await sendSocketMessage({ data: new ArrayBuffer(3) });
  await until(() => heard.length === 3, 'both are back');
  await closeSocket();
  await until(() => heard.length === 4, 'it is closed');
  equal(heard.splice(0), ['open', 'text hello', '3 bytes', 'close 1000'], 'what was heard');

  void connectSocket({ url: `${server}/refuse?status=403` });
  await until(() => heard.length === 2, 'it is refused');
  equal(heard, ['error string', 'close 1006'], 'what was heard');
});

void runTests();
