import { Event, Flag, type EventInit } from './Event.js';
import type { SocketCloseEvent, SocketMessageEvent } from './eventTypes.js';
import { defineInterface } from './webidl.js';

/** The dictionary `MessageEventInit`. */
export interface MessageEventInit extends EventInit {
  data?: unknown;
  origin?: string;
  lastEventId?: string;
  source?: unknown;
  ports?: readonly unknown[];
}

// Not `extends`: a constructor that calls another, as Metro compiles it for apps, costs more than all that it sets.
interface MessageEvent extends Event {}
class MessageEvent implements SocketMessageEvent {
  /** @internal */ declare readonly _data: unknown;
  /** @internal */ declare readonly _origin: string;
  /** What a message of a WebSocket does not have. @internal */
  declare readonly _other: { lastEventId: string; source: any; ports: readonly any[] } | undefined;

  constructor(...args: [type: string, init?: MessageEventInit | null]) {
    const [, init] = args;
    Object.assign(this, new Event(...args));
    this._data = init?.data === undefined ? null : init.data;
    this._origin = init?.origin === undefined ? '' : String(init.origin);
    if (!init) return;
    const { lastEventId = '', source = null, ports = [] } = init;
    this._other = { lastEventId: String(lastEventId), source, ports: Object.freeze([...ports]) };
  }

  get data(): any {
    return this._data;
  }

  get origin(): string {
    return this._origin;
  }

  get lastEventId(): string {
    return this._other?.lastEventId ?? '';
  }

  get source(): any {
    return this._other?.source ?? null;
  }

  get ports(): readonly any[] {
    return this._other?.ports ?? NO_PORTS;
  }
}
const NO_PORTS: readonly never[] = Object.freeze([]);
derive(MessageEvent, 'MessageEvent');

/** The dictionary `CloseEventInit`. */
export interface CloseEventInit extends EventInit {
  code?: number;
  reason?: string;
  wasClean?: boolean;
}

interface CloseEvent extends Event {}
class CloseEvent implements SocketCloseEvent {
  /** @internal */ declare readonly _code: number;
  /** @internal */ declare readonly _reason: string;
  /** @internal */ declare readonly _wasClean: boolean;

  constructor(...args: [type: string, init?: CloseEventInit | null]) {
    const [, init] = args;
    Object.assign(this, new Event(...args));
    this._code = Number(init?.code ?? 0) & 0xffff;
    this._reason = init?.reason === undefined ? '' : String(init.reason);
    this._wasClean = Boolean(init?.wasClean);
  }

  get code(): number {
    return this._code;
  }

  get reason(): string {
    return this._reason;
  }

  get wasClean(): boolean {
    return this._wasClean;
  }
}
derive(CloseEvent, 'CloseEvent');

export { CloseEvent, MessageEvent };

function derive(Class: { readonly prototype: object }, name: string): void {
  Object.setPrototypeOf(Class, Event);
  Object.setPrototypeOf(Class.prototype, Event.prototype);
  defineInterface(Class, name);
}

const { TRUSTED } = Flag;

/** Makes the `message` event of a connection: a {@link MessageEvent}, without the reading of a dictionary. */
export const ReceivedMessage = function (this: Record<string, unknown>, data: unknown, origin: string) {
  this._type = 'message';
  this._target = null;
  this._flags = TRUSTED;
  this._data = data;
  this._origin = origin;
} as unknown as new (data: unknown, origin: string) => MessageEvent;
(ReceivedMessage as { prototype: object }).prototype = MessageEvent.prototype;

/** `event` as one of a connection, with what it has beyond the standard. */
export function trusted<E extends Event, More extends object>(event: E, more?: More): E & More {
  event._flags |= Flag.TRUSTED;
  return Object.assign(event, more);
}
