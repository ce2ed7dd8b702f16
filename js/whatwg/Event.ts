import type { SocketEvent } from './eventTypes.js';
import { derivePlatformEvent, type Elsewhere } from './platform.js';
import { defineInterface } from './webidl.js';

/** The dictionary `EventInit`. */
export interface EventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** Bits of an event's `_flags`. */
export const Flag = {
  BUBBLES: 1,
  CANCELABLE: 2,
  COMPOSED: 4,
  CANCELED: 8,
  STOPPED: 16,
  STOPPED_AT_ONCE: 32,
  TRUSTED: 64,
  DISPATCHED: 128,
  PASSIVE: 256,
} as const;

/** What the platform knows of an event of ours that it dispatches itself. */
let elsewhere: Elsewhere = {};

const now = (): number => (globalThis as { performance?: { now(): number } }).performance?.now() ?? Date.now();

function readInit(init: unknown): void {
  if (init === undefined || init === null || typeof init === 'object' || typeof init === 'function') return;
  throw new TypeError('the second argument of the event is no dictionary');
}

/**
 * The standard's `Event`, without a tree: listeners run at the target only. It is made for every message, so it has few
 * fields, and what is seldom asked for comes into being when it is.
 */
export class Event implements SocketEvent {
  /** @internal */ declare readonly _type: string;
  /** @internal */ declare _target: unknown;
  /** @internal */ declare _flags: number;
  /** @internal */ declare _time: number | undefined;

  constructor(type: string, init?: EventInit | null) {
    if (arguments.length === 0) throw new TypeError('an event needs a type');
    readInit(init);
    this._type = String(type);
    this._target = null;
    this._flags =
      (init?.bubbles ? Flag.BUBBLES : 0) |
      (init?.cancelable ? Flag.CANCELABLE : 0) |
      (init?.composed ? Flag.COMPOSED : 0);
  }

  get type(): string {
    return this._type;
  }

  get target(): unknown {
    return this._is(Flag.DISPATCHED) ? this._target : (elsewhere.target?.call(this) ?? this._target);
  }

  get srcElement(): unknown {
    return this.target;
  }

  get currentTarget(): unknown {
    return this._is(Flag.DISPATCHED) ? this._target : (elsewhere.currentTarget?.call(this) ?? null);
  }

  composedPath(): any[] {
    return this._is(Flag.DISPATCHED) ? [this._target] : (elsewhere.composedPath?.call(this) ?? []);
  }

  get eventPhase(): number {
    return this._is(Flag.DISPATCHED) ? PHASES.AT_TARGET : (elsewhere.eventPhase?.call(this) ?? PHASES.NONE);
  }

  stopPropagation(): void {
    this._flags |= Flag.STOPPED;
    elsewhere.stopPropagation?.call(this);
  }

  get cancelBubble(): boolean {
    return this._is(Flag.STOPPED);
  }

  set cancelBubble(value: boolean) {
    if (value) this.stopPropagation();
  }

  stopImmediatePropagation(): void {
    this._flags |= Flag.STOPPED | Flag.STOPPED_AT_ONCE;
    elsewhere.stopImmediatePropagation?.call(this);
  }

  get bubbles(): boolean {
    return this._is(Flag.BUBBLES);
  }

  get cancelable(): boolean {
    return this._is(Flag.CANCELABLE);
  }

  get returnValue(): boolean {
    return !this.defaultPrevented;
  }

  set returnValue(value: boolean) {
    if (!value) this.preventDefault();
  }

  preventDefault(): void {
    if (this.cancelable && !this._is(Flag.PASSIVE)) this._flags |= Flag.CANCELED;
  }

  get defaultPrevented(): boolean {
    return this._is(Flag.CANCELED);
  }

  get composed(): boolean {
    return this._is(Flag.COMPOSED);
  }

  get isTrusted(): boolean {
    return this._is(Flag.TRUSTED);
  }

  get timeStamp(): number {
    return (this._time ??= now());
  }

  initEvent(type: string, bubbles = false, cancelable = false): void {
    if (this._is(Flag.DISPATCHED)) return;
    (this as { _type: string })._type = String(type);
    this._target = null;
    this._flags = (this._flags & Flag.COMPOSED) | (bubbles ? Flag.BUBBLES : 0) | (cancelable ? Flag.CANCELABLE : 0);
  }

  /** @internal */
  _is(flag: number): boolean {
    return (this._flags & flag) !== 0;
  }

  /** What Node prints of it; its own way wants fields of its own class. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect?: Function): unknown {
    const shown: Record<string, unknown> = Object.fromEntries(Object.entries(this));
    for (const key of Object.keys(shown)) if (key.startsWith('_')) delete shown[key];
    shown['type'] = this.type;
    for (const key of ['data', 'origin', 'code', 'reason', 'wasClean']) {
      if (key in this) shown[key] = this[key as keyof this];
    }
    const name = (this as object as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
    return inspect ? `${name} ${inspect(shown, options)}` : shown;
  }
}

const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 } as const;
defineInterface(Event, 'Event', PHASES);
elsewhere = derivePlatformEvent(Event);
