import { byteRange } from '../data/bytes.js';
import { domException } from '../errors/exceptions.js';
import type { CookieJar } from './cookies.js';
import type { NativeCertificateData, NativeDeflate, NativeOptions, NativeTls } from '../native/seam.js';

/** The options that `connectSocket` and {@link WebSocket} share. */
export interface SocketOptions {
  /** Header fields of the opening handshake; an array repeats the field. */
  header?: Record<string, any>;
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
   * `environment`). Default: none.
   */
  proxy?: 'system' | 'environment' | (string & {}) | false;
  /** How many HTTP redirects to follow, up to 20; true stands for 5. Default: none, as in the standard. */
  followRedirects?: number | boolean;
  /** IP addresses of host names for which the resolver is not asked, in the order to try them. */
  resolve?: Record<string, string | readonly string[]>;
  /** Let the operating system probe a silent connection after so many milliseconds. Default: never, as with 0. */
  tcpKeepalive?: number;
  /** Where the cookies of the opening handshake come from and go to. Default: none are sent or kept. */
  cookies?: CookieJar;
}

/** The parameters of permessage-deflate; see RFC 7692, section 7.1. */
export interface DeflateOptions extends NativeDeflate {}

/** Bytes of a certificate or key: PEM as text, or DER. */
export type CertificateData = string | ArrayBuffer | ArrayBufferView;

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

/** An option that is not acceptable. */
export class OptionError extends TypeError {
  constructor(
    readonly option: string,
    readonly expected: string,
  ) {
    super(`the option ${option} should be ${expected}`);
    this.name = 'TypeError';
  }
}

type Reader = (value: unknown, native: NativeOptions, option: string) => void;

/** Every option, and how it reaches the core. An option that the core does not have is refused, not ignored. */
const OPTIONS: Record<string, Reader> = {
  header: readHeader,
  headers: readHeader,
  timeout: (value, native, option) => (native.timeout = amount(value, option)),
  closeTimeout: (value, native, option) => (native.closeTimeout = amount(value, option)),
  perMessageDeflate: (value, native, option) => {
    if (typeof value === 'object') native.perMessageDeflate = readFields(DEFLATE, object(value, option), option);
    else if (boolean(value, option)) native.perMessageDeflate = {};
  },
  tcpNoDelay: (value, native, option) => (native.tcpNoDelay = boolean(value, option)),
  maxMessageSize: (value, native, option) => (native.maxMessageSize = amount(value, option)),
  maxBufferedAmount: (value, native, option) => (native.maxBufferedAmount = amount(value, option)),
  pingInterval: (value, native, option) => (native.pingInterval = amount(value, option)),
  pongTimeout: (value, native, option) => (native.pongTimeout = amount(value, option)),
  tls: (value, native, option) => (native.tls = readFields(TLS, object(value, option), option)),
  proxy: (value, native, option) => {
    if (value !== false && value !== '') native.proxy = string(value, option);
  },
  followRedirects: (value, native, option) => {
    native.followRedirects = typeof value === 'boolean' ? (value ? REDIRECTS : 0) : integer(value, option);
  },
  resolve: readResolve,
  tcpKeepalive: (value, native, option) => (native.tcpKeepalive = amount(value, option)),
  cookies: (value, native, option) => {
    if (typeof value !== 'object') throw new OptionError(option, 'Object');
    const { get, set } = value as { get?: unknown; set?: unknown };
    if (typeof get !== 'function') throw new OptionError(`${option}.get`, 'Function');
    if (set !== undefined && set !== null && typeof set !== 'function')
      throw new OptionError(`${option}.set`, 'Function');
    native.cookies = true;
  },
  reconnect: notSupported,
};

/** How many redirects `true` stands for. */
const REDIRECTS = 5;

const DEFLATE: { [K in keyof Required<NativeDeflate>]: (value: unknown, option: string) => NativeDeflate[K] } = {
  serverNoContextTakeover: boolean,
  clientNoContextTakeover: boolean,
  serverMaxWindowBits: integer,
  clientMaxWindowBits: integer,
  level: integer,
  threshold: amount,
};

