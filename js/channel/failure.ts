import type { NativeError } from '../native/seam.js';

/** The part of a connection's life in which it failed. The index is the native number. */
const PHASES = ['', 'url', 'dns', 'tcp', 'proxy', 'tls', 'handshake', 'protocol', 'timeout', 'closed'] as const;

/** What went wrong, stable for programs. The index is the native number. */
const CODES = [
  '',
  'other',
  'timed-out',
  'name-not-resolved',
  'connection-refused',
  'unreachable',
  'connection-reset',
  'connection-ended',
  'tls-failed',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-wrong-host',
  'certificate-unknown-issuer',
  'certificate-revoked',
  'certificate-invalid',
  'pin-mismatch',
  'proxy-refused',
  'proxy-authentication',
  'http-status',
  'bad-handshake',
  'accept-mismatch',
  'bad-protocol',
  'bad-extension',
  'bad-redirect',
  'protocol-violation',
  'invalid-utf8',
  'message-too-big',
  'bad-compression',
  'pong-timeout',
  'cleartext-not-permitted',
] as const;

export type ErrorPhase = Exclude<(typeof PHASES)[number], ''>;
export type ErrorCode = Exclude<(typeof CODES)[number], ''>;

/** Why a connection failed. */
export interface SocketError {
  /** What, for people. */
  message: string;
  /** The part of the connection's life in which it failed. */
  phase: ErrorPhase;
  /** What, for programs. */
  code: ErrorCode;
  /** The operating system's error number, where it gave one. */
  osError?: number;
  /** The status with which the server refused the opening handshake. */
  httpStatus?: number;
  /** The header of that response; see {@link headerObject}. */
  httpHeaders?: HeaderObject;
  /** The first KiB, at most, of that response's body. */
  body?: string;
}

/** Header fields by name. */
export type HeaderObject = Record<string, string | string[]>;

/** The native numbers of what {@link socketError} gives by name. */
export function nativeNumbers(phase: ErrorPhase, code: ErrorCode): { phase: number; code: number } {
  return { phase: PHASES.indexOf(phase), code: CODES.indexOf(code) };
}

/** Reads the native error. */
export function socketError(native: NativeError): SocketError {
  const error: SocketError = {
    message: native.message,
    phase: PHASES[native.phase] || 'closed',
    code: CODES[native.code] || 'other',
  };
  if (native.osError) error.osError = native.osError;
  if (native.response) {
    error.httpStatus = native.response.status;
    error.httpHeaders = headerObject(native.response.headers);
    error.body = native.response.body;
  }
  return error;
}

/**
 * Makes an object of header fields (name, value, name, value, …). Values of a repeated name are joined with `, `
 * under its first spelling; `Set-Cookie`, whose values may not be joined, is always an array.
 */
export function headerObject(fields: readonly string[]): HeaderObject {
  const byName = new Map<string, { name: string; values: string[] }>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    const field = byName.get(name.toLowerCase());
    if (field) field.values.push(value);
    else byName.set(name.toLowerCase(), { name, values: [value] });
  }
  const header: HeaderObject = {};
  for (const [key, { name, values }] of byName) {
    // A plain assignment would lose a field called __proto__.
    Object.defineProperty(header, name, {
      value: key === 'set-cookie' ? values : values.join(', '),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return header;
}
