// The native half by itself: what seam.ts promises, and what is particular to JSI.

import { EventKind, SEAM } from '../../../js/native/seam.js';
import { binaryBytes, bytes, Client, module, server } from './client.js';
import { equal, fail, ok, runTests, test, thrown, until, wait } from './harness.js';
import { host } from './host.js';

/** The limit of the queue towards JavaScript, in bytes. */
const MAX_QUEUED = 4 << 20;

test('the module tells its version', () => {
  ok(/^\d+\.\d+\.\d+$/.test(module.version), `the version is ${module.version}`);
});

test('the module tells the version of the seam', () => {
  equal(module.seam, SEAM, 'the version');
});

test('texts come back as they were sent', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  const texts = [
    '',
    'plain ASCII',
    'a\0b',
    '\0',
    'quote " and \\ and \u001f with \0',
    '\uFEFFmark',
    'naïve',
    '漢字かな交じり文',
    '🙂👩‍👩‍👧',
    'x'.repeat(127),
    'é'.repeat(40_000),
    'y'.repeat(1 << 20),
    '字'.repeat(1 << 18),
  ];
  for (const text of texts) {
    socket.sendText(text);
    equal(await client.nextMessage(), text, 'the text');
  }
  client.session.end();
});

test('a lone surrogate becomes U+FFFD', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  for (const [text, expected] of [
    ['\uD800', '\uFFFD'],
    ['a\uDC00b', 'a\uFFFDb'],
    ['\uDC00\uD800', '\uFFFD\uFFFD'],
    ['🙂\uD83Dend', '🙂\uFFFDend'],
  ]) {
    socket.sendText(text as string);
    equal(await client.nextMessage(), expected as string, 'the text');
  }
  client.session.end();
});

test('binary messages of all sizes come back as they were sent', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  for (const size of [0, 1, 125, 126, 1023, 1024, 1025, 65_535, 65_536, 1 << 20, (5 << 20) + 3]) {
    const sent = bytes(size, size + 1);
    socket.sendBinary(sent.buffer, 0, size);
    const received = await client.nextMessage();
    if (!(received instanceof ArrayBuffer)) fail(`${size} bytes came as ${typeof received}`);
    const got = new Uint8Array(received);
    equal(got.length, size, 'the length');
    ok(
      sent.every((byte, i) => byte === got[i]),
      `the ${size} bytes are others`,
    );
  }
  client.session.end();
});

test('exactly the part of the buffer is sent', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  const { buffer } = bytes(100);
  for (const [offset, length] of [
    [0, 100],
    [1, 99],
    [99, 1],
    [100, 0],
    [37, 11],
  ] as const) {
    socket.sendBinary(buffer, offset, length);
    equal(await client.nextMessage(), buffer.slice(offset, offset + length), 'the message');
  }
  for (const [offset, length] of [
    [0, 101],
    [101, 0],
    [-1, 5],
    [5, -1],
    [Number.NaN, 1],
    [Infinity, 1],
    [2 ** 53, 2 ** 53],
  ] as const) {
    equal(
      thrown(() => socket.sendBinary(buffer, offset, length)).code,
      'invalid-argument',
      `the refusal of ${offset}, ${length}`,
    );
  }
  equal(thrown(() => socket.sendBinary({} as ArrayBuffer, 0, 0)).code, 'invalid-argument', 'the refusal of an object');
  client.session.end();
});

test('received buffers belong to JavaScript alone', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  const sent = [bytes(3000, 1), bytes(3000, 2), bytes(3000, 3)];
  for (const { buffer } of sent) socket.sendBinary(buffer, 0, 3000);
  const received = [];
  for (const _ of sent) received.push((await client.nextMessage()) as ArrayBuffer);
  new Uint8Array(received[1] as ArrayBuffer).fill(0);
  equal(received[0] as ArrayBuffer, sent[0]?.buffer as ArrayBuffer, 'the one before');
  equal(received[2] as ArrayBuffer, sent[2]?.buffer as ArrayBuffer, 'the one after');
  client.session.end();
});

