// URLs are read as the URL Standard reads them: compared with Node's own reader of it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connectSocket, WebSocket } from 'react-native-socket-task';
import { open, rejection } from './support/tasks.mjs';
import { accepting, serve, serveRaw } from './support/servers.mjs';

/** What the package makes of a URL: its serialization, or undefined for one that is refused. */
function ours(url: string): string | undefined {
  let ws: WebSocket;
  try {
    ws = new WebSocket(url);
  } catch (error) {
    assert.equal((error as Error).name, 'SyntaxError', url);
    return undefined;
  }
  ws.close();
  return ws.url;
}

/** What the standard's constructor of WebSocket makes of it. */
function theirs(url: string): string | undefined {
  let record: URL;
  try {
    record = new URL(url);
  } catch {
    return undefined;
  }
  const scheme = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[record.protocol];
  if (!scheme || record.hash || url.includes('#')) return undefined;
  // Port 0, and what Basic authentication cannot send, are refused: docs/javascript.md.
  if (record.port === '0') return undefined;
  const [user, password] = [record.username, record.password].map(decode) as [string, string];
  if (user.includes(':') || /[\0-\x1f\x7f]/.test(user + password)) return undefined;
  // A circumflex in a path is percent-encoded since 2024; older versions of Node leave it.
  const { href, pathname } = record;
  return href.replace(pathname, pathname.replaceAll('^', '%5E')).replace(/^http/, 'ws');
}

/** Percent-decoded, byte by byte. */
function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

const LISTED = [
  'ws:host', 'ws:/host', 'ws://h?x', 'ws:\\\\h\\a', 'wss:///h', 'ws://h', 'WS://H/', ' ws://h ', 'w\ts://h\n/', 'ws://h/\0', 'ws://h/a b',
  'http://h', 'https://h/x', 'HTTPS://h:443', 'ht\ntp://h', 'ftp://h', 'h', '', 'ws:', 'ws://', 'ws:///', 'ws://?x', 'ws://h#x', 'ws://h/#',
  'ws://h:80', 'wss://h:443', 'ws://h:443', 'ws://h:0', 'ws://h:65536', 'ws://h:00081', 'ws://h:8a', 'ws://h:+1', 'ws://h:', 'ws://h: 80',
  'ws://h/..', 'ws://h/a/../b', 'ws://h/a/./b/.', 'ws://h/%2e%2E/x', 'ws://h/a/.%2e/..%2f', 'ws://h//../a', 'ws://h/...', 'ws://h/a\\b',
  'ws://h/^`{}|"<>\'', 'ws://h/?^`{}|"<>\'', 'ws://h/%zz%', 'ws://h/聊天?名=张', 'ws://h/?a?b',
  'ws://127.1', 'ws://0x7f000001', 'ws://0x7f.0.0.1', 'ws://017700000001', 'ws://1.2.3', 'ws://1.2.3.4.', 'ws://1.2.3.4.5', 'ws://256.1.1.1',
  'ws://1.2.3.256', 'ws://4294967296', 'ws://4294967295', 'ws://a.1', 'ws://a.0x', 'ws://0x', 'ws://0x.0X1', 'ws://09', 'ws://1..2', 'ws://1.', 'ws://.1',
  'ws://1e2', 'ws://0b1', 'ws://-1', 'ws://+1', 'ws://1.+1', 'ws://%31.2', 'ws://１２７.1',
  'ws://[::1]', 'ws://[::1]:81/', 'ws://[1:2:3:4:5:6:7:8]', 'ws://[0:0:1::]', 'ws://[::ffff:1.2.3.4]', 'ws://[::1.2.3.4]', 'ws://[1::2::3]', 'ws://[::1',
  'ws://::1]', 'ws://[::1]x', 'ws://[::g]', 'ws://[]', 'ws://[1:0:0:2:0:0:0:3]', 'ws://[A::B]', 'ws://x[::1]',
  'ws://u@h', 'ws://u:p@h', 'ws://:p@h', 'ws://:@h', 'ws://@h', 'ws://u@', 'ws://a@b@h', 'ws://a:b:c@h', 'ws://u:p/x@h', 'ws://u;=/@h', "ws://u'&p@h",
  'ws://ü:名@h', 'ws://u%00:p@h', 'ws://a%3Ab:p@h', 'ws://u:p\\@h',
  'ws://h%41', 'ws://h%2Fx', 'ws://h%00', 'ws://h%', 'ws://h%zz', 'ws://a b', 'ws://a<b', 'ws://a"b', "ws://a'b!$&()*+,;=_~{}`", 'ws://a..b', 'ws://.', 'ws://..', 'ws://a.',
  'ws://中文.example/', 'ws://%E4%B8%AD.example', 'ws://Bücher.example:81/x', 'ws://faß.example', 'ws://xn--fiq228c.example', 'ws://a­b', 'ws://💩', 'ws://%ff',
  'ws://localhost', 'ws://LOCALHOST./', 'ws:h:81?', 'ws:?x', 'ws://h/?', 'ws://h??', 'ws://h/x?#',
]; // prettier-ignore

