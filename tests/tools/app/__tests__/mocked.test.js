import { connectSocket, WebSocket } from 'react-native-socket-task';
import { connections } from 'react-native-socket-task/jest';

jest.mock('react-native-socket-task', () => require('react-native-socket-task/jest'));

beforeEach(() => (connections.length = 0));

test('a task: the test is the server', async () => {
  const task = await connectSocket({
    url: 'wss://example.test/chat',
    header: { 'X-Token': 'a' },
    protocols: ['v2', 'v1'],
  });
  const seen = [];
  task.onOpen(({ protocol }) => seen.push(['open', protocol]));
  task.onMessage(({ data }) => seen.push(['message', data]));
  task.onError(({ code }) => seen.push(['error', code]));
  task.onClose((result) => seen.push(['close', result]));
  const [server] = connections;
  expect([server.url, server.headers, server.protocols]).toEqual([
    'wss://example.test/chat',
    { 'X-Token': 'a' },
    ['v2', 'v1'],
  ]);
  expect((await task.send({ data: 'early' }).catch((failure) => failure)).errMsg).toMatch('is not OPEN');

  server.open();
  server.message('hello');
  server.message(new Uint8Array([1, 2]).subarray(1));
  expect(await task.send({ data: 'there' })).toEqual({ errMsg: 'sendSocketMessage:ok' });
  expect(await task.send({ data: new Uint8Array([7]) })).toEqual({ errMsg: 'sendSocketMessage:ok' });
  expect(server.sent[0]).toBe('there');
  expect([...new Uint8Array(server.sent[1])]).toEqual([7]);
  expect(task.stats()).toMatchObject({ messagesSent: 2, bytesSent: 6, messagesReceived: 2, bytesReceived: 6 });
  server.close(4001, 'over');
  expect(
    seen.map(([kind, value]) => [kind, value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value]),
  ).toEqual([
    ['open', 'v2'],
    ['message', 'hello'],
    ['message', [2]],
    ['close', { code: 4001, reason: 'over', wasClean: true }],
  ]);
  expect(() => server.message('late')).toThrow('the connection is closed');
});

test('the app closes', async () => {
  const task = await connectSocket({ url: 'wss://example.test' });
  const closed = new Promise((resolve) => task.onClose(resolve));
  connections[0].open();
  task.close({ code: 3000, reason: 'bye' });
  expect(connections[0].closedByApp).toEqual({ code: 3000, reason: 'bye' });
  expect(await closed).toEqual({ code: 3000, reason: 'bye', wasClean: true });
});

test('failures, before and after the opening', () => {
  const events = [];
  const start = () => {
    const socket = new WebSocket('wss://example.test');
    socket.onerror = ({ error }) => events.push([error.phase, error.code, error.httpStatus]);
    socket.onclose = ({ code }) => events.push(code);
    return connections.at(-1);
  };
  start().fail();
  start().fail({ phase: 'handshake', code: 'http-status', response: { status: 401 } });
  const server = start();
  server.open();
  server.fail();
  expect(events).toEqual([
    ['tcp', 'connection-refused', undefined],
    1006,
    ['handshake', 'http-status', 401],
    1006,
    ['closed', 'connection-reset', undefined],
    1006,
  ]);
});

test('with fake timers from the start', async () => {
  jest.useFakeTimers();
  const socket = new WebSocket('ws://example.test');
  const closed = new Promise((resolve) => (socket.onclose = resolve));
  connections[0].open();
  expect(socket.readyState).toBe(1);
  socket.close();
  expect((await closed).code).toBe(1005);
  jest.useRealTimers();
});

test('what the app gets wrong is refused as ever', async () => {
  expect(() => new WebSocket('http://[')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  expect((await connectSocket({ url: 'nonsense', fail: () => {} }).catch((failure) => failure)).errMsg).toMatch(
    'connectSocket:fail',
  );
});
