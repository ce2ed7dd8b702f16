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
 * One call of one of Taro's functions, from its start to its end, and the promise that it gives. The order of the end is success
 * or fail, complete, the promise, and all of it comes after the caller's own code. What a callback throws is reported and stops
 * nothing. Nothing is thrown here. The promise may be ignored: its rejection does not count as unhandled.
 *
 * There is one for every message that is sent. Most ignore the promise, and an engine's own costs more than the rest of a send:
 * it is made when somebody asks for it. Until then this object stands for it, an instance of `Promise` to whoever looks.
 * @internal
 */
export class Call<Result extends CallbackResult = CallbackResult> implements SendOutcome, Promise<Result> {
  // Not initialized here, which costs more than an assignment.
  number: number;
  /** Why it fails whatever it is asked: a callback is no function. */
  wrong: OptionError | undefined;
  declare readonly [Symbol.toStringTag]: string;

  private readonly api: string;
  private success: Callbacks<Result>['success'];
  private failure: Callbacks<Result>['fail'];
  private complete: Callbacks<Result>['complete'];
  private result: Result | Failure | undefined;
  private promise: SettledElsewhere<Result> | undefined;

  /** A callback of `option` that cannot be read is reported, as one that throws is, and is none. */
  constructor(api: string, option: Callbacks<Result> | null | undefined) {
    this.number = 0;
    this.wrong = undefined;
    this.api = api;
    this.success = undefined;
    this.failure = undefined;
    this.complete = undefined;
    this.result = undefined;
    this.promise = undefined;
    if (option === undefined || option === null) return;
    try {
      this.success = option.success;
      this.failure = option.fail;
      this.complete = option.complete;
    } catch {
      this.success = this.read(option, 'success');
      this.failure = this.read(option, 'fail');
      this.complete = this.read(option, 'complete');
    }
    const { success, failure, complete } = this;
    if (success !== undefined && typeof success !== 'function') this.success = this.check(success, 'success');
    if (failure !== undefined && typeof failure !== 'function') this.failure = this.check(failure, 'fail');
    if (complete !== undefined && typeof complete !== 'function') this.complete = this.check(complete, 'complete');
  }

  then<A = Result, B = never>(
    onFulfilled?: ((result: Result) => A | PromiseLike<A>) | null,
    onRejected?: ((failure: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.made().then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((failure: any) => B | PromiseLike<B>) | null): Promise<Result | B> {
    return this.made().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Result> {
    return this.made().finally(onFinally);
  }

  private made(): Promise<Result> {
    if (!this.promise) {
      this.promise = new SettledElsewhere();
      if (this.result) this.promise.settle(this.result);
    }
    return this.promise.promise;
  }

  /** Whether a callback hears of a failure. */
  get isHeard(): boolean {
    return this.failure !== undefined || this.complete !== undefined;
  }

  /** Ends it. In a task of its own: not while the caller is still at it. */
  ok(result: Result): void {
    this.end(this.success, result);
  }

  /** As {@link ok}. */
  fail(errMsg: string): void {
    this.end(this.failure, failed(errMsg));
  }

  private end<T extends Result | Failure>(callback: ((result: T) => void) | undefined, result: T): void {
    this.result = result;
    if (callback !== undefined) callReporting(callback, result);
    if (this.complete !== undefined) callReporting(this.complete, result);
    if (this.promise !== undefined) this.promise.settle(result);
  }

  /** As {@link ok} or {@link fail}. */
  settle(failure?: string): void {
    // A literal: to join two strings for each message would cost more than the object.
    if (failure === undefined) this.end(this.success, { errMsg: 'sendSocketMessage:ok' } as Result);
    else this.fail(`sendSocketMessage:fail ${failure}`);
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

Object.setPrototypeOf(Call.prototype, Promise.prototype);

/** A promise that is settled from outside; its rejection does not count as unhandled. */
class SettledElsewhere<Result> {
  readonly promise: Promise<Result>;
  private resolve!: (result: Result) => void;
  private reject!: (failure: Failure) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    ignorable(this.promise);
  }

  settle(result: Result | Failure): void {
    if (result instanceof Error) this.reject(result);
    else this.resolve(result);
  }
}

/** Runs `act` as one call of `api`; see {@link Call}. */
export function withCallbacks<Result extends CallbackResult>(
  api: string,
  option: Callbacks<Result> | null | undefined,
  act: () => Result,
): Promise<Result> {
  const call = new Call(api, option);
  call.run(act);
  return call;
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
