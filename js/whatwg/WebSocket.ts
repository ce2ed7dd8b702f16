import { Channel } from '../channel/Channel.js';
import { checkCloseCode, checkCloseReason } from '../channel/close.js';
import { ReadyState } from '../channel/Connection.js';
import type { ProbeOption, ProbeResult } from '../channel/Probes.js';
import type { SocketStats } from '../channel/profile.js';
import { isRefusal } from '../channel/refusal.js';
import { isBlob, type BlobLike } from '../data/blob.js';
import { byteRange, messageSize, type ByteRange } from '../data/bytes.js';
import { utf8Encode } from '../data/utf8.js';
import { domException } from '../errors/exceptions.js';
import { refuseOptions, type HeaderFields } from '../options/handshake.js';
import type { SocketOptions } from '../options/options.js';
import type {
  SocketCloseEvent,
  SocketErrorEvent,
  SocketEvent,
  SocketMessageEvent,
  SocketPongEvent,
  SocketSuspectEvent,
  SocketReconnectingEvent,
  WebSocketEventMap,
} from './eventTypes.js';
import { EventTarget, type Listener, type ListenerOptions } from './EventTarget.js';
import { Face, type BinaryType } from './Face.js';
import { clampToUint16, defineInterface, hide, textOf } from './webidl.js';

export type { BinaryType } from './Face.js';

/** Options of {@link WebSocket}: what `connectSocket` takes, and `headers` as React Native's own `WebSocket` calls them. */
export interface WebSocketOptions extends SocketOptions {
  headers?: HeaderFields;
}

type Handler<E> = ((event: E) => any) | null;

/** The WebSocket of the WHATWG standard, with what connectSocket's options offer. There is no limit on their number. */
export class WebSocket extends EventTarget {
  declare static readonly CONNECTING: typeof ReadyState.CONNECTING;
  declare static readonly OPEN: typeof ReadyState.OPEN;
  declare static readonly CLOSING: typeof ReadyState.CLOSING;
  declare static readonly CLOSED: typeof ReadyState.CLOSED;
  declare readonly CONNECTING: typeof ReadyState.CONNECTING;
  declare readonly OPEN: typeof ReadyState.OPEN;
  declare readonly CLOSING: typeof ReadyState.CLOSING;
  declare readonly CLOSED: typeof ReadyState.CLOSED;

