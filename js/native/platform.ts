import type { NativeModule } from './NativeSocket.js';

/** What differs between the JavaScript environments that the package runs in. */
export interface Platform {
  /** Names this evaluation of the package's file; see `NativeModule.openSession`. */
  readonly key: string;
  /** Finds the native half. @throws an `Error` that says how to get it when it is missing. */
  load(): NativeModule;
  /** Runs `task` after at least one turn of the timers. */
  setTimeout(task: () => void): void;
  /** `NativeSession.post`, where the platform's JavaScript has a way of its own. */
  post?(task: () => void): void;
  /** The default of `WebSocket.binaryType`. */
  readonly binaryType: 'arraybuffer' | 'blob';
}

let current: Platform | undefined;

/** Called once, by the platform's module, before anything else of the package runs. */
export function setPlatform(platform: Platform): void {
  current = platform;
}

export function platform(): Platform {
  if (!current) throw new Error('react-native-socket-task: import the package by its name, not one of its files');
  return current;
}
