import type { NativeSocket } from '../native/seam.js';
import { reportError } from '../errors/reportError.js';
import type { CookieJar } from '../options/cookies.js';

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