  /** Not `#face`: what Metro makes of private fields costs a message more than the rest of its way here. @internal */
  declare readonly _socketTaskFace: Face;

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
    if (arguments.length === 0) throw new TypeError('a WebSocket needs a URL');
    refuseOptions(protocols);
    const channel = url instanceof Channel ? url : new Channel(`${url as string}`, protocols, options ?? {}, {});
    hide(this, '_socketTaskFace', new Face(channel, this._socketTaskListeners));
    channel.observe(this._socketTaskFace);
  }

  /** The URL as the standard serializes it. */
  get url(): string {
    return this._socketTaskFace.channel.href;
  }

  get readyState(): ReadyState {
    return this._socketTaskFace.channel.readyState;
  }

  /** The sub-protocol that the server chose, or ''. */
  get protocol(): string {
    return this._socketTaskFace.channel.protocol;
  }

  /** The extensions in use, or ''. */
  get extensions(): string {
    return this._socketTaskFace.channel.extensions;
  }

  /** Bytes that were given to `send` and not yet handed to the operating system. */
  get bufferedAmount(): number {
    return this._socketTaskFace.channel.bufferedAmount + this._socketTaskFace.unsent;
  }

  /**
   * As what binary messages come. Default: `arraybuffer` on React Native, otherwise `blob`. Where no `Blob` can be made of
   * bytes, as on React Native, it stays `arraybuffer`, and one warning says so.
   */
  get binaryType(): BinaryType {
    return this._socketTaskFace.binaryType;
  }

  set binaryType(type: BinaryType) {
    // As for every enumeration attribute of the web, another value is ignored.
    if (type === 'arraybuffer' || type === 'blob') this._socketTaskFace.setBinaryType(type);
  }

  get onopen(): Handler<SocketEvent> {
    return this._socketTaskListeners.getHandler('open') as Handler<SocketEvent>;
  }

  set onopen(handler: Handler<SocketEvent>) {
    this._socketTaskListeners.setHandler('open', handler);
  }

  get onmessage(): Handler<SocketMessageEvent> {
    return this._socketTaskListeners.getHandler('message') as Handler<SocketMessageEvent>;
  }

  set onmessage(handler: Handler<SocketMessageEvent>) {
    this._socketTaskListeners.setHandler('message', handler);
  }

  get onerror(): Handler<SocketErrorEvent> {
    return this._socketTaskListeners.getHandler('error') as Handler<SocketErrorEvent>;
  }

  set onerror(handler: Handler<SocketErrorEvent>) {
    this._socketTaskListeners.setHandler('error', handler);
  }

  get onclose(): Handler<SocketCloseEvent> {
    return this._socketTaskListeners.getHandler('close') as Handler<SocketCloseEvent>;
  }

  set onclose(handler: Handler<SocketCloseEvent>) {
    this._socketTaskListeners.setHandler('close', handler);
  }

  get onpong(): Handler<SocketPongEvent> {
    return this._socketTaskListeners.getHandler('pong') as Handler<SocketPongEvent>;
  }

  set onpong(handler: Handler<SocketPongEvent>) {
    this._socketTaskListeners.setHandler('pong', handler);
  }

  get ondrain(): Handler<SocketEvent> {
    return this._socketTaskListeners.getHandler('drain') as Handler<SocketEvent>;
  }

  set ondrain(handler: Handler<SocketEvent>) {
    this._socketTaskListeners.setHandler('drain', handler);
  }

  get onsuspect(): Handler<SocketSuspectEvent> {
    return this._socketTaskListeners.getHandler('suspect') as Handler<SocketSuspectEvent>;
  }

  set onsuspect(handler: Handler<SocketSuspectEvent>) {
    this._socketTaskListeners.setHandler('suspect', handler);
  }

  get onalive(): Handler<SocketEvent> {
    return this._socketTaskListeners.getHandler('alive') as Handler<SocketEvent>;
  }

  set onalive(handler: Handler<SocketEvent>) {
    this._socketTaskListeners.setHandler('alive', handler);
  }

  get onreconnecting(): Handler<SocketReconnectingEvent> {
    return this._socketTaskListeners.getHandler('reconnecting') as Handler<SocketReconnectingEvent>;
  }

  set onreconnecting(handler: Handler<SocketReconnectingEvent>) {
    this._socketTaskListeners.setHandler('reconnecting', handler);
  }

  override addEventListener<K extends keyof WebSocketEventMap>(
    type: K,
    listener: ((event: WebSocketEventMap[K]) => unknown) | { handleEvent(event: WebSocketEventMap[K]): unknown } | null,
    options?: boolean | ListenerOptions,
  ): void;
  override addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void;
  override addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    if (arguments.length < 2) throw new TypeError('addEventListener needs a type and a listener');
    super.addEventListener(type, listener, options);
  }

  /**
   * Sends a message. On a socket that is closing or closed it is dropped, and counted in `bufferedAmount`.
   * @throws InvalidStateError while connecting, unless `reconnect` keeps it; TypeError for shared memory; QuotaExceededError when it would take the
   * queue past `maxBufferedAmount` (the standard would close the connection), the message is not queued then.
   */
  send(data: string | ArrayBuffer | ArrayBufferView | BlobLike): void {
    // Web IDL: undefined is a message, and none is not.
    if (arguments.length === 0) throw new TypeError('send needs a message');
    const face = this._socketTaskFace;
    const { channel } = face;
    const { takesMessages } = channel;
    if (!takesMessages && channel.readyState === ReadyState.CONNECTING) {
      throw domException('InvalidStateError', 'the WebSocket is not open yet');
    }
    const given = typeof data === 'string' ? data : byteRange(data);
    if (given === undefined && isBlob(data)) {
      if (takesMessages) channel.sendBlob(data, face.tooLate);
      else face.unsent += data.size;
      return;
    }
    const message = given ?? textOf(data);
    if (!takesMessages) {
      face.unsent += messageSize(message);
      return;
    }
    try {
      channel.send(message, undefined, face.tooLate);
    } catch (error) {
      face.refused(error, messageSize(message));
    }
  }

  /**
   * Closes the connection, after the messages that are queued.
   * @throws InvalidAccessError for another code than 1000 and 3000–4999, SyntaxError for a reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    if (code !== undefined) {
      code = clampToUint16(code);
      checkCloseCode(code);
    }
    const text = reason === undefined ? '' : `${reason}`;
    checkCloseReason(text);
    this._socketTaskFace.channel.close(code ?? (text ? 1000 : undefined), text);
  }

  /**
   * Sends a ping; the answer comes as `pong`. Beyond the standard.
   * @throws InvalidStateError when not open, TypeError for more than 125 bytes.
   */
  ping(data: string | ArrayBuffer | ArrayBufferView = ''): void {
    if (this.readyState !== ReadyState.OPEN) throw domException('InvalidStateError', 'the WebSocket is not open');
    const range = byteRange(data) ?? byteRange(utf8Encode(textOf(data)));
    try {
      this._socketTaskFace.channel.ping(range as ByteRange);
    } catch (error) {
      if (isRefusal(error, 'invalid-argument')) throw new TypeError(error.message);
      if (!isRefusal(error, 'invalid-state')) throw error;
    }
  }

  /**
   * Asks the server for a sign of life by a ping of its own, which no `pong` tells of. Rejected without an answer in time, and when
   * the socket is not open or no longer; whether the connection is given up, `pongTimeout` and the app decide. Beyond the
   * standard.
   */
  probe(option?: ProbeOption): Promise<ProbeResult> {
    return this._socketTaskFace.channel.probe(option);
  }

  /** What the connection has carried so far, for diagnostics. Cheap enough to be asked for often. Beyond the standard. */
  stats(): SocketStats {
    return this._socketTaskFace.channel.stats();
  }

  /** Stops reading from the network, so that a server that sends too fast is slowed down. Beyond the standard. */
  pause(): void {
    this._socketTaskFace.channel.pause();
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this._socketTaskFace.channel.resume();
  }
}

defineInterface(WebSocket, 'WebSocket', ReadyState);
// What is optional in Web IDL does not count.
Object.defineProperty(WebSocket, 'length', { value: 1, configurable: true });
