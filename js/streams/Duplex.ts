import type { Channel } from '../channel/Channel.js';
import { isCloseCode } from '../channel/close.js';
import type { CloseInfo, Observer } from '../channel/Connection.js';
import type { SocketError } from '../channel/failure.js';
import { domException } from '../errors/exceptions.js';
import type { NativeOpen } from '../native/seam.js';
import { Sink } from './Sink.js';
import { chunkSize, READ_AHEAD, Source } from './Source.js';
import type { StreamClasses } from './streamTypes.js';
import { connectionError, WebSocketError } from './WebSocketError.js';

/** A promise that is settled from outside. Its rejection does not count as unhandled. */
class Deferred {
  resolve!: (value: unknown) => void;
  reject!: (reason: unknown) => void;
  readonly promise = new Promise((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    this.promise.catch(() => {});
  }
}

/** A connection whose two directions are streams. */
export class Duplex implements Observer {
  readonly opened = new Deferred();
  readonly closed = new Deferred();
  /** Called when it is open, or will not be. */
  onSettled: (() => void) | undefined;

  private source: Source | undefined;
  private sink: Sink | undefined;
  private failure: SocketError | undefined;
  /** Why the app does not want to connect any more. */
  private abortReason: { reason: unknown } | undefined;

  /** Without a channel it is to {@link fail}. */
  constructor(
    readonly url: string,
    private readonly channel: Channel | undefined,
    private readonly classes: StreamClasses,
  ) {}

  fail(reason: unknown): void {
    this.onSettled?.();
    this.opened.reject(reason);
    this.closed.reject(reason);
  }

  /** Gives the attempt to connect up. */
  abort(reason: unknown): void {
    this.abortReason = { reason };
    this.channel?.close(undefined, '');
  }

  /** Closes it, after what was written. */
  shut(code: number | undefined, reason: string): void {
    this.channel?.close(code, reason);
  }

  open({ protocol, extensions }: NativeOpen): void {
    this.onSettled?.();
    const channel = this.channel as Channel;
    const closeWith = (reason: unknown) => this.closeWith(reason);
    this.source = new Source(channel, closeWith);
    this.sink = new Sink(channel, this.closed.promise, closeWith);
    const { ReadableStream, WritableStream } = this.classes;
    const readable = new ReadableStream(this.source, { highWaterMark: READ_AHEAD, size: chunkSize });
    const writable = new WritableStream(this.sink, { highWaterMark: 1 });
    this.opened.resolve({ readable, writable, protocol, extensions });
  }

  message(data: string | ArrayBuffer): void {
    this.source?.message(data);
  }

  readonly hearsDrain = true;

  drain(): void {
    this.sink?.drain();
  }

  pong(): void {}

  suspect(): void {}

  alive(): void {}

  /** A stream has one connection. */
  reconnecting(): void {}

  error(error: SocketError): void {
    this.failure = error;
  }

  close({ code, reason, wasClean, aborted }: CloseInfo): void {
    if (!this.source) {
      const why = aborted ? 'the WebSocketStream was closed before it was open' : this.failureText(code);
      return this.fail(this.abortReason ? this.abortReason.reason : this.asError(why, code, reason));
    }
    if (wasClean) {
      this.closed.resolve({ closeCode: code, reason });
      this.source.end();
      this.sink?.end(domException('InvalidStateError', 'the WebSocketStream is closed'));
    } else {
      const error = this.asError(this.failureText(code), code, reason);
      this.closed.reject(error);
      this.source.end(error);
      this.sink?.end(error);
    }
  }

  private failureText(code: number): string {
    return this.failure?.message ?? `the connection closed (${code}) without a closing handshake`;
  }

  private asError(message: string, code: number, reason: string): WebSocketError {
    if (!this.failure) return connectionError(message, code, reason);
    return connectionError(message, code, reason, Object.assign(new Error(message), this.failure));
  }

  /** An app that gives a stream up may say with what to close. */
  private closeWith(reason: unknown): void {
    if (reason instanceof WebSocketError && reason.closeCode !== null && isCloseCode(reason.closeCode)) {
      this.shut(reason.closeCode, reason.reason);
    } else {
      this.shut(undefined, '');
    }
  }
}
