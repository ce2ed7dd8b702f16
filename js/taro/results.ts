import type { CloseInfo } from '../channel/Connection.js';
import {
  headerObject,
  type ErrorCode,
  type ErrorPhase,
  type HeaderObject,
  type SocketError,
} from '../channel/failure.js';
import type { NativeOpen } from '../native/seam.js';
import type { CallbackResult } from './callbacks.js';

/**
 * When a connection was made. `fetchStart` to `connectEnd` are in milliseconds of the epoch, the others in
 * milliseconds; all with fractions.
 */
export interface SocketProfile {
  /** connectSocket was called. */
  fetchStart: number;
  domainLookUpStart: number;
  domainLookUpEnd: number;
  connectStart: number;
  /** TLS included. */
  connectEnd: number;
  /** From `connectStart` to `connectEnd`. */
  rtt: number;
  /** The opening handshake of the WebSocket. */
  handshakeCost: number;
  /** From the call to the open socket. */
  cost: number;
  /** Asking a proxy for the connection; 0 without one. */
  proxyCost: number;
  /** The TLS handshake; 0 without TLS. */
  tlsCost: number;
  /** `TLSv1.2` or `TLSv1.3`; '' without TLS. */
  tlsVersion: string;
  /** The cipher suite in IANA's spelling; '' without TLS. */
  tlsCipher: string;
  /** Whether an earlier TLS session was resumed. */
  tlsResumed: boolean;
  /** Address and port of the server, or of the proxy: `192.0.2.1:443` or `[2001:db8::1]:443`. */
  remoteAddress: string;
}

export interface OnOpenResult {
  /** The response's header; `Set-Cookie` is an array, other repeated fields are joined with `, `. */
  header: HeaderObject;
  profile: SocketProfile;
  /** The sub-protocol that the server chose, or ''. */
  protocol: string;
  /** The extensions in use, or ''. */
  extensions: string;
}

export interface OnMessageResult<T = any> {
  /** A string or an ArrayBuffer. */
  data: T;
}

export interface OnErrorResult extends CallbackResult {
  phase: ErrorPhase;
  code: ErrorCode;
  /** The operating system's error number, where it gave one. */
  osError?: number;
  /** Of the response, when the server refused the opening handshake. */
  httpStatus?: number;
  httpHeaders?: HeaderObject;
  /** The first KiB of that response's body, at most. */
  body?: string;
}

export interface OnCloseResult {
  /** As on the wire; 1005 when there was none, 1006 without a Close frame. */
  code: number;
  reason: string;
  wasClean: boolean;
}

/** What `onOpen` gets. */
export function openResult(open: NativeOpen, startedAt: number): OnOpenResult {
  const { headers, protocol, extensions, profile, ...peer } = open;
  const micros = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
  return {
    header: headerObject(headers),
    profile: {
      fetchStart: startedAt,
      domainLookUpStart: micros(startedAt + profile.dnsStart),
      domainLookUpEnd: micros(startedAt + profile.dnsEnd),
      connectStart: micros(startedAt + profile.tcpStart),
      connectEnd: micros(startedAt + profile.tlsEnd),
      rtt: micros(profile.tlsEnd - profile.tcpStart),
      handshakeCost: micros(profile.handshakeEnd - profile.handshakeStart),
      cost: micros(profile.handshakeEnd),
      proxyCost: micros(profile.proxyEnd - profile.proxyStart),
      tlsCost: micros(profile.tlsEnd - profile.tlsStart),
      ...peer,
    },
    protocol,
    extensions,
  };
}

/** What `onError` gets. */
export function errorResult({ message, ...rest }: SocketError): OnErrorResult {
  return { errMsg: message, ...rest };
}

/** What `onClose` gets. */
export function closeResult({ code, reason, wasClean }: CloseInfo): OnCloseResult {
  return { code, reason, wasClean };
}
