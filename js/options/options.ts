import { byteRange } from '../data/bytes.js';
import type { CookieJar } from './cookies.js';
import { headerLines, readHeader, readProtocols, type HeaderFields } from './handshake.js';
import { readFields, readKnown, type Readers } from './fields.js';
import { checkNames } from './names.js';
import { readReconnect, type ReconnectOptions } from './reconnect.js';
import { readSignal, type AbortSignalLike } from './signal.js';
import {
  amount,
  boolean,
  entries,
  integer,
  isGiven,
  list,
  object,
  oneOf,
  OptionError,
  positive,
  string,
} from './values.js';
import type { NativeCertificateData, NativeDeflate, NativeOptions, NativeTls } from '../native/seam.js';

/** The options that `connectSocket` and {@link WebSocket} share. */
export interface SocketOptions {
  /** Header fields of the opening handshake: an object, a Map, a Headers or a list of pairs; an array repeats the field. */
  header?: HeaderFields;
  /** The header field `Origin`, unless `header` has it; null for none. Default: none, and see `installWebSocket`. */
  origin?: string | null;
  /** The whole time to open, in milliseconds. Default 60 000. */
  timeout?: number;
  /** How long the closing handshake may stand still before the connection is dropped, in milliseconds. Default 2 000. */
  closeTimeout?: number;
  /** Offer the compression of RFC 7692. Default false. */
  perMessageDeflate?: boolean | DeflateOptions;
  /** Disable Nagle's algorithm. Default true; WeChat's is false. */
  tcpNoDelay?: boolean;
  /** The largest message to accept, in bytes after decompression. Default 64 MiB. */
  maxMessageSize?: number;
  /** The most bytes that may wait to be sent. Default 64 MiB. */
  maxBufferedAmount?: number;
  /** Ping after so many milliseconds of silence from the server. Default: never, as with 0. */
  pingInterval?: number;
  /** How long the answer to such a ping may take, in milliseconds. Default 10 000. */
  pongTimeout?: number;
  /** How to authenticate the server, and oneself to it. */
  tls?: TlsOptions;
  /**
   * The URL of the proxy to go through (`http:`, `https:` or `socks5:`, with user name and password if it wants them);
   * `environment` for the one that environment variables name, `system` for the one that the platform names (on Node:
   * `environment`). As an object: with header fields for the proxy. Default: none.
   */
  proxy?: 'system' | 'environment' | (string & {}) | ProxyOptions | false;
  /** How many HTTP redirects to follow, up to 20; true stands for 5. Default: none, as in the standard. */
  followRedirects?: number | boolean;
  /** IP addresses of host names for which the resolver is not asked, in the order to try them. */
  resolve?: Record<string, string | readonly string[]>;
  /** Let the operating system probe a silent connection after so many milliseconds. Default: never, as with 0. */
  tcpKeepalive?: number;
  /**
   * Where the cookies of the opening handshake come from and go to: a jar, or `system` for those that the platform keeps
   * for the app (Android's `CookieManager`, iOS's `NSHTTPCookieStorage`; on Node: none). Default: none are sent or kept.
   */
  cookies?: CookieJar | 'system' | false;
  /** Ends the connection when it is aborted: the attempt to connect at once, and an open one as `close(1000)` does. */
  signal?: AbortSignalLike | null;
  /**
   * What an app that is in the background for more than 5 s does with the connection: `keep` (default), or `close` it with 1001.
   * On React Native.
   */
  onHide?: 'keep' | 'close';
  /** Whether a connection that is lost, or cannot be made, is followed by another one: true, or how. Default: false. */
  reconnect?: boolean | ReconnectOptions<any>;
}

/** What holds where an app's options say nothing. */
export interface Defaults {
  origin?: string;
  proxy?: 'system';
  cookies?: 'system';
}

/** The parameters of permessage-deflate; see RFC 7692, section 7.1. */
export interface DeflateOptions extends NativeDeflate {}

/** Bytes of a certificate or key: PEM as text, or DER. */
export type CertificateData = string | ArrayBuffer | ArrayBufferView;

/** A proxy, and what is for it alone. */
export interface ProxyOptions {
  /** As `proxy` itself. */
  url: 'system' | 'environment' | (string & {});
  /** Header fields of the request to an HTTP proxy, which the server never sees; in the forms of `header`. */
  headers?: HeaderFields;
}

