import { serializeUrl } from '../native/session.js';
import type { Defaults } from '../options/options.js';
import { socketUrl } from '../options/url.js';
import { throwRefusal } from './refusal.js';

/** Where a connection goes. */
export interface Target {
  /** The URL as the standard serializes it. */
  href: string;
  /** Scheme, host and port of the URL. */
  origin: string;
  /** What holds where the options say nothing. */
  defaults: Defaults;
}

/**
 * Reads `url`; `http(s):` becomes `ws(s):`. With `platform`, what React Native's own WebSocket does unless it is told
 * otherwise holds too.
 * @throws SyntaxError for a URL that is not acceptable.
 */
export function targetOf(url: string, platform: boolean): Target {
  const href = serialized(url);
  const origin = originOf(href);
  const defaults: Defaults = platform
    ? { origin: origin.replace(/^ws/, 'http'), proxy: 'system', cookies: 'system' }
    : {};
  return { href, origin, defaults };
}

/** The URL as the standard serializes it. @throws SyntaxError for one that is not acceptable. */
export function serialized(url: string): string {
  const text = socketUrl(url);
  try {
    return serializeUrl(text);
  } catch (error) {
    throwRefusal(error);
  }
}

/** Scheme, host and port of a URL that was serialized. */
function originOf(href: string): string {
  const [, scheme = '', host = ''] = /^(wss?:\/\/)(?:[^/]*@)?([^/]*)/.exec(href) ?? [];
  return scheme + host;
}
