import { throwRefusal } from './Connection.js';
import { prewarmNative } from '../native/session.js';
import { nativeOptions, OptionError } from '../options/options.js';
import { socketUrl } from '../options/url.js';
import type { WebSocketOptions } from '../whatwg/WebSocket.js';

/** What is going to be asked for: as for `connectSocket` or `WebSocket`, but for `cookies`, whose jar is a socket's own. */
export interface PrewarmOption extends Omit<WebSocketOptions, 'cookies'> {
  url: string;
  /** Sub-protocols to offer, most wanted first. */
  protocols?: string | readonly string[];
  /** How long to wait for a socket that adopts the connection, in milliseconds. Default 30 000. */
  lifetime?: number;
}

const LIFETIME = 30_000;

/**
 * Opens a connection in advance. The next `connectSocket` or `WebSocket` with the same URL, sub-protocols, header and
 * options adopts it, if it is still alive or on its way then; if not, that connects as usual.
 *
 * Without a socket that adopts it, it is closed with 1001. Of what becomes of it, nothing is told.
 *
 * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options.
 */
export function prewarm(option: PrewarmOption): void {
  const { url, protocols, lifetime = LIFETIME } = option ?? {};
  if (typeof url !== 'string') throw new OptionError('url', 'String');
  if (typeof lifetime !== 'number' || !(lifetime > 0)) throw new OptionError('lifetime', 'a positive Number');
  if ((option as WebSocketOptions).cookies) throw new OptionError('cookies', 'left out: a jar is asked for one socket');
  const native = nativeOptions(socketUrl(url).connect, protocols, option);
  try {
    prewarmNative(native, lifetime);
  } catch (error) {
    throwRefusal(error);
  }
}
