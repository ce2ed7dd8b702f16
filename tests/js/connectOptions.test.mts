import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { connectSocket, type ConnectOption } from 'react-native-socket-task';
import { accepting, closeFrame, serve, serveRaw } from './support/servers.mjs';
import { close, connect, failure, open, rejection, until, warnings } from './support/tasks.mjs';

const NOWHERE = 'ws://127.0.0.1:9/';

/** The head of the request that `option` leads to. */
async function requestHead(
  t: Parameters<typeof serveRaw>[0],
  option: Partial<ConnectOption>,
  path = '',
): Promise<string> {
  let received = '';
  const { url } = await serveRaw(t, (socket, head) => {
    received = head;
    socket.write(accepting(head));
    socket.on('data', () => socket.end(closeFrame(1000)));
  });
  await close(await open(t, { ...option, url: url.replace(/\/$/, path) }));
  return received;
}

test('url: kept exactly, with path, query, port and IPv6 literal', async (t) => {
  assert.match(await requestHead(t, {}, '/a/b%20c?x=1&y=%E4%BD%A0'), /^GET \/a\/b%20c\?x=1&y=%E4%BD%A0 HTTP\/1\.1\r\n/);
  const { port } = await serveRaw(t, (socket, head) => socket.end(accepting(head)));
  assert.equal((await open(t, { url: `ws://127.0.0.1:${port}` })).task.ws.url, `ws://127.0.0.1:${port}/`);

  const six = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (head) => {
      host = /^host: (.*)$/im.exec(String(head))?.[1] ?? '';
      socket.end(accepting(String(head)));
    });
  });
  let host = '';
  await new Promise<void>((resolve) => six.listen(0, '::1', resolve));
  t.after(() => void six.close());
  const { port: sixPort } = six.address() as { port: number };
  await open(t, { url: `ws://[::1]:${sixPort}` });
  assert.equal(host, `[::1]:${sixPort}`);
});

test('url: a missing path with a query', async (t) => {
  assert.match(await requestHead(t, {}, '?room=1'), /^GET \/\?room=1 HTTP\/1\.1\r\n/);
});

test('url: another scheme, a fragment, or no URL at all fails', async () => {
  for (const url of [
    'http://a/',
    'https://a/',
    'ftp://a/',
    'a.test/socket',
    '',
    'ws://a/#part',
    'wss://a#',
    'ws://',
    'ws://a:99999/',
  ]) {
    const { errMsg } = await rejection(connectSocket({ url }));
    assert.match(errMsg, /^connectSocket:fail \S/, url);
  }
});

test('url: missing, or no string', async () => {
  const errMsg = 'connectSocket:fail parameter error: parameter.url should be String';
  for (const option of [undefined, null, {}, { url: undefined }, { url: 7 }, { url: null }, { url: ['ws://a'] }]) {
    assert.deepEqual(await rejection(connectSocket(option as never)), failure(errMsg));
  }
});

test('header: sent as given, repeated values as arrays', async (t) => {
  const head = await requestHead(t, {
    header: {
      'X-Token': 'a b',
      'content-type': 'application/json',
      'X-Many': ['1', '2'],
      'X-Number': 5,
      'X-None': undefined,
      'X-中': undefined,
    },
  });
  assert.match(
    head,
    /\r\nX-Token: a b\r\ncontent-type: application\/json\r\nX-Many: 1\r\nX-Many: 2\r\nX-Number: 5\r\n/,
  );
  assert.doesNotMatch(head, /X-None/);
});

test('header: Referer and what the handshake sets are dropped with one warning', async (t) => {
  const warned = warnings(t);
  const head = await requestHead(t, {
    header: {
      Referer: 'https://r.test',
      host: 'evil.test',
      Connection: 'close',
      UPGRADE: 'h2c',
      'Sec-WebSocket-Key': 'AAAA',
      'content-length': '5',
      'Transfer-Encoding': 'chunked',
      TE: 'trailers',
      Trailer: 'X-Kept',
      'Keep-Alive': 'timeout=5',
      'X-Kept': '1',
    },
  });
  assert.equal(warned.length, 1);
  const framing = ['content-length', 'Transfer-Encoding', 'TE', 'Trailer', 'Keep-Alive'];
  for (const name of ['Referer', 'host', 'Connection', 'UPGRADE', 'Sec-WebSocket-Key', ...framing])
    assert.match(warned[0] ?? '', new RegExp(name));
  assert.doesNotMatch(head, /r\.test|evil\.test|h2c|AAAA|close|chunked|timeout=5|content-length|trailer/i);
  assert.match(head, /\r\nX-Kept: 1\r\n/);
});

