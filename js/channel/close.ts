import { utf8Length } from '../data/utf8.js';

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