test('the opening tells headers, sub-protocol and times', async () => {
  const client = new Client();
  client.connect('/headers', { headers: ['X-One', 'naïve', 'X-Two', 'b'], protocols: ['first', 'second'] });
  const [, , open] = await client.next(EventKind.Open);
  equal(open.protocol, 'first', 'the sub-protocol');
  const header = (name: string) => open.headers.filter((_, i) => i % 2 === 1 && open.headers[i - 1] === name);
  equal(header('Set-Cookie'), ['a=1', 'b=2'], 'the cookies');
  equal(
    [open.remoteAddress, open.tlsVersion, open.tlsCipher, open.tlsResumed],
    [server.replace('ws://', ''), '', '', false],
    'the way',
  );
  const { dnsStart, dnsEnd, tcpStart, tcpEnd, proxyStart, proxyEnd } = open.profile;
  const { tlsStart, tlsEnd, handshakeStart, handshakeEnd } = open.profile;
  const times = [
    0,
    dnsStart,
    dnsEnd,
    tcpStart,
    tcpEnd,
    proxyStart,
    proxyEnd,
    tlsStart,
    tlsEnd,
    handshakeStart,
    handshakeEnd,
  ];
  ok(
    times.every((time, i) => i === 0 || time >= (times[i - 1] as number)),
    `the times are ${times.join()}`,
  );
  const request = JSON.parse((await client.nextMessage()) as string) as Record<string, string>;
  equal(request['x-two'], 'b', 'the header as the server has seen it');
  client.session.end();
});

test('closing tells code and reason as they were on the wire', async () => {
  for (const [path, expected] of [
    ['/close?code=1000&reason=bye', [1000, 'bye', true]],
    ['/close?code=4321&reason=%E5%86%8D%E8%A6%8B', [4321, '再見', true]],
    ['/close', [1005, '', true]],
    ['/drop', [1006, '', false]],
  ] as const) {
    const client = new Client();
    const socket = client.connect(path);
    const [, , ...close] = await client.next(EventKind.Close);
    equal(close as unknown[], [...expected], `the closing of ${path}`);
    socket.release();
    client.session.end();
  }
  const client = new Client();
  const socket = await client.open('/echo');
  socket.close(3001, 'mine');
  const [, , ...close] = await client.next(EventKind.Close);
  equal(close as unknown[], [3001, 'mine', true], 'the closing of our own');
  socket.close(1000, '');
  equal(socket.bufferedAmount(), 0, 'the buffered amount');
  client.session.end();
});

test('a lost connection is followed by another one, with what JavaScript answers', async () => {
  const client = new Client();
  const reconnect = { minDelay: 1, maxDelay: 2, stopCodes: [4000], queue: 100, shouldReconnect: true, refresh: true };
  const socket = client.connect('/close?code=1001&reason=bye', { reconnect });
  equal((await client.next(EventKind.Open))[2].attempt, 0, 'the first attempt');
  const [, , asked, would, loss] = await client.next(EventKind.AskReconnect);
  equal([would, loss.code, loss.reason, loss.wasClean, loss.error], [true, 1001, 'bye', true, undefined], 'the loss');
  socket.answerReconnect(asked + 1, false);
  socket.answerReconnect(asked, true);
  const [, , told] = await client.next(EventKind.Reconnecting);
  equal([told.attempt, told.code, told.kept, told.failed], [1, 1001, 0, 0], 'what is told');
  ok(told.delay >= 0 && told.delay <= 2, `the delay is ${told.delay}`);
  const [, , first, attempt] = await client.next(EventKind.AskRefresh);
  equal(attempt, 1, 'the attempt');
  const wrong = thrown(() => socket.answerRefresh(first, 'http://localhost/', [], []));
  equal(wrong.code, 'invalid-url', 'the code');
  socket.failRefresh(first);
  socket.answerReconnect((await client.next(EventKind.AskReconnect))[2], true);
  equal((await client.next(EventKind.Reconnecting))[2].error?.phase, 1, 'the phase of an attempt without an answer');
  const [, , second] = await client.next(EventKind.AskRefresh);
  socket.answerRefresh(first);
  socket.answerRefresh(second, `${server}/headers`, ['X-Fresh', 'yes'], ['second']);
  const [, , open] = await client.next(EventKind.Open);
  equal([open.attempt, open.protocol], [2, 'second'], 'the third attempt');
  const { 'x-fresh': fresh } = JSON.parse(String(await client.nextMessage())) as Record<string, string>;
  equal(fresh, 'yes', 'the field');
  equal(socket.stats().reconnects, 1, 'the connections after the first');
  client.session.end();
});