test('listed URLs', () => {
  for (const url of LISTED) assert.equal(ours(url), theirs(url), JSON.stringify(url));
});

/** A generator of numbers below `n` that gives the same each time (xorshift32). */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const PIECES = [
  'a', 'B', 'example', '.', '..', '/', '\\', '?', ':', '@', '%', '%2e', '%41', '%2F', '%00', '0', '1', '80', '443', '0x7f', '08', '255', '256',
  '-', '_', ' ', '\t', '\n', '\0', '"', "'", '<', '^', '`', '{', '|', '~', '!', '&', '=', ';', '中', 'é', '[', ']', '::1', '[::1]', 'xn--',
]; // prettier-ignore

test('3 000 random URLs', () => {
  const below = numbers(20_261_126);
  const pick = <T,>(list: readonly T[]): T => list[below(list.length)] as T;
  let accepted = 0;
  for (let i = 0; i < 3000; i += 1) {
    const url =
      pick(['ws://', 'ws://', 'wss://', 'ws:', 'wss:/', 'http://', 'ws:\\']) +
      Array.from({ length: 1 + below(9) }, () => pick(PIECES)).join('');
    const expected = theirs(url);
    if (expected !== undefined) accepted += 1;
    assert.equal(ours(url), expected, JSON.stringify(url));
  }
  assert.ok(accepted > 600, `${accepted} of them were acceptable`);
});

test('what is asked for on the wire', async (t) => {
  for (const [suffix, target] of [
    ['?x', '/?x'],
    ['', '/'],
    ['/a/../b c/%2e/?名', '/b%20c/?%E5%90%8D'],
  ] as const) {
    const heard = new Promise<string>((resolve) => {
      void serveRaw(t, (socket, head) => {
        resolve(head);
        socket.end(accepting(head));
      }).then(({ url }) => {
        const { port } = new URL(url);
        new WebSocket(`ws:0x7f.1:${port}${suffix}`);
      });
    });
    const head = await heard;
    assert.ok(head.startsWith(`GET ${target} HTTP/1.1\r\n`), head);
    assert.match(head, /\r\nHost: 127\.0\.0\.1:\d+\r\n/);
  }
});

test('localhost and the names below it are this machine', async (t) => {
  const { url } = await serve(t);
  const { port } = new URL(url);
  for (const host of ['localhost', 'localhost.', 'a.localhost', 'A.b.LocalHost']) {
    const recording = await open(t, { url: `ws://${host}:${port}/` });
    void recording.task.close();
    await recording.closed;
  }
});

test('connectSocket reads them alike, but takes no http:', async (t) => {
  const { url } = await serve(t);
  const { port } = new URL(url);
  const { task } = await open(t, { url: ` ws:\\127.1:${port} ` });
  assert.equal(task.ws.url, `ws://127.0.0.1:${port}/`);
  for (const http of [`http://127.0.0.1:${port}`, ` \tHTTP://127.0.0.1:${port}`, `ht\ntps:127.0.0.1`]) {
    assert.match((await rejection(connectSocket({ url: http }))).errMsg, /does not begin with ws:\/\/ or wss:\/\//);
  }
});

test('a message tells the origin of the URL', async (t) => {
  const { url } = await serve(t, (peer) => peer.send('x'));
  const ws = new WebSocket(url.replace('//', '//user:pw@'));
  const [event] = (await once(ws as never, 'message')) as [MessageEvent];
  assert.equal(event.origin, url.replace(/\/$/, ''));
  ws.close();
});
