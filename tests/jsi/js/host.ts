/** What the programs of this folder find around them: host/HostFunctions.cpp, and the engine's own host. */
export interface Host {
  /** The engine: `JavaScriptCore`, `Hermes` or `Node`. */
  readonly engine: string;
  readonly arguments: readonly string[];
  print(line: string): void;
  /** Ends the program. But in Node, the runtime ends with what is alive in it. */
  exit(code: number): void;
  /** Is told the message of an error that a task of native code has thrown. Without it the program ends. */
  onUncaught?: ((message: string) => void) | undefined;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Blocks the JavaScript thread for so many milliseconds. */
  sleep(milliseconds: number): void;
  /** How many tasks native code has made the JavaScript thread run. */
  hops(): number;
  /** How many milliseconds of processor time they took. */
  busy(): number;
  /** How many milliseconds of processor time the JavaScript thread has taken so far, for whatever. */
  processorTime(): number;
  /** Memory of the process. */
  residentBytes(): number;
  peakBytes(): number;
  resetPeak(): void;
  /** How many threads of the process have the name; how many files of a name are mapped into it. */
  threadsNamed(name: string): number;
  filesMapped(name: string): number;
  /** How much memory the engine was told of with `setExternalMemoryPressure`; JavaScriptCore only. */
  externalMemory?(): number;
  /** See host/Base64Events.h. */
  base64Events(type: 'text' | 'binary', text: string, count: number): void;
}

export const { host } = globalThis as unknown as { host: Host };
