import type { SocketError } from '../channel/failure.js';

/** What every event of a {@link WebSocket} has; the part of the standard's `Event` that applies. */
export interface SocketEvent {
  readonly type: string;
  readonly target: unknown;
  readonly currentTarget: unknown;
  readonly timeStamp: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly defaultPrevented: boolean;
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

/**
 * `error`: the standard's has no content; this one tells why. The fields are optional so that it is one of the
 * standard's to TypeScript; there is always a `message`.
 */
export interface SocketErrorEvent extends SocketEvent, Partial<SocketError> {}

/** `pong`, beyond the standard. */
export interface SocketPongEvent extends SocketEvent {
  readonly data: ArrayBuffer;
  /** Milliseconds since the ping that it answers; -1 when it answers none. */
  readonly rtt: number;
}

export interface WebSocketEventMap {
  open: SocketEvent;
  message: SocketMessageEvent;
  error: SocketErrorEvent;
  close: SocketCloseEvent;
  pong: SocketPongEvent;
}

/** Events whose propagation was stopped: few are, so the others carry nothing for it. */
const stopped = new WeakSet<object>();

/** Whether a listener has stopped `event`. */
export function isStopped(event: object): boolean {
  return stopped.has(event);
}

/** The base of the events. Listeners run at the target only: nothing bubbles, nothing can be prevented. */
export class Event implements SocketEvent {
  readonly type: string;
  target: unknown = null;
  currentTarget: unknown = null;
  readonly timeStamp = Date.now();
  readonly bubbles: boolean = false;
  readonly cancelable: boolean = false;
  readonly defaultPrevented: boolean = false;

  constructor(type: string) {
    this.type = type;
  }

  preventDefault(): void {}

  stopPropagation(): void {}

  stopImmediatePropagation(): void {
    stopped.add(this);
  }
}

export class MessageEvent extends Event implements SocketMessageEvent {
  readonly data: unknown;
  readonly origin: string;
  readonly lastEventId = '';
  readonly source = null;
  readonly ports: readonly never[] = [];

  constructor(type: string, init: { data?: unknown; origin?: string } = {}) {
    super(type);
    this.data = init.data ?? null;
    this.origin = init.origin ?? '';
  }
}

export class CloseEvent extends Event implements SocketCloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor(type: string, init: { code?: number; reason?: string; wasClean?: boolean } = {}) {
    super(type);
    this.code = init.code ?? 0;
    this.reason = init.reason ?? '';
    this.wasClean = init.wasClean ?? false;
  }
}