test('lines of the log come as events of no socket, as long as they are wanted', async () => {
  const [client, other] = [new Client(), new Client()];
  client.session.setLog(3);
  other.session.setLog(1);
  // Those of all connections of the process: of earlier tests, too.
  const lines = () => client.events.filter((event) => event[1] === EventKind.Log);
  const told = (part: string) => lines().some(([, , , text]) => String(text).includes(part));
  const once = async () => {
    const socket = await client.open('/echo?token=secret');
    socket.close(1000, '');
    await client.next(EventKind.Close, socket.id);
    socket.release();
  };
  await once();
  await until(() => told(': open') && told(': closed with 1000'), 'both lines come');
  ok(!told('secret'), 'a line has a secret');
  ok(
    lines().every(([id, , level]) => id === 0 && (level as number) >= 1 && (level as number) <= 3),
    'a line of another level, or of a socket',
  );
  ok(!other.events.some(([, , level]) => level !== 1), 'a line that is less grave than another session wants');
  client.session.setLog(0);
  const before = lines().length;
  await once();
  equal(lines().length, before, 'the lines after the end');
  client.session.setLog(4);
  client.session.end();
  equal(thrown(() => client.session.setLog(3)).code, 'invalid-state', 'the code');
  other.session.end();
});

test('a failed connection tells why, and then closes', async () => {
  const client = new Client();
  const refused = client.connect('/refuse?status=401&body=who%20are%20you');
  const [, , http] = await client.next(EventKind.Error, refused.id);
  equal([http.phase, http.code], [6, 18], 'phase and code');
  equal(http.response?.status, 401, 'the status');
  equal(http.response?.body, 'who are you', 'the body');
  ok(http.response?.headers.includes('X-Refused') === true, 'the headers are not told');
  equal((await client.next(EventKind.Close, refused.id))[2], 1006, 'the code');

  const nobody = client.connect('', { url: 'ws://127.0.0.1:1/' });
  const [, , tcp] = await client.next(EventKind.Error, nobody.id);
  equal([tcp.phase, tcp.code, tcp.response], [3, 4, undefined], 'phase, code, response');
  ok(tcp.osError !== 0 && tcp.message.length > 0, `error ${tcp.osError}, message "${tcp.message}"`);
  equal((await client.next(EventKind.Close, nobody.id))[2], 1006, 'the code');
  client.session.end();
});

