import { Channel } from '../channel/Channel.js';
import { prewarmOfPlatform, type PrewarmOption } from '../channel/prewarm.js';
import { refuseOptions } from '../options/handshake.js';
import { isGiven } from '../options/values.js';
import type { SocketEvent } from '../whatwg/eventTypes.js';
import { WebSocket, type WebSocketOptions } from '../whatwg/WebSocket.js';

/** The class that `installWebSocket` puts in place. */
export type PlatformWebSocketClass = typeof WebSocket & {
  /** As the package's `prewarm`, with what this class does by itself: for its own sockets. */
  prewarm(option: PrewarmOption): void;
};

/**
 * Makes a class that behaves as React Native's own WebSocket where apps and servers count on it: the `Origin` is that of the URL
 * and the proxy the system's unless the options say otherwise, `close()` without a code sends 1000, and what its
 * sub-protocols ignore is ignored. `defaults` hold for each of its sockets.
 */
export function platformWebSocket(defaults: WebSocketOptions): PlatformWebSocketClass {
  class PlatformWebSocket extends WebSocket {
    static prewarm(option: PrewarmOption): void {
      prewarmOfPlatform({ ...merge(defaults, option), protocols: lenient(option?.protocols) } as PrewarmOption);
    }

    constructor(
      url: string | { toString(): string },
      protocols?: string | readonly string[] | null,
      options?: WebSocketOptions | null,
    ) {
      if (arguments.length === 0) throw new TypeError('a WebSocket needs a URL');
      super(new Channel(String(url), lenient(protocols), merge(defaults, options), { platform: true }));
    }

    /** Takes an object with a type too, as React Native's own does before 0.86. */
    override dispatchEvent(event: SocketEvent): boolean {
      if (typeof event?.type !== 'string' || typeof event.preventDefault === 'function')
        return super.dispatchEvent(event);
      this._socketTaskListeners.dispatch(event);
      return !event.defaultPrevented;
    }

    override close(code = 1000, reason?: string): void {
      super.close(code, reason);
    }
  }
  Object.defineProperty(PlatformWebSocket, 'name', { value: 'WebSocket' });
  Object.defineProperty(PlatformWebSocket, 'length', { value: 1 });
  for (const name of ['close', 'dispatchEvent']) {
    Object.defineProperty(PlatformWebSocket.prototype, name, { enumerable: true });
  }
  return PlatformWebSocket;
}

/** Neither is changed; what the app gives for a socket counts, inherited options too. Null is nothing, but for the Origin. */
function merge(defaults: WebSocketOptions, options: object | null | undefined): WebSocketOptions {
  const merged: Record<string, unknown> = {};
  for (const given of [defaults, options]) {
    for (const name in given) {
      const value = (given as Record<string, unknown>)[name];
      if (isGiven(value) || (name === 'origin' && value === null)) merged[name] = value;
    }
  }
  return merged as WebSocketOptions;
}

/**
 * Sub-protocols as React Native reads them: blanks around one, empty ones and what is neither text nor a list count for
 * nothing.
 */
function lenient(protocols: unknown): readonly string[] {
  refuseOptions(protocols);
  const given = typeof protocols === 'string' ? [protocols] : Array.isArray(protocols) ? protocols : [];
  const names = given.flatMap((item) => (typeof item === 'string' ? item.split(',') : [])).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
