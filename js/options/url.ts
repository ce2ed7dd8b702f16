import { domException } from '../errors/exceptions.js';
import { environment } from '../native/environment.js';

/** Scheme and slashes, what stands before an @, the host, and the rest. */
const HOST = /^(wss?:[/\\]*)((?:[^/\\?#]*@)?)([^/\\?#:]*)([^]*)$/i;

/** What only the conversion of a host reads: characters outside ASCII, percent-encoded ones too, and names that were converted. */
const CONVERTED = /[^\0-\x7f]|%|xn--/i;

/** `url` without what counts for nothing: blanks around it, and tabs and line breaks in it. */
export function withoutBlanks(url: string): string {
  return url.replace(/^[\0- ]+|[\0- ]+$|[\t\n\r]/g, '');
}

/**
 * The URL that a `WebSocket` is made with, in a form that the core reads: `ws(s)` for `http(s)`, and the host in ASCII where
 * the platform can convert it. The core reads the rest as the URL Standard does.
 * @throws SyntaxError for a host that is not valid.
 */
export function socketUrl(input: string): string {
  const text = withoutBlanks(input).replace(/^http(?=s?:)/i, 'ws');
  const { domainToASCII } = environment();
  const [, scheme = '', userinfo = '', host = '', rest = ''] = HOST.exec(text) ?? [];
  if (!domainToASCII || !CONVERTED.test(host)) return text;
  const converted = domainToASCII(host);
  // Without the host, as everywhere: what stands there may be a part of a password.
  if (!converted) throw domException('SyntaxError', "the URL's host is not valid");
  return scheme + userinfo + converted + rest;
}