test('what cannot be done is refused with a code and a text', async () => {
  const client = new Client();
  const refused = (expected: string, action: () => unknown) => {
    const error = thrown(action);
    ok(error instanceof Error, 'no Error was thrown');
    equal(error.code, expected, `the code of "${error.message}"`);
    ok(error.message.length > 0, 'there is no text');
  };
  refused('invalid-url', () => client.connect('', { url: 'http://localhost/' }));
  refused('invalid-url', () => client.connect('', { url: 'ws://localhost/#fragment' }));
  refused('invalid-url', () => module.serializeUrl('http://localhost/'));
  equal(module.serializeUrl(' ws:HOST\\聊?x '), 'ws://host/%E8%81%8A?x', 'the URL');
  refused('invalid-argument', () => client.connect('/echo', { headers: ['bad name', 'x'] }));
  refused('invalid-argument', () => client.connect('/echo', { protocols: ['a', 'a'] }));
  for (const option of ['timeout', 'pongTimeout', 'maxMessageSize', 'maxBufferedAmount'] as const)
    refused('invalid-argument', () => client.connect('/echo', { [option]: 0 }));
  refused('invalid-argument', () => client.connect('/echo', { followRedirects: 21 }));
  refused('invalid-argument', () => client.connect('/echo', { followRedirects: 1e9 }));
  refused('invalid-argument', () => client.connect('/echo', { perMessageDeflate: { level: 10 } }));
  refused('invalid-argument', () => client.connect('/echo', { perMessageDeflate: { clientMaxWindowBits: 7 } }));
  refused('invalid-argument', () => client.connect('/echo', { tls: { roots: 'none' } }));
  refused('invalid-argument', () => client.connect('/echo', { tls: { roots: 'others' as 'none' } }));
  refused('invalid-argument', () => client.connect('/echo', { tls: { pins: ['nothing'] } }));
  refused('invalid-argument', () => client.connect('/echo', { tls: { ca: [{ pem: 'nothing' }] } }));
  refused('invalid-argument', () => client.connect('/echo', { tls: { ca: [{ der: new ArrayBuffer(3) }] } }));
  const { message } = thrown(() => client.connect('/echo', { tls: { ca: [{ pem: 'abc' }] } }));
  equal(message.slice(0, 54), 'tls.ca: the certificate is not valid: it is a text of ', 'the text');
  refused('invalid-argument', () => client.connect('/echo', { proxy: 'gopher://x' }));
  refused('invalid-argument', () => client.connect('/echo', { proxyHeaders: ['Host', 'x'] }));
  refused('invalid-argument', () => client.connect('/echo', { resolve: ['name.test', 'no address'] }));
  refused('invalid-argument', () => client.connect('/echo', { tcpKeepalive: 40_000_000 }));
  ok(thrown(() => client.connect('', { url: 5 as unknown as string })) instanceof Error, 'a number is taken for a URL');

  const silent = client.connect('/silent');
  refused('invalid-state', () => silent.sendText('early'));
  silent.release();
  const socket = await client.open('/echo', { maxBufferedAmount: 100 });
  refused('message-too-big', () => socket.sendText('x'.repeat(101)));
  refused('invalid-argument', () => socket.ping(new ArrayBuffer(126), 0, 126));
  for (const code of [0, 1, 999, 1005, 5000, 65_536, -1, 1.5e9])
    refused('invalid-argument', () => socket.close(code, ''));
  refused('invalid-argument', () => socket.close(1000, '漢'.repeat(42)));
  socket.sendText('still open');
  equal(await client.nextMessage(), 'still open', 'the message');
  socket.release();
  refused('invalid-state', () => socket.sendText('late'));
  client.session.end();
  refused('invalid-state', () => client.connect('/echo'));
});

/** How long a string can be. JavaScriptCore's can have 2 GiB: as long as a message can be. */
const LONGEST: Record<string, number> = { Hermes: 1 << 28, Node: (1 << 29) - 24 };

test('a text that is longer than a string can be fails its own connection, and no other', async () => {
  const longest = LONGEST[host.engine];
  if (longest === undefined) return;
  const client = new Client();
  const other = await client.open('/echo');
  const name = `huge ${host.now()}`;
  const socket = await client.open(`/huge?size=${longest + 1}&name=${encodeURIComponent(name)}`, {
    maxMessageSize: 1 << 30,
  });
  equal(await client.nextMessage(), 'before', 'the message before it');
  const [, , error] = await client.next(EventKind.Error, socket.id);
  equal([error.phase, error.code], [7, 26], 'phase and code of the error');
  await client.next(EventKind.Close, socket.id);
  other.sendText('still there');
  const [, , answer] = await client.next(EventKind.Message, other.id);
  equal(answer, 'still there', 'the message of the other connection');
  client.events.length = 0;
  await client.open(`/report?name=${encodeURIComponent(name)}`);
  equal(await client.nextMessage(), '1009', 'the close code that the server has got');
  client.session.end();
});

