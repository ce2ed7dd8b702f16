// The way to the server: addresses, proxies, redirects, cookies, and what is told about it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { after, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSocket, type ConnectOption, type CookieJar } from 'react-native-socket-task';
import { Authority } from './support/certificates.mjs';
import { runProgram } from './support/program.mjs';
import { httpProxy, socksProxy } from './support/proxies.mjs';
import { accepting, closedPort, closeFrame, echo, serve, serveRaw } from './support/servers.mjs';
import { close, connect, open, rejection, uncaughtErrors } from './support/tasks.mjs';

const authority = new Authority();
const identity = authority.issue();
after(() => authority.dispose());

/** Opens, has a text echoed, closes; gives the open event. */
async function echoes(t: TestContext, option: ConnectOption) {
  const recording = await open(t, option);
  void recording.task.send({ data: 'through 中文' });
  assert.equal(await recording.message(), 'through 中文');
  await close(recording);
  return recording.opened;
}

/** The error of a connection that must not open. */
async function failure(t: TestContext, option: ConnectOption) {
  const recording = await connect(t, option);
  await recording.closed;
  assert.deepEqual(recording.names(), ['error', 'close']);
  return recording.failed;
}

/** Opens, and answers the first frame, the client's Close, with a Close. */
function accept(socket: Socket, head: string, ...headers: string[]): void {
  socket.write(accepting(head, ...headers));
  socket.once('data', () => socket.end(closeFrame(1000)));
}

function portOf(url: string): string {
  return new URL(url).port;
}

test('resolve: addresses of a name that no resolver knows, in their order', async (t) => {
  const { url } = await serve(t);
  const port = portOf(url);
  const known = `ws://echo.test:${port}/`;
  for (const addresses of ['127.0.0.1', ['127.0.0.1'], ['127.0.0.2', '127.0.0.1'], ['::1', '127.0.0.1']]) {
    const { profile } = await echoes(t, { url: known, resolve: { 'echo.test': addresses, 'other.test': '192.0.2.1' } });
    assert.equal(profile.remoteAddress, `127.0.0.1:${port}`);
  }
  const unknown = await failure(t, { url: known, resolve: { 'other.test': '127.0.0.1' } });
  assert.deepEqual([unknown.phase, unknown.code], ['dns', 'name-not-resolved']);
  assert.match(unknown.errMsg, /echo\.test/);
  const refused = await failure(t, { url: known, resolve: { 'echo.test': ['127.0.0.2', '127.0.0.3'] } });
  assert.deepEqual([refused.phase, refused.code], ['tcp', 'connection-refused']);
  assert.match(refused.errMsg, /127\.0\.0\.2.*127\.0\.0\.3/);
  for (const resolve of [{ a: 'localhost' }, { a: [] }, { a: [5] }, ['a'], 'a']) {
    const { errMsg } = await rejection(connectSocket({ url: known, resolve: resolve as never }));
    assert.match(errMsg, /^connectSocket:fail .*resolve/, JSON.stringify(resolve));
  }
});

test('tcpKeepalive: the operating system has a keepalive timer', { skip: process.platform !== 'linux' }, async (t) => {
  const { url } = await serve(t);
  // A line for each connection; after the state and the queues the running timer, 02 for keepalive.
  const timers = () => {
    const port = Number(portOf(url)).toString(16).toUpperCase().padStart(4, '0');
    const lines = readFileSync('/proc/net/tcp', 'latin1').split('\n');
    return lines.flatMap((line) => new RegExp(`:${port} 01 \\S+ (\\d\\d):`).exec(line)?.[1] ?? []);
  };
  const without = await open(t, { url });
  assert.deepEqual(timers(), ['00']);
  await close(without);
  const recording = await open(t, { url, tcpKeepalive: 30_000 });
  assert.deepEqual(timers(), ['02']);
  await close(recording);
  await echoes(t, { url, tcpKeepalive: 0 });
  for (const tcpKeepalive of [-1, '5', 1e12]) {
    const { errMsg } = await rejection(connectSocket({ url, tcpKeepalive: tcpKeepalive as never }));
    assert.match(errMsg, /keepalive/i);
  }
});

