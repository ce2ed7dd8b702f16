// Every option of a connection: one row each. A spelling that is not given follows from the name by the habit of the
// language (see `spellings` in names.mjs). A row says why where a language spells it otherwise or does not have it (null).
//
//   name      as in JavaScript; `tls.` and `perMessageDeflate.` are fields of these objects there
//   unit      ms, bytes, count, flag, choice, text, list, data, object, hook
//   default   a number in the unit; `off` (0 where it is a number); true or false; or what the documents call it
//   of        the option that it is a part of in JavaScript, if it is none of its own there
//   list      the name of one item: C and Java add one at a time

const LISTS = 'a function adds one item';
const TLS = 'in JavaScript it stands in `tls`, so that its name need not say so';

export const options = [
  {
    name: 'header',
    unit: 'list',
    core: 'headers',
    c: 'add_header',
    java: 'addHeader',
    objc: ['headers', 'addHeader:value:'],
    seam: 'headers',
    why: "Taro's name is `header`; the class WebSocket takes `headers` too, as React Native's does; " + LISTS,
  },
  {
    name: 'origin',
    unit: 'text',
    default: 'none',
    core: null,
    c: null,
    java: null,
    objc: null,
    seam: null,
    why: "a field of the header; JavaScript has it by itself because React Native's own class sends it unless told otherwise",
  },
  { name: 'protocols', unit: 'list', list: 'protocol' },
  { name: 'timeout', unit: 'ms', default: 60_000 },
  { name: 'closeTimeout', unit: 'ms', default: 2_000 },
  { name: 'maxMessageSize', unit: 'bytes', default: 64 << 20 },
  { name: 'maxBufferedAmount', unit: 'bytes', default: 64 << 20 },
  { name: 'pingInterval', unit: 'ms', default: 'off' },
  { name: 'pongTimeout', unit: 'ms', default: 10_000 },
  { name: 'tcpNoDelay', unit: 'flag', default: true },
  { name: 'tcpKeepalive', unit: 'ms', default: 'off' },
  { name: 'followRedirects', unit: 'count', default: 'off' },
  { name: 'perMessageDeflate', unit: 'object', default: 'none' },
  {
    name: 'resolve',
    unit: 'list',
    core: 'resolve',
    c: 'add_address',
    java: 'addAddress',
    objc: 'addAddress:forHost:',
    why: LISTS,
  },
  {
    name: 'proxy',
    unit: 'text',
    default: 'none',
    c: ['set_proxy', 'set_proxy_from_system', 'set_proxy_from_environment'],
    java: ['proxy', 'proxyFromSystem', 'proxyFromEnvironment'],
    objc: ['proxyURL', 'proxySource'],
    why: 'one option with three kinds of values, which other languages than JavaScript tell apart by their types',
  },
  {
    name: 'proxyHeaders',
    unit: 'list',
    c: 'add_proxy_header',
    java: 'addProxyHeader',
    objc: ['proxyHeaders', 'addProxyHeader:value:'],
    js: null,
    of: 'proxy',
    why: 'in JavaScript `headers` of the object that `proxy` may be; ' + LISTS,
  },
  {
    name: 'proxyHook',
    unit: 'hook',
    core: null,
    seam: null,
    js: null,
    java: 'proxyResolver',
    objc: 'proxyForURL',
    why: 'in the core it is a kind of `proxy`; JavaScript cannot be asked from the thread that connects; Java and Objective-C name it after the type that they have for it',
  },
  {
    name: 'cookies',
    unit: 'hook',
    default: 'none',
    core: 'cookies',
    c: ['set_cookie_hook', 'set_cookies_from_system'],
    java: ['cookieJar', 'cookiesFromSystem'],
    objc: ['cookiesForURL', 'cookieFromURL', 'usesSystemCookies'],
    why: 'an object with two functions, or the one word `system`; each language has its own way to pass them',
  },
  {
    name: 'tls',
    unit: 'object',
    c: null,
    java: null,
    objc: null,
    why: 'its fields are options of their own where there is no object for them',
  },
  { name: 'tls.roots', unit: 'choice', c: 'set_trust_roots', java: 'trustRoots', objc: 'trustRoots', why: TLS },
  {
    name: 'tls.ca',
    unit: 'data',
    core: 'ca_certificates',
    c: 'add_ca_certificates',
    java: 'addCaCertificates',
    objc: 'CACertificates',
    why: "JavaScript has the name of Node's `tls` module",
  },
  { name: 'tls.pins', unit: 'list', list: 'pin' },
  { name: 'tls.acceptedCertificates', unit: 'list', list: 'acceptedCertificate' },
  {
    name: 'tls.clientCert',
    unit: 'data',
    core: 'client_certificate',
    c: 'set_client_certificate',
    java: 'clientCertificate',
    objc: ['clientCertificate', 'clientKey', 'setClientCertificate:key:'],
    why: "JavaScript has the names of Node's `tls` module",
  },
  { name: 'tls.serverName', unit: 'text' },
  {
    name: 'tls.minVersion',
    unit: 'choice',
    c: 'set_min_tls_version',
    java: 'minTlsVersion',
    objc: 'minTLSVersion',
    why: TLS,
  },
  { name: 'perMessageDeflate.serverNoContextTakeover', unit: 'flag' },
  { name: 'perMessageDeflate.clientNoContextTakeover', unit: 'flag' },
  { name: 'perMessageDeflate.serverMaxWindowBits', unit: 'count' },
  { name: 'perMessageDeflate.clientMaxWindowBits', unit: 'count' },
  { name: 'perMessageDeflate.level', unit: 'count' },
  { name: 'perMessageDeflate.threshold', unit: 'bytes' },
];

/** Options of the call in JavaScript that no connection has: they never reach the seam. */
export const callOptions = {
  url: 'in the other languages it is what a connection is made of',
  method: 'RFC 6455 fixes it to GET',
  success: 'a callback',
  fail: 'a callback',
  complete: 'a callback',
  reconnect: 'refused: not supported yet',
};
