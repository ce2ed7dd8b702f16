import type { Channel } from '../channel/Channel.js';
import type { CloseInfo, Observer } from '../channel/Connection.js';
import type { SocketError } from '../channel/failure.js';
import type { SocketReconnecting } from '../channel/Reconnector.js';
import { isRefusal } from '../channel/refusal.js';
import { blobOf, canMakeBlobs, type BlobLike } from '../data/blob.js';
import { domException } from '../errors/exceptions.js';
import { environment } from '../native/environment.js';
import { Event } from './Event.js';
import { CloseEvent, ReceivedMessage, trusted } from './events.js';
import type { ConnectionError } from './eventTypes.js';
import type { Listeners } from './Listeners.js';

export type BinaryType = 'arraybuffer' | 'blob';

/** What a `WebSocket` keeps, and how it hears of its connection. An event that nobody listens to is not made. */
export class Face implements Observer {
  binaryType: BinaryType = 'Blob' in globalThis ? environment().binaryType : 'arraybuffer';
  /** Bytes given to `send` when it was too late. */
  unsent = 0;

  constructor(
    readonly channel: Channel,
    private readonly listeners: Listeners,
  ) {}

  open(): void {
    const list = this.listeners.of('open');
    if (list) this.listeners.call(list, trusted(new Event('open')));
  }

  message(data: string | ArrayBuffer): void {
    const list = this.listeners.of('message');
    if (!list) return;
    const content = typeof data === 'string' || this.binaryType === 'arraybuffer' ? data : this.asBlob(data);
    this.listeners.call(list, new ReceivedMessage(content, this.channel.origin));
  }

  pong(data: ArrayBuffer, rtt: number): void {
    const list = this.listeners.of('pong');
    if (list) this.listeners.call(list, trusted(new Event('pong'), { data, rtt }));
  }

  get hearsDrain(): boolean {
    return this.listeners.of('drain') !== undefined;
  }

  drain(): void {
    const list = this.listeners.of('drain');
    if (list) this.listeners.call(list, trusted(new Event('drain')));
  }

  suspect(silent: number): void {
    const list = this.listeners.of('suspect');
    if (list) this.listeners.call(list, trusted(new Event('suspect'), { silent }));
  }

  alive(): void {
    const list = this.listeners.of('alive');
    if (list) this.listeners.call(list, trusted(new Event('alive')));
  }

  reconnecting({ error, ...rest }: SocketReconnecting): void {
    const list = this.listeners.of('reconnecting');
    if (!list) return;
    this.listeners.call(list, trusted(new Event('reconnecting'), { ...rest, error: error && connectionError(error) }));
  }

  error(details: SocketError | { message: string }): void {
    const list = this.listeners.of('error');
    if (!list) return;
    const { message } = details;
    this.listeners.call(list, trusted(new Event('error'), { message, error: connectionError(details) }));
  }

  close({ code, reason, wasClean, aborted }: CloseInfo): void {
    // To the standard, close() before the socket is open is a connection that failed.
    if (aborted) this.error({ message: 'the WebSocket was closed before it was open' });
    const list = this.listeners.of('close');
    if (list) this.listeners.call(list, trusted(new CloseEvent('close', { code, reason, wasClean })));
  }

  /** Takes `arraybuffer` instead of `blob` where there would be no message otherwise. */
  setBinaryType(type: BinaryType): void {
    this.binaryType = type === 'blob' && canMakeBlobs() ? 'blob' : 'arraybuffer';
  }

  private asBlob(data: ArrayBuffer): BlobLike | ArrayBuffer {
    const blob = blobOf(data);
    if (!blob) this.binaryType = 'arraybuffer';
    return blob ?? data;
  }

  /** Learns of a message that came too late. A field, so that no message makes a function for it. */
  readonly tooLate = (bytes: number): void => {
    this.unsent += bytes;
  };

  /** Deals with the refusal of a message of `bytes` bytes. */
  refused(error: unknown, bytes: number): void {
    if (isRefusal(error, 'buffer-full') || isRefusal(error, 'message-too-big')) {
      throw domException('QuotaExceededError', error.message);
    }
    if (!isRefusal(error, 'invalid-state')) throw error;
    // The connection has ended, and the event that says so is on its way.
    this.unsent += bytes;
  }
}

function connectionError({ message, ...rest }: SocketError | { message: string }): ConnectionError {
  return Object.assign(new Error(message), rest);
}