test('proxy: HTTP and SOCKS 5, which look the name up; an HTTPS proxy', async (t) => {
  const { url } = await serve(t);
  const { url: secure } = await serve(t, echo, { tls: identity });
  const tls = { ca: authority.ca, serverName: 'localhost' };
  const http = await httpProxy(t);
  const socks = await socksProxy(t);
  const https = await httpProxy(t, { tls: identity });
  for (const [scheme, proxy] of [
    ['http', http],
    ['socks5', socks],
    ['https', https],
  ] as const) {
    const option = { proxy: `${scheme}://localhost:${proxy.port}`, tls };
    // What the proxy's certificate is checked against comes from `tls`, too.
    const { profile } = await echoes(t, { ...option, url: `ws://echo.test:${portOf(url)}/` });
    assert.ok(profile.proxyCost > 0 && profile.tlsCost === 0);
    assert.match(profile.remoteAddress, new RegExp(`:${proxy.port}$`));
    await echoes(t, { ...option, url: `wss://tls.test:${portOf(secure)}/` });
    assert.deepEqual(proxy.asked, [`echo.test:${portOf(url)}`, `tls.test:${portOf(secure)}`]);
  }
});

test('proxy: credentials, right, wrong and none', async (t) => {
  const { url } = await serve(t);
  for (const [scheme, proxy] of [
    ['http', await httpProxy(t, { credentials: 'user:p@ss' })],
    ['socks5', await socksProxy(t, { credentials: 'user:p@ss' })],
  ] as const) {
    await echoes(t, { url, proxy: `${scheme}://user:p%40ss@127.0.0.1:${proxy.port}` });
    for (const [userinfo, text] of [
      ['user:hush@', /does not accept the user name and the password/],
      ['', /wants a user name and a password/],
    ] as const) {
      const error = await failure(t, { url, proxy: `${scheme}://${userinfo}127.0.0.1:${proxy.port}` });
      assert.deepEqual([error.phase, error.code], ['proxy', 'proxy-authentication']);
      assert.match(error.errMsg, text);
      assert.doesNotMatch(error.errMsg, /hush/);
      assert.equal(error.httpStatus, scheme === 'http' ? 407 : undefined);
      if (scheme === 'http') assert.equal(error.httpHeaders?.['Proxy-Authenticate'], 'Basic realm="test"');
    }
  }
});

test('proxy: header fields for it, which the server does not see', async (t) => {
  const proxy = await httpProxy(t, { credentials: 'user:p@ss' });
  const heads: string[][] = [];
  const { url } = await serve(t, (peer, request) => {
    heads.push(request.rawHeaders);
    echo(peer);
  });
  const at = `127.0.0.1:${proxy.port}`;
  const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  await echoes(t, { url, proxy: { url: `http://${at}`, headers: { 'Proxy-Authorization': authorization } } });
  // Those of the app take the place of the library's own; each value of a field comes, in the order and spelling given.
  const headers = [
    ['x-Tag', ['b', 'a']],
    ['user-agent', 'mine'],
    ['Proxy-Authorization', authorization],
  ] as const;
  await echoes(t, { url, proxy: { url: `http://other:wrong@${at}`, headers } });
  assert.deepEqual(proxy.fields[1]?.slice(2), [
    ...['x-Tag', 'b', 'x-Tag', 'a'],
    ...['user-agent', 'mine', 'Proxy-Authorization', authorization],
  ]);
  await echoes(t, { url, proxy: { url: `http://user:p%40ss@${at}`, headers: { 'User-Agent': '' } } });
  assert.deepEqual(proxy.fields[2]?.slice(2), ['Proxy-Authorization', authorization]);
  for (const head of heads) assert.doesNotMatch(head.join(), /tag|mine|proxy/i);

  const error = await failure(t, {
    url,
    proxy: { url: `http://${at}`, headers: { 'Proxy-Authorization': 'Bearer hush' } },
  });
  assert.match(error.errMsg, /does not accept the Proxy-Authorization that was given for it/);
  for (const [refused, text] of [
    [
      { url: `http://${at}`, headers: { Host: 'a' } },
      /the header Host is not the app's to choose in the request to a proxy/,
    ],
    [{ url: `http://${at}`, headers: { 'a b': 'hush' } }, /the header name "a"… is not valid/],
    [
      { url: `http://${at}`, headers: { a: 'hush\n' } },
      /the value of the header a contains the control character U\+000A/,
    ],
    [{ url: `http://${at}`, headers: 5 }, /parameter\.proxy\.headers should be Object/],
    [{ url: `http://${at}`, header: {} }, /parameter\.proxy\.header should be left out/],
    [{ headers: {} }, /parameter\.proxy\.url should be String/],
  ] as const) {
    const { errMsg } = await rejection(connectSocket({ url, proxy: refused as never }));
    assert.match(errMsg, text);
    assert.doesNotMatch(errMsg, /hush/);
  }
});

