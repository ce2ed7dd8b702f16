import type { Channel } from '../channel/Channel.js';
import type { ReadableController } from './streamTypes.js';

/** So much may wait in the stream before reading from the network stops, in bytes and UTF-16 units. */
export const READ_AHEAD = 64 << 10;

/** An empty message takes room, too. */
export function chunkSize(chunk: string | Uint8Array): number {
  return (typeof chunk === 'string' ? chunk.length : chunk.byteLength) + 1;
}

/** What comes out of the connection: the source of the readable stream. */
export class Source {
  private controller: ReadableController | undefined;
  private isPaused = false;

  constructor(
    private readonly channel: Channel,
    private readonly closeWith: (reason: unknown) => void,
  ) {}

  start(controller: ReadableController): void {
    this.controller = controller;
  }

  pull(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.channel.resume();
  }

  cancel(reason: unknown): void {
    this.controller = undefined;
    this.closeWith(reason);
  }

  message(data: string | ArrayBuffer): void {
    const { controller } = this;
    if (!controller) return;
    controller.enqueue(typeof data === 'string' ? data : new Uint8Array(data));
    if (this.isPaused || (controller.desiredSize ?? 0) > 0) return;
    this.isPaused = true;
    this.channel.pause();
  }

  /** The connection is over: with an error, or cleanly, and then what waits can be read still. */
  end(error?: unknown): void {
    if (error === undefined) this.controller?.close();
    else this.controller?.error(error);
    this.controller = undefined;
  }
}