test('header: a name that is no token, or a value with CR, LF or NUL, fails and nothing is sent', async (t) => {
  let connections = 0;
  const { url } = await serveRaw(t, () => (connections += 1));
  for (const header of [
    { 'a b': '1' },
    { '': '1' },
    { 'a:': '1' },
    { 头: '1' },
    { a: 'x\r\ny: z' },
    { a: 'x\ny' },
    { a: 'x\0' },
    { a: ['ok', 'no\r'] },
  ]) {
    assert.match(
      (await rejection(connectSocket({ url, header }))).errMsg,
      /^connectSocket:fail .*header/,
      JSON.stringify(header),
    );
  }
  for (const header of ['a: b', ['a'], 5, { a: {} }]) {
    assert.match(
      (await rejection(connectSocket({ url, header: header as never }))).errMsg,
      /^connectSocket:fail parameter error: parameter\.header/,
    );
  }
  assert.equal(connections, 0);
});

test('method: valid ones lead to a GET, others than GET with one warning; the rest fails', async (t) => {
  const warned = warnings(t);
  for (const method of ['OPTIONS', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']) {
    assert.match(await requestHead(t, { method }), /^GET /);
    assert.equal(warned.length, 1);
    assert.match(warned.pop() ?? '', new RegExp(method));
  }
  assert.match(await requestHead(t, { method: 'GET' }), /^GET /);
  assert.match(await requestHead(t, { method: undefined }), /^GET /);
  assert.deepEqual(warned, []);
  for (const method of ['PATCH', 'get', '', 'GET ']) {
    assert.match(
      (await rejection(connectSocket({ url: NOWHERE, method }))).errMsg,
      /^connectSocket:fail parameter error: parameter\.method/,
    );
  }
});

test('protocols: a list or one string; the server picks one of them or none', async (t) => {
  const { url } = await serve(t, undefined, { handleProtocols: (offered) => (offered.has('b') ? 'b' : false) });
  const chosen = async (protocols: ConnectOption['protocols']) => {
    const recording = await open(t, { url, protocols });
    const { protocol } = await recording.opened;
    assert.equal(recording.task.ws.protocol, protocol);
    await close(recording);
    return protocol;
  };
  assert.equal(await chosen(['a', 'b']), 'b');
  assert.equal(await chosen('b'), 'b');
  assert.equal(await chosen(['c']), '');
  assert.equal(await chosen([]), '');
});

test('protocols: one that was not offered fails the connection', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.write(accepting(head, 'Sec-WebSocket-Protocol: z')));
  const recording = await connect(t, { url, protocols: ['a'] });
  assert.equal((await recording.closed).code, 1006);
  assert.deepEqual(recording.names(), ['error', 'close']);
  assert.equal((await recording.failed).code, 'bad-protocol');
});

test('protocols: invalid or repeated ones fail', async () => {
  for (const protocols of [['a', 'a'], ['a b'], [''], 'a,b', '', ['中']]) {
    assert.match(
      (await rejection(connectSocket({ url: NOWHERE, protocols }))).errMsg,
      /^connectSocket:fail .*sub-protocol/,
      String(protocols),
    );
  }
  for (const protocols of [5, {}, true]) {
    assert.match(
      (await rejection(connectSocket({ url: NOWHERE, protocols: protocols as never }))).errMsg,
      /parameter\.protocols should be String or Array$/,
    );
  }
});

