import { reportError } from '../errors/reportError.js';
import { Flag, type Event } from './Event.js';
import type { SocketEvent } from './eventTypes.js';

// Of its own: every message comes by, and to read them of an object each time costs it 6 %.
const { DISPATCHED, PASSIVE, STOPPED_AT_ONCE } = Flag;
const OVER = ~(DISPATCHED | Flag.STOPPED | STOPPED_AT_ONCE);

export type Listener = ((event: any) => unknown) | { handleEvent(event: any): unknown };

export interface Registration {
  /** Of a handler: whatever object it was set to. */
  listener: Listener | object;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  /** Whether it stands behind an attribute such as `onopen`. */
  readonly isHandler: boolean;
  isRemoved: boolean;
}

/** The listeners of one target, by the types of events. */
export class Listeners {
  /** A list is replaced, not changed: one that is being gone through stays what it is. */
  private readonly lists = new Map<string, readonly Registration[]>();
  private readonly handlers = new Map<string, Registration>();

  constructor(private readonly target: object) {}

  /** Those of `type`, oldest first; undefined when there are none. */
  of(type: string): readonly Registration[] | undefined {
    return this.lists.get(type);
  }

  find(type: string, listener: unknown, capture: boolean): Registration | undefined {
    return this.lists.get(type)?.find((r) => r.listener === listener && r.capture === capture && !r.isHandler);
  }

  add(type: string, registration: Registration): void {
    this.lists.set(type, [...(this.lists.get(type) ?? []), registration]);
  }

  remove(type: string, registration: Registration): void {
    registration.isRemoved = true;
    const rest = (this.lists.get(type) ?? []).filter((r) => r !== registration);
    if (rest.length > 0) this.lists.set(type, rest);
    else this.lists.delete(type);
  }

  /** What the attribute `on<type>` is. */
  getHandler(type: string): unknown {
    return this.handlers.get(type)?.listener ?? null;
  }

  /**
   * Sets it. As in the standard, a new handler takes the place of the old one among the listeners; an object that is no
   * function is kept, and not called; what is no object is null.
   */
  setHandler(type: string, handler: unknown): void {
    const current = this.handlers.get(type);
    const isObject = typeof handler === 'function' || (typeof handler === 'object' && handler !== null);
    if (!isObject) {
      if (!current) return;
      this.remove(type, current);
      this.handlers.delete(type);
    } else if (current) {
      current.listener = handler;
    } else {
      const registration: Registration = {
        listener: handler,
        capture: false,
        once: false,
        passive: false,
        isHandler: true,
        isRemoved: false,
      };
      this.handlers.set(type, registration);
      this.add(type, registration);
    }
  }

  /** Calls the listeners of the event's type in their order. What one throws is reported, and stops none. */
  dispatch(event: SocketEvent): void {
    const list = this.lists.get(event.type);
    if (!list) return;
    if ((event as Partial<Event>)._flags !== undefined) return this.call(list, event as Event);
    // An event of the platform's own class keeps its read-only fields.
    for (const registration of list) this.callOne(registration, event, event.type);
  }

  /** As {@link dispatch}, for an event of ours and who has the list. Nothing is made here: every message comes by. */
  call(list: readonly Registration[], event: Event): void {
    event._target = this.target;
    event._flags |= DISPATCHED;
    for (let i = 0; i < list.length; i += 1) {
      const registration = list[i] as Registration;
      if (registration.passive) event._flags |= PASSIVE;
      this.callOne(registration, event, event._type);
      if ((event._flags & (PASSIVE | STOPPED_AT_ONCE)) === 0) continue;
      event._flags &= ~PASSIVE;
      if (event._flags & STOPPED_AT_ONCE) break;
    }
    event._flags &= OVER;
  }

  private callOne(registration: Registration, event: SocketEvent, type: string): void {
    if (registration.isRemoved) return;
    if (registration.once) this.remove(type, registration);
    const { listener } = registration;
    try {
      if (typeof listener === 'function') {
        const result = (listener as (event: unknown) => unknown).call(this.target, event);
        if (result === false && registration.isHandler) event.preventDefault();
      } else if (!registration.isHandler) {
        (listener as { handleEvent(event: SocketEvent): unknown }).handleEvent(event);
      }
    } catch (error) {
      reportError(error);
    }
  }
}
