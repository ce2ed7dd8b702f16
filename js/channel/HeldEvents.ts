import { Fifo } from '../data/Fifo.js';
import { environment } from '../native/environment.js';
import type { NativeEvent } from '../native/seam.js';
import { post } from '../native/session.js';

/** The first events of a connection, which wait until the app has had the chance to register its listeners. */
export class HeldEvents {
  private readonly events = new Fifo<NativeEvent>();

  /**
   * Holds until the timers have gone round once; then `handle` gets each event in a task of its own, and `end` is
   * called when none is left.
   */
  constructor(
    private readonly handle: (event: NativeEvent) => void,
    private readonly end: () => void,
  ) {
    // Twice: a timer of 0 ms that the app sets when it gets the task runs after the first and before the second.
    environment().setTimeout(() => environment().setTimeout(() => this.handleNext()));
  }

  add(event: NativeEvent): void {
    this.events.push(event);
  }

  private handleNext(): void {
    const event = this.events.shift();
    if (!event) return this.end();
    // Events that come meanwhile stay behind the held ones.
    post(() => this.handleNext());
    this.handle(event);
  }
}
