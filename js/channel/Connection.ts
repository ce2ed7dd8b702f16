import { adoptArrayBuffer, type ByteRange } from '../data/bytes.js';
import type { CookieJar } from '../options/cookies.js';
import { answerCookies, storeCookies } from './cookies.js';
import { domException } from '../errors/exceptions.js';
import { headerObject, socketError, type HeaderObject, type SocketError } from './failure.js';
import {
  EventKind,
  type NativeEvent,
  type NativeOpen,
  type NativeOptions,
  type NativeSocket,
  type RefusalCode,
} from '../native/seam.js';
import { environment } from '../native/environment.js';
import { connectNative, post, type EventReceiver } from '../native/session.js';

/** Where in its life a connection is; the standard's `readyState`. */
export const ReadyState = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/** What the server said when it opened the WebSocket. */
export interface OpenInfo extends Omit<NativeOpen, 'headers'> {
  header: HeaderObject;
  /** When the connection was asked for, in milliseconds of the epoch. */
  startedAt: number;
}

/** How a connection ended, as on the wire: 1005 no code, 1006 no Close frame, 1015 TLS. */
export interface CloseInfo {
  code: number;
  reason: string;
  wasClean: boolean;
  /** Whether it was closed before it was open, by the app itself: no error has told why. */
  aborted: boolean;
}

/** What an observer of a connection gets, in this order; nothing after `close`. */
export interface ConnectionObserver {
  open?(info: OpenInfo): void;
  message?(data: string | ArrayBuffer): void;
  pong?(data: ArrayBuffer, rtt: number): void;
  error?(error: SocketError): void;
  close?(info: CloseInfo): void;
}

/** Learns what became of a message: nothing when it was handed to the operating system, else why it was not. */
export type SendOutcome = (failure?: string) => void;

/** Whether `error` is the seam's refusal `code`. */
export function isRefusal(error: unknown, code: RefusalCode): error is Error {
  return typeof error === 'object' && (error as { code?: unknown } | null)?.code === code;
}

/** Throws what the standard's constructor throws where the seam has refused. */
export function throwRefusal(error: unknown): never {
  if (isRefusal(error, 'invalid-url')) throw domException('SyntaxError', error.message);
  if (isRefusal(error, 'invalid-argument')) throw new TypeError(error.message);
  throw error;
}

/**
 * One connection as JavaScript sees it: the native socket, the state that follows its events one task at a time,
 * and the messages whose outcome is not known yet. `WebSocket` and `SocketTask` are two faces of it.
 */
export class Connection implements EventReceiver {
  readyState: ReadyState = ReadyState.CONNECTING;
  protocol = '';
  extensions = '';

  readonly #native: NativeSocket;
  readonly #cookies: CookieJar | undefined;
  readonly #observers: ConnectionObserver[] = [];
  readonly #startedAt = Date.now();
  /** Events that wait until the app has had the chance to register its listeners. */
  #held: NativeEvent[] | undefined;
  /** Whether the app closed the connection before it was open. */
  #aborted = false;
  /** How many messages the native socket has accepted. */
  #accepted = 0;
  /** Those of them whose outcome somebody waits for, by their number. */
  readonly #awaited: Array<{ number: number; outcome: SendOutcome }> = [];
  /** What was still in the native queue when the connection ended. */
  #leftover = 0;

