import type { SendOutcome } from '../channel/Connection.js';
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

/**
 * One call of one of Taro's functions, from its start to its end. The order of the end is success or fail, complete, the
 * promise, and all of it comes after the caller's own code. What a callback throws is reported and stops nothing. Nothing is
 * thrown here. The promise may be ignored: its rejection does not count as unhandled.
 *
 * There is one for every message that is sent: it makes one promise and no function.
 */
export class Call<Result extends CallbackResult = CallbackResult> implements SendOutcome {
  readonly promise: Promise<Result>;
  // Not initialized here, which costs more than an assignment.
  number: number;
  /** Why it fails whatever it is asked: a callback is no function. */
  wrong: OptionError | undefined;

  private readonly api: string;
  private success: Callbacks<Result>['success'];
  private failure: Callbacks<Result>['fail'];
  private complete: Callbacks<Result>['complete'];
  private readonly resolve: (result: Result) => void;
  private readonly reject: (failure: Failure) => void;

  /** A callback of `option` that cannot be read is reported, as one that throws is, and is none. */
  constructor(api: string, option: Callbacks<Result> | null | undefined) {
    this.api = api;
    this.number = 0;
    this.wrong = undefined;
    try {
      this.success = option?.success;
      this.failure = option?.fail;
      this.complete = option?.complete;
    } catch {
      this.success = this.read(option, 'success');
      this.failure = this.read(option, 'fail');
      this.complete = this.read(option, 'complete');
    }
    if (!isCallback(this.success)) this.success = this.check(this.success, 'success');
    if (!isCallback(this.failure)) this.failure = this.check(this.failure, 'fail');
    if (!isCallback(this.complete)) this.complete = this.check(this.complete, 'complete');
    this.promise = new Promise(takeSettlers);
    this.resolve = settlers.resolve;
    this.reject = settlers.reject;
  }

  /** Whether a callback hears of a failure. */
  get isHeard(): boolean {
    return this.failure !== undefined || this.complete !== undefined;
  }

  /** Ends it. In a task of its own: not while the caller is still at it. */
  ok(result: Result): void {
    callReporting(this.success, result);
    callReporting(this.complete, result);
    this.resolve(result);
  }

  /** As {@link ok}. */
  fail(errMsg: string): void {
    const failure = failed(errMsg);
    callReporting(this.failure, failure);
    callReporting(this.complete, failure);
    ignorable(this.promise);
    this.reject(failure);
  }

  /** As {@link ok} or {@link fail}. */
  settle(failure?: string): void {
    if (failure === undefined) this.ok({ errMsg: `${this.api}:ok` } as Result);
    else this.fail(`${this.api}:fail ${failure}`);
  }

  /** Ends it with the failure that `error` is, or has for its text, after the caller's own code. */
  failLater(error: unknown): void {
    const errMsg = typeof error === 'string' ? error : `${this.api}:fail ${messageOf(error)}`;
    void Promise.resolve().then(() => this.fail(errMsg));
  }

  /** Ends it with what `act` returns, or with what it throws, after the caller's own code. */
  run(act: () => Result): void {
    try {
      if (this.wrong) throw this.wrong;
      const result = act();
      void Promise.resolve().then(() => this.ok(result));
    } catch (error) {
      this.failLater(error);
    }
  }

  private read<K extends keyof Callbacks<Result>>(
    option: Callbacks<Result> | null | undefined,
    name: K,
  ): Callbacks<Result>[K] {
    try {
      return option?.[name];
    } catch (error) {
      reportError(error);
      return undefined;
    }
  }

  private check<K extends keyof Callbacks<Result>>(given: unknown, name: K): undefined {
    try {
      callback(given, name);
    } catch (error) {
      this.wrong ??= error as OptionError;
    }
  }
}

function isCallback(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

/** Runs `act` as one call of `api`; see {@link Call}. */
export function withCallbacks<Result extends CallbackResult>(
  api: string,
  option: Callbacks<Result> | null | undefined,
  act: () => Result,
): Promise<Result> {
  const call = new Call(api, option);
  call.run(act);
  return call.promise;
}

/** Those of the newest promise: a function for each would cost a message more than the promise. */
const settlers = {} as { resolve: (result: any) => void; reject: (reason: unknown) => void };

function takeSettlers(resolve: (result: any) => void, reject: (reason: unknown) => void): void {
  settlers.resolve = resolve;
  settlers.reject = reject;
}

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