/** How both sides of a `wss:` connection are authenticated. */
export interface TlsOptions {
  /** Which authorities are trusted: the platform's (default), Mozilla's as built in, or none but `ca`. */
  roots?: 'system' | 'bundled' | 'none';
  /** Certificate authorities trusted beside `roots`. */
  ca?: CertificateData | readonly CertificateData[];
  /** SHA-256 digests of public keys (`sha256/` and Base64, or hexadecimal): the verified chain must have one of them. */
  pins?: string | readonly string[];
  /** SHA-256 digests of server certificates that are accepted as they are. */
  acceptedCertificates?: string | readonly string[];
  /** The client's certificate and private key. */
  clientCert?: { cert: CertificateData; key: CertificateData };
  /** The name to ask the server for and to find in its certificate, instead of the URL's host. */
  serverName?: string;
  /** The lowest TLS version. Default 1.2. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

/** Every option that the core gets under the same name: not those of the header and the proxy, and what JavaScript does itself. */
const OPTIONS: Readers<
  Pick<NativeOptions, Exclude<keyof SocketOptions, 'header' | 'origin' | 'proxy' | 'signal' | 'onHide'>>
> = {
  timeout: positive,
  closeTimeout: amount,
  reconnect: readReconnect,
  perMessageDeflate: (value, option) => {
    if (typeof value === 'object') return readFields(DEFLATE, object(value, option), option);
    if (typeof value !== 'boolean') throw new OptionError(option, 'Boolean or Object');
    return value ? {} : undefined;
  },
  tcpNoDelay: boolean,
  maxMessageSize: positive,
  maxBufferedAmount: positive,
  pingInterval: amount,
  pongTimeout: positive,
  tls: (value, option) => readFields(TLS, object(value, option), option),
  followRedirects: (value, option) => {
    if (typeof value === 'boolean') return value ? REDIRECTS : 0;
    if (!Number.isInteger(value) || (value as number) < 0)
      throw new OptionError(option, 'an integer, 0 to 20, or Boolean');
    return value as number;
  },
  resolve: readResolve,
  tcpKeepalive: amount,
  cookies: (value, option) => {
    if (value === 'system' || value === false) return value || undefined;
    if (typeof value !== 'object') throw new OptionError(option, "a jar with get and set, 'system' or false");
    const { get, set } = value as { get?: unknown; set?: unknown };
    if (typeof get !== 'function') throw new OptionError(`${option}.get`, 'Function');
    if (isGiven(set) && typeof set !== 'function') throw new OptionError(`${option}.set`, 'Function');
    return true;
  },
};

/** How many redirects `true` stands for. */
const REDIRECTS = 5;

const DEFLATE: Readers<NativeDeflate> = {
  serverNoContextTakeover: boolean,
  clientNoContextTakeover: boolean,
  serverMaxWindowBits: integer,
  clientMaxWindowBits: integer,
  level: integer,
  threshold: amount,
};

const TLS: Readers<NativeTls> = {
  roots: (value, option) => oneOf(['system', 'bundled', 'none'] as const, value, option),
  ca: (value, option) => list(value).map((item) => certificateData(item, option)),
  pins: (value, option) => list(value).map((item) => string(item, option)),
  acceptedCertificates: (value, option) => list(value).map((item) => string(item, option)),
  clientCert: (value, option) => {
    const { cert, key } = readFields(CLIENT_CERT, object(value, option), option);
    if (!cert || !key) throw new OptionError(`${option}.${cert ? 'key' : 'cert'}`, CERTIFICATE_DATA);
    return { cert, key };
  },
  serverName: string,
  minVersion: (value, option) => oneOf(['TLSv1.2', 'TLSv1.3'] as const, value, option),
};

const PROXY: Readers<{ url: string; headers: string[] }> = { url: string, headers: headerLines };

const CLIENT_CERT = { cert: certificateData, key: certificateData };

const CERTIFICATE_DATA = 'PEM text or DER bytes';

/** Translates an app's options for the core. @throws OptionError, and SyntaxError for sub-protocols. */
export function nativeOptions(
  url: string,
  protocols: string | readonly string[] | null | undefined,
  options: object,
  defaults: Defaults = {},
): NativeOptions {
  const { header, headers, origin, proxy, cookies, signal, onHide } = options as Record<string, unknown>;
  checkNames(options, NAMES);
  readSignal(signal);
  if (isGiven(onHide)) oneOf(['keep', 'close'] as const, onHide, 'onHide');
  const fields = [...readHeader(header, 'header'), ...readHeader(headers, 'headers')];
  const own = origin === undefined ? defaults.origin : origin;
  if (isGiven(own) && typeof own !== 'string') throw new OptionError('origin', 'String, or null for none');
  const isName = (_: string, index: number) => index % 2 === 0;
  if (isGiven(own) && !fields.filter(isName).some((name) => name.toLowerCase() === 'origin')) {
    fields.push('Origin', own as string);
  }
  return {
    ...readProxy(isGiven(proxy) ? proxy : defaults.proxy, 'proxy'),
    ...(isGiven(cookies) ? undefined : defaults.cookies && { cookies: defaults.cookies }),
    ...readKnown(OPTIONS, options, ''),
    url,
    headers: fields,
    protocols: readProtocols(protocols),
  };
}

/** What an app's object may have: the options, what each function takes besides, and what belongs to its callers. */
const NAMES = [
  ...Object.keys(OPTIONS),
  ...[
    'header',
    'headers',
    'origin',
    'proxy',
    'signal',
    'onHide',
    'streams',
    'url',
    'protocols',
    'method',
    'success',
    'fail',
    'complete',
    'lifetime',
  ],
];

function readProxy(value: unknown, option: string): Pick<NativeOptions, 'proxy' | 'proxyHeaders'> {
  if (!isGiven(value) || value === false) return {};
  const isObject = typeof value === 'object';
  if (!isObject && typeof value !== 'string') {
    throw new OptionError(option, "a URL, 'system', 'environment', an Object with url, or false");
  }
  const { url, headers } = isObject ? readFields(PROXY, object(value, option), option) : { url: value as string };
  if (url === undefined) throw new OptionError(`${option}.url`, 'String');
  return { ...(url && { proxy: url }), ...(headers && { proxyHeaders: headers }) };
}

function readResolve(value: unknown, option: string): string[] {
  return entries(value, option).flatMap(([host, addresses]) => {
    const given = list(addresses);
    if (given.length === 0) throw new OptionError(`${option}.${host}`, 'IP addresses');
    return given.flatMap((address) => [host, string(address, `${option}.${host}`)]);
  });
}

function certificateData(value: unknown, option: string): NativeCertificateData {
  if (typeof value === 'string') return { pem: value };
  const range = byteRange(value);
  if (!range) throw new OptionError(option, CERTIFICATE_DATA);
  // Node's Buffers of PEM text are common; the core recognizes them by their content.
  return { der: range.buffer.slice(range.offset, range.offset + range.length) };
}
