import { readBlob, type BlobLike } from '../data/blob.js';
import { byteRange, copyMessage, messageSize, type ByteRange, type Message } from '../data/bytes.js';
import { domException } from '../errors/exceptions.js';
import type { SocketOptions } from '../options/options.js';
import type { ReconnectOptions } from '../options/reconnect.js';
import { readSignal, type AbortSignalLike } from '../options/signal.js';
import { Connection, ReadyState, type Observer, type SendOutcome } from './Connection.js';
import { Outbox } from './Outbox.js';
import type { ProbeOption, ProbeResult } from './Probes.js';
import type { SocketStats } from './profile.js';
import { Reconnector, type SocketLoss } from './Reconnector.js';
import { isRefusal, throwRefusal } from './refusal.js';
import { SocketRequest } from './SocketRequest.js';

/** Learns that the connection has ended before a message of `bytes` bytes could be queued. */
export type TooLate = (bytes: number) => void;

/**
 * One connection as JavaScript sees it, and what is to be sent through it in its order. `WebSocket` and `SocketTask` are
 * its faces: one of them or both, of which neither knows the other.
 */
export class Channel {
  /** The URL as the standard serializes it. */
  readonly href: string;

  /** Whether the app has given it up: by a close() that was accepted. */
  isGivenUp = false;

  /** Whether what is sent before it is open is kept. */
  private readonly keeps: boolean;
  private readonly request: SocketRequest;
  private readonly connection: Connection;
  private readonly outbox = new Outbox();

  /**
   * Starts to connect to `url`. With `hold`, events wait until the app has had the chance to listen. `platform` is for
   * {@link SocketRequest}.
   * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options, AbortError when the
   * signal is aborted already.
   */
  constructor(
    url: string,
    protocols: string | readonly string[] | null | undefined,
    options: SocketOptions,
    { hold = false, platform = false }: { hold?: boolean; platform?: boolean },
  ) {
    const request = new SocketRequest(url, protocols, options, platform);
    const { native } = request;
    const { reconnect } = native;
    const signal = readSignal(options.signal);
    if (signal?.aborted) throw domException('AbortError', 'the signal is aborted already');
    const jar = typeof options.cookies === 'object' ? options.cookies : undefined;
    try {
      const hooks = options.reconnect as ReconnectOptions<SocketLoss>;
      const reconnector = reconnect && new Reconnector(hooks, (refreshed) => request.renew(refreshed));
      this.connection = new Connection(native, hold, jar, reconnector);
    } catch (error) {
      throwRefusal(error);
    }
    this.request = request;
    this.href = request.href;
    this.keeps = Boolean(reconnect?.queue);
    if (signal) this.obey(signal);
    if (options.onHide === 'close') this.connection.closeWhileHidden();
  }

  /** A signal may outlive many connections: it is listened to until this one is over. */
  private obey(signal: AbortSignalLike): void {
    const abort = () => this.abort();
    signal.addEventListener('abort', abort);
    this.connection.onEnd(() => signal.removeEventListener('abort', abort));
  }

  /** The text does not say the signal's reason, which is the app's own and may hold anything. */
  private abort(): void {
    if (this.readyState !== ReadyState.CONNECTING) return this.close(1000, '');
    this.isGivenUp = true;
    this.connection.abort('the attempt to connect was aborted by its signal');
  }

  /** Scheme, host and port of the URL, or of the one that the app has given since. */
  get origin(): string {
    return this.request.origin;
  }

  /** Whether it takes messages: while it is open and, where they are kept, before that. */
  get takesMessages(): boolean {
    const { readyState } = this.connection;
    return readyState === ReadyState.OPEN || (this.keeps && readyState === ReadyState.CONNECTING);
  }

  get readyState(): ReadyState {
    return this.connection.readyState;
  }

  /** The sub-protocol that the server chose, or ''. */
  get protocol(): string {
    return this.connection.protocol;
  }

  /** The extensions in use, or ''. */
  get extensions(): string {
    return this.connection.extensions;
  }

  /** Bytes that were accepted and not yet handed to the operating system. */
  get bufferedAmount(): number {
    return this.connection.bufferedAmount + this.outbox.bytes;
  }

  /** What it has carried so far. Cheap enough to be asked for often. */
  stats(): SocketStats {
    return { ...this.connection.stats(), bufferedAmount: this.bufferedAmount };
  }

  /** From the next event on, `observer` is told. */
  observe(observer: Observer): void {
    this.connection.observe(observer);
  }

  /**
   * Queues a message of an open connection, behind a `Blob` that is still being read. What becomes of it then is told to
   * `outcome`. Without one, `tooLate` learns that the connection has ended meanwhile, and a refusal fails the connection.
   * @throws a native refusal: nothing was queued then, and neither is called.
   */
  send(message: Message, outcome: SendOutcome | undefined, tooLate?: TooLate): void {
    if (this.outbox.length === 0) return this.connection.send(message, outcome);
    // The bytes of now, whatever the app does with its buffer while they wait.
    const kept = copyMessage(message);
    this.outbox.add(messageSize(kept), () => this.sendLate(kept, outcome, tooLate));
  }

  /** Queues the content of `blob` on an open connection. One that cannot be read fails the connection. */
  sendBlob(blob: BlobLike, tooLate: TooLate): void {
    const reading = readBlob(blob);
    // A failure is dealt with where the content is awaited, which may be later.
    reading.catch(() => {});
    this.outbox.add(blob.size, async () => {
      let content: ByteRange | undefined;
      try {
        content = byteRange(await reading);
        if (!content) throw new TypeError('what it gives is no ArrayBuffer');
      } catch (error) {
        return this.connection.fail(`a Blob cannot be read: ${(error as Error | undefined)?.message ?? String(error)}`);
      }
      this.sendLate(content, undefined, tooLate);
    });
  }

  private sendLate(message: Message, outcome: SendOutcome | undefined, tooLate: TooLate | undefined): void {
    try {
      this.connection.send(message, outcome);
    } catch (error) {
      if (outcome) outcome.settle((error as Error).message);
      else if (isRefusal(error, 'invalid-state')) tooLate?.(messageSize(message));
      else this.connection.fail((error as Error).message);
    }
  }

  /**
   * Closes, after what was sent before; a connection that is not open yet is aborted at once. Nothing happens on one that
   * is closing or closed. The arguments were checked; without a code the Close frame is empty.
   */
  close(code: number | undefined, reason: string): void {
    this.isGivenUp = true;
    if (this.readyState >= ReadyState.CLOSING) return;
    this.connection.startClosing();
    if (this.outbox.length === 0) this.connection.finishClosing(code, reason);
    else this.outbox.add(0, () => this.connection.finishClosing(code, reason));
  }

  /** Queues a ping. @throws a native refusal. */
  ping(data: ByteRange): void {
    this.connection.ping(data);
  }

  /** Asks the server for a sign of life; the connection itself is not judged by the answer. */
  probe(option: ProbeOption | null | undefined): Promise<ProbeResult> {
    return this.connection.probe(option);
  }

  /** Stops reading from the network. */
  pause(): void {
    this.connection.pause();
  }

  /** Reads on. */
  resume(): void {
    this.connection.resume();
  }
}
