import { domException } from '../errors/exceptions.js';

const DEFAULT_PORTS: Record<string, string> = { ws: '80', wss: '443' };

/** A WebSocket URL in the two forms that are needed. */
export interface SocketUrl {
  /** What the core gets: as it was given, but for the scheme. */
  connect: string;
  /** What `WebSocket.url` shows: scheme and host in lower case, no default port, at least the path `/`. */
  href: string;
  /** Scheme, host and port. */
  origin: string;
}

/**
 * Reads the URL that a `WebSocket` is made with; `http(s)` becomes `ws(s)`. The core checks the rest.
 * @throws SyntaxError for what is no absolute URL, another scheme, or a fragment.
 */
export function socketUrl(input: string): SocketUrl {
  const text = input.trim();
  const parts = /^(ws|http)(s?):\/\/([^/?#]+)([^#]*)(#?)/i.exec(text);
  if (!parts) {
    // Without the URL, here and below: a password or a token may stand in it.
    throw domException('SyntaxError', 'the URL does not begin with ws:// or wss:// and a host');
  }
  const [, , secure = '', authority = '', rest = '', fragment] = parts;
  if (fragment) {
    throw domException('SyntaxError', 'the URL has a fragment (#), which a WebSocket URL may not have');
  }
  const scheme = secure ? 'wss' : 'ws';
  const at = authority.lastIndexOf('@') + 1;
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/.exec(authority.slice(at)) ?? [];
  const hostAndPort = host.toLowerCase() + (port && port !== DEFAULT_PORTS[scheme] ? `:${port}` : '');
  return {
    connect: `${scheme}://${authority}${rest}`,
    href: `${scheme}://${authority.slice(0, at)}${hostAndPort}${rest.startsWith('/') ? '' : '/'}${rest}`,
    origin: `${scheme}://${hostAndPort}`,
  };
}
