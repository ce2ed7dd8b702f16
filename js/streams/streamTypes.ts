/** The streams that the program's types know. */
export type MessageReadable = typeof globalThis extends { ReadableStream: new (...args: any[]) => infer R } ? R : any;
export type MessageWritable = typeof globalThis extends { WritableStream: new (...args: any[]) => infer W } ? W : any;

/** The classes of the platform or of a ponyfill. */
export interface StreamClasses {
  ReadableStream: new (source: any, strategy: any) => any;
  WritableStream: new (sink: any, strategy: any) => any;
}

/** A controller of either stream, as far as it is needed. */
export interface ReadableController {
  readonly desiredSize: number | null;
  enqueue(chunk: unknown): void;
  close(): void;
  error(reason: unknown): void;
}

export interface WritableController {
  error(reason: unknown): void;
}

/** The classes to use. @throws TypeError when there are none. */
export function streamClasses(given: unknown): StreamClasses {
  const { ReadableStream, WritableStream } = (given ?? globalThis) as Partial<StreamClasses>;
  if (typeof ReadableStream !== 'function' || typeof WritableStream !== 'function') {
    throw new TypeError(
      given === undefined || given === null
        ? 'this platform has no ReadableStream and WritableStream: give WebSocketStream those of a ponyfill as its option streams'
        : 'the option streams should be an object with the classes ReadableStream and WritableStream',
    );
  }
  return { ReadableStream, WritableStream };
}
