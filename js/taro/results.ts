import type { CloseInfo } from '../channel/Connection.js';
import {
  headerObject,
  type ErrorCode,
  type ErrorPhase,
  type HeaderObject,
  type SocketError,
} from '../channel/failure.js';
import { socketProfile, type SocketProfile } from '../channel/profile.js';
import type { SocketReconnecting } from '../channel/Reconnector.js';
import type { NativeOpen } from '../native/seam.js';
import type { CallbackResult } from './callbacks.js';

export type { SocketProfile };

export interface OnOpenResult {
  /** The response's header; `Set-Cookie` is an array, other repeated fields are joined with `, `. */
  header: HeaderObject;
  profile: SocketProfile;
  /** The sub-protocol that the server chose, or ''. */
  protocol: string;
  /** The extensions in use, or ''. */
  extensions: string;
  /** Which attempt in a row it was, with `reconnect`: 0 for the first. */
  attempt: number;
}

export interface OnMessageResult<T = any> {
  /** A string or an ArrayBuffer. */
  data: T;
}

export interface OnPongResult {
  data: ArrayBuffer;
  /** Milliseconds since the ping that it answers; -1 when it answers none. */
  rtt: number;
}

export interface OnSuspectResult {
  /** For how many milliseconds the answer has been awaited: half of the time for it. */
  silent: number;
}

/** In the place of `onError` and `onClose`, with the option `reconnect`. */
export interface OnReconnectingResult extends SocketReconnecting {}

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
  const { headers, protocol, extensions, attempt } = open;
  return {
    header: headerObject(headers),
    profile: socketProfile(open, startedAt),
    protocol,
    extensions,
    attempt,
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
