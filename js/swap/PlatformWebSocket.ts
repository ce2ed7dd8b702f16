import { Channel } from '../channel/Channel.js';
import { WebSocket, type WebSocketOptions } from '../whatwg/WebSocket.js';

/**
 * Makes a class that behaves as React Native's own WebSocket where apps and servers count on it: the `Origin` is that of the URL
 * and the proxy the system's unless the options say otherwise, `close()` without a code sends 1000, and what its
 * sub-protocols ignore is ignored. `defaults` hold for each of its sockets.
 */
export function platformWebSocket(defaults: WebSocketOptions): typeof WebSocket {
  class PlatformWebSocket extends WebSocket {
    constructor(
      url: string | { toString(): string },
      protocols?: string | readonly string[] | null,
      options?: WebSocketOptions | null,
    ) {
      if (arguments.length === 0) throw new TypeError('a WebSocket needs a URL');
      super(new Channel(String(url), lenient(protocols), merge(defaults, options), { platform: true }));
    }

    override close(code = 1000, reason?: string): void {
      super.close(code, reason);
    }
  }
  Object.defineProperty(PlatformWebSocket, 'name', { value: 'WebSocket' });
  Object.defineProperty(PlatformWebSocket, 'length', { value: 1 });
  Object.defineProperty(PlatformWebSocket.prototype, 'close', { enumerable: true });
  return PlatformWebSocket;
}

/** Neither is changed; what the app gives for a socket counts, inherited options too. */
function merge(defaults: WebSocketOptions, options: WebSocketOptions | null | undefined): WebSocketOptions {
  const merged: Record<string, unknown> = {};
  for (const given of [defaults, options]) {
    for (const name in given) {
      const value = (given as Record<string, unknown>)[name];
      if (value !== undefined) merged[name] = value;
    }
  }
  return merged as WebSocketOptions;
}

/**
 * Sub-protocols as React Native reads them: blanks around one, empty ones and what is neither text nor a list count for
 * nothing. An object is left for the error that says where options go: there its headers would be lost without a word.
 */
function lenient(protocols: unknown): readonly string[] | undefined {
  if (typeof protocols === 'object' && protocols !== null && !(Symbol.iterator in protocols)) {
    return protocols as never;
  }
  const given = typeof protocols === 'string' ? [protocols] : Array.isArray(protocols) ? protocols : [];
  const names = given.flatMap((item) => (typeof item === 'string' ? item.split(',') : [])).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
