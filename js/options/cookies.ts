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
