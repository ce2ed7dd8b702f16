import type { Context } from './environment.js';
import type { NativeModule } from './seam.js';

/** The part of `Environment` that only CommonJS can provide. Its key is another for each format of the package's build. */
declare const addon: {
  /** The path of this file: another for each copy of the package, the same when Jest or a bundler evaluates it again. */
  key: string;
  /** @throws an Error that says how to get the native library when it is missing. */
  load(): NativeModule;
  setTimeout(task: () => void, delay?: number): unknown;
  clearTimeout(timer: unknown): void;
  setImmediate(task: () => void): void;
  domainToASCII(domain: string): string;
  keepContext(): Context;
};
export = addon;
