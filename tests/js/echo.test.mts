// Byte for byte, there and back: against `ws`, and against the Python package `websockets`.

import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { configure, type SocketTask } from 'react-native-socket-task';
import { Authority } from './support/certificates.mjs';
import { PythonServer } from './support/python.mjs';
import { echo, serve } from './support/servers.mjs';
import { close, open, type Recording } from './support/tasks.mjs';

const MIB = 1 << 20;
const SIZES = [0, 1, 125, 126, 127, 1023, 1024, 65535, 65536, 65537, MIB, 16 * MIB];

const authority = new Authority();
const identity = authority.issue();
const python = new PythonServer(identity);
before(() => python.start());
after(() => {
  python.stop();
  authority.dispose();
});
configure({ maxSockets: Infinity });

function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  return randomFillSync(new Uint8Array(size));
}

/** `size` bytes of UTF-8 with one to four bytes per character, line ends and NUL. */
function mixedText(size: number): string {
  const unit = 'aé中😀\0\r\n"€';
  const unitBytes = Buffer.byteLength(unit);
  const text = unit.repeat(Math.floor(size / unitBytes));
  return text + 'x'.repeat(size - Buffer.byteLength(text));
}

async function echoed(recording: Recording, data: Parameters<SocketTask['send']>[0]['data']): Promise<unknown> {
  void recording.task.send({ data, fail: ({ errMsg }) => assert.fail(errMsg) });
  return recording.message();
}

async function exchange(recording: Recording): Promise<void> {
  for (const size of SIZES) {
    const bytes = randomBytes(size);
    const back = await echoed(recording, bytes);
    assert.ok(back instanceof ArrayBuffer, `${size} bytes`);
    assert.ok(Buffer.from(back).equals(bytes), `${size} bytes`);

    const text = mixedText(size);
    assert.equal(Buffer.byteLength(text), size);
    assert.ok((await echoed(recording, text)) === text, `${size} bytes of text`);
  }
}

const big = { maxPayload: 64 * MIB };

test('ws, plain', async (t) => exchange(await open(t, { url: (await serve(t, echo, big)).url })));

test('ws, TLS', async (t) => {
  const { url } = await serve(t, echo, { ...big, tls: identity });
  await exchange(await open(t, { url, tls: { ca: authority.ca } }));
});

test('ws, permessage-deflate', async (t) => {
  const { url } = await serve(t, echo, { ...big, perMessageDeflate: { threshold: 0 } });
  const recording = await open(t, { url, perMessageDeflate: true });
  assert.match((await recording.opened).extensions, /^permessage-deflate/);
  await exchange(recording);
});

test('Python websockets, plain', async (t) => exchange(await open(t, { url: python.url })));

test('Python websockets, TLS and permessage-deflate', async (t) => {
  const recording = await open(t, { url: python.tlsUrl, tls: { ca: authority.ca }, perMessageDeflate: true });
  assert.match((await recording.opened).extensions, /^permessage-deflate/);
  await exchange(recording);
});

test('text: Chinese, emoji, combining characters, NUL, line separators, a BOM', async (t) => {
  for (const { url } of [await serve(t), python]) {
    const recording = await open(t, { url });
    for (const text of [
      '中文，测试。',
      '😀👨‍👩‍👧‍👦🇨🇳',
      'e\u0301',
      '\0',
      'a\0b\0',
      '\u2028\u2029',
      '\ufeffBOM',
      '\uffff\u{10ffff}',
      '\ud83d\ude00',
    ]) {
      assert.equal(await echoed(recording, text), text);
    }
  }
});

test('text: a lone surrogate becomes U+FFFD, as in the standard', async (t) => {
  for (const { url } of [await serve(t), python]) {
    const recording = await open(t, { url });
    for (const [text, expected] of [
      ['\ud800', '\ufffd'],
      ['\udc00', '\ufffd'],
      ['a\ud83db', 'a\ufffdb'],
      ['\udc00\ud800', '\ufffd\ufffd'],
      ['\ud800\ud83d\ude00', '\ufffd😀'],
      ['x'.repeat(70_000) + '\udfff', 'x'.repeat(70_000) + '\ufffd'],
    ] as const) {
      assert.equal(await echoed(recording, text), expected);
    }
  }
});

