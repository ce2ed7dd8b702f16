import { callReporting, reportError } from '../errors/reportError.js';
import { callback, OptionError } from '../options/values.js';

/** What Taro's callbacks get. */
export interface CallbackResult {
  /** `<api>:ok` or `<api>:fail <reason>`. */
  errMsg: string;
}

/** What `fail`, `complete` and the rejection get, one and the same: an Error, so that one that nobody awaits says why. */
export interface Failure extends Error, CallbackResult {}

/** The callbacks that each of Taro's functions takes. */
export interface Callbacks<Result extends CallbackResult = CallbackResult> {
  success?: (result: Result) => void;
  fail?: (failure: Failure) => void;
  complete?: (result: Result | Failure) => void;
}

/** How a call ends; one of the two, once. */
export interface Settle<Result extends CallbackResult> {
  ok(result: Result): void;
  fail(errMsg: string): void;
}

/**
 * Runs `call` for `api` and returns the promise of its end. The order is success or fail, complete, the promise; all of it
 * after the caller's own code, even when the end is known at once. What a callback throws is reported and stops nothing;
 * what `call` throws, since an app's object may throw where it is read, is a failure. Nothing is thrown here.
 * The promise may be ignored: its rejection does not count as unhandled.
 */
export function withCallbacks<Result extends CallbackResult>(
  api: string,
  { success, fail, complete, wrong }: Callbacks<Result> & { wrong?: OptionError },
  call: (settle: Settle<Result>) => void,
): Promise<Result> {
  const ended = new Promise<() => Result>((end) => {
    const settle: Settle<Result> = {
      ok: (result) =>
        end(() => {
          callReporting(success, result);
          callReporting(complete, result);
          return result;
        }),
      fail: (errMsg) =>
        end(() => {
          const failure = failed(errMsg);
          callReporting(fail, failure);
          callReporting(complete, failure);
          throw failure;
        }),
    };
    try {
      if (wrong) throw wrong;
      call(settle);
    } catch (error) {
      settle.fail(`${api}:fail ${messageOf(error)}`);
    }
  });
  return ignorable(ended.then((finish) => finish()));
}

/**
 * The callbacks of `option`. One that cannot be read is reported, as one that throws is, and is none. One that is no function
 * is none either, and `wrong`: the call fails.
 */
export function readCallbacks<Result extends CallbackResult>(
  option: Callbacks<Result> | null | undefined,
): Callbacks<Result> & { wrong?: OptionError } {
  const callbacks: Callbacks<Result> & { wrong?: OptionError } = {};
  for (const name of CALLBACKS) {
    try {
      callbacks[name] = callback(option?.[name], name);
    } catch (error) {
      if (error instanceof OptionError) callbacks.wrong ??= error;
      else reportError(error);
    }
  }
  return callbacks;
}

const CALLBACKS = ['success', 'fail', 'complete'] as const;

/** Its `errMsg` is enumerable, as that of the plain object that Taro gives: what is copied or written as JSON has it. */
function failed(errMsg: string): Failure {
  return Object.assign(new Error(errMsg), { errMsg });
}

function messageOf(error: unknown): string {
  if (error instanceof OptionError) return `parameter error: parameter.${error.option} should be ${error.expected}`;
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : 'the option cannot be read';
}

/** `promise`, whose rejection does not count as unhandled. */
export function ignorable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