test('timeout: the whole time to open', async (t) => {
  const { url } = await serveRaw(t, () => {});
  const started = performance.now();
  const recording = await connect(t, { url, timeout: 150 });
  const { code } = await recording.closed;
  const took = performance.now() - started;
  assert.equal(code, 1006);
  assert.equal((await recording.failed).code, 'timed-out');
  assert.ok(took >= 140 && took < 2000, `${took} ms`);
  for (const timeout of [-1, '5', NaN, true]) {
    assert.match(
      (await rejection(connectSocket({ url, timeout: timeout as never }))).errMsg,
      /^connectSocket:fail parameter error: parameter\.timeout/,
    );
  }
});

test('perMessageDeflate: off by default, negotiated when asked for', async (t) => {
  const offers: Array<string | undefined> = [];
  const { url } = await serve(
    t,
    (peer, request) => {
      offers.push(request.headers['sec-websocket-extensions']);
      peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
    },
    { perMessageDeflate: { threshold: 0 } },
  );
  const text = '压缩'.repeat(5000);
  for (const [perMessageDeflate, expected] of [
    [undefined, ''],
    [false, ''],
    [true, 'permessage-deflate'],
    [{ serverNoContextTakeover: true, level: 1, threshold: 0 }, 'permessage-deflate; server_no_context_takeover'],
  ] as const) {
    const recording = await open(t, { url, perMessageDeflate });
    const { extensions } = await recording.opened;
    if (expected) assert.ok(extensions.startsWith(expected), extensions);
    else assert.equal(extensions, '');
    assert.equal(recording.task.ws.extensions, extensions);
    for (let i = 0; i < 3; i += 1) {
      void recording.task.send({ data: text });
      assert.equal(await recording.message(), text);
    }
    await close(recording);
  }
  assert.equal(offers[0], undefined);
  assert.match(offers[3] ?? '', /server_no_context_takeover/);
  for (const perMessageDeflate of [{ level: 10 }, { serverMaxWindowBits: 7 }, { windowBits: 9 }, 'yes']) {
    assert.match(
      (await rejection(connectSocket({ url, perMessageDeflate: perMessageDeflate as never }))).errMsg,
      /^connectSocket:fail (parameter error: parameter\.perMessageDeflate|the (window of|compression level))/,
    );
  }
});

test('tcpNoDelay: true and false are accepted', async (t) => {
  const { url } = await serve(t);
  for (const tcpNoDelay of [true, false]) await close(await open(t, { url, tcpNoDelay }));
  assert.match(
    (await rejection(connectSocket({ url, tcpNoDelay: 1 as never }))).errMsg,
    /parameter\.tcpNoDelay should be Boolean$/,
  );
});

test('maxMessageSize: a larger message closes with 1009', async (t) => {
  let received = 0;
  const { url } = await serve(t, (peer) => {
    peer.send('x'.repeat(1001));
    peer.on('close', (code) => (received = code));
  });
  const recording = await connect(t, { url, maxMessageSize: 1000 });
  await recording.closed;
  assert.equal((await recording.failed).code, 'message-too-big');
  await until(() => received !== 0, 'the server saw the close');
  assert.equal(received, 1009);
  await close(await open(t, { url: (await serve(t)).url, maxMessageSize: Infinity }));
});

test('pingInterval and pongTimeout: a server that answers no ping is found out', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.write(accepting(head)));
  const recording = await open(t, { url, pingInterval: 50, pongTimeout: 50 });
  assert.equal((await recording.closed).code, 1006);
  assert.equal((await recording.failed).code, 'pong-timeout');
  assert.equal((await recording.failed).phase, 'timeout');
});

test('closeTimeout: how long a server may leave the Close frame unanswered', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.write(accepting(head)));
  const patient = await open(t, { url, closeTimeout: 60_000 });
  const hasty = await open(t, { url, closeTimeout: 50 });
  await patient.task.close();
  await hasty.task.close();
  assert.deepEqual(await hasty.closed, { code: 1006, reason: '', wasClean: false });
  assert.equal(patient.task.readyState, patient.task.CLOSING);
});

