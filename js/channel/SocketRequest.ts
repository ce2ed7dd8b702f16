import type { NativeOptions } from '../native/seam.js';
import { readFields } from '../options/fields.js';
import { nativeOptions, type SocketOptions } from '../options/options.js';
import type { Refreshed } from '../options/reconnect.js';
import { object, string } from '../options/values.js';
import type { Renewed } from './Reconnector.js';
import { targetOf } from './target.js';

type Protocols = string | readonly string[] | null | undefined;

/** What a connection is asked for with: the app's words, and what the native half makes of them. */
export class SocketRequest {
  /** The URL as the standard serializes it; of the newest attempt. */
  href: string;
  /** Scheme, host and port of it. */
  origin: string;
  readonly native: NativeOptions;

  /**
   * `http(s):` becomes `ws(s):`. With `platform`, what React Native's own WebSocket does unless it is told otherwise holds here
   * too.
   * @throws SyntaxError for a URL or sub-protocols that are not acceptable, TypeError for such options.
   */
  constructor(
    url: string,
    private protocols: Protocols,
    private options: SocketOptions,
    private readonly platform: boolean,
  ) {
    const { href, origin, defaults } = targetOf(url, platform);
    this.href = href;
    this.origin = origin;
    this.native = nativeOptions(href, protocols, options, defaults);
  }

  /** Changes what the app has given anew. Nothing is changed where any of it is not acceptable. @throws as the constructor. */
  renew(given: Refreshed): Renewed {
    const { url, header, protocols } = readFields(REFRESHED, object(given, 'refresh'), 'refresh');
    const { href, origin, defaults } = targetOf(url ?? this.href, this.platform);
    const newProtocols = protocols === undefined ? this.protocols : protocols;
    const inPlace = { header: { value: header, enumerable: true }, headers: { value: undefined } };
    const options = header === undefined ? this.options : (Object.create(this.options, inPlace) as SocketOptions);
    const native = nativeOptions(href, newProtocols, options, defaults);
    this.href = href;
    this.origin = origin;
    this.protocols = newProtocols;
    this.options = options;
    return { url: native.url, headers: native.headers, protocols: native.protocols };
  }
}

/** What is not undefined stays as the app has given it: it is read with all the rest. */
const REFRESHED = {
  url: string,
  header: (value: unknown) => value as Refreshed['header'],
  protocols: (value: unknown) => value as Refreshed['protocols'],
};