test('proxy: one that refuses, is not there, is no proxy, or has a certificate that is not trusted', async (t) => {
  const nobody = `ws://127.0.0.1:${await closedPort()}/`;
  const http = await httpProxy(t);
  const socks = await socksProxy(t);
  const https = await httpProxy(t, { tls: identity });
  const { port: silent } = await serveRaw(t, () => {});
  const { port: web } = await serveRaw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n'));
  const dead = await closedPort();
  for (const [proxy, code, text] of [
    [`http://127.0.0.1:${http.port}`, 'proxy-refused', /HTTP status 502 Bad Gateway/],
    [`socks5://127.0.0.1:${socks.port}`, 'proxy-refused', /the connection was refused/],
    [`http://127.0.0.1:${dead}`, 'connection-refused', /^cannot reach the proxy http:\/\/127\.0\.0\.1:\d+: /],
    ['socks5://proxy.invalid', 'name-not-resolved', /^cannot reach the proxy socks5:\/\/proxy\.invalid:1080: /],
    [`https://localhost:${https.port}`, 'certificate-unknown-issuer', /^cannot reach the proxy https:\/\/localhost/],
    [`http://127.0.0.1:${web}`, 'proxy-refused', /sent data nobody asked for/],
    [`http://127.0.0.1:${silent}`, 'timed-out', /^timed out after 300 ms while asking the proxy/],
  ] as const) {
    const error = await failure(t, { url: nobody, proxy, timeout: code === 'timed-out' ? 300 : 10_000 });
    assert.deepEqual([error.phase, error.code], ['proxy', code], proxy);
    assert.match(error.errMsg, text);
  }
  const { httpStatus, httpHeaders } = await failure(t, { url: nobody, proxy: `http://127.0.0.1:${http.port}` });
  assert.deepEqual([httpStatus, httpHeaders?.['X-Why']], [502, 'nobody there']);
});

test('proxy: environment and system are what the variables say; false is none', async (t) => {
  const { url } = await serve(t);
  const socks = await socksProxy(t);
  const named = `ws://echo.test:${portOf(url)}/`;
  const variables = ['http_proxy', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'];
  const before = variables.map((name) => [name, process.env[name]] as const);
  t.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of variables) delete process.env[name];
  process.env.ALL_PROXY = `socks5://127.0.0.1:${socks.port}`;
  for (const proxy of ['environment', 'system']) await echoes(t, { url: named, proxy });
  for (const proxy of [undefined, false, ''] as const)
    assert.equal((await failure(t, { url: named, proxy })).phase, 'dns');
  process.env.NO_PROXY = 'echo.test';
  assert.equal((await failure(t, { url: named, proxy: 'environment' })).phase, 'dns');
  assert.equal(socks.asked.length, 2);
});

