import { nativeOptions } from '../options/options.js';
import { Event } from '../whatwg/Event.js';
import { CloseEvent, MessageEvent } from '../whatwg/events.js';
import { EventTarget } from '../whatwg/EventTarget.js';
import type { WebSocketOptions } from '../whatwg/WebSocket.js';
import { platformWebSocket, type PlatformWebSocketClass } from './PlatformWebSocket.js';

/**
 * Makes the package's WebSocket the global one, in the place of React Native's own, and returns it. It does what apps and
 * their servers count on there: `Origin` of the URL (`origin: null` leaves it out), the system's proxy (`proxy: false` goes
 * without), `close()` sends 1000. `defaults` are options for each socket, which the third argument of the constructor overrules.
 *
 * The classes `Event`, `EventTarget`, `MessageEvent` and `CloseEvent` become global where there are none.
 *
 * @throws TypeError for options that are not acceptable; nothing is installed then.
 */
export function installWebSocket(defaults: WebSocketOptions = {}): PlatformWebSocketClass {
  nativeOptions('ws://localhost/', [], defaults);
  const Installed = platformWebSocket({ ...defaults });
  define('WebSocket', Installed);
  installEvents();
  return Installed;
}

/** Makes the classes of events global where there are none. */
export function installEvents(): void {
  for (const [name, Class] of Object.entries({ Event, EventTarget, MessageEvent, CloseEvent })) {
    if (!(name in globalThis)) define(name, Class);
  }
}

/** As engines define the classes of the web: a property that a later program may replace, and that no loop meets. */
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
