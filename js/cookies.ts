import type { NativeSocket } from './native/NativeSocket.js';
import { reportError } from './reportError.js';

/** Keeps the cookies of opening handshakes; this package keeps none. */
export interface CookieJar {
  /**
   * Gives the value of the `Cookie` field for a request to `url` (`ws:` or `wss:`, without user and password): nothing,
   * or '', for none. Asked before each request, those that follow a redirect too, unless the header has `Cookie`. The
   * time that it takes counts towards `timeout`.
   */
  get(url: string): string | null | undefined | Promise<string | null | undefined>;
  /** Takes the values of the `Set-Cookie` fields of a response from `url`. Called before the open or error event. */
  set?(url: string, cookies: string[]): void;
}

/** Asks the jar and hands its answer to the socket. A jar that fails is reported, and no cookies are sent. */
export async function answerCookies(jar: CookieJar, url: string, socket: NativeSocket): Promise<void> {
  let cookies = '';
  try {
    cookies = String((await jar.get(url)) ?? '');
  } catch (error) {
    reportError(error);
  }
  // The socket may be closed meanwhile: then nobody waits for it any more.
  socket.answerCookies(cookies);
}

/** Hands what a response sets to the jar. */
export function storeCookies(jar: CookieJar, url: string, cookies: string[]): void {
  try {
    jar.set?.(url, cookies);
  } catch (error) {
    reportError(error);
  }
}
