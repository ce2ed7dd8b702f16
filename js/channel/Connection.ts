import { adoptArrayBuffer, type ByteRange, type Message } from '../data/bytes.js';
import { Fifo } from '../data/Fifo.js';
import { domException } from '../errors/exceptions.js';
import { callReporting, reportError } from '../errors/reportError.js';
import { environment } from '../native/environment.js';
import {
  EventKind,
  type NativeError,
  type NativeLoss,
  type NativeOpen,
  type NativeOptions,
  type NativeReconnecting,
  type NativeSocket,
  type NativeStats,
} from '../native/seam.js';
import { connectNative, releaseNative, type EventReceiver } from '../native/session.js';
import type { CookieJar } from '../options/cookies.js';
import { answerCookies, storeCookies } from './cookies.js';
import { socketError, type SocketError } from './failure.js';
import { Probes, type ProbeOption, type ProbeResult } from './Probes.js';
import { closeCode, socketReconnecting, type Reconnector, type SocketReconnecting } from './Reconnector.js';
import { socketProfile, type SocketProfile, type SocketStats } from './profile.js';
import { isRefusal } from './refusal.js';
import { closeWhileHidden } from './visibility.js';

/** Where in its life a connection is; the standard's `readyState`. */
export const ReadyState = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/** How a connection ended, as on the wire: 1005 no code, 1006 no Close frame. */
export interface CloseInfo {
  code: number;
  reason: string;
  wasClean: boolean;
  /** Whether it was closed before it was open, by the app itself: no error has told why. */
  aborted: boolean;
}

/** A face of a connection. What it is told comes in this order; nothing after `close`. */
export interface Observer {
  /** `startedAt`: when the connection was asked for, in milliseconds of the epoch. */
  open(open: NativeOpen, startedAt: number): void;
  /** It was lost, and another attempt follows; in the place of `error` and `close`. */
  reconnecting(info: SocketReconnecting): void;
  message(data: string | ArrayBuffer): void;
  pong(data: ArrayBuffer, rtt: number): void;
  /** All that was sent is with the operating system, or half of what was there when a send was refused for lack of room. */
  drain(): void;
  /** Whether anybody wants to know of that. */
  readonly hearsDrain: boolean;
  /** An answer to a ping of the library's own is awaited for `silent` milliseconds, half of the time for it. */
  suspect(silent: number): void;
  /** After {@link suspect}: the server lives. */
  alive(): void;
  error(error: SocketError): void;
  close(info: CloseInfo): void;
}

/** Learns what became of a message, in a task of its own. */
export interface SendOutcome {
  /** The connection's own: which of its messages it is. */
  number: number;
  /** Nothing is said when it was handed to the operating system, otherwise why it was not. */
  settle(failure?: string): void;
}

/** So many bytes may take a while to go, in parts of which no event tells. */
const MUCH = 64 << 10;

const hearsDrain = (observer: Observer): boolean => observer.hearsDrain;

const NOT_OPEN = 'the WebSocket is not open';

/** The native socket, the state that follows its events one task at a time, and the messages whose outcome is not known yet. */
export class Connection implements EventReceiver {
  readyState: ReadyState = ReadyState.CONNECTING;
  protocol = '';
  extensions = '';

  private readonly native: NativeSocket;
  /** Replaced, not changed: who observes while an event is told is told of the next one. */
  private observers: readonly Observer[] = [];
  private readonly startedAt = Date.now();
  /** Whether the app closed the connection before it was open. */
  private aborted = false;
  /** How many messages the native socket has accepted, but for those that have failed. */
  private accepted = 0;
  /** How many of them were handed to the operating system. */
  private handed = 0;
  /** Those of them whose outcome somebody waits for. */
  private readonly awaited = new Fifo<SendOutcome>();
  /** What `bufferedAmount` is while it {@link isFixed}. */
  private buffered = 0;
  /** From a look or a send to the end of the task or, where little waits, to the next event: within a task it must not fall. */
  private isFixed = true;
  private isTaskAwaited = false;
  /** What it had carried when it ended. */
  private carried: NativeStats | undefined;
  /** Of the newest connection; undefined until the first is open. */
  private profile: SocketProfile | undefined;
  private readonly probes = new Probes();
  private readonly atEnd: Array<() => void> = [];
  /** What waited when a send was refused for lack of room; 0 when somebody was told of room since. */
  private full = 0;

