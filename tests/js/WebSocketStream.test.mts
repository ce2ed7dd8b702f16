// WebSocketStream, after the WHATWG's draft: its promises, its streams, and that each makes the other side wait.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketError, WebSocketStream } from 'react-native-socket-task';
import { closedPort, echo, serve, serveRaw } from './support/servers.mjs';
import { rejection, until, warnings } from './support/tasks.mjs';

async function opened(url: string, options?: ConstructorParameters<typeof WebSocketStream>[1]) {
  const stream = new WebSocketStream(url, options);
  const { readable, writable, ...rest } = await stream.opened;
  return { stream, rest, readable, writable, reader: readable.getReader(), writer: writable.getWriter() };
}

test('text and bytes go both ways', async (t) => {
  const warned = warnings(t);
  const { url } = await serve(t, echo, { handleProtocols: () => 'b' });
  const { stream, rest, reader, writer } = await opened(url.replace('ws:', 'http:'), {
    protocols: ['a', 'b'],
    headers: { 'X-A': '1' },
    maxMessageSize: 1 << 20,
    streams: { ReadableStream, WritableStream },
  });
  assert.equal(stream.url, `${url}/`);
  assert.deepEqual(rest, { protocol: 'b', extensions: '' });
  await writer.write('text');
  await writer.write(new Uint8Array([1, 2, 3]).subarray(1));
  await writer.write(new Uint8Array([4]).buffer);
  await writer.write('');
  await writer.write(5 as never);
  const read = async () => (await reader.read()).value;
  assert.equal(await read(), 'text');
  assert.deepEqual(await read(), new Uint8Array([2, 3]));
  assert.deepEqual(await read(), new Uint8Array([4]));
  assert.equal(await read(), '');
  assert.equal(await read(), '5');
  stream.close({ closeCode: 3000, reason: 'done' });
  assert.deepEqual(await stream.closed, { closeCode: 3000, reason: 'done' });
  assert.deepEqual(await reader.read(), { value: undefined, done: true });
  assert.equal((await rejection(writer.write('late'))).name, 'InvalidStateError');
  assert.deepEqual(warned, []);
});

test('closing the writable closes after what was written; the readable ends', async (t) => {
  const codes: number[] = [];
  let bytes = 0;
  const { url } = await serve(t, (peer) => {
    peer.on('message', (data: Buffer) => (bytes += data.length));
    peer.on('close', (code) => codes.push(code));
  });
  const { stream, reader, writer } = await opened(url);
  for (let i = 0; i < 50; i += 1) void writer.write(new Uint8Array(100_000));
  await writer.close();
  assert.deepEqual(await stream.closed, { closeCode: 1005, reason: '' });
  assert.equal((await reader.read()).done, true);
  await until(() => codes.length > 0, 'the server knows');
  assert.deepEqual([codes, bytes], [[1005], 5_000_000]);
});

test('what the server sent before it closed can be read afterwards', async (t) => {
  const { url } = await serve(t, (peer) => {
    for (let i = 0; i < 100; i += 1) peer.send(`${i}`);
    peer.close(4001, 'bye');
  });
  const { stream, reader } = await opened(url);
  assert.deepEqual(await stream.closed, { closeCode: 4001, reason: 'bye' });
  for (let i = 0; i < 100; i += 1) assert.equal((await reader.read()).value, `${i}`);
  assert.equal((await reader.read()).done, true);
});

