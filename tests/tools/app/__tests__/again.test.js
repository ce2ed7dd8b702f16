// A second file in the same process: Jest evaluates the package anew, and the sockets of the first file have ended.
import { connectSocket, WebSocket } from 'react-native-socket-task';
import { AppState } from 'react-native';

const url = process.env.SERVER;

test('connectSocket talks to a real server', async () => {
  const task = await connectSocket({ url });
  const came = await new Promise((resolve) => {
    task.onOpen(() => task.send({ data: '你好' }));
    task.onMessage(({ data }) => resolve(data));
  });
  expect(came).toBe('你好');
  const closed = new Promise((resolve) => task.onClose(resolve));
  task.close({ code: 4000, reason: 'done' });
  expect(await closed).toEqual({ code: 4000, reason: 'done', wasClean: true });
});

test('so does the class, with the defaults of React Native', async () => {
  const socket = new WebSocket(url);
  expect(socket.binaryType).toBe('arraybuffer');
  const came = await new Promise((resolve, reject) => {
    socket.onopen = () => socket.send(new Uint8Array([1, 2, 3]));
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = ({ message }) => reject(new Error(message));
  });
  expect(came).toBeInstanceOf(ArrayBuffer);
  expect([...new Uint8Array(came)]).toEqual([1, 2, 3]);
  socket.close();
});

test('fake timers hold nothing back', async () => {
  jest.useFakeTimers();
  const socket = new WebSocket(url);
  await new Promise((resolve) => (socket.onopen = resolve));
  socket.close();
  await new Promise((resolve) => (socket.onclose = resolve));
  jest.useRealTimers();
});

test("React Native's mocks stay what they are", () => {
  expect(jest.isMockFunction(AppState.addEventListener)).toBe(true);
});