test('a burst of 20 000 messages comes complete and in order', async (t) => {
  const COUNT = 20_000;
  const { url } = await serve(t, (peer) => {
    for (let i = 0; i < COUNT; i += 1) peer.send(String(i));
  });
  const { message } = await open(t, { url });
  for (let i = 0; i < COUNT; i += 1) assert.equal(await message(), String(i));
});

test('a buffer that came belongs to the app: writing into it changes no other', async (t) => {
  const { url } = await serve(t, (peer) => {
    for (const size of [10, 2000, 40_000, 100_000])
      for (let i = 0; i < 4; i += 1) peer.send(new Uint8Array(size).fill(7));
  });
  const { message } = await open(t, { url });
  const buffers: ArrayBuffer[] = [];
  for (let i = 0; i < 16; i += 1) buffers.push(await message());
  buffers.forEach((buffer, i) => new Uint8Array(buffer).fill(i + 100));
  buffers.forEach((buffer, i) => assert.ok(new Uint8Array(buffer).every((byte) => byte === i + 100)));
});

test('inbound: a server that sends faster than the app takes is slowed down, and memory stays flat', async (t) => {
  let sent = 0;
  const chunk = new Uint8Array(256 * 1024);
  const { url } = await serve(t, (peer) => {
    const more = () => {
      if (peer.readyState !== peer.OPEN || sent >= 512 * MIB) return;
      sent += chunk.length;
      peer.send(chunk, more);
    };
    more();
  });
  const recording = await open(t, { url });
  recording.task.ws.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = sent;
  assert.ok(paused < 64 * MIB, `${paused} bytes were taken while nothing was read`);
  recording.task.ws.resume();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(sent > paused, 'it goes on');
});

test('inbound: a thread that is busy with something else slows the server down too', async (t) => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const { WebSocketServer } = require('ws');
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('listening', () => parentPort.postMessage({ port: server.address().port }));
    const chunk = new Uint8Array(256 * 1024);
    let sent = 0;
    server.on('connection', (peer) => {
      const more = () => { if (peer.readyState === peer.OPEN) { sent += chunk.length; peer.send(chunk, more); } };
      more();
    });
    parentPort.on('message', () => parentPort.postMessage({ sent }));`;
  const worker = new Worker(source, { eval: true });
  t.after(() => worker.terminate());
  const answer = () => new Promise<any>((resolve) => worker.once('message', resolve));
  const { port } = await answer();
  const recording = await open(t, { url: `ws://127.0.0.1:${port}` });
  const measure = async () => {
    worker.postMessage('how much?');
    return (await answer()).sent as number;
  };
  const before = await measure();
  for (const end = performance.now() + 1000; performance.now() < end;);
  const taken = (await measure()) - before;
  // It runs at hundreds of MiB a second when nothing holds it back.
  assert.ok(taken < 64 * MIB, `${taken >> 20} MiB were taken in while nobody listened`);
  await close(recording);
});

test('inbound: nor do messages without content pile up meanwhile', async (t) => {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const { createHash } = require('node:crypto');
    const empty = Buffer.alloc(1 << 16);
    for (let i = 0; i < empty.length; i += 2) empty[i] = 0x82;
    const server = require('node:http').createServer();
    server.on('upgrade', ({ headers }, socket) => {
      const key = headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
      const accept = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => {});
      socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n' +
        'Sec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
      const more = () => { while (!socket.destroyed && socket.write(empty)); };
      socket.on('drain', more);
      socket.once('data', more);
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(source, { eval: true });
  t.after(() => worker.terminate());
  const port = await new Promise((resolve) => worker.once('message', resolve));
  const recording = await open(t, { url: `ws://127.0.0.1:${port}` });
  const before = process.memoryUsage.rss();
  recording.task.send({ data: 'go' });
  for (const end = performance.now() + 1000; performance.now() < end;);
  const taken = process.memoryUsage.rss() - before;
  assert.ok(taken < 128 * MIB, `${taken >> 20} MiB`);
  void recording.task.close();
  await worker.terminate();
  await recording.closed;
});
