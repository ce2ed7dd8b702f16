import { prewarmNative } from '../native/session.js';
import type { HeaderFields } from '../options/handshake.js';
import { nativeOptions, type SocketOptions } from '../options/options.js';
import { OptionError } from '../options/values.js';
import { throwRefusal } from './refusal.js';
import { targetOf } from './target.js';

/** What is going to be asked for: as for `connectSocket` or `WebSocket`, but for a jar of `cookies`, which is a socket's own. */
export interface PrewarmOption extends Omit<SocketOptions, 'cookies' | 'reconnect' | 'signal' | 'onHide'> {
  url: string;
  /** As {@link SocketOptions.cookies}, but for a jar. */
  cookies?: 'system' | false;
  /** As {@link SocketOptions.header}; `WebSocket` calls it so. */
  headers?: HeaderFields;
  /** Sub-protocols to offer, most wanted first. */
  protocols?: string | readonly string[];
  /** How long to wait for a socket that adopts the connection, in milliseconds. Default 30 000. */
  lifetime?: number;
}

const LIFETIME = 30_000;

/**
 * Opens a connection in advance. The next `connectSocket` or `WebSocket` with the same URL, sub-protocols, header and
 * options reuses the connection if it is connecting or open; otherwise it connects normally.
 *
 * Without such a socket it is closed with 1001. No event tells what becomes of it.
 *
 * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options.
 */
export function prewarm(option: PrewarmOption): void {
  warm(option, false);
}

/** As {@link prewarm}, for the sockets that do what React Native's own do: see `installWebSocket`. */
export function prewarmOfPlatform(option: PrewarmOption): void {
  warm(option, true);
}

function warm(option: PrewarmOption, platform: boolean): void {
  const { url, protocols } = option ?? {};
  const lifetime = option?.lifetime ?? LIFETIME;
  if (typeof url !== 'string') throw new OptionError('url', 'String');
  if (typeof lifetime !== 'number' || !(lifetime > 0)) throw new OptionError('lifetime', 'a positive Number');
  const { href, defaults } = targetOf(url, platform);
  const native = nativeOptions(href, protocols, option, defaults);
  if (native.cookies === true) throw new OptionError('cookies', "'system' or left out: a jar is asked for one socket");
  try {
    prewarmNative(native, lifetime);
  } catch (error) {
    throwRefusal(error);
  }
}