test('JavaScript keeps the cookies of the handshake', async () => {
  const client = new Client();
  const socket = client.connect('/headers', { cookies: true });
  const [, , url] = await client.next(EventKind.AskCookies);
  equal(url, `${server}/headers`, 'the URL');
  equal(client.events, [], 'the events before the answer');
  socket.answerCookies('a=字');
  socket.answerCookies('late=1');
  await client.next(EventKind.Open);
  const [before] = client.events;
  equal(before as unknown, [socket.id, EventKind.SetCookies, url, ['a=1', 'b=2']], 'what comes before the opening');
  const request = JSON.parse((await client.nextMessage()) as string) as Record<string, string>;
  // Node reads header fields as Latin-1.
  equal(request['cookie'], 'a=\u00e5\u00ad\u0097', 'the cookies as the server has seen them');

  // Nobody answers, and the one who asks does not wait for ever: the end of the program would.
  const asking = client.connect('/echo', { cookies: true });
  await client.next(EventKind.AskCookies, asking.id);
  asking.release();
  asking.answerCookies('late=1');
  client.connect('/echo', { cookies: true });
  await client.next(EventKind.AskCookies);
  client.session.end();
});

test('the platform may keep the cookies, and here it keeps none', async () => {
  const client = new Client();
  client.connect('/headers', { cookies: 'system' });
  await client.next(EventKind.Open);
  const request = JSON.parse((await client.nextMessage()) as string) as Record<string, string>;
  equal(request['cookie'], undefined, 'the cookies');
  equal(client.events, [], 'what JavaScript is told of them');
  const refusal = thrown(() => client.connect('/echo', { cookies: 'elsewhere' as 'system' }));
  equal(refusal.code, 'invalid-argument', 'the refusal');
  equal(refusal.message, 'cookies cannot be "elsewhere"', 'its text');
  client.session.end();
});

test('a connection that was opened in advance is adopted', async () => {
  const client = new Client();
  const name = `early-${Math.floor(host.now())}`;
  const options = { url: `${server}/burst?count=3&size=5&name=${name}`, headers: ['X-Early', '1'], protocols: [] };
  client.session.prewarm(options, 10_000);
  await wait(200);
  const socket = client.session.connect(options);
  await client.next(EventKind.Open, socket.id);
  equal(await client.nextMessage(), '00000', 'the message');
  equal(thrown(() => client.session.prewarm({ ...options, url: 'nothing' }, 1)).code, 'invalid-url', 'the refusal');
  equal(thrown(() => client.session.prewarm({ ...options, timeout: 0 }, 1)).code, 'invalid-argument', 'the refusal');
  socket.close(3003, '');
  equal(await closeCode(name), 3003, 'what the server was told');
  client.session.end();
  equal(thrown(() => client.session.prewarm(options, 1)).code, 'invalid-state', 'the refusal');
});

test('options reach the library', async () => {
  const client = new Client();
  const socket = client.connect('/echo', {
    perMessageDeflate: { level: 6, threshold: 0, clientMaxWindowBits: 12, serverNoContextTakeover: true },
    tcpNoDelay: false,
    tcpKeepalive: 1,
    proxy: 'system',
    resolve: ['name.test', '127.0.0.1'],
    pingInterval: 10_000.5,
    pongTimeout: 5_000,
    closeTimeout: 1_500,
    followRedirects: 3,
    maxMessageSize: 1000,
    timeout: 1e12,
  });
  const [, , open] = await client.next(EventKind.Open);
  ok(open.extensions.startsWith('permessage-deflate'), `the extensions are "${open.extensions}"`);
  socket.sendText('x'.repeat(1001));
  equal((await client.next(EventKind.Error))[2].code, 26, 'the error');
  client.session.end();
});