test('followRedirects: credentials go along to the same origin and to no other', async (t) => {
  const arrived: IncomingHttpHeaders[] = [];
  const { url } = await serve(t, (_, request) => arrived.push(request.headers));
  const secret = { Authorization: 'Bearer secret', Cookie: 'secret=1', 'X-Kept': 'yes' };
  const redirecting = (to: string) =>
    serveRaw(t, (socket, head) => {
      if (head.startsWith('GET /there ')) accept(socket, head);
      else socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`);
      seen.push(head);
    });
  const seen: string[] = [];
  const { url: elsewhere } = await redirecting(`${url}/there`);
  await close(await open(t, { url: elsewhere, header: secret, followRedirects: 1 }));
  assert.match(seen[0] as string, /Bearer secret/);
  assert.deepEqual(
    [arrived[0]?.authorization, arrived[0]?.cookie, arrived[0]?.['x-kept']],
    [undefined, undefined, 'yes'],
  );

  const { url: here } = await redirecting('there');
  await close(await open(t, { url: here, header: secret, followRedirects: 1 }));
  assert.match(seen[2] as string, /^GET \/there .*Authorization: Bearer secret\r\nCookie: secret=1\r\n/s);
});

test('followRedirects: too many, or from wss to ws', async (t) => {
  const { url: endless } = await serveRaw(t, (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'));
  const many = await failure(t, { url: endless, followRedirects: 3 });
  assert.deepEqual([many.phase, many.code, many.httpStatus], ['handshake', 'bad-redirect', 302]);
  assert.match(many.errMsg, /redirected more than 3 times/);
  const { url: secure } = await serve(t, echo, {
    tls: identity,
    verifyClient: (_info, answer) => answer(false, 301, '', { Location: endless }),
  });
  const down = await failure(t, { url: secure, tls: { ca: authority.ca }, followRedirects: 3 });
  assert.deepEqual([down.phase, down.code, down.httpStatus], ['handshake', 'bad-redirect', 301]);
  assert.match(down.errMsg, /leads from wss to ws/);
});

/** A jar that answers with `cookies` and notes what it is asked and told. */
function jar(cookies: string | undefined): CookieJar & { calls: unknown[] } {
  const calls: unknown[] = [];
  return {
    calls,
    get(url) {
      calls.push(['get', url]);
      return cookies;
    },
    set: (url, values) => calls.push(['set', url, values]),
  };
}

test('cookies: asked before each request, told of each response', async (t) => {
  const arrived: Array<string | undefined> = [];
  const { url } = await serveRaw(t, (socket, head) => {
    arrived.push(/^Cookie: (.*)$/m.exec(head)?.[1]);
    if (head.startsWith('GET /there')) accept(socket, head, 'Set-Cookie: a=1', 'Set-Cookie: b=2; Path=/');
    else socket.end('HTTP/1.1 302 Found\r\nLocation: /there\r\nSet-Cookie: early=1\r\n\r\n');
  });
  const cookies = jar('a=0; b=1');
  const opened = await open(t, { url: url.replace('//', '//user:secret@'), cookies, followRedirects: 1 });
  assert.deepEqual(cookies.calls, [
    ['get', url],
    ['set', url, ['early=1']],
    ['get', `${url}there`],
    ['set', `${url}there`, ['a=1', 'b=2; Path=/']],
  ]);
  assert.deepEqual(arrived, ['a=0; b=1', 'a=0; b=1']);
  await close(opened);

  const own = jar('a=0');
  await close(await open(t, { url: `${url}there`, header: { cookie: 'own=1' }, cookies: own }));
  assert.equal(own.calls.length, 1, 'a header of the app comes first');
  for (const nothing of ['', undefined]) await close(await open(t, { url: `${url}there`, cookies: jar(nothing) }));
  await close(await open(t, { url: `${url}there`, cookies: { get: () => sleep(50, 'late=1') } }));
  await close(await open(t, { url: `${url}there`, cookies: { get: async () => null } }));
  assert.deepEqual(arrived.slice(3), [undefined, undefined, 'late=1', undefined]);
});

test("cookies: the platform's, of which Node has none", async (t) => {
  const arrived: string[] = [];
  const { url } = await serveRaw(t, (socket, head) => {
    arrived.push(/^cookie: (.*)$/im.exec(head)?.[1] ?? 'none');
    accept(socket, head, 'Set-Cookie: a=1');
  });
  await close(await open(t, { url, cookies: 'system' }));
  await close(await open(t, { url, cookies: false }));
  await close(await open(t, { url, cookies: 'system', header: { Cookie: 'own=1' } }));
  assert.deepEqual(arrived, ['none', 'none', 'own=1']);
  for (const cookies of ['System', '', true, 1]) {
    const { errMsg } = await rejection(connectSocket({ url, cookies: cookies as never }));
    const text = "parameter.cookies should be a jar with get and set, 'system' or false";
    assert.equal(errMsg, `connectSocket:fail parameter error: ${text}`);
  }
});

test('cookies: a jar that fails is reported; the connection is made without', async (t) => {
  const { url } = await serveRaw(t, (socket, head) => {
    assert.doesNotMatch(head, /Cookie/);
    accept(socket, head, 'Set-Cookie: a=1');
  });
  const reported = uncaughtErrors(t);
  const fail = (text: string) => () => {
    throw new Error(text);
  };
  await close(await open(t, { url, cookies: { get: fail('get'), set: fail('set') } }));
  await close(await open(t, { url, cookies: { get: async () => fail('rejected')() as never } }));
  await sleep(10);
  assert.deepEqual(
    reported.map((error) => (error as Error).message),
    ['get', 'set', 'rejected'],
  );
  for (const cookies of [{}, { get: 'a=1' }, 'a=1', []]) {
    const { errMsg } = await rejection(connectSocket({ url, cookies: cookies as never }));
    assert.match(errMsg, /^connectSocket:fail parameter error: parameter\.cookies/);
  }
  const split = await failure(t, { url, cookies: { get: () => 'a=1\r\nX-Injected: yes' } });
  assert.deepEqual([split.phase, split.code], ['handshake', 'other']);
});

test('cookies: no answer: timeout, close, and the end of the process', async (t) => {
  const { url } = await serve(t);
  const never: CookieJar = { get: () => new Promise<string>(() => {}) };
  const late = await failure(t, { url, cookies: never, timeout: 200 });
  assert.deepEqual([late.phase, late.code], ['handshake', 'timed-out']);
  assert.match(late.errMsg, /timed out after 200 ms while asking for cookies/);
  const given = await connect(t, { url, cookies: never });
  await sleep(50);
  await close(given);
  assert.deepEqual(given.names(), ['close']);
  const run = await runProgram(
    `const { connectSocket } = await import('react-native-socket-task');
    await connectSocket({ url: process.argv[1], cookies: { get: () => { setTimeout(() => process.exit(7), 50); return new Promise(() => {}); } } });`,
    { args: [url] },
  );
  assert.deepEqual([run.code, run.stderr], [7, '']);
});

test('profile: the other end, TLS, and a session that is resumed', async (t) => {
  const { url } = await serve(t, echo, { tls: identity });
  // Sessions are kept for each set of options; no other test here has these.
  const option = { url, tls: { ca: authority.ca, minVersion: 'TLSv1.3' as const } };
  const first = (await echoes(t, option)).profile;
  assert.equal(first.tlsVersion, 'TLSv1.3');
  assert.match(first.tlsCipher, /^TLS_\w+_\w+$/);
  assert.equal(first.tlsResumed, false);
  assert.ok(first.tlsCost > 0 && first.proxyCost === 0);
  assert.match(first.remoteAddress, new RegExp(`^127\\.0\\.0\\.1:${portOf(url)}$`));
  const second = (await echoes(t, option)).profile;
  assert.equal(second.tlsResumed, true);

  const { url: plain } = await serve(t);
  const { profile } = await echoes(t, { url: plain });
  assert.deepEqual([profile.tlsVersion, profile.tlsCipher, profile.tlsResumed, profile.tlsCost], ['', '', false, 0]);
});
