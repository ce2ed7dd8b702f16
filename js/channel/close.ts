import { utf8Length } from '../data/utf8.js';
import { domException } from '../errors/exceptions.js';

/** The most bytes that the reason of a Close frame has. */
export const MAX_REASON_BYTES = 123;

/** Whether an app may close with `code`. */
export function isCloseCode(code: number): boolean {
  return code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999);
}

/** Whether `reason` fits into a Close frame. */
export function isCloseReason(reason: string): boolean {
  return utf8Length(reason) <= MAX_REASON_BYTES;
}

/** @throws InvalidAccessError for a code that an app may not close with. */
export function checkCloseCode(code: number): void {
  if (!isCloseCode(code)) {
    throw domException('InvalidAccessError', `the close code is ${Number(code)}, and may be 1000 or 3000–4999`);
  }
}

/** @throws SyntaxError for a reason that does not fit into a Close frame. */
export function checkCloseReason(reason: string): void {
  if (!isCloseReason(reason)) throw domException('SyntaxError', `a close reason has at most ${MAX_REASON_BYTES} bytes`);
}
