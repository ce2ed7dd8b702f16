// What is claimed for each platform, and the lines in the logs of `make test` that prove it.

export const platforms = {
  c: 'C',
  node: 'Node',
  android: 'Android',
  ios: 'iOS',
};

/** The tests of a C program, linked either way: every one of the names. */
const c = (program, ...tests) =>
  ['shared', 'static'].flatMap((linked) =>
    tests.map((test) => [`${program}--${linked}`, new RegExp(`^ok ${program}: ${test} `, 'm')]),
  );
const node = (...tests) => tests.map((test) => ['npm-test', new RegExp(`^✔ ${test}`, 'm')]);

export const features = [
  {
    feature: 'connect, send, receive, close',
    c: { claim: 'run', evidence: c('echo', 'every size over TCP', 'every size over TLS', '8 threads send') },
    node: { claim: 'run', evidence: node('text: Chinese, emoji', 'a burst of 20 000 messages comes complete') },
  },
  {
    feature: 'errors, close codes, order of events',
    c: { claim: 'run', evidence: c('failures', 'HTTP statuses', 'server closes', 'server ends the connection') },
    node: { claim: 'run', evidence: node('onClose: what was on the wire', 'onError: status, headers and body') },
  },
  {
    feature: 'permessage-deflate',
    c: { claim: 'by hand²' },
    node: { claim: 'run', evidence: node('ws, permessage-deflate', 'Python websockets, TLS and permessage-deflate') },
  },
  {
    feature: 'TLS: roots of the app, pins, client certificates',
    c: { claim: 'run', evidence: c('tls', 'pins', 'client certificate', 'authority as DER') },
    node: { claim: 'run', evidence: node('pins', 'clientCert', 'acceptedCertificates') },
  },
  {
    feature: 'proxies, redirects, cookies, addresses',
    c: {
      claim: 'run',
      evidence: [
        ...c('proxies', 'lets through'),
        ...c('network', 'redirects', 'addresses'),
        ...c('cookies', 'asks and tells'),
      ],
    },
    node: {
      claim: 'run',
      evidence: node('proxy: HTTP and SOCKS 5', 'followRedirects: credentials', 'cookies: asked', 'resolve:'),
    },
  },
  {
    feature: "the platform's proxy",
    c: { claim: 'run', evidence: c('platform', 'system proxy') },
    node: { claim: 'run', evidence: node('proxy: environment and system') },
  },
  {
    feature: 'keepalive, probe',
    c: { claim: 'run', evidence: c('platform', 'probe all') },
    node: { claim: 'run', evidence: node('pingInterval and pongTimeout') },
  },
  {
    feature: 'Taro and WHATWG in JavaScript',
    node: { claim: 'run', evidence: node('the sample of the documents', 'the life of a connection') },
  },
  {
    feature: 'memory: leaks, threads, descriptors',
    c: {
      claim: 'run',
      evidence: [
        ['leak', /^ok leak: echoes over TLS /m],
        ['leak-under-valgrind', /^ok leak: refused connections /m],
      ],
    },
    node: { claim: 'run', evidence: node('sockets that come and go leave nothing behind') },
  },
];
