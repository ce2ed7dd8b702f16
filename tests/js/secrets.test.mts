// No text tells a secret that an app gives: no error, no warning, whatever is wrong with it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import {
  configure,
  connectSocket,
  prewarm,
  type PrewarmOption,
  WebSocket,
  type ConnectOption,
} from 'react-native-socket-task';
import { ROOT } from './support/program.mjs';
import { accepting, serveRaw } from './support/servers.mjs';
import { record, warnings } from './support/tasks.mjs';

const MARK = 's3cr3t';
/** The mark as it is, in Base64 behind three, one or two bytes, and as the list of its bytes. */
const FORMS = [MARK, 'czNjcjN0', 'MzY3Izd', 'zM2NyM3', '115, 51, 99, 114'];

/** How many texts were searched; a hit fails the test that finds it. */
let searched = 0;
after(() => console.log(`${searched} texts, 0 hits`));

function search(text: string, forms: readonly string[] = FORMS): void {
  searched += 1;
  for (const form of forms) assert.ok(!text.includes(form), text);
}

const NOWHERE = 'wss://127.0.0.1:9/';

/** Every text that asking for `option` leads to, by each face. */
async function textsOf(t: TestContext, option: object): Promise<string[]> {
  const texts = warnings(t);
  configure({ log: (_level, text) => texts.push(text), logLevel: 'debug' });
  const note = (error: unknown) => {
    const { message, errMsg, stack } = error as { message?: string; errMsg?: string; stack?: string };
    texts.push(...[message, errMsg, stack].filter((text) => text !== undefined));
  };
  const { url, protocols, ...rest } = option as ConnectOption;
  try {
    const { task, closed } = record(await connectSocket({ ...option, url }));
    task.onError(note);
    texts.push(inspect(task, { depth: 9 }));
    await closed;
  } catch (error) {
    note(error);
  }
  try {
    const ws = new WebSocket(url, protocols, rest);
    ws.onerror = note;
    texts.push(inspect(ws, { depth: 9 }));
    await new Promise((resolve) => (ws.onclose = resolve));
  } catch (error) {
    note(error);
  }
  try {
    prewarm({ ...rest, url, protocols, lifetime: 1 } as PrewarmOption);
  } catch (error) {
    note(error);
  }
  t.mock.restoreAll();
  return texts;
}

async function checkEach(t: TestContext, options: object[]): Promise<void> {
  for (const option of options) {
    const texts = await textsOf(t, option);
    assert.ok(texts.length > 0, `nothing was told of ${JSON.stringify(option)}`);
    for (const text of texts) search(text);
  }
}

test('of a URL that is refused', (t) =>
  checkEach(
    t,
    [
      `ws://alice:${MARK}/x@host`,
      `ws://alice:${MARK}?x@host`,
      `ws://alice:${MARK}#x@host`,
      `ws://a/?${MARK}#`,
      `ws://a/#${MARK}`,
      `ftp://u:${MARK}@a/?${MARK}`,
      `a.test/?${MARK}:x`,
      `${MARK}:x`,
      `ws://u:${MARK}%0a@a/`,
      `ws://u:${MARK}\\@a/`,
      `wss://u%3a:${MARK}@a/`,
      `ws://u:${MARK}@a b/`,
    ].map((url) => ({ url })),
  ));

test('of a header, sub-protocols and a proxy that are refused', (t) =>
  checkEach(
    t,
    [
      { header: { Authorization: `Bearer ${MARK}\n` } },
      { header: { [`Authorization: Bearer ${MARK}`]: '' } },
      { header: { [`Authorization: Bearer ${MARK}`]: {} } },
      { header: { [`Sec-WebSocket-Key: ${MARK}`]: '', Authorization: {} } },
      { protocols: [`bearer ${MARK}`] },
      { protocols: [MARK, MARK] },
      { proxy: `http://u:${MARK}/x@h` },
      { proxy: `http://u:${MARK}%0a@h` },
      { proxy: `u:${MARK}` },
      { proxy: { url: 'http://h', headers: { 'Proxy-Authorization': `${MARK}\n` } } },
      { proxy: { url: 'http://h', headers: { [`Proxy-Authorization: ${MARK}`]: '' } } },
      { proxy: `gopher://u:${MARK}@h` },
    ].map((option) => ({ url: NOWHERE, ...option })),
  ));

