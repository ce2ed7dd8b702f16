import type { NativeModule } from './seam.js';

/** What differs between the JavaScript environments that the package runs in. */
export interface Environment {
  /** Names this copy of the package; see `NativeModule.openSession`. */
  readonly key: string;
  /** Finds the native half. @throws an `Error` that says how to get it when it is missing. */
  load(): NativeModule;
  /** Runs `task` after at least one turn of the timers. */
  setTimeout(task: () => void): void;
  /** `NativeSession.post`, where the environment has a way of its own. */
  post?(task: () => void): void;
  /** The default of `WebSocket.binaryType`. */
  readonly binaryType: 'arraybuffer' | 'blob';
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