  /**
   * Starts to connect. With `hold`, events wait until the timers have gone round once. `cookies` is the jar that
   * `options.cookies` promises.
   * @throws what `NativeSession.connect` throws.
   */
  constructor(
    options: NativeOptions,
    hold: boolean,
    private readonly cookies: CookieJar | undefined,
    private readonly reconnector: Reconnector | undefined,
  ) {
    this.native = connectNative(options, hold, this);
    if (!hold) return;
    const { setTimeout } = environment();
    // Twice: a timer of 0 ms that the app sets when it gets the task runs after the first and before the second.
    setTimeout(() => setTimeout(() => this.native.deliver()));
  }

  /**
   * From the next event on, `observer` is told, before those that came before it: a `WebSocket` makes its `Blob` before the
   * listener of the task that it belongs to can transfer the bytes.
   */
  observe(observer: Observer): void {
    this.observers = [observer, ...this.observers];
  }

  /** Calls `end` when it is CLOSED, before anybody is told. */
  onEnd(end: () => void): void {
    this.atEnd.push(end);
  }

  /** Closes while the app is hidden. */
  closeWhileHidden(): void {
    this.onEnd(closeWhileHidden(this.native));
  }

  /** What it has carried so far. */
  stats(): Omit<SocketStats, 'bufferedAmount'> {
    const carried = this.carried ?? this.native.stats();
    return { ...carried, rtt: carried.rtt, profile: this.profile };
  }

  /** Bytes of messages that were accepted and not handed to the operating system; it falls between tasks only. */
  get bufferedAmount(): number {
    if (!this.isFixed) this.fix();
    return this.buffered;
  }

  /** Queues a message. @throws a native refusal: nothing was queued then, and `outcome` is told nothing. */
  send(message: Message, outcome: SendOutcome | undefined): void {
    if (!this.isFixed) this.fix();
    try {
      if (typeof message === 'string') {
        this.buffered += this.native.sendText(message);
      } else {
        this.native.sendBinary(message.buffer, message.offset, message.length);
        this.buffered += message.length;
      }
    } catch (error) {
      if (isRefusal(error, 'buffer-full')) this.full = this.native.bufferedAmount();
      throw error;
    }
    // Of less, an event tells soon that it is gone.
    if (this.buffered >= MUCH) this.awaitTask();
    this.accepted += 1;
    if (!outcome) return;
    outcome.number = this.accepted;
    this.awaited.push(outcome);
  }

  /** Keeps to what it is now, until the task is over. */
  private fix(): void {
    this.isFixed = true;
    if (this.carried) return;
    this.buffered = this.native.bufferedAmount();
    this.awaitTask();
  }

  private awaitTask(): void {
    if (this.isTaskAwaited) return;
    this.isTaskAwaited = true;
    environment().setTimeout(() => {
      this.isTaskAwaited = false;
      this.isFixed = false;
    });
  }

  /** Queues a ping. @throws a native refusal. */
  ping(data: ByteRange): void {
    this.native.ping(data.buffer, data.offset, data.length);
  }

  /** Asks the server for a sign of life. @throws nothing: what goes wrong, the promise tells. */
  probe(option: ProbeOption | null | undefined): Promise<ProbeResult> {
    return this.probes.ask(option, (data) => {
      if (this.readyState !== ReadyState.OPEN) throw domException('InvalidStateError', NOT_OPEN);
      try {
        this.ping(data);
      } catch (error) {
        // It has ended, and the event that says so is on its way.
        throw isRefusal(error, 'invalid-state') ? domException('InvalidStateError', NOT_OPEN) : error;
      }
    });
  }