  /**
   * Starts to connect. With `hold`, events wait until the timers have gone round once. `cookies` is the jar that
   * `options.cookies` promises.
   * @throws what `NativeSession.connect` throws.
   */
  constructor(options: NativeOptions, hold: boolean, cookies?: CookieJar) {
    this.#cookies = cookies;
    this.#native = connectNative(options, this);
    if (!hold) return;
    this.#held = [];
    // Twice: a timer of 0 ms that the app sets when it gets the task runs after the first and before the second.
    environment().setTimeout(() => environment().setTimeout(() => this.#dispatchHeld()));
  }

  observe(observer: ConnectionObserver): void {
    this.#observers.push(observer);
  }

  /** Bytes of messages that were accepted and not handed to the operating system. */
  get bufferedAmount(): number {
    return this.readyState === ReadyState.CLOSED ? this.#leftover : this.#native.bufferedAmount();
  }

  /** Queues a message. @throws a native refusal: nothing was queued then, and `outcome` is not called. */
  send(data: string | ByteRange, outcome?: SendOutcome): void {
    if (typeof data === 'string') this.#native.sendText(data);
    else this.#native.sendBinary(data.buffer, data.offset, data.length);
    this.#accepted += 1;
    if (outcome) this.#awaited.push({ number: this.#accepted, outcome });
  }

  /** Queues a ping. @throws a native refusal. */
  ping(data: ByteRange): void {
    this.#native.ping(data.buffer, data.offset, data.length);
  }

  /** From now on no message is delivered and none accepted; {@link finishClosing} tells the server. */
  startClosing(): void {
    this.#aborted = this.readyState === ReadyState.CONNECTING;
    this.readyState = ReadyState.CLOSING;
  }

  /** Closes, after the queued messages. The arguments were checked. */
  finishClosing(code: number | undefined, reason: string): void {
    if (this.readyState !== ReadyState.CLOSED) this.#native.close(code, reason);
  }

  pause(): void {
    if (this.readyState !== ReadyState.CLOSED) this.#native.pause();
  }

  resume(): void {
    if (this.readyState !== ReadyState.CLOSED) this.#native.resume();
  }

  receive(event: NativeEvent): void {
    // The opening handshake waits for the answer.
    if (event[1] === EventKind.AskCookies) return this.#askCookies(event[2]);
    if (event[1] === EventKind.SetCookies) return this.#setCookies(event[2], event[3]);
    if (this.#held) this.#held.push(event);
    else this.#handle(event);
  }

  #dispatchHeld(): void {
    const event = this.#held?.shift();
    if (!event) {
      this.#held = undefined;
      return;
    }
    // Events that come meanwhile stay behind the held ones.
    post(() => this.#dispatchHeld());
    this.#handle(event);
  }

  #askCookies(url: string): void {
    if (this.#cookies) void answerCookies(this.#cookies, url, this.#native);
    else this.#native.answerCookies('');
  }

  #setCookies(url: string, cookies: string[]): void {
    if (this.#cookies) storeCookies(this.#cookies, url, cookies);
  }

  #handle(event: NativeEvent): void {
    switch (event[1]) {
      case EventKind.Open:
        return this.#handleOpen(event[2]);
      case EventKind.Message: {
        // The standard: what arrives after close() was called is not delivered.
        if (this.readyState !== ReadyState.OPEN) return;
        const data = typeof event[2] === 'string' ? event[2] : adoptArrayBuffer(event[2]);
        return this.#tell((observer) => observer.message?.(data));
      }
      case EventKind.Pong: {
        const data = adoptArrayBuffer(event[2]);
        return this.#tell((observer) => observer.pong?.(data, event[3]));
      }
      case EventKind.Drain:
        return this.#settle(event[2]);
      case EventKind.Error: {
        // Too late: the app has given it up, and is told so by the close event.
        if (this.#aborted) return;
        // Already failed: a close() in a listener is not what ends it.
        this.readyState = ReadyState.CLOSING;
        const error = socketError(event[2]);
        return this.#tell((observer) => observer.error?.(error));
      }
      case EventKind.Close:
        return this.#handleClose(event[2], event[3], event[4]);
    }
  }

  #handleOpen(open: NativeOpen): void {
    if (this.readyState !== ReadyState.CONNECTING) return;
    this.readyState = ReadyState.OPEN;
    this.protocol = open.protocol;
    this.extensions = open.extensions;
    const { headers, ...rest } = open;
    const info: OpenInfo = { ...rest, header: headerObject(headers), startedAt: this.#startedAt };
    this.#tell((observer) => observer.open?.(info));
  }

  #handleClose(code: number, reason: string, wasClean: boolean): void {
    this.#leftover = this.#native.bufferedAmount();
    this.readyState = ReadyState.CLOSED;
    this.#native.release();
    for (const { outcome } of this.#awaited.splice(0)) {
      outcome(`the connection closed (${code}) before the message was handed to the operating system`);
    }
    // Whatever came about natively before the app gave it up: to the app it was never open.
    const info: CloseInfo = this.#aborted
      ? { code: 1006, reason: '', wasClean: false, aborted: true }
      : { code, reason, wasClean, aborted: false };
    this.#tell((observer) => observer.close?.(info));
  }

  /** `sent` messages were handed over so far. */
  #settle(sent: number): void {
    const open = this.#awaited.findIndex(({ number }) => number > sent);
    const done = this.#awaited.splice(0, open === -1 ? this.#awaited.length : open);
    for (const { outcome } of done) outcome();
  }

  #tell(event: (observer: ConnectionObserver) => void): void {
    for (const observer of this.#observers) event(observer);
  }
}
