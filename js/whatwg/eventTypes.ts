import type { SocketError } from '../channel/failure.js';
import type { SocketReconnecting } from '../channel/Reconnector.js';

/** What every event of a {@link WebSocket} has: the standard's `Event`. */
export interface SocketEvent {
  readonly type: string;
  readonly target: unknown;
  readonly currentTarget: unknown;
  /** 2 while listeners are called, otherwise 0. */
  readonly eventPhase: number;
  /** When the event was first asked for it, in milliseconds of `performance.now()` or, without that, of the epoch. */
  readonly timeStamp: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  /** Whether it comes from a connection. */
  readonly isTrusted: boolean;
  returnValue: boolean;
  cancelBubble: boolean;
  composedPath(): any[];
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
}

/** `message`. */
export interface SocketMessageEvent extends SocketEvent {
  /** A string, or an `ArrayBuffer` or a `Blob` as `binaryType` says. */
  readonly data: any;
  /** Scheme, host and port of the server. */
  readonly origin: string;
}

/** `close`. */
export interface SocketCloseEvent extends SocketEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** Why a connection failed, as an Error: what {@link SocketError} has. */
export interface ConnectionError extends Error, Partial<Omit<SocketError, 'message'>> {}

/**
 * `error`: the standard's has no content; this one tells why, in fields that no other event has, since libraries know events
 * by their fields. The two are optional so that it is one of the standard's to TypeScript; they are always there.
 */
export interface SocketErrorEvent extends SocketEvent {
  /** For people. */
  readonly message?: string;
  /** For programs. */
  readonly error?: ConnectionError;
}

/** `pong`, beyond the standard. */
export interface SocketPongEvent extends SocketEvent {
  readonly data: ArrayBuffer;
  /** Milliseconds since the ping that it answers; -1 when it answers none. */
  readonly rtt: number;
}

/** `suspect`, beyond the standard: the server does not answer, and the connection is given up if that lasts. */
export interface SocketSuspectEvent extends SocketEvent {
  /** For how many milliseconds the answer has been awaited: half of the time for it. */
  readonly silent: number;
}

/** `reconnecting`, beyond the standard: in the place of `error` and `close`, with the option `reconnect`. */
export interface SocketReconnectingEvent extends SocketEvent, Readonly<Omit<SocketReconnecting, 'error'>> {
  /** Why it failed; undefined where a Close frame of the server has ended it. */
  readonly error: ConnectionError | undefined;
}

export interface WebSocketEventMap {
  open: SocketEvent;
  message: SocketMessageEvent;
  error: SocketErrorEvent;
  close: SocketCloseEvent;
  pong: SocketPongEvent;
  drain: SocketEvent;
  suspect: SocketSuspectEvent;
  alive: SocketEvent;
  reconnecting: SocketReconnectingEvent;
}