  /** From now on no message is delivered and none accepted; {@link finishClosing} tells the server. */
  startClosing(): void {
    this.aborted = this.readyState === ReadyState.CONNECTING && !this.profile;
    this.readyState = ReadyState.CLOSING;
  }

  /** Closes, after the queued messages. The arguments were checked. */
  finishClosing(code: number | undefined, reason: string): void {
    if (this.readyState !== ReadyState.CLOSED) this.native.close(code, reason);
  }

  /** Ends the connection because of what came about on this side: an error tells `why`, then comes the close event. */
  fail(why: string): void {
    if (this.carried) return;
    this.giveUp();
    this.tellFailure(why);
  }

  /** Ends the attempt to connect at once. The events that say so come as late as those of `hold`. */
  abort(why: string): void {
    if (this.carried) return;
    this.giveUp();
    const { setTimeout } = environment();
    setTimeout(() => setTimeout(() => this.tellFailure(why)));
  }

  private giveUp(): void {
    this.readyState = ReadyState.CLOSING;
    this.release();
  }

  private tellFailure(why: string): void {
    const error: SocketError = { message: why, phase: 'closed', code: 'other' };
    this.tell((observer) => observer.error(error));
    // In a task of its own, as every event.
    environment().setTimeout(() => this.handleClose(1006, '', false));
  }

  /** From now on nothing comes from the native socket, and nothing goes there. */
  private release(): void {
    if (this.carried) return;
    this.buffered = this.native.bufferedAmount();
    this.carried = this.native.stats();
    releaseNative(this.native);
  }

  pause(): void {
    if (this.readyState !== ReadyState.CLOSED) this.native.pause();
  }

  resume(): void {
    if (this.readyState !== ReadyState.CLOSED) this.native.resume();
  }

  receive(kind: EventKind, a: unknown, b: unknown, c: unknown): void {
    switch (kind) {
      case EventKind.Message:
        return this.handleMessage(a as string | ArrayBuffer);
      case EventKind.Drain:
        this.settle(a as number);
        return this.tellDrain();
      case EventKind.Open:
        return this.handleOpen(a as NativeOpen);
      case EventKind.Pong: {
        const [data, rtt] = [adoptArrayBuffer(a as ArrayBuffer), b as number];
        if (!this.probes.take(data, rtt)) this.tell((observer) => observer.pong(data, rtt));
        return;
      }
      case EventKind.Suspect:
        return this.tellOpen((observer) => observer.suspect(a as number));
      case EventKind.Alive:
        return this.tellOpen((observer) => observer.alive());
      case EventKind.Error:
        return this.handleError(a as NativeError);
      case EventKind.Close:
        return this.handleClose(a as number, b as string, c as boolean);
      case EventKind.AskCookies:
        return this.askCookies(a as string);
      case EventKind.SetCookies:
        return this.setCookies(a as string, b as string[]);
      case EventKind.Reconnecting:
        return this.handleReconnecting(a as NativeReconnecting);
      case EventKind.AskRefresh:
        return void this.reconnector?.refresh(this.native, a as number, b as number, c as NativeLoss);
      case EventKind.AskReconnect:
        return void this.reconnector?.shouldReconnect(this.native, a as number, b as boolean, c as NativeLoss);
    }
  }

  private askCookies(url: string): void {
    if (this.cookies) void answerCookies(this.cookies, url, this.native);
    else this.native.answerCookies('');
  }

  private setCookies(url: string, cookies: string[]): void {
    if (this.cookies) storeCookies(this.cookies, url, cookies);
  }

