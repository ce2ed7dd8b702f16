import { Channel } from '../channel/Channel.js';
import { isCloseCode, isCloseReason, MAX_REASON_BYTES } from '../channel/close.js';
import { ReadyState, type CloseInfo } from '../channel/Connection.js';
import { isRefusal } from '../channel/refusal.js';
import { isBlob, type BlobLike } from '../data/blob.js';
import { byteRange, messageSize, type ByteRange } from '../data/bytes.js';
import { utf8Encode } from '../data/utf8.js';
import { domException } from '../errors/exceptions.js';
import { environment } from '../native/environment.js';
import type { SocketOptions } from '../options/options.js';
import {
  CloseEvent,
  Event,
  MessageEvent,
  type SocketCloseEvent,
  type SocketErrorEvent,
  type SocketEvent,
  type SocketMessageEvent,
  type SocketPongEvent,
  type WebSocketEventMap,
} from './events.js';
import { EventTarget, type Listener, type ListenerOptions } from './EventTarget.js';
import { clampToUint16, textOf } from './webidl.js';

export type BinaryType = 'arraybuffer' | 'blob';

/** Options of {@link WebSocket}: what `connectSocket` takes, and `headers` as React Native's own `WebSocket` calls them. */
export interface WebSocketOptions extends SocketOptions {
  headers?: Record<string, unknown>;
}

/** The WebSocket of the WHATWG standard, with what connectSocket's options offer. There is no limit on their number. */
export class WebSocket extends EventTarget {
  static readonly CONNECTING = ReadyState.CONNECTING;
  static readonly OPEN = ReadyState.OPEN;
  static readonly CLOSING = ReadyState.CLOSING;
  static readonly CLOSED = ReadyState.CLOSED;
  readonly CONNECTING = ReadyState.CONNECTING;
  readonly OPEN = ReadyState.OPEN;
  readonly CLOSING = ReadyState.CLOSING;
  readonly CLOSED = ReadyState.CLOSED;

  /** The URL, normalized. */
  readonly url: string;

  readonly #channel: Channel;
  #binaryType: BinaryType = environment().binaryType;
  /** Bytes given to `send` when it was too late. */
  #unsent = 0;

