// The package's WebSocket in the place of React Native's own: what apps and their servers count on there.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { installWebSocket, MessageEvent, WebSocket, type WebSocketOptions } from 'react-native-socket-task';
import TaroOfModule, * as taroModule from 'react-native-socket-task/taro';
import Taro, * as everything from 'react-native-socket-task';
import { runProgram } from './support/program.mjs';
import { accepting, serve, serveRaw } from './support/servers.mjs';
import { record, until, warnings } from './support/tasks.mjs';

/** Installs the class until the test ends. */
function installed(t: TestContext, defaults?: WebSocketOptions): typeof WebSocket {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'WebSocket', before);
    else delete (globalThis as { WebSocket?: unknown }).WebSocket;
  });
  return installWebSocket(defaults);
}

/** The head of the request that `make` leads to, the URL and the server's port. */
async function requestOf(t: TestContext, make: (url: string) => unknown): Promise<{ head: string; port: string }> {
  let answer: (head: string) => void = () => {};
  const head = new Promise<string>((resolve) => (answer = resolve));
  const { url } = await serveRaw(t, (socket, head) => {
    answer(head);
    socket.end(accepting(head));
  });
  make(url);
  return { head: await head, port: new URL(url).port };
}

test('it is the global class, of the same name and shape, and an instance of the strict one', (t) => {
  const Installed = installed(t);
  assert.equal(globalThis.WebSocket as unknown, Installed);
  assert.deepEqual(
    [Installed.name, Installed.length, Installed.OPEN, Object.keys(Installed.prototype)],
    ['WebSocket', 1, 1, ['dispatchEvent', 'close']],
  );
  assert.ok(Object.create(Installed.prototype) instanceof WebSocket);
  assert.equal(Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')?.enumerable, false);
});

test('Origin is that of the URL, unless it is given or null', async (t) => {
  const Installed = installed(t);
  const origin = async (options?: object) => {
    const { head, port } = await requestOf(t, (url) => new Installed(url, [], options));
    return /\r\norigin: (.*)\r\n/i.exec(head)?.[1]?.replace(port, '<port>');
  };
  assert.equal(await origin(), 'http://127.0.0.1:<port>');
  assert.equal(await origin({ origin: null }), undefined);
  assert.equal(await origin({ origin: 'https://a.test' }), 'https://a.test');
  for (const headers of [{ origin: 'https://b.test' }, new Headers({ Origin: 'https://b.test' })]) {
    assert.equal(await origin({ headers }), 'https://b.test');
  }
  installed(t, { origin: null });
  const { head } = await requestOf(t, (url) => new globalThis.WebSocket(url));
  assert.doesNotMatch(head, /\r\norigin:/i, 'by default for all');
  // The strict class sends what it is given.
  assert.doesNotMatch((await requestOf(t, (url) => new WebSocket(url))).head, /\r\norigin:/i);
});

test('close() sends 1000', async (t) => {
  const codes: number[] = [];
  const { url } = await serve(t, (peer) => peer.on('close', (code) => codes.push(code)));
  for (const [Class, expected] of [
    [installed(t), 1000],
    [WebSocket, 1005],
  ] as const) {
    const ws = new Class(url);
    ws.onopen = () => ws.close();
    await until(() => codes.length > 0, 'the server saw it');
    assert.equal(codes.pop(), expected);
  }
  const Installed = installed(t);
  const ws = new Installed(url);
  ws.onopen = () => ws.close(4001, 'why');
  await until(() => codes.length > 0, 'the server saw it');
  assert.equal(codes.pop(), 4001);
  assert.throws(() => ws.close(1001), { name: 'InvalidAccessError' });
});

test('an object with a type can be dispatched, as in React Native before 0.86', async (t) => {
  const { url } = await serve(t, () => {});
  const ws = new (installed(t))(url);
  t.after(() => ws.close());
  const heard: unknown[] = [];
  ws.onmessage = (event) => heard.push(event);
  const event = { type: 'message', data: 'made up' };
  assert.equal(ws.dispatchEvent(event as never), true);
  assert.deepEqual(heard, [event]);
  for (const other of [undefined, null, 'app', 5, {}]) assert.throws(() => ws.dispatchEvent(other as never), TypeError);
});

test('sub-protocols that React Native ignores are ignored; an object there is an error that says where options go', async (t) => {
  const Installed = installed(t);
  const offered = async (protocols: unknown) => {
    const { head } = await requestOf(
      t,
      (url) => new Installed(url, protocols as never, { headers: { 'X-Kept': '1' } }),
    );
    assert.match(head, /\r\nX-Kept: 1\r\n/);
    return /\r\nsec-websocket-protocol: (.*)\r\n/i.exec(head)?.[1];
  };
  for (const nothing of ['', ' ', undefined, null, [], [''], 5, true, [null, undefined]]) {
    assert.equal(await offered(nothing), undefined, String(nothing));
  }
  assert.equal(await offered(' a '), 'a');
  assert.equal(await offered(['a ', 'b', '', 'a']), 'a, b');
  assert.equal(await offered('a, b'), 'a, b');
  for (const Class of [Installed, WebSocket]) {
    assert.throws(() => new Class('ws://127.0.0.1:9', { headers: { Authorization: 's3cr3t' } } as never), {
      name: 'SyntaxError',
      message: /options come after them: new WebSocket\(url, protocols, options\)/,
    });
    assert.throws(() => new Class('ws://127.0.0.1:9', 'a b'), { name: 'SyntaxError' });
  }
  assert.throws(() => new WebSocket('ws://127.0.0.1:9', ''), { name: 'SyntaxError' }, 'as in the standard');
});

test('options of the installation hold for each socket, and are checked when they are given', async (t) => {
  const Installed = installed(t, { headers: { 'X-App': '1' }, perMessageDeflate: true });
  const { head } = await requestOf(t, (url) => new Installed(url));
  assert.match(head, /\r\nX-App: 1\r\n/);
  assert.match(head, /permessage-deflate/);
  const { head: own } = await requestOf(
    t,
    (url) => new Installed(url, [], { headers: { 'X-Own': '1' }, perMessageDeflate: false }),
  );
  assert.match(own, /\r\nX-Own: 1\r\n/);
  assert.doesNotMatch(own, /X-App|permessage-deflate/);
  const before = globalThis.WebSocket;
  assert.throws(() => installWebSocket({ timeout: -1 }), TypeError);
  assert.throws(() => installWebSocket({ rejectUnauthorized: false } as never), TypeError);
  assert.equal(globalThis.WebSocket, before);
});

test("the system's proxy is used unless the options name another or none", async (t) => {
  // On Node the system's is that of the environment, which a process reads for itself.
  const { url } = await serve(t);
  const program = (options: string) => `
    import { installWebSocket } from 'react-native-socket-task';
    installWebSocket(${options});
    const ws = new WebSocket('${url}');
    ws.onopen = () => { console.log('open'); ws.close(); };
    ws.onerror = (event) => console.log(event.message);`;
  const run = async (options: string) => {
    const env = { ...process.env, http_proxy: 'http://127.0.0.1:1', no_proxy: '' };
    return (await runProgram(program(options), { env })).stdout;
  };
  assert.match(await run(''), /cannot reach the proxy http:\/\/127\.0\.0\.1:1/);
  assert.equal(await run('{ proxy: false }'), 'open\n');
});

test("the platform's cookies are asked for unless the options name others or none", async (t) => {
  // Node has none: what the native library is asked for is looked at on its way there.
  const { url } = await serve(t);
  const { stdout } = await runProgram(`
    import { createRequire } from 'node:module';
    import { connectSocket, installWebSocket, WebSocket as Strict } from 'react-native-socket-task';
    import Taro from 'react-native-socket-task/taro';
    const addon = process.env.SOCKET_TASK_ADDON || './node/socket-task.' + process.platform + '-' + process.arch + '.node';
    const native = createRequire(process.cwd() + '/')(addon);
    const { openSession } = native;
    native.openSession = (...given) => {
      const session = openSession(...given);
      const connect = session.connect.bind(session);
      session.connect = (options, hold) => {
        console.log(options.cookies);
        return connect(options, hold);
      };
      return session;
    };
    const url = '${url}';
    const Installed = installWebSocket();
    const sockets = [
      new Installed(url),
      new Installed(url, [], { cookies: false }),
      new Installed(url, [], { cookies: { get: () => '' } }),
      new (installWebSocket({ cookies: false }))(url),
      new Strict(url),
      (await Taro.connectSocket({ url })).ws,
      (await connectSocket({ url })).ws,
    ];
    for (const socket of sockets) socket.onopen = () => socket.close();`);
  assert.deepEqual(stdout.trim().split('\n'), [
    'system',
    'undefined',
    'true',
    'undefined',
    'undefined',
    'system',
    'undefined',
  ]);
});

test('classes of events become global where there are none, and replace none', async (t) => {
  const before = globalThis.MessageEvent;
  installed(t);
  assert.equal(globalThis.MessageEvent, before);
  const { stdout } = await runProgram(`
    import { CloseEvent, Event, installWebSocket, MessageEvent } from 'react-native-socket-task';
    for (const name of ['Event', 'EventTarget', 'MessageEvent', 'CloseEvent']) delete globalThis[name];
    installWebSocket();
    const ours = [globalThis.Event === Event, globalThis.MessageEvent === MessageEvent, globalThis.CloseEvent === CloseEvent];
    const target = new globalThis.EventTarget();
    target.addEventListener('x', (event) => console.log(event.type, ours.join()));
    target.dispatchEvent(new globalThis.Event('x'));`);
  assert.equal(stdout, 'x true,true,true\n');
  assert.equal(new MessageEvent('message', { data: 1 }).data, 1);
});

test("the module that stands in the place of Taro's has its names, and does what Taro's does by the platform", async (t) => {
  assert.deepEqual(Object.keys(taroModule).sort(), [
    'closeSocket',
    'connectSocket',
    'default',
    'onSocketClose',
    'onSocketError',
    'onSocketMessage',
    'onSocketOpen',
    'prewarm',
    'sendSocketMessage',
  ]);
  assert.deepEqual(Object.keys(TaroOfModule), [...Object.keys(Taro), 'prewarm']);
  assert.equal(TaroOfModule.connectSocket, taroModule.connectSocket);
  assert.equal(taroModule.onSocketOpen, everything.onSocketOpen, 'one newest task');
  // Some are still on their way to their end when the next one begins.
  everything.configure({ maxSockets: Infinity });
  t.after(() => everything.configure({ maxSockets: 2 }));
  const warned = warnings(t);
  const connect = (option: object) => (url: string) =>
    void taroModule.connectSocket({ url, ...option }).then((task) => record(task));
  assert.match((await requestOf(t, connect({}))).head, /\r\nOrigin: http:\/\/127\.0\.0\.1:\d+\r\n/);
  assert.doesNotMatch((await requestOf(t, connect({ origin: null }))).head, /origin/i);
  assert.match((await requestOf(t, connect({ header: { origin: 'x' } }))).head, /\r\norigin: x\r\n/);
  assert.doesNotMatch((await requestOf(t, (url) => void Taro.connectSocket({ url }))).head, /origin/i);
  assert.deepEqual(warned, []);
});
