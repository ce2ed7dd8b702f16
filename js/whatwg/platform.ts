/**
 * The classes `Event` and `EventTarget` of the platform, where it has them as globals: Node, React Native from 0.86. Ours are
 * instances of them by the prototype chain alone: their constructors cost more than the rest of a message.
 */

type Class = (abstract new (...args: never[]) => object) | undefined;

const { Event: PlatformEvent, EventTarget: PlatformEventTarget } = globalThis as { Event?: Class; EventTarget?: Class };

/** Makes the instances of `Class` those of `Base` too. */
function derive(Class: { readonly prototype: object }, Base: Class): void {
  if (typeof Base !== 'function') return;
  Object.setPrototypeOf(Class, Base);
  Object.setPrototypeOf(Class.prototype, Base.prototype as object);
}

/** Makes `Class` an `EventTarget` of the platform. */
export function derivePlatformEventTarget(Class: { readonly prototype: object }): void {
  derive(Class, PlatformEventTarget);
}

/** What the platform knows of an event that it dispatches itself; each is missing where it cannot be asked. */
export interface Elsewhere {
  target?(this: object): unknown;
  currentTarget?(this: object): unknown;
  eventPhase?(this: object): number;
  composedPath?(this: object): unknown[];
  stopPropagation?(this: object): void;
  stopImmediatePropagation?(this: object): void;
}

const MEMBERS = [
  'target',
  'currentTarget',
  'eventPhase',
  'composedPath',
  'stopPropagation',
  'stopImmediatePropagation',
] as const;

/**
 * Makes `Class`, whose constructor takes the type, an `Event` of the platform. What the platform's own constructor would
 * have put into an event, where to dispatch it is kept, is inherited instead, so that its `dispatchEvent` takes ours.
 */
export function derivePlatformEvent(Class: new (type: string) => object): Elsewhere {
  const Base = PlatformEvent as (new (type: string) => object) | undefined;
  if (typeof Base !== 'function') return {};
  derive(Class, Base);
  const type = 'a type of no other value';
  const made = new Base(type) as Record<symbol, unknown>;
  for (const key of Object.getOwnPropertySymbols(made)) {
    const value = made[key];
    Object.defineProperty(
      Class.prototype,
      key,
      value === type
        ? {
            get(this: { type: string }) {
              return this.type;
            },
          }
        : { value, writable: true },
    );
  }
  const elsewhere: Record<string, unknown> = {};
  for (const member of MEMBERS) {
    const descriptor = Object.getOwnPropertyDescriptor(Base.prototype, member);
    const ask = descriptor?.get ?? (descriptor?.value as unknown);
    if (typeof ask !== 'function') continue;
    try {
      ask.call(new Class('a probe'));
      elsewhere[member] = ask;
    } catch {
      // It insists on what only its own constructor makes.
    }
  }
  return elsewhere;
}
