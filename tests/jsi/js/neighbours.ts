// The package's sockets and those of another native module (examples/native-module), in one process.

import NativeRoundTrips from '../../../examples/native-module/js/NativeRoundTrips.js';
import { connectSocket } from '../../../js/index.js';
import { equal, ok, runTests, test, until } from './harness.js';
import { host } from './host.js';

const [server] = host.arguments;

test('both talk to the server at the same time', async () => {
  const task = await connectSocket({ url: `${server}/echo` });
  const received: unknown[] = [];
  task.onMessage(({ data }) => received.push(data));
  await until(() => task.readyState === task.OPEN, 'it is open');
  const measured = Promise.all([
    NativeRoundTrips.measure(`${server}/echo`, 200),
    NativeRoundTrips.measure(`${server}/echo`, 1),
  ]);
  for (let i = 0; i < 200; i++) await task.send({ data: `${i}` });
  await until(() => received.length === 200, 'all are back');
  const [many, one] = await measured;
  equal([many.length, one.length], [200, 1], 'how many were measured');
  ok(
    [...many, ...one].every((time) => time > 0 && time < 20_000),
    'they took a time',
  );
  const [threads, libraries] = [host.threadsNamed('socket-task'), host.filesMapped('libsocket_task.so')];
  equal(threads, 1, 'the threads named socket-task');
  // The hosts for JavaScriptCore have it in their own file.
  equal(libraries, host.engine.startsWith('Hermes') ? 1 : 0, 'the files libsocket_task.so that are mapped');
  host.print(`# ${threads} thread, ${libraries} library; the shortest of 200 round trips took ${Math.min(...many)} ms`);
  await task.close({});
  await until(() => task.readyState === task.CLOSED, 'it is closed');
});

test('what fails rejects, with the text of the library', async () => {
  const failure = async (url: string, count: number) =>
    await NativeRoundTrips.measure(url, count).then(
      () => 'nothing',
      (error: Error) => error.message,
    );
  ok((await failure('http://localhost', 1)).includes('ws or wss'), 'a scheme');
  ok((await failure(`${server}/echo`, 0)).includes('count'), 'a count');
  ok((await failure(`${server}/refuse?status=403`, 1)).includes('403'), 'a refusal');
});

test('a runtime may end while it measures', async () => {
  // Nobody waits for them.
  for (let i = 0; i < 20; i++) void NativeRoundTrips.measure(`${server}/echo`, 1000);
});

void runTests();
