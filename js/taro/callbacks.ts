import { callReporting } from '../errors/reportError.js';

/** What Taro's callbacks get. */
export interface CallbackResult {
  /** `<api>:ok` or `<api>:fail <reason>`. */
  errMsg: string;
}

/** The callbacks that each of Taro's functions takes. */
export interface Callbacks<Result extends CallbackResult = CallbackResult> {
  success?: (result: Result) => void;
  fail?: (result: CallbackResult) => void;
  complete?: (result: CallbackResult) => void;
}

/** How a call ends; one of the two, once. */
export interface Settle<Result extends CallbackResult> {
  ok(result: Result): void;
  fail(errMsg: string): void;
}

/**
 * Runs `call` and returns the promise of its end. The order is success or fail, complete, the promise; all of it after
 * the caller's own code, even when the end is known at once. What a callback throws is reported and stops nothing.
 * The promise may be ignored: its rejection does not count as unhandled.
 */
export function withCallbacks<Result extends CallbackResult>(
  callbacks: Callbacks<Result>,
  call: (settle: Settle<Result>) => void,
): Promise<Result> {
  const { success, fail, complete } = callbacks;
  const ended = new Promise<() => Result>((end) => {
    call({
      ok: (result) =>
        end(() => {
          callReporting(success, result);
          callReporting(complete, result);
          return result;
        }),
      fail: (errMsg) =>
        end(() => {
          const result = { errMsg };
          callReporting(fail, result);
          callReporting(complete, result);
          throw result;
        }),
    });
  });
  return ignorable(ended.then((finish) => finish()));
}

/** `promise`, whose rejection does not count as unhandled. */
export function ignorable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
