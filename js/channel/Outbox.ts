import { reportError } from '../errors/reportError.js';

/** Keeps the order of what is sent while a `Blob` is being read: everything after it waits here. */
export class Outbox {
  /** Bytes that wait. */
  bytes = 0;
  /** How many actions wait. */
  length = 0;
  private last: Promise<void> = Promise.resolve();

  /** Runs `action` after the ones before it. */
  add(bytes: number, action: () => void | Promise<void>): void {
    this.bytes += bytes;
    this.length += 1;
    this.last = this.last
      .then(action)
      .catch(reportError)
      .then(() => {
        this.bytes -= bytes;
        this.length -= 1;
      });
  }
}