test('pings, pongs and probes', async () => {
  const client = new Client();
  const socket = await client.open('/echo');
  socket.ping(bytes(50).buffer, 3, 5);
  const [, , data, rtt] = await client.next(EventKind.Pong);
  equal(data, bytes(50).slice(3, 8).buffer, 'the pong');
  ok(rtt > 0 && rtt < 10_000, `the time was ${rtt}`);
  socket.probe(5_000);
  const deaf = await client.open('/deaf');
  deaf.probe(100);
  equal((await client.next(EventKind.Error, deaf.id))[2].phase, 8, 'the phase');
  socket.sendText('alive');
  equal(await client.nextMessage(), 'alive', 'the message');
  equal((await client.next(EventKind.Drain, socket.id))[2], 1, 'the messages sent');
  const { rtt: measured = -1, ...counts } = socket.stats();
  // The ping has five bytes.
  equal(
    counts,
    { messagesSent: 1, messagesReceived: 1, bytesSent: 10, bytesReceived: 5, reconnects: 0 },
    'what was carried',
  );
  ok(Math.abs(measured - rtt) < 0.01, `the last time was ${measured} instead of ${rtt}`);
  ok(!('rtt' in deaf.stats()), 'there is a time without a pong');
  client.session.end();
});

test('a burst costs one hop, and keeps its order', async () => {
  const client = new Client();
  client.connect('/burst?count=20&size=20');
  const hops = host.hops();
  host.sleep(500);
  await until(() => client.events.length >= 21, '20 messages came');
  const [open, ...messages] = client.events;
  equal(open?.[1], EventKind.Open, 'the first');
  equal(
    messages.map((event) => Number(event[2])),
    Array.from({ length: 20 }, (_, i) => i),
    'the order',
  );
  equal(host.hops() - hops, 1, 'the number of hops');
  client.session.end();
});

test('each event comes after the microtasks of the one before', async () => {
  const client = new Client();
  const order: string[] = [];
  client.heard = ([, kind, data]) => {
    if (kind !== EventKind.Message) return;
    order.push(data as string);
    void Promise.resolve().then(async () => {
      await undefined;
      order.push(`after ${data as string}`);
    });
  };
  client.connect('/burst?count=100&size=3');
  // They wait in the queue together.
  host.sleep(200);
  await until(() => order.length === 200, 'all came');
  const numbers = Array.from({ length: 100 }, (_, i) => String(i).padStart(3, '0'));
  equal(
    order,
    numbers.flatMap((number) => [number, `after ${number}`]),
    'the order',
  );
  client.session.end();
});

/** Gives the global object other properties until the function that is returned is called. */
function pretend(globals: Record<string, unknown>): () => void {
  const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  };
}

/**
 * Three messages that wait together. `opened` is called at the event before them, the two others at the first and the last.
 * The hops are those that begin between these two.
 */
async function threeMessages(
  opened: () => void,
  first: (order: string[]) => void,
  last: () => void,
): Promise<{ order: string[]; hops: number }> {
  const client = new Client();
  const order: string[] = [];
  const hops: number[] = [];
  // Awaited from before `opened` until after `last`: what waits between them would use the globals that they replace.
  const done = new Promise<void>((resolve) => {
    client.heard = ([, kind, data]) => {
      if (kind === EventKind.Open) opened();
      if (kind !== EventKind.Message) return;
      order.push(data as string);
      hops.push(host.hops());
      if (hops.length === 1) first(order);
      if (hops.length < 3) return;
      last();
      resolve();
    };
  });
  client.connect('/burst?count=3&size=1');
  host.sleep(200);
  await done;
  client.session.end();
  return { order, hops: (hops[2] ?? 0) - (hops[0] ?? 0) };
}

test('promises that React Native settles on its bridge are settled between two events of one hop', async () => {
  const waiting: Array<() => void> = [];
  const queue = {
    __callReactNativeMicrotasks(): void {
      if (this !== queue) fail('this is another object');
      for (const task of waiting.splice(0)) task();
    },
  };
  const Promise = { resolve: () => ({ then: (task: () => void) => void waiting.push(task) }) };
  let restore = () => {};
  const { order, hops } = await threeMessages(
    () => (restore = pretend({ Promise, __fbBatchedBridge: queue })),
    (messages) => waiting.push(() => messages.push('after 0')),
    () => restore(),
  );
  equal(order, ['0', 'after 0', '1', '2'], 'the order');
  equal(hops, 0, 'the number of further hops');
});

