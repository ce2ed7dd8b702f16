import type { Channel } from '../channel/Channel.js';
import { ReadyState, type SendOutcome } from '../channel/Connection.js';
import { isRefusal } from '../channel/refusal.js';
import { byteRange, messageSize, type Message } from '../data/bytes.js';
import { domException } from '../errors/exceptions.js';
import { textOf } from '../whatwg/webidl.js';
import type { WritableController } from './streamTypes.js';

/** So many bytes may wait for the operating system before `ready` does. */
const AHEAD = 64 << 10;

/** What goes into the connection: the sink of the writable stream. */
export class Sink {
  private controller: WritableController | undefined;
  /** Bytes that were accepted and not handed to the operating system. */
  private ahead = 0;
  /** The write that waits for that to become less; the stream has one at a time. */
  private waiting: { goOn(): void; fail(error: unknown): void } | undefined;
  private isOver = false;

  /** @param ended is settled when the connection is over. */
  constructor(
    private readonly channel: Channel,
    private readonly ended: Promise<unknown>,
    private readonly closeWith: (reason: unknown) => void,
  ) {}

  start(controller: WritableController): void {
    this.controller = controller;
  }

  async write(chunk: unknown): Promise<void> {
    const message = byteRange(chunk) ?? textOf(chunk);
    while (!this.send(message)) await this.turn();
    while (this.ahead > AHEAD) await this.turn();
  }

  close(): Promise<unknown> {
    this.channel.close(undefined, '');
    return this.ended;
  }

  abort(reason: unknown): void {
    this.closeWith(reason);
  }

  /** Something has been handed over. */
  drain(): void {
    this.waiting?.goOn();
  }

  /** The connection is over; what is written now fails with `error`. */
  end(error: unknown): void {
    this.isOver = true;
    this.controller?.error(error);
    this.waiting?.fail(error);
  }

  private turn(): Promise<void> {
    return new Promise((goOn, fail) => (this.waiting = { goOn, fail }));
  }

  /** False when there is no room now. */
  private send(message: Message): boolean {
    if (this.isOver || this.channel.readyState !== ReadyState.OPEN) {
      throw domException('InvalidStateError', 'the WebSocketStream is not open');
    }
    const size = messageSize(message);
    const outcome: SendOutcome = {
      number: 0,
      settle: (failure) => {
        this.ahead -= size;
        // Why it was not, the end of the connection tells.
        if (failure === undefined) this.waiting?.goOn();
      },
    };
    try {
      this.channel.send(message, outcome);
    } catch (error) {
      if (isRefusal(error, 'buffer-full')) return false;
      if (isRefusal(error, 'message-too-big')) throw domException('QuotaExceededError', error.message);
      throw error;
    }
    this.ahead += size;
    return true;
  }
}