test('numbers: what is none is told with the option, what is out of range in the words of the core', async () => {
  const refusal = async (option: object) =>
    (await rejection(connectSocket({ url: NOWHERE, ...option }))).errMsg.replace('connectSocket:fail ', '');
  const numbers: Array<[string[], number]> = [
    [['closeTimeout', 'pingInterval', 'tcpKeepalive'], 0],
    [['timeout', 'maxMessageSize', 'maxBufferedAmount', 'pongTimeout'], 1],
  ];
  for (const [options, least] of numbers) {
    for (const option of options) {
      for (const value of [least - 1, least - 0.5, -1, NaN, '5', true, {}]) {
        assert.equal(
          await refusal({ [option]: value }),
          `parameter error: parameter.${option} should be a Number, ${least} or more`,
          String(value),
        );
      }
    }
  }
  const keepalive = 'the TCP keepalive must be at most 32767000 ms';
  for (const tcpKeepalive of [32_767_001, 1e12, Infinity]) assert.equal(await refusal({ tcpKeepalive }), keepalive);
  // The number is not told: the core may have got another, its type's largest.
  const redirects = 'the number of redirects to follow must be 0 to 20';
  for (const followRedirects of [21, 300, 1e12]) assert.equal(await refusal({ followRedirects }), redirects);
  for (const [field, bits, side] of [
    ['clientMaxWindowBits', 7, 'client'],
    ['serverMaxWindowBits', 16, 'server'],
    ['serverMaxWindowBits', 300, 'server'],
  ]) {
    const text = await refusal({ perMessageDeflate: { [field as string]: bits } });
    assert.equal(text, `the window of the ${side} must be 8 to 15 bits`);
  }
  for (const level of [10, 266]) {
    assert.equal(await refusal({ perMessageDeflate: { level } }), 'the compression level must be 0 to 9');
  }
  for (const level of [-1, 1.5, '6']) {
    const text = await refusal({ perMessageDeflate: { level } });
    assert.match(text, /^parameter error: parameter\.perMessageDeflate\.level should be an integer, 0 or more$/);
  }
});

test('null is an option that is not given', async (t) => {
  const { url } = await serve(t, () => {});
  const names = [
    'header',
    'protocols',
    'method',
    'timeout',
    'closeTimeout',
    'perMessageDeflate',
    'tls',
    'proxy',
    'cookies',
  ];
  const more = ['followRedirects', 'resolve', 'tcpKeepalive', 'pingInterval', 'origin', 'success', 'fail', 'complete'];
  const option = Object.fromEntries([...names, ...more].map((name) => [name, null]));
  await close(await open(t, { ...option, url } as never));
});

