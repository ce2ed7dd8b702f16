import type { NativeModule } from './seam.js';

/** What differs between the JavaScript environments that the package runs in. */
export interface Environment {
  /** Names this copy of the package; see `NativeModule.openSession`. */
  readonly key: string;
  /** Finds the native half. @throws an `Error` that says how to get it when it is missing. */
  load(): NativeModule;
  /**
   * Runs `task` after at least one turn of the timers, and `delay` milliseconds. Not the global function of now: a test may have
   * replaced it.
   */
  setTimeout(task: () => void, delay?: number): unknown;
  /** Calls off what {@link setTimeout} has promised. */
  clearTimeout(timer: unknown): void;
  /** Runs `task` when the rest of the event loop has had its turn, where `NativeSession.goOn` wants that. */
  setImmediate?(task: () => void): void;
  /** Whether the app is hidden: `follow` is told whenever that changes, until what is returned is called. Where one can know. */
  followVisibility?(follow: (isHidden: boolean) => void): () => void;
  /** Whether it is now. */
  isHidden?(): boolean;
  /** Keeps the asynchronous context of now (AsyncLocalStorage), where there is such a thing. */
  keepContext?(): Context;
  /** Converts a host name to ASCII (URL Standard, section 3.3), where the platform can; '' when it is not valid. */
  domainToASCII?(domain: string): string;
  /** The default of `WebSocket.binaryType`. */
  readonly binaryType: 'arraybuffer' | 'blob';
}

/** An asynchronous context. */
export interface Context {
  /** Calls `run` with `self` as `this` in the context. What it throws is thrown. */
  runInAsyncScope<Self, Arguments extends unknown[]>(
    run: (this: Self, ...args: Arguments) => void,
    self: Self,
    ...args: Arguments
  ): void;
}

let current: Environment | undefined;

/** Called once, by the environment's own module, before anything else of the package runs. */
export function setEnvironment(environment: Environment): void {
  current = environment;
}

export function environment(): Environment {
  if (!current) throw new Error('react-native-socket-task: import the package by its name, not one of its files');
  return current;
}