test('of a connection that fails', async (t) => {
  const answers: Array<(head: string) => string> = [
    (head) => head,
    (head) => `HTTP/1.1 404 ${head}`,
    () => `HTTP/1.1 401 ${MARK}\r\nWWW-Authenticate: Bearer ${MARK}\r\nSet-Cookie: ${MARK}\r\n\r\n${MARK}`,
    () => `${MARK}\r\n\r\n`,
    () => `HTTP/1.1 ${MARK}\r\n\r\n`,
    (head) => accepting(head, `Sec-WebSocket-Protocol: ${MARK}, bearer.${MARK}`).toString('latin1'),
    (head) => accepting(head, `Sec-WebSocket-Extensions: ${MARK}; ${MARK}=${MARK}`).toString('latin1'),
    (head) => accepting(head, `Set-Cookie: ${MARK}`).toString('latin1') + `\x88\x08\x03\xee${MARK}`,
    (head) => accepting(head).toString('latin1') + `\x81\x07${MARK}\xff`,
    () => `HTTP/1.1 302 Found\r\nLocation: ws://u:${MARK}/x@127.0.0.1:1/\r\n\r\n`,
    () => `HTTP/1.1 302 Found\r\nLocation: ws://u:${MARK}@127.0.0.1:1/${MARK}?${MARK}\r\n\r\n`,
    () => `HTTP/1.1 302 Found\r\nLocation: ftp://${MARK}/?${MARK}\r\n\r\n`,
    () => 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n',
    () => 'nonsense\r\n\r\n',
    (head) => accepting(head, 'Sec-WebSocket-Protocol: other').toString('latin1'),
  ];
  for (const answer of answers) {
    const { url } = await serveRaw(t, (socket, head) => socket.end(answer(head), 'latin1'));
    const option = {
      url: `${url.replace('ws://', `ws://u:${MARK}@`)}${MARK}?${MARK}`,
      header: { Authorization: MARK, Cookie: MARK },
      protocols: [MARK],
    };
    const proxy = `http://u:${MARK}@${new URL(url).host}`;
    await checkEach(t, [option, { ...option, followRedirects: 2 }, { ...option, proxy }]);
  }
});

test('of a key, whatever is wrong with its text', async (t) => {
  const read = (name: string) => readFileSync(join(ROOT, 'src/options/tls/testdata', name), 'utf8');
  const [cert, key] = [read('ec.pem'), read('ec-sec1.key')];
  // The first line of the key itself, as text and as a list of its bytes.
  const body = key.split('\n')[1]?.slice(0, 12) as string;
  const told = [
    body,
    [...body]
      .slice(0, 4)
      .map((character) => character.charCodeAt(0))
      .join(', '),
  ];
  const faults: Array<[string | RegExp, string]> = [
    [/\n/g, 'n'],
    [/-----BEGIN[^]*?-----\n/, ''],
    [/-----END[^]*/, ''],
    ['END EC', 'END RSA'],
    ['KEY-----', 'KEY----'],
    [body, `${body}*`],
  ];
  for (const [from, to] of faults) {
    const broken = key.replace(from, to);
    for (const tls of [{ clientCert: { cert, key: broken } }, { clientCert: { cert: broken, key } }, { ca: broken }]) {
      const texts = await textsOf(t, { url: NOWHERE, tls });
      assert.equal(texts.length, 7, 'each refuses it');
      assert.match(texts[0] ?? '', /^connectSocket:fail .*(key|certificate).* is not valid: /);
      for (const text of texts) search(text, told);
    }
  }
});

test('of a cookie jar', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => socket.end(accepting(head, `Set-Cookie: ${MARK}`)));
  await checkEach(t, [
    { url, cookies: { get: () => `${MARK}\n`, set: () => {} } },
    { url, cookies: { get: () => MARK, set: () => {} } },
  ]);
});
