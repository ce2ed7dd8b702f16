import { Channel } from '../channel/Channel.js';
import { serialized } from '../channel/target.js';
import { readSignal, type AbortSignalLike } from '../options/signal.js';
import { domException } from '../errors/exceptions.js';
import { OptionError } from '../options/values.js';
import type { WebSocketOptions } from '../whatwg/WebSocket.js';
import { defineInterface, hide } from '../whatwg/webidl.js';
import { Duplex } from './Duplex.js';
import { streamClasses, type MessageReadable, type MessageWritable, type StreamClasses } from './streamTypes.js';
import { checkedClose, type WebSocketCloseInfo } from './WebSocketError.js';

/** What a {@link WebSocketStream} takes: the standard's, and what the options of a `WebSocket` offer. */
export interface WebSocketStreamOptions extends WebSocketOptions {
  protocols?: string | readonly string[];
  /** Ends the attempt to connect. As in the standard, it has no effect on an open connection. */
  signal?: AbortSignalLike | null;
  /** The classes of a ponyfill, where the platform has none, as React Native. */
  streams?: StreamClasses;
}

export interface WebSocketOpenInfo {
  /** Strings, and `Uint8Array`s. Reading from the network stops while nobody reads here. */
  readable: MessageReadable;
  /** Takes strings, `ArrayBuffer`s and views. A write is done when not much waits for the operating system. */
  writable: MessageWritable;
  protocol: string;
  extensions: string;
}

/** The `WebSocketStream` of the WHATWG's draft. */
export class WebSocketStream {
  /** @internal */ declare readonly _socketTaskDuplex: Duplex;

  /**
   * Starts to connect to `url`; `http(s):` becomes `ws(s):`.
   * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options, and where there are no
   * streams.
   */
  constructor(url: string | { toString(): string }, options?: WebSocketStreamOptions | null) {
    if (arguments.length === 0) throw new TypeError('a WebSocketStream needs a URL');
    const classes = streamClasses(options?.streams);
    const signal = readSignal(options?.signal);
    // The connection does not see the signal, which ends the attempt to connect only.
    if (options?.reconnect) throw new OptionError('reconnect', 'left out: what a stream has lost does not come again');
    const own = Object.create(options ?? {}, { signal: { value: undefined } }) as WebSocketStreamOptions;
    const href = serialized(`${url as string}`);
    const channel = signal?.aborted ? undefined : new Channel(href, options?.protocols, own, {});
    const duplex = new Duplex(href, channel, classes);
    hide(this, '_socketTaskDuplex', duplex);
    channel?.observe(duplex);
    if (!channel) duplex.fail(reasonOf(signal));
    if (!channel || !signal) return;
    const abort = () => duplex.abort(reasonOf(signal));
    signal.addEventListener('abort', abort);
    duplex.onSettled = () => signal.removeEventListener('abort', abort);
  }

  /** The URL as the standard serializes it. */
  get url(): string {
    return this._socketTaskDuplex.url;
  }

  /** Rejected with a `WebSocketError`, or the signal's reason, if it does not open. */
  get opened(): Promise<WebSocketOpenInfo> {
    return this._socketTaskDuplex.opened.promise as Promise<WebSocketOpenInfo>;
  }

  /** Rejected with a `WebSocketError` unless the closing handshake was completed. */
  get closed(): Promise<Required<WebSocketCloseInfo>> {
    return this._socketTaskDuplex.closed.promise as Promise<Required<WebSocketCloseInfo>>;
  }

  /**
   * Closes the connection, after what was written; nothing more is read.
   * @throws InvalidAccessError for another code than 1000 and 3000–4999, SyntaxError for a reason of more than 123 bytes.
   */
  close(closeInfo?: WebSocketCloseInfo | null): void {
    const { closeCode, reason } = checkedClose(closeInfo);
    this._socketTaskDuplex.shut(closeCode, reason);
  }
}

defineInterface(WebSocketStream, 'WebSocketStream');
Object.defineProperty(WebSocketStream, 'length', { value: 1, configurable: true });

function reasonOf(signal: AbortSignalLike | undefined): unknown {
  return (signal as { reason?: unknown } | undefined)?.reason ?? domException('AbortError', 'the signal is aborted');
}