test('a slow reader makes the server wait', async (t) => {
  const SIZE = 64 << 10;
  let sent = 0;
  const { url } = await serve(t, async (peer) => {
    while (peer.readyState === peer.OPEN && sent < 5_000) {
      const written = new Promise((resolve) => peer.send(Buffer.alloc(SIZE), resolve));
      sent += 1;
      if (peer.bufferedAmount > 1 << 20) await written;
    }
  });
  const { stream, reader } = await opened(url);
  await sleep(300);
  const before = sent;
  await sleep(300);
  assert.equal(sent, before, 'the server goes on though nobody reads');
  assert.ok(sent * SIZE < 32 << 20, `${sent} were sent and none was read`);
  for (let i = 0; i < 2_000; i += 1) assert.equal(((await reader.read()).value as Uint8Array).byteLength, SIZE);
  assert.ok((sent - 2_000) * SIZE < 32 << 20, `${sent} were sent and 2000 read`);
  await reader.cancel();
  assert.equal((await stream.closed).closeCode, 1005);
});

test('a slow server makes the writer wait', async (t) => {
  const { url, wss } = await serve(t, (peer) => peer.pause());
  const { stream, writer } = await opened(url, { maxBufferedAmount: 4 << 20 });
  const SIZE = 64 << 10;
  let written = 0;
  let isEnough = false;
  const writing = (async () => {
    while (!isEnough) {
      await writer.ready;
      void writer.write(new Uint8Array(SIZE));
      written += 1;
    }
  })();
  // On a busy machine it may pause before it has to.
  for (let seen = -1; seen !== written && written * SIZE < 32 << 20;) {
    seen = written;
    await sleep(300);
  }
  const before = written;
  await sleep(200);
  assert.equal(written, before, 'it went on');
  // What the systems of both sides hold, and less than a megabyte of our own.
  assert.ok(written * SIZE < 32 << 20, `${written} were written`);
  isEnough = true;
  wss.clients.forEach((peer) => peer.resume());
  await writing;
  await writer.close();
  await stream.closed;
});

test('a full queue makes a write wait, and a message that never fits fails it', async (t) => {
  const { url, wss } = await serve(t, (peer) => peer.pause());
  const { stream, writer } = await opened(url, { maxBufferedAmount: 60_000 });
  let written = 0;
  const writes = Array.from({ length: 500 }, () => writer.write(new Uint8Array(50_000)).then(() => (written += 1)));
  let before = -1;
  await until(() => before === (before = written), 'it waits');
  assert.ok(written < 500);
  wss.clients.forEach((peer) => peer.resume());
  await Promise.all(writes);
  assert.equal((await rejection(writer.write(new Uint8Array(60_001)))).name, 'QuotaExceededError');
  stream.close();
  await stream.closed;
});

test('a connection that is not made: both promises say why, with what is known of it', async (t) => {
  const refusing = new WebSocketStream(`ws://127.0.0.1:${await closedPort()}/`);
  const error = await rejection(refusing.opened);
  assert.ok(error instanceof WebSocketError && error instanceof DOMException);
  assert.deepEqual([error.name, error.closeCode, error.reason], ['WebSocketError', 1006, '']);
  assert.equal((error.cause as { code?: string }).code, 'connection-refused');
  assert.equal(await rejection(refusing.closed), error);

  const { url } = await serveRaw(t, () => {});
  const given = new WebSocketStream(url);
  given.close();
  assert.equal((await rejection(given.opened)).message, 'the WebSocketStream was closed before it was open');
});

test('a connection that is lost fails both streams, and a write that waits', async (t) => {
  const { url, wss } = await serve(t, (peer) => {
    peer.pause();
    peer.send('before');
  });
  const { stream, reader, writer } = await opened(url);
  assert.equal((await reader.read()).value, 'before');
  const reading = rejection(reader.read());
  const writing = rejection(
    (async () => {
      for (;;) await writer.write(new Uint8Array(1 << 20));
    })(),
  );
  await sleep(200);
  wss.clients.forEach((peer) => peer.terminate());
  const error = await rejection(stream.closed);
  assert.ok(error instanceof WebSocketError);
  assert.equal(error.closeCode, 1006);
  assert.equal(await reading, error);
  assert.equal(await writing, error);
  assert.equal(await rejection(writer.closed), error);
});

