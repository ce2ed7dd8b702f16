import { domException } from '../errors/exceptions.js';
import type { RefusalCode } from '../native/seam.js';

/** Whether `error` is the seam's refusal `code`. */
export function isRefusal(error: unknown, code: RefusalCode): error is Error {
  return typeof error === 'object' && (error as { code?: unknown } | null)?.code === code;
}

/** Throws what the standard's constructor throws where the seam has refused. */
export function throwRefusal(error: unknown): never {
  if (isRefusal(error, 'invalid-url')) throw domException('SyntaxError', error.message);
  if (isRefusal(error, 'invalid-argument')) throw new TypeError(error.message);
  throw error;
}
