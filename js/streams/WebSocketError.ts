import { checkCloseCode, checkCloseReason } from '../channel/close.js';

/** How to close, or how a connection was closed. */
export interface WebSocketCloseInfo {
  closeCode?: number | null;
  reason?: string;
}

/** Where there is no `DOMException`. */
class Fallback extends Error {
  readonly code = 0;

  constructor(message: string, name: string) {
    super(message);
    this.name = name;
  }
}

const { DOMException: Base = Fallback } = globalThis as {
  DOMException?: new (message: string, name: string) => Error & { readonly code: number };
};

/** Why a {@link WebSocketStream} failed; given to `abort` or `cancel`, with what to close it. */
export class WebSocketError extends Base {
  /** As on the wire; null for none. */
  declare readonly closeCode: number | null;
  declare readonly reason: string;

  /** @throws InvalidAccessError for a code, SyntaxError for a reason, that an app may not close with. */
  constructor(message = '', init: WebSocketCloseInfo = {}) {
    super(message, 'WebSocketError');
    const { closeCode, reason } = checkedClose(init);
    Object.defineProperties(this, {
      closeCode: { value: closeCode ?? null, configurable: true },
      reason: { value: reason, configurable: true },
    });
  }
}

/** The error of a connection that ended so, whatever its code. */
export function connectionError(message: string, closeCode: number, reason: string, cause?: Error): WebSocketError {
  const error = new WebSocketError(message);
  for (const [key, value] of Object.entries({ closeCode, reason, cause })) {
    Object.defineProperty(error, key, { value, configurable: true });
  }
  return error;
}

/**
 * What to close with; a reason alone goes with 1000.
 * @throws InvalidAccessError for another code than 1000 and 3000–4999, SyntaxError for a reason of more than 123 bytes.
 */
export function checkedClose(info: WebSocketCloseInfo | null | undefined): { closeCode?: number; reason: string } {
  const reason = `${info?.reason ?? ''}`;
  const closeCode = info?.closeCode ?? (reason ? 1000 : undefined);
  if (closeCode !== undefined) checkCloseCode(closeCode);
  checkCloseReason(reason);
  return { ...(closeCode !== undefined && { closeCode }), reason };
}
