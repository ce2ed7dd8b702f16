import { isCloseCode, isCloseReason, MAX_REASON_BYTES } from '../channel/close.js';
import {
  Connection,
  isRefusal,
  ReadyState,
  throwRefusal,
  type CloseInfo,
  type SendOutcome,
} from '../channel/Connection.js';
import { isBlob, readBlob, type BlobLike } from '../data/blob.js';
import { byteRange, copyMessage, messageSize, type ByteRange } from '../data/bytes.js';
import type { SocketError } from '../channel/failure.js';
import {
  CloseEvent,
  Event,
  EventTarget,
  MessageEvent,
  type Listener,
  type ListenerOptions,
  type SocketCloseEvent,
  type SocketEvent,
  type SocketMessageEvent,
} from './events.js';
import { domException } from '../errors/exceptions.js';
import { environment } from '../native/environment.js';
import { nativeOptions, type SocketOptions } from '../options/options.js';
import { Outbox } from '../channel/Outbox.js';
import { socketUrl } from '../options/url.js';
import { utf8Encode } from '../data/utf8.js';
import { clampToUint16, textOf } from './webidl.js';

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

export type BinaryType = 'arraybuffer' | 'blob';

/** Options of {@link WebSocket}: what `connectSocket` takes, and `headers` as React Native's own `WebSocket` calls them. */
export interface WebSocketOptions extends SocketOptions {
  headers?: Record<string, unknown>;
}

/** What SocketTask needs of the WebSocket that it is a face of: the connection, its send queue, its first events held. */
export const connectionOf = Symbol('connection');
export const sendMessage = Symbol('sendMessage');
export const holdEvents = Symbol('holdEvents');

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

  /** @internal */
  readonly [connectionOf]: Connection;
  readonly #origin: string;
  readonly #outbox = new Outbox();
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
  ) {
    super();
    const { connect, href, origin } = socketUrl(String(url));
    const native = nativeOptions(connect, protocols, options ?? {});
    try {
      this[connectionOf] = new Connection(native, holdEvents in (options ?? {}), options?.cookies);
    } catch (error) {
      throwRefusal(error);
    }
    this.url = href;
    this.#origin = origin;
    this[connectionOf].observe({
      open: () => this.dispatchEvent(new Event('open')),
      message: (data) =>
        this.dispatchEvent(new MessageEvent('message', { data: this.#received(data), origin: this.#origin })),
      pong: (data, rtt) => this.dispatchEvent(Object.assign(new Event('pong'), { data, rtt })),
      error: (error) => this.dispatchEvent(Object.assign(new Event('error'), error)),
      close: (info) => this.#closed(info),
    });
  }

  get readyState(): ReadyState {
    return this[connectionOf].readyState;
  }

  /** The sub-protocol that the server chose, or ''. */
  get protocol(): string {
    return this[connectionOf].protocol;
  }

  /** The extensions in use, or ''. */
  get extensions(): string {
    return this[connectionOf].extensions;
  }

  /** Bytes that were given to `send` and not yet handed to the operating system. */
  get bufferedAmount(): number {
    return this[connectionOf].bufferedAmount + this.#outbox.bytes + this.#unsent;
  }

  /** As what binary messages come. Default: `arraybuffer` on React Native, else `blob`. */
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
      this[sendMessage](message);
    } catch (error) {
      this.#handleRefusal(error, message);
    }
  }

  /**
   * Queues a message of an open connection, behind a `Blob` that is still being read.
   * @throws a native refusal: nothing was queued then, and `outcome` is not called.
   * @internal
   */
  [sendMessage](message: string | ByteRange, outcome?: SendOutcome): void {
    const connection = this[connectionOf];
    if (this.#outbox.isEmpty) {
      connection.send(message, outcome);
      return;
    }
    // The bytes of now, whatever the app does with its buffer while they wait.
    const kept = copyMessage(message);
    this.#outbox.add(messageSize(kept), () => {
      try {
        connection.send(kept, outcome);
      } catch (error) {
        if (outcome) outcome((error as Error).message);
        else this.#handleRefusal(error, kept);
      }
    });
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
    if (this.readyState >= ReadyState.CLOSING) return;
    const connection = this[connectionOf];
    const sent = code ?? (text ? 1000 : undefined);
    connection.startClosing();
    if (this.#outbox.isEmpty) connection.finishClosing(sent, text);
    else this.#outbox.add(0, () => connection.finishClosing(sent, text));
  }

  /**
   * Sends a ping; the answer comes as `pong`. Beyond the standard.
   * @throws InvalidStateError when not open, TypeError for more than 125 bytes.
   */
  ping(data: string | ArrayBuffer | ArrayBufferView = ''): void {
    if (this.readyState !== ReadyState.OPEN) throw domException('InvalidStateError', 'the WebSocket is not open');
    const range = byteRange(data) ?? byteRange(utf8Encode(textOf(data)));
    try {
      this[connectionOf].ping(range as ByteRange);
    } catch (error) {
      if (isRefusal(error, 'invalid-argument')) throw new TypeError(error.message);
      if (!isRefusal(error, 'invalid-state')) throw error;
    }
  }

  /** Stops reading from the network, so that a server that sends too fast is slowed down. Beyond the standard. */
  pause(): void {
    this[connectionOf].pause();
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this[connectionOf].resume();
  }

  #sendBlob(blob: BlobLike): void {
    if (this.readyState !== ReadyState.OPEN) {
      this.#unsent += blob.size;
      return;
    }
    const reading = readBlob(blob);
    // A failure is reported where the content is awaited, which may be later.
    reading.catch(() => {});
    this.#outbox.add(blob.size, async () => {
      const buffer = await reading;
      const message = { buffer, offset: 0, length: buffer.byteLength };
      try {
        this[connectionOf].send(message);
      } catch (error) {
        this.#handleRefusal(error, message);
      }
    });
  }

  #handleRefusal(error: unknown, message: string | ByteRange): void {
    if (isRefusal(error, 'buffer-full')) throw domException('QuotaExceededError', error.message);
    if (!isRefusal(error, 'invalid-state')) throw error;
    // The connection has ended, and the event that says so is on its way.
    this.#unsent += messageSize(message);
  }

  #received(data: string | ArrayBuffer): unknown {
    if (typeof data === 'string' || this.#binaryType === 'arraybuffer') return data;
    const { Blob } = globalThis as unknown as { Blob: new (parts: ArrayBuffer[]) => BlobLike };
    return new Blob([data]);
  }

  #closed({ code, reason, wasClean, aborted }: CloseInfo): void {
    // To the standard, close() before the socket is open is a connection that failed.
    if (aborted) {
      const message = 'the WebSocket was closed before it was open';
      this.dispatchEvent(Object.assign(new Event('error'), { message }));
    }
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean }));
  }
}