test('followRedirects: none by default', async (t) => {
  const { url } = await serve(t);
  const { url: entrance } = await serveRaw(t, (socket) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`),
  );
  const refused = await connect(t, { url: entrance });
  await refused.closed;
  assert.equal((await refused.failed).httpStatus, 302);
  await close(await open(t, { url: entrance, followRedirects: true }));
  await close(await open(t, { url: entrance, followRedirects: 1 }));
});

test('proxy: an HTTP proxy is asked for the connection', async (t) => {
  const { url } = await serve(t);
  let asked = '';
  const { port } = await serveRaw(t, (socket, head) => {
    asked = head;
    const { hostname, port } = new URL(url);
    void import('node:net').then(({ connect }) => {
      const upstream = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      upstream.on('error', () => {});
    });
  });
  const recording = await open(t, { url, proxy: `http://user:secret@127.0.0.1:${port}` });
  assert.match(asked, /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\n/);
  assert.match(asked, /\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n/i);
  void recording.task.send({ data: 'through' });
  assert.equal(await recording.message(), 'through');
  assert.match((await rejection(connectSocket({ url, proxy: 'gopher://x' }))).errMsg, /^connectSocket:fail .*proxy/);
});

test('an option that the core does not have is refused, not ignored', async () => {
  assert.match(
    (await rejection(connectSocket({ url: NOWHERE, tls: { rejectUnauthorised: false } } as never))).errMsg,
    /parameter\.tls\.rejectUnauthorised/,
  );
  assert.match(
    (await rejection(connectSocket({ url: NOWHERE, tls: { ca: 'no certificate' } }))).errMsg,
    /^connectSocket:fail .*certificate/,
  );
});

test('options that an object inherits or computes count as its own', async (t) => {
  class Defaults {
    header = { 'X-Own': '1' };
    get protocols() {
      return ['computed'];
    }
    get cookies() {
      return { get: () => 'a=computed' };
    }
  }
  const request = new Promise<string>((resolve) => {
    void serveRaw(t, (socket, head) => {
      resolve(head);
      socket.end(accepting(head));
    }).then(({ url }) => connect(t, Object.assign(Object.create(new Defaults()), { url })));
  });
  const head = await request;
  for (const line of ['X-Own: 1', 'Sec-WebSocket-Protocol: computed', 'Cookie: a=computed'])
    assert.match(head, new RegExp(`\r\n${line}\r\n`, 'i'));
  for (const [tls, told] of [
    [{ pins: ['no pin'] }, /no SHA-256 digest/],
    [{ rejectUnauthorized: true }, /parameter\.tls\.rejectUnauthorized/],
  ] as const) {
    const { errMsg } = await rejection(connectSocket({ url: NOWHERE, tls: Object.create(tls) as object }));
    assert.match(errMsg, told, 'a check that is asked for is made');
  }
});

test('an object of options may be a Map, a Headers or a list of pairs', async (t) => {
  const pairs: Array<[string, string]> = [
    ['X-One', '1'],
    ['Authorization', 'Bearer t'],
    ['X-One', '2'],
  ];
  for (const header of [pairs, new Set(pairs), new Map(pairs), new Headers(pairs), forEachOnly(pairs)]) {
    for (const name of ['header', 'headers']) {
      const head = await requestHead(t, { [name]: header });
      assert.match(head, /\r\nauthorization: Bearer t\r\n/i);
      assert.match(head, /\r\nx-one: (1, )?2\r\n/i);
    }
  }
  assert.match(await requestHead(t, { header: pairs }), /\r\nX-One: 1\r\nAuthorization: Bearer t\r\nX-One: 2\r\n/);
  for (const tls of [new Map([['pins', ['no pin']]]), [['pins', ['no pin']]]]) {
    const { errMsg } = await rejection(connectSocket({ url: NOWHERE, tls: tls as never }));
    assert.match(errMsg, /no SHA-256 digest/, 'a check that is asked for is made');
  }
  const { errMsg } = await rejection(connectSocket({ url: NOWHERE, tls: new Map([['pin', 'x']]) as never }));
  assert.match(errMsg, /parameter\.tls\.pin should be left out/);
});

/** A Headers of an engine without iterators. */
function forEachOnly(pairs: Array<[string, string]>) {
  return {
    forEach(call: (value: string, name: string) => void) {
      for (const [name, value] of pairs) call(value, name);
    },
  };
}

test('what is no object of options is refused', async () => {
  for (const option of ['header', 'headers', 'resolve', 'tls', 'perMessageDeflate']) {
    for (const value of [['a', 'b'], new Set(['ab']), [['a']], [['a', 'b', 'c']], new Uint8Array(2)]) {
      const { errMsg } = await rejection(connectSocket({ url: NOWHERE, [option]: value }));
      assert.equal(
        errMsg,
        `connectSocket:fail parameter error: parameter.${option} should be an object or pairs of name and value`,
      );
    }
  }
  for (const [option, told] of [
    [
      { tls: { clientCert: { cert: 'a', key: 'b', passphrase: 'c' } } },
      'tls.clientCert.passphrase should be left out: there is no such option',
    ],
    [{ tls: { clientCert: { cert: 'a' } } }, 'tls.clientCert.key should be PEM text or DER bytes'],
    [{ tls: { clientCert: { key: 'b' } } }, 'tls.clientCert.cert should be PEM text or DER bytes'],
    [{ proxy: true }, "proxy should be a URL, 'system', 'environment', an Object with url, or false"],
    [{ perMessageDeflate: 'x' }, 'perMessageDeflate should be Boolean or Object'],
    [{ followRedirects: -1 }, 'followRedirects should be an integer, 0 to 20, or Boolean'],
    [{ cookies: {} }, 'cookies.get should be Function'],
    [{ cookies: { get: () => '', set: true } }, 'cookies.set should be Function'],
  ] as const) {
    const { errMsg } = await rejection(connectSocket({ url: NOWHERE, ...option } as never));
    assert.equal(errMsg, `connectSocket:fail parameter error: parameter.${told}`);
  }
});

test('origin: the header field, unless the header has it or it is null', async (t) => {
  const origin = async (option: object) => /\r\norigin: (.*)\r\n/i.exec(await requestHead(t, option))?.[1];
  assert.equal(await origin({}), undefined);
  assert.equal(await origin({ origin: 'https://a.test' }), 'https://a.test');
  assert.equal(await origin({ origin: null }), undefined);
  assert.equal(await origin({ origin: 'https://a.test', header: { origin: 'https://b.test' } }), 'https://b.test');
  for (const wrong of [5, {}, true, false]) {
    const { errMsg } = await rejection(connectSocket({ url: NOWHERE, origin: wrong as never }));
    assert.equal(errMsg, 'connectSocket:fail parameter error: parameter.origin should be String, or null for none');
  }
  assert.match((await rejection(connectSocket({ url: NOWHERE, origin: 'a\r\nb: c' }))).errMsg, /fail .*header Origin/);
});

test('options that there are not: told once each with the nearest name, refused when they sound like security', async (t) => {
  const warned = warnings(t);
  const ask = async (option: object) => {
    const result = await rejection(connectSocket({ url: NOWHERE, timeout: -1, ...option }));
    return result.errMsg as string;
  };
  for (let i = 0; i < 3; i += 1) await ask({ ping_interval: 5, timeOut: 5, flavour: 1, undefinedOne: undefined });
  await ask(Object.create({ inheritedOne: 1 }) as object);
  assert.deepEqual(warned, [
    'react-native-socket-task: there is no option ping_interval; did you mean pingInterval?; it has no effect',
    'react-native-socket-task: there is no option timeOut; did you mean timeout?; it has no effect',
    'react-native-socket-task: there is no option flavour; it has no effect',
  ]);
  warned.length = 0;
  for (const field of ['Authorization', 'X-Token', 'ping-interval']) await ask({ [field]: 's3cr3t' });
  assert.deepEqual(warned, [
    'react-native-socket-task: there is no option Authorization; a field of the header belongs into header or headers; it has no effect',
    'react-native-socket-task: there is no option X-Token; a field of the header belongs into header or headers; it has no effect',
    'react-native-socket-task: there is no option ping-interval; did you mean pingInterval?; it has no effect',
  ]);
  await ask({ [`Bearer s3cr3t`]: 1 });
  assert.equal(warned.at(-1), 'react-native-socket-task: there is no option of such a name; it has no effect');
  for (const name of [
    'ca',
    'pins',
    'rejectUnauthorized',
    'tlsOptions',
    'cert',
    'certificate',
    'key',
    'checkServerIdentity',
  ]) {
    assert.match(
      await ask({ [name]: 1 }),
      new RegExp(
        `^connectSocket:fail parameter error: parameter\\.${name} should be left out: there is no such option`,
      ),
    );
  }
  // Those of every function are known to each.
  await ask({
    method: 'GET',
    success() {},
    fail() {},
    complete() {},
    header: {},
    headers: {},
    protocols: [],
    lifetime: 1,
  });
  assert.equal(warned.length, 4);
});

test('a callback that is no function fails the call; the others are called', async (t) => {
  const { url } = await serve(t);
  const { task } = await open(t, { url });
  for (const [call, api] of [
    [(option: object) => connectSocket({ url, ...option }), 'connectSocket'],
    [(option: object) => task.send({ data: 'x', ...option }), 'sendSocketMessage'],
    [(option: object) => task.close(option), 'closeSocket'],
  ] as const) {
    for (const name of ['success', 'fail', 'complete']) {
      const heard: unknown[] = [];
      const others = {
        fail: (result: unknown) => heard.push(result),
        complete: (result: unknown) => heard.push(result),
      };
      const told = failure(`${api}:fail parameter error: parameter.${name} should be Function`);
      assert.deepEqual(await rejection(call({ ...others, [name]: 'x' })), told);
      assert.deepEqual(heard, Array(name === 'success' ? 2 : 1).fill(told));
    }
  }
  assert.equal(task.readyState, task.OPEN);
});