test('abort and cancel close, with what a WebSocketError says', async (t) => {
  const { url } = await serve(t);
  for (const give of [
    (s: Awaited<ReturnType<typeof opened>>, reason: unknown) => s.writer.abort(reason),
    (s: Awaited<ReturnType<typeof opened>>, reason: unknown) => s.reader.cancel(reason),
  ]) {
    for (const [reason, expected] of [
      [new WebSocketError('x', { closeCode: 4000, reason: 'enough' }), { closeCode: 4000, reason: 'enough' }],
      [new WebSocketError('x', { reason: 'enough' }), { closeCode: 1000, reason: 'enough' }],
      [new Error('something else'), { closeCode: 1005, reason: '' }],
      [undefined, { closeCode: 1005, reason: '' }],
    ] as const) {
      const all = await opened(url);
      await give(all, reason);
      assert.deepEqual(await all.stream.closed, expected);
    }
  }
});

test('a signal ends the attempt to connect, and nothing later', async (t) => {
  const { url: silent, sockets } = await serveRaw(t, () => {});
  const reason = new Error('enough');
  const aborted = new WebSocketStream(silent, { signal: AbortSignal.abort(reason) });
  assert.equal(await rejection(aborted.opened), reason);
  assert.equal(await rejection(aborted.closed), reason);
  assert.equal(aborted.url, silent);
  aborted.close();
  assert.equal(sockets.size, 0);

  const controller = new AbortController();
  const { signal } = controller;
  const connecting = new WebSocketStream(silent, { signal });
  await until(() => sockets.size === 1, 'it is connecting');
  controller.abort(reason);
  assert.equal(await rejection(connecting.opened), reason);
  assert.equal(await rejection(connecting.closed), reason);
  await until(() => sockets.size === 0, 'the attempt is over');
  assert.equal(getEventListeners(signal, 'abort').length, 0);

  const { url } = await serve(t);
  const later = new AbortController();
  const { stream, reader, writer } = await opened(url, { signal: later.signal });
  assert.equal(getEventListeners(later.signal, 'abort').length, 0);
  later.abort();
  await writer.write('still here');
  assert.equal((await reader.read()).value, 'still here');
  stream.close();
  await stream.closed;
});

test('what is not acceptable is thrown, and a platform without streams is told so', async (t) => {
  const { url } = await serve(t);
  const Any = WebSocketStream as new (...args: unknown[]) => WebSocketStream;
  assert.throws(() => new Any(), TypeError);
  assert.throws(() => new Any('nonsense'), { name: 'SyntaxError' });
  assert.throws(() => new Any(url, { protocols: ['a', 'a'] }), { name: 'SyntaxError' });
  assert.throws(() => new Any(url, { timeout: 'soon' }), TypeError);
  assert.throws(() => new Any(url, { signal: 1 }), /the option signal/);
  assert.throws(() => new Any(url, { streams: {} }), /the option streams should be an object with the classes/);
  const { stream } = await opened(url);
  for (const closeCode of [1001, 2999, 5000]) {
    assert.throws(() => stream.close({ closeCode }), { name: 'InvalidAccessError' });
    assert.throws(() => new WebSocketError('', { closeCode }), { name: 'InvalidAccessError' });
  }
  assert.throws(() => stream.close({ reason: 'x'.repeat(124) }), { name: 'SyntaxError' });
  stream.close();
  await stream.closed;

  const { ReadableStream, WritableStream } = globalThis;
  t.after(() => Object.assign(globalThis, { ReadableStream, WritableStream }));
  Object.assign(globalThis, { ReadableStream: undefined, WritableStream: undefined });
  assert.throws(() => new Any(url), /this platform has no ReadableStream and WritableStream: give .* a ponyfill/);
  new WebSocket(url).close();
  const given = await opened(url, { streams: { ReadableStream, WritableStream } });
  await given.writer.write('x');
  assert.equal((await given.reader.read()).value, 'x');
  await given.writer.close();
});