test('where promises are settled by the end of a hop alone, each event has a hop of its own', async () => {
  let restore = () => {};
  const { order, hops } = await threeMessages(
    () => (restore = pretend({ Promise: { resolve: () => ({ then: () => {} }) } })),
    () => {},
    () => restore(),
  );
  equal(order, ['0', '1', '2'], 'the order');
  equal(hops, 2, 'the number of further hops');
});

test('one that throws does not stop the others', async () => {
  const client = new Client();
  client.heard = ([, kind]) => kind === EventKind.Message && fail('expected');
  const uncaught: string[] = [];
  host.onUncaught = (message) => void uncaught.push(message);
  client.connect('/burst?count=3&size=10');
  await until(() => uncaught.length === 3, 'each was reported');
  host.onUncaught = undefined;
  equal(uncaught, ['expected', 'expected', 'expected'], 'what was reported');
  equal(client.events.filter(([, kind]) => kind === EventKind.Message).length, 3, 'the number of messages');
  client.session.end();
});

test('a socket that holds its events gives them when it is told to, in their order', async () => {
  const client = new Client();
  const held = client.connect('/burst?count=100&size=3', {}, true);
  const asking = client.connect('/burst?count=1&size=3', { cookies: true }, true);
  const other = await client.open('/burst?count=1&size=3');
  await client.next(EventKind.AskCookies, asking.id);
  asking.answerCookies('');
  await client.next(EventKind.SetCookies, asking.id);
  await client.next(EventKind.Message, other.id);
  await wait(100);
  equal(client.events, [], 'the events before');
  held.deliver();
  held.deliver();
  await until(() => client.events.length === 101, 'all came');
  equal(client.events[0]?.[1] as number, EventKind.Open, 'the first');
  equal(
    client.events.slice(1).map(([, , data]) => Number(data)),
    Array.from({ length: 100 }, (_, i) => i),
    'the messages',
  );
  held.sendText('live');
  client.events.length = 0;
  equal(await client.nextMessage(), 'live', 'what follows');
  // One that is released holds nothing any more, and lets nothing come.
  asking.release();
  asking.deliver();
  await wait(50);
  equal(
    client.events.filter(([id]) => id === asking.id),
    [],
    'the events of the released one',
  );
  client.session.end();
  held.deliver();
});

test('the queue towards JavaScript is bounded, what is held too', async () => {
  const client = new Client();
  const total = 400 * 262_144;
  const socket = client.connect('/flood?size=262144&count=400', {}, true);
  // What comes after the first was waiting, or was read from the network already.
  client.heard = () => socket.pause();
  let largest = 0;
  for (let taken = 0; taken < total;) {
    socket.resume();
    host.sleep(taken > 0 ? 30 : 300);
    socket.deliver();
    await until(() => client.events.length > 0, 'more came');
    await wait(20);
    const bytes = binaryBytes(client.events.splice(0));
    largest = Math.max(largest, bytes);
    taken += bytes;
  }
  ok(largest > MAX_QUEUED / 2, `never more than ${largest} bytes came at once: the limit was not reached`);
  // What was read from the network already still comes, and the message that went over the limit.
  ok(largest <= MAX_QUEUED + (1 << 20), `${largest} bytes came at once`);
  client.session.end();
});

test('a paused socket is not read from, whatever the queue does', async () => {
  const client = new Client();
  const socket = await client.open('/flood?size=65536&count=100000');
  socket.pause();
  // What was read already still comes.
  await wait(200);
  client.events.length = 0;
  await wait(200);
  equal(client.events.length, 0, 'the number of events');
  socket.resume();
  await until(() => client.events.length > 200, 'more came');
  client.session.end();
});

test('a released socket is silent, and the server told 1001', async () => {
  const client = new Client();
  const socket = await client.open(`/burst?count=100&size=10&name=released-${host.now()}`);
  host.sleep(100);
  client.events.length = 0;
  socket.release();
  socket.release();
  await wait(100);
  equal(
    client.events.filter((event) => event[0] === socket.id),
    [],
    'the events',
  );
  client.session.end();
});

