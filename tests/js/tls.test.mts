import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { connectSocket, WebSocket, type OnCloseResult, type TlsOptions } from 'react-native-socket-task';
import { Authority, der, fingerprint, pin } from './support/certificates.mjs';
import { echo, serve } from './support/servers.mjs';
import { rejection } from './support/tasks.mjs';

const authority = new Authority();
const stranger = new Authority();
const server = authority.issue();
after(() => {
  authority.dispose();
  stranger.dispose();
});

/** What came of a connection with these options: the echo of a message, or phase and code of the error, with the close code. */
async function outcome(url: string, tls?: TlsOptions): Promise<unknown> {
  const ws = new WebSocket(url, [], { tls });
  let failure: unknown[] | undefined;
  ws.onopen = () => ws.send('secret 中文');
  ws.onerror = ({ error }) => (failure = [error?.phase, error?.code]);
  let echoed: unknown;
  ws.onmessage = ({ data }) => {
    echoed = data;
    ws.close();
  };
  const { code } = await new Promise<{ code: number }>((resolve) => (ws.onclose = resolve));
  return failure ? [...failure, code] : echoed;
}

const serveTls = (t: TestContext, options = {}) => serve(t, echo, { tls: { ...server, ...options } });

test('a certificate of an authority given as PEM, as DER, in a list, in a Buffer', async (t) => {
  const { url } = await serveTls(t);
  for (const ca of [
    authority.ca,
    Buffer.from(authority.ca),
    der(authority.ca),
    [stranger.ca, authority.ca],
    [der(stranger.ca), authority.ca],
    stranger.ca + authority.ca,
  ]) {
    assert.equal(await outcome(url, { ca }), 'secret 中文');
    assert.equal(await outcome(url, { ca, roots: 'none' }), 'secret 中文');
  }
});

test('an authority that is not trusted', async (t) => {
  const { url } = await serveTls(t);
  const expected = ['tls', 'certificate-unknown-issuer', 1006];
  assert.deepEqual(await outcome(url), expected);
  assert.deepEqual(await outcome(url, { ca: stranger.ca }), expected);
  assert.deepEqual(await outcome(url, { roots: 'bundled' }), expected);
});

test('close() in onError: onClose still comes, with 1006', async (t) => {
  const { url } = await serveTls(t);
  const task = await connectSocket({ url });
  task.onError(() => void task.close());
  const { code } = await new Promise<OnCloseResult>((resolve) => task.onClose(resolve));
  assert.equal(code, 1006);
});

test('a certificate for another name; serverName', async (t) => {
  const { url } = await serve(t, echo, { tls: authority.issue('DNS:other.test') });
  assert.deepEqual(await outcome(url, { ca: authority.ca }), ['tls', 'certificate-wrong-host', 1006]);
  assert.equal(await outcome(url, { ca: authority.ca, serverName: 'other.test' }), 'secret 中文');
});

test('pins', async (t) => {
  const { url } = await serveTls(t);
  assert.equal(await outcome(url, { ca: authority.ca, pins: pin(server.cert) }), 'secret 中文');
  assert.equal(await outcome(url, { ca: authority.ca, pins: [pin(stranger.ca), pin(authority.ca)] }), 'secret 中文');
  assert.deepEqual(await outcome(url, { ca: authority.ca, pins: [pin(stranger.ca)] }), ['tls', 'pin-mismatch', 1006]);
  assert.throws(() => new WebSocket(url, [], { tls: { pins: 'sha256/short' } }), TypeError);
});

test('acceptedCertificates', async (t) => {
  const { url } = await serveTls(t);
  assert.equal(await outcome(url, { acceptedCertificates: fingerprint(server.cert) }), 'secret 中文');
  assert.deepEqual(await outcome(url, { acceptedCertificates: [fingerprint(stranger.ca)] }), [
    'tls',
    'certificate-unknown-issuer',
    1006,
  ]);
});

test('clientCert', async (t) => {
  const client = authority.issue('DNS:client', 'clientAuth');
  let subject: unknown;
  const { url } = await serve(
    t,
    (peer, request) => {
      subject = (request.socket as TLSSocket).getPeerCertificate().subjectaltname;
      echo(peer);
    },
    { tls: { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: true } },
  );
  assert.equal(await outcome(url, { ca: authority.ca, clientCert: client }), 'secret 中文');
  assert.equal(subject, 'DNS:client');
  const [phase] = (await outcome(url, { ca: authority.ca })) as string[];
  assert.equal(phase, 'tls');
  assert.throws(
    () => new WebSocket(url, [], { tls: { clientCert: { cert: client.cert, key: server.key } } }),
    /does not belong/,
  );
  assert.throws(
    () => new WebSocket(url, [], { tls: { clientCert: { cert: client.cert } as never } }),
    /tls\.clientCert\.key/,
  );
});

test('minVersion', async (t) => {
  const { url } = await serveTls(t, { maxVersion: 'TLSv1.2' });
  assert.equal(await outcome(url, { ca: authority.ca }), 'secret 中文');
  assert.equal(((await outcome(url, { ca: authority.ca, minVersion: 'TLSv1.3' })) as string[])[0], 'tls');
});

test('a server without TLS', async (t) => {
  const { url } = await serve(t);
  const [phase, , closeCode] = (await outcome(url.replace('ws:', 'wss:'), { ca: authority.ca })) as unknown[];
  assert.deepEqual([phase, closeCode], ['tls', 1006]);
});

test('options of TLS that do not exist or are not acceptable', () => {
  for (const tls of [
    { rejectUnauthorized: false },
    { roots: 'all' },
    { minVersion: 'SSLv3' },
    { ca: 5 },
    { roots: 'none' },
    ['roots', 'system'],
    true,
  ]) {
    assert.throws(() => new WebSocket('wss://localhost:9', [], { tls: tls as never }), TypeError, JSON.stringify(tls));
  }
});

test('what is refused of tls is told with the option', async () => {
  const { cert } = server;
  for (const [tls, told] of [
    [{ ca: 'abc' }, 'tls.ca: the certificate is not valid: it is a text of 3 bytes and no PEM'],
    [{ pins: 'abc' }, 'tls.pins: a text of length 3 is no SHA-256 digest'],
    [{ acceptedCertificates: ['abc'] }, 'tls.acceptedCertificates: a text of length 3 is no SHA-256 digest'],
    [{ clientCert: { cert, key: 'abc' } }, "tls.clientCert: the client's private key is not valid: "],
    [{ serverName: 'a b' }, 'tls.serverName: '],
  ] as const) {
    const { errMsg } = await rejection(connectSocket({ url: 'wss://127.0.0.1:9/', tls }));
    assert.ok(errMsg.startsWith(`connectSocket:fail ${told}`), errMsg);
  }
});