const TLS: { [K in keyof Required<NativeTls>]: (value: unknown, option: string) => NativeTls[K] } = {
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

const CLIENT_CERT = { cert: certificateData, key: certificateData };

const CERTIFICATE_DATA = 'PEM text or DER bytes';

/** A token of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The handshake sets these itself; a Referer is not the app's to choose in Taro. */
const DROPPED_HEADER = /^(referer|host|connection|upgrade|sec-websocket-.*)$/i;

/** Translates an app's options for the core. @throws OptionError, and SyntaxError for sub-protocols. */
export function nativeOptions(
  url: string,
  protocols: string | readonly string[] | null | undefined,
  options: object,
): NativeOptions {
  const native: NativeOptions = { url, headers: [], protocols: readProtocols(protocols) };
  // By their names, so that an object that inherits its options, or computes them, has them too.
  for (const [option, read] of Object.entries(OPTIONS)) {
    const value = (options as Record<string, unknown>)[option];
    if (value !== undefined && value !== null) read(value, native, option);
  }
  return native;
}

function readProtocols(protocols: unknown): string[] {
  if (protocols === undefined || protocols === null) return [];
  const given = typeof protocols === 'string' ? [protocols] : protocols;
  if (!Array.isArray(given)) throw new OptionError('protocols', 'Array');
  const read = given.map(String);
  for (const [index, protocol] of read.entries()) {
    if (!TOKEN.test(protocol)) {
      throw domException('SyntaxError', `the sub-protocol ${JSON.stringify(protocol)} is not valid`);
    }
    if (read.indexOf(protocol) < index) {
      throw domException('SyntaxError', `the sub-protocol ${protocol} is given twice`);
    }
  }
  return read;
}

function readHeader(value: unknown, native: NativeOptions, option: string): void {
  const dropped: string[] = [];
  for (const [name, content] of Object.entries(object(value, option))) {
    if (content === undefined || content === null) continue;
    if (DROPPED_HEADER.test(name)) {
      dropped.push(name);
      continue;
    }
    for (const item of list(content)) {
      if (!['string', 'number', 'boolean'].includes(typeof item))
        throw new OptionError(`${option}.${name}`, 'String or Array');
      native.headers.push(name, String(item));
    }
  }
  if (dropped.length > 0) {
    console.warn(
      `react-native-socket-task: the header cannot set ${dropped.join(', ')}; the connection is made without`,
    );
  }
}

function readResolve(value: unknown, native: NativeOptions, option: string): void {
  native.resolve = [];
  for (const [host, addresses] of Object.entries(object(value, option))) {
    const given = list(addresses);
    if (given.length === 0) throw new OptionError(`${option}.${host}`, 'IP addresses');
    for (const address of given) native.resolve.push(host, string(address, `${option}.${host}`));
  }
}

function notSupported(value: unknown, _native: NativeOptions, option: string): void {
  if (value === false) return;
  throw new OptionError(option, 'left out: it is not supported yet');
}

function readFields<T extends object>(
  readers: { [K in keyof T]-?: (value: unknown, option: string) => T[K] },
  value: object,
  option: string,
): Partial<T> {
  // A misspelt field here may be a check that is not made. An inherited one counts: to leave it out would be worse.
  for (const name in value) {
    if (!Object.hasOwn(readers, name)) throw new OptionError(`${option}.${name}`, 'left out: there is no such option');
  }
  const fields: Partial<T> = {};
  for (const name of Object.keys(readers) as Array<keyof T & string>) {
    const content = (value as Record<string, unknown>)[name];
    if (content !== undefined && content !== null) fields[name] = readers[name](content, `${option}.${name}`);
  }
  return fields;
}

/** A time or a size. Which of them an option allows, the core says. */
function amount(value: unknown, option: string): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new OptionError(option, 'a Number, 0 or more');
  return value;
}

function integer(value: unknown, option: string): number {
  if (!Number.isInteger(value) || (value as number) < 0) throw new OptionError(option, 'an integer, 0 or more');
  return value as number;
}

function boolean(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw new OptionError(option, 'Boolean');
  return value;
}

function string(value: unknown, option: string): string {
  if (typeof value !== 'string') throw new OptionError(option, 'String');
  return value;
}

function oneOf<T extends string>(choices: readonly T[], value: unknown, option: string): T {
  if (!choices.includes(value as T)) throw new OptionError(option, choices.join(' or '));
  return value as T;
}

/** An object with named fields. A list, a Map or a Headers keeps its content elsewhere: as an object it would be empty. */
function object(value: unknown, option: string): object {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) throw new OptionError(option, 'Object');
  return value;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function certificateData(value: unknown, option: string): NativeCertificateData {
  if (typeof value === 'string') return { pem: value };
  const range = byteRange(value);
  if (!range) throw new OptionError(option, CERTIFICATE_DATA);
  // Node's Buffers of PEM text are common; the core recognizes them by their content.
  return { der: range.buffer.slice(range.offset, range.offset + range.length) };
}