  private handleMessage(received: string | ArrayBuffer): void {
    // The standard: what arrives after close() was called is not delivered.
    if (this.readyState !== ReadyState.OPEN) return;
    const data = typeof received === 'string' ? received : adoptArrayBuffer(received);
    // No closure: this is the path of every message.
    const { observers } = this;
    for (let i = 0; i < observers.length; i += 1) {
      try {
        (observers[i] as Observer).message(data);
      } catch (error) {
        reportError(error);
      }
    }
  }

  private handleError(native: NativeError): void {
    // Too late: the app has given it up, and the close event tells it so.
    if (this.aborted) return;
    // Already failed: a close() in a listener is not what ends it.
    this.readyState = ReadyState.CLOSING;
    const error = socketError(native);
    this.tell((observer) => observer.error(error));
  }

  private handleOpen(open: NativeOpen): void {
    if (this.readyState !== ReadyState.CONNECTING) return;
    this.readyState = ReadyState.OPEN;
    this.profile = socketProfile(open, this.startedAt);
    this.protocol = open.protocol;
    this.extensions = open.extensions;
    this.tell((observer) => observer.open(open, this.startedAt));
  }

  private handleReconnecting(native: NativeReconnecting): void {
    // The app has closed it: its end is on its way.
    if (this.readyState >= ReadyState.CLOSING) return;
    this.readyState = ReadyState.CONNECTING;
    this.probes.end(`the connection was lost (${closeCode(native.code)}) before it answered`);
    const info = socketReconnecting(native);
    this.loseMessages(
      native,
      `the connection was lost (${info.code}) before the message was handed to the operating system`,
    );
    if (this.isFixed) this.buffered = this.native.bufferedAmount();
    this.tell((observer) => observer.reconnecting(info));
  }

  /** Those that were accepted after the loss have moved up. */
  private loseMessages({ kept, failed }: NativeReconnecting, why: string): void {
    const last = this.handed + kept;
    this.accepted -= failed;
    const lost: SendOutcome[] = [];
    for (let rest = this.awaited.length; rest > 0; rest -= 1) {
      const outcome = this.awaited.shift() as SendOutcome;
      const isLost = outcome.number > last && outcome.number <= last + failed;
      if (isLost) lost.push(outcome);
      else this.awaited.push(outcome);
      if (outcome.number > last + failed) outcome.number -= failed;
    }
    for (const outcome of lost) outcome.settle(why);
  }

  private handleClose(native: number, reason: string, wasClean: boolean): void {
    const code = closeCode(native);
    this.readyState = ReadyState.CLOSED;
    this.release();
    this.atEnd.forEach((end) => end());
    const failure = `the connection closed (${code}) before the message was handed to the operating system`;
    for (let sent; (sent = this.awaited.shift());) sent.settle(failure);
    this.probes.end(`the connection closed (${code}) before it answered`);
    // Whatever came about natively before the app gave it up: to the app it was never open.
    const info: CloseInfo = this.aborted
      ? { code: 1006, reason: '', wasClean: false, aborted: true }
      : { code, reason, wasClean, aborted: false };
    this.tell((observer) => observer.close(info));
  }

  /** `sent` messages were handed over so far. */
  private settle(sent: number): void {
    this.handed = sent;
    if (this.isFixed) this.buffered = this.native.bufferedAmount();
    const { awaited } = this;
    for (let first; (first = awaited.first) !== undefined && first.number <= sent;) {
      awaited.shift();
      first.settle();
    }
  }

  private tellDrain(): void {
    if (!this.observers.some(hearsDrain) || this.native.bufferedAmount() > this.full / 2) return;
    this.full = 0;
    this.tellOpen((observer) => observer.drain());
  }

  private tellOpen(event: (observer: Observer) => void): void {
    if (this.readyState === ReadyState.OPEN) this.tell(event);
  }

  /** As for a message, a face that fails takes nothing from the other: React Native's `Blob` refuses bytes. */
  private tell(event: (observer: Observer) => void): void {
    for (const observer of this.observers) callReporting(event, observer);
  }
}