test('a session ends the one that had its key', async () => {
  const key = `key ${host.now()}`;
  const first = new Client(key);
  const name = `replaced-${Math.floor(host.now())}`;
  await first.open(`/echo?name=${name}`);
  const second = new Client(key);
  const socket = await second.open('/echo');
  equal(thrown(() => first.connect('/echo')).code, 'invalid-state', 'the refusal');
  equal(await closeCode(name), 1001, 'what the server was told');
  socket.sendText('alive');
  equal(await second.nextMessage(), 'alive', 'the message');
  second.session.end();
  second.session.end();
});

test('the end of a session closes its sockets with 1001 and calls nothing any more', async () => {
  const client = new Client();
  const name = `ended-${Math.floor(host.now())}`;
  const socket = await client.open(`/burst?count=1000&size=100&name=${name}`);
  host.sleep(50);
  const { calls } = client;
  client.session.end();
  equal(thrown(() => socket.sendText('late')).code, 'invalid-state', 'the refusal');
  socket.close(1000, '');
  socket.pause();
  socket.resume();
  socket.probe(1);
  socket.release();
  equal(await closeCode(name), 1001, 'what the server was told');
  equal(client.calls, calls, 'the calls');
});

test('sockets with the same id in two sessions do not see each other', async () => {
  const clients = [new Client(), new Client(), new Client()];
  const sockets = await Promise.all(clients.map((client) => client.open('/echo')));
  equal(new Set(sockets.map(({ id }) => id)).size, 1, 'the number of ids');
  sockets.forEach((socket, i) => socket.sendText(`for ${i}`));
  for (const [i, client] of clients.entries()) equal(await client.nextMessage(), `for ${i}`, 'the message');
  for (const client of clients) client.session.end();
});

test('bursts for two sessions cost a hop each', async () => {
  const clients = [new Client(), new Client()];
  for (const client of clients) client.connect('/burst?count=20&size=20');
  const hops = host.hops();
  host.sleep(500);
  await until(() => clients.every(({ events }) => events.length >= 21), '20 messages came to each');
  equal(host.hops() - hops, 2, 'the number of hops');
  for (const client of clients) client.session.end();
});

test('a session lives on when others end, are replaced, or throw', async () => {
  const key = `key ${host.now()}`;
  const name = `apart-${Math.floor(host.now())}`;
  const uncaught: string[] = [];
  host.onUncaught = (message) => void uncaught.push(message);
  const throwing = module.openSession(`${key} throwing`, () => fail('expected'));
  throwing.connect({ url: `${server}/flood?size=262144&count=400`, headers: [], protocols: [] });
  const others = [new Client(key), new Client(`${key} ended`)];
  for (const other of others) await other.open('/burst?count=1000&size=100');
  const client = new Client(`${key} 2`);
  const socket = await client.open(`/echo?name=${name}`);
  const calls = others.map((other) => other.calls);

  const replacing = new Client(key);
  others[1]?.session.end();
  for (let i = 0; i < 20; i += 1) {
    socket.sendText(`text ${i}`);
    equal(await client.nextMessage(), `text ${i}`, 'the message');
  }
  equal(
    others.map((other) => other.calls),
    calls,
    'the calls of the sessions that have ended',
  );
  await until(() => uncaught.length > 0, 'the error was reported');
  host.onUncaught = undefined;
  equal(new Set(uncaught).size, 1, 'the number of different errors');
  for (const session of [throwing, replacing.session]) session.end();

  socket.sendText('alive');
  equal(await client.nextMessage(), 'alive', 'the message');
  socket.close(3005, '');
  equal(await closeCode(name), 3005, 'what the server was told');
  client.session.end();
});

/** The code with which the connection of that name was closed, as the server tells. */
async function closeCode(name: string): Promise<number> {
  const client = new Client();
  await client.open(`/report?name=${name}`);
  const code = Number(await client.nextMessage());
  client.session.end();
  return code;
}

void runTests();
