import { callReporting } from '../errors/reportError.js';
import { Event, isStopped, type SocketEvent } from './events.js';

export type Listener = ((event: any) => unknown) | { handleEvent(event: any): unknown };

interface Registration {
  listener: Listener;
  capture: boolean;
  once: boolean;
}

export interface ListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  /** Removes the listener when it is aborted. */
  signal?: AbortSignalLike;
}

interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** As the standard flattens them; null is none. */
function readOptions(options: boolean | ListenerOptions | null | undefined): ListenerOptions {
  return typeof options === 'object' && options !== null ? options : { capture: !!options };
}

/** The standard's `EventTarget`, without a tree. React Native has none before 0.82. */
export class EventTarget {
  readonly #registrations = new Map<string, Registration[]>();
  readonly #handlers = new Map<string, { handler: (event: any) => unknown; registration: Registration }>();

  addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    if (!listener) return;
    const { capture, once, signal } = readOptions(options);
    if (signal?.aborted) return;
    if (this.#find(type, listener, !!capture)) return;
    this.#register(type, { listener, capture: !!capture, once: !!once });
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, !!capture));
  }

  removeEventListener(type: string, listener: Listener | null, options?: boolean | { capture?: boolean }): void {
    if (!listener) return;
    const registration = this.#find(type, listener, !!readOptions(options).capture);
    if (registration) this.#unregister(type, registration);
  }

  /** Whether an event of this type would be heard. @internal */
  protected hasListener(type: string): boolean {
    const registrations = this.#registrations.get(type);
    return registrations !== undefined && registrations.length > 0;
  }

  /** Calls the listeners of `event.type` in the order of registration. What one throws is reported, and stops none. */
  dispatchEvent(event: SocketEvent): boolean {
    // An event of the environment's own class keeps its read-only fields.
    const own = event instanceof Event ? event : undefined;
    if (own) own.target = own.currentTarget = this;
    for (const registration of [...(this.#registrations.get(event.type) ?? [])]) {
      if (isStopped(event)) break;
      if (!this.#registrations.get(event.type)?.includes(registration)) continue;
      if (registration.once) this.#unregister(event.type, registration);
      const { listener } = registration;
      if (typeof listener === 'function') callReporting((e: SocketEvent) => listener.call(this, e), event);
      else callReporting((e: SocketEvent) => listener.handleEvent(e), event);
    }
    if (own) own.currentTarget = null;
    return true;
  }

  /** The handler behind an attribute such as `onopen`. @internal */
  protected getHandler(type: string): ((event: any) => unknown) | null {
    return this.#handlers.get(type)?.handler ?? null;
  }

  /** Sets it. As in the standard, a new handler takes the place of the old one among the listeners. @internal */
  protected setHandler(type: string, handler: unknown): void {
    const current = this.#handlers.get(type);
    if (typeof handler !== 'function') {
      if (current) this.#unregister(type, current.registration);
      this.#handlers.delete(type);
      return;
    }
    const registration = current?.registration ?? { listener: () => {}, capture: false, once: false };
    registration.listener = (event) => (handler as (event: unknown) => unknown).call(this, event);
    this.#handlers.set(type, { handler: handler as (event: any) => unknown, registration });
    if (!current) this.#register(type, registration);
  }

  #find(type: string, listener: Listener, capture: boolean): Registration | undefined {
    return this.#registrations.get(type)?.find((r) => r.listener === listener && r.capture === capture);
  }

  #register(type: string, registration: Registration): void {
    const registrations = this.#registrations.get(type);
    if (registrations) registrations.push(registration);
    else this.#registrations.set(type, [registration]);
  }

  #unregister(type: string, registration: Registration): void {
    const rest = (this.#registrations.get(type) ?? []).filter((r) => r !== registration);
    this.#registrations.set(type, rest);
  }
}