  /**
   * Starts to connect to `url`; `http(s):` becomes `ws(s):`.
   * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options.
   */
  constructor(
    url: string | { toString(): string },
    protocols?: string | readonly string[] | null,
    options?: WebSocketOptions | null,
  );
  /** Another face of `channel`, whatever its state. @internal */
  constructor(channel: Channel);
  constructor(
    url: string | { toString(): string } | Channel,
    protocols?: string | readonly string[] | null,
    options?: WebSocketOptions | null,
  ) {
    super();
    const channel = url instanceof Channel ? url : new Channel(String(url), protocols, options ?? {}, false);
    this.#channel = channel;
    this.url = channel.href;
    // An event that nobody listens to is not made.
    channel.observe({
      open: () => {
        if (this.hasListener('open')) this.dispatchEvent(new Event('open'));
      },
      message: (data) => {
        if (!this.hasListener('message')) return;
        this.dispatchEvent(new MessageEvent('message', { data: this.#received(data), origin: channel.origin }));
      },
      pong: (data, rtt) => {
        if (this.hasListener('pong')) this.dispatchEvent(Object.assign(new Event('pong'), { data, rtt }));
      },
      error: (error) => this.#failed(error),
      close: (info) => this.#closed(info),
    });
  }

  get readyState(): ReadyState {
    return this.#channel.readyState;
  }

  /** The sub-protocol that the server chose, or ''. */
  get protocol(): string {
    return this.#channel.protocol;
  }

  /** The extensions in use, or ''. */
  get extensions(): string {
    return this.#channel.extensions;
  }

  /** Bytes that were given to `send` and not yet handed to the operating system. */
  get bufferedAmount(): number {
    return this.#channel.bufferedAmount + this.#unsent;
  }

  /** As what binary messages come. Default: `arraybuffer` on React Native, otherwise `blob`. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    // As for every enumeration attribute of the web, another value is ignored.
    if (type === 'arraybuffer' || (type === 'blob' && 'Blob' in globalThis)) this.#binaryType = type;
  }

  get onopen(): ((event: SocketEvent) => any) | null {
    return this.getHandler('open');
  }

  set onopen(handler: ((event: SocketEvent) => any) | null) {
    this.setHandler('open', handler);
  }

  get onmessage(): ((event: SocketMessageEvent) => any) | null {
    return this.getHandler('message');
  }

  set onmessage(handler: ((event: SocketMessageEvent) => any) | null) {
    this.setHandler('message', handler);
  }

  get onerror(): ((event: SocketErrorEvent) => any) | null {
    return this.getHandler('error');
  }

  set onerror(handler: ((event: SocketErrorEvent) => any) | null) {
    this.setHandler('error', handler);
  }

  get onclose(): ((event: SocketCloseEvent) => any) | null {
    return this.getHandler('close');
  }

  set onclose(handler: ((event: SocketCloseEvent) => any) | null) {
    this.setHandler('close', handler);
  }

  get onpong(): ((event: SocketPongEvent) => any) | null {
    return this.getHandler('pong');
  }

  set onpong(handler: ((event: SocketPongEvent) => any) | null) {
    this.setHandler('pong', handler);
  }

  override addEventListener<K extends keyof WebSocketEventMap>(
    type: K,
    listener: ((event: WebSocketEventMap[K]) => unknown) | { handleEvent(event: WebSocketEventMap[K]): unknown } | null,
    options?: boolean | ListenerOptions,
  ): void;
  override addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void;
  override addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    super.addEventListener(type, listener, options);
  }

  /**
   * Sends a message. On a socket that is closing or closed it is dropped, and counted in `bufferedAmount`.
   * @throws InvalidStateError while connecting; TypeError for shared memory; QuotaExceededError when it would take the
   * queue past `maxBufferedAmount` (the standard would close the connection), the message is not queued then.
   */
  send(data: string | ArrayBuffer | ArrayBufferView | BlobLike): void {
    if (this.readyState === ReadyState.CONNECTING) {
      throw domException('InvalidStateError', 'the WebSocket is not open yet');
    }
    if (isBlob(data)) return this.#sendBlob(data);
    const message = byteRange(data) ?? textOf(data);
    if (this.readyState !== ReadyState.OPEN) {
      this.#unsent += messageSize(message);
      return;
    }
    try {
      this.#channel.send(message, undefined, this.#refused);
    } catch (error) {
      this.#refused(error, messageSize(message));
    }
  }

  /**
   * Closes the connection, after the messages that are queued.
   * @throws InvalidAccessError for another code than 1000 and 3000–4999, SyntaxError for a reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    if (code !== undefined) {
      code = clampToUint16(code);
      if (!isCloseCode(code))
        throw domException('InvalidAccessError', `the close code is ${code}, and may be 1000 or 3000–4999`);
    }
    const text = reason === undefined ? '' : String(reason);
    if (!isCloseReason(text)) throw domException('SyntaxError', `a close reason has at most ${MAX_REASON_BYTES} bytes`);
    this.#channel.close(code ?? (text ? 1000 : undefined), text);
  }

  /**
   * Sends a ping; the answer comes as `pong`. Beyond the standard.
   * @throws InvalidStateError when not open, TypeError for more than 125 bytes.
   */
  ping(data: string | ArrayBuffer | ArrayBufferView = ''): void {
    if (this.readyState !== ReadyState.OPEN) throw domException('InvalidStateError', 'the WebSocket is not open');
    const range = byteRange(data) ?? byteRange(utf8Encode(textOf(data)));
    try {
      this.#channel.ping(range as ByteRange);
    } catch (error) {
      if (isRefusal(error, 'invalid-argument')) throw new TypeError(error.message);
      if (!isRefusal(error, 'invalid-state')) throw error;
    }
  }

  /** Stops reading from the network, so that a server that sends too fast is slowed down. Beyond the standard. */
  pause(): void {
    this.#channel.pause();
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this.#channel.resume();
  }

  #sendBlob(blob: BlobLike): void {
    if (this.readyState !== ReadyState.OPEN) {
      this.#unsent += blob.size;
      return;
    }
    this.#channel.sendBlob(blob, this.#refused);
  }

  /** Deals with the refusal of a message of `bytes` bytes; a field, so that no message makes a function for it. */
  readonly #refused = (error: unknown, bytes: number): void => {
    if (isRefusal(error, 'buffer-full')) throw domException('QuotaExceededError', error.message);
    if (!isRefusal(error, 'invalid-state')) throw error;
    // The connection has ended, and the event that says so is on its way.
    this.#unsent += bytes;
  };

  #received(data: string | ArrayBuffer): unknown {
    if (typeof data === 'string' || this.#binaryType === 'arraybuffer') return data;
    const { Blob } = globalThis as unknown as { Blob: new (parts: ArrayBuffer[]) => BlobLike };
    return new Blob([data]);
  }

  #failed(details: { message: string }): void {
    if (this.hasListener('error')) this.dispatchEvent(Object.assign(new Event('error'), details));
  }

  #closed({ code, reason, wasClean, aborted }: CloseInfo): void {
    // To the standard, close() before the socket is open is a connection that failed.
    if (aborted) this.#failed({ message: 'the WebSocket was closed before it was open' });
    if (this.hasListener('close')) this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean }));
  }
}
