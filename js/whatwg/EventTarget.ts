import { domException } from '../errors/exceptions.js';
import { Event, Flag } from './Event.js';
import type { SocketEvent } from './eventTypes.js';
import { Listeners, type Listener } from './Listeners.js';
import { derivePlatformEventTarget } from './platform.js';
import { defineInterface, hide } from './webidl.js';

export type { Listener } from './Listeners.js';

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

/** The standard's `EventTarget`, without a tree. React Native has none before 0.86. */
export class EventTarget {
  /** The name is long so that no subclass has it for something else. @internal */
  declare readonly _socketTaskListeners: Listeners;

  constructor() {
    hide(this, '_socketTaskListeners', new Listeners(this));
  }

  /** @throws TypeError for a listener that is no object. */
  addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    if (listener === null || listener === undefined) return;
    if (typeof listener !== 'function' && typeof listener !== 'object') {
      throw new TypeError('an event listener is a function or an object');
    }
    const { capture, once, passive, signal } = readOptions(options);
    if (signal?.aborted) return;
    const [name, listeners] = [String(type), this._socketTaskListeners];
    if (listeners.find(name, listener, !!capture)) return;
    const flags = { capture: !!capture, once: !!once, passive: !!passive, isHandler: false, isRemoved: false };
    const registration = { listener, ...flags };
    listeners.add(name, registration);
    signal?.addEventListener('abort', () => listeners.remove(name, registration));
  }

  removeEventListener(type: string, listener: Listener | null, options?: boolean | { capture?: boolean }): void {
    const [name, listeners] = [String(type), this._socketTaskListeners];
    const registration = listeners.find(name, listener, !!readOptions(options).capture);
    if (registration) listeners.remove(name, registration);
  }

  /**
   * Calls the listeners of `event.type` in the order of registration. What one throws is reported, and stops none. Returns
   * false when one has prevented the default.
   * @throws TypeError for what is no event, InvalidStateError for one that is being dispatched.
   */
  dispatchEvent(event: SocketEvent): boolean {
    // One of a polyfill, or of another realm, is an instance of no class that is known here.
    if (typeof event?.type !== 'string' || typeof event.preventDefault !== 'function') {
      throw new TypeError('only an event can be dispatched');
    }
    if (event.eventPhase) throw domException('InvalidStateError', 'the event is being dispatched');
    if (event instanceof Event) event._flags &= ~Flag.TRUSTED;
    this._socketTaskListeners.dispatch(event);
    return !event.defaultPrevented;
  }
}

defineInterface(EventTarget, 'EventTarget');
derivePlatformEventTarget(EventTarget);
