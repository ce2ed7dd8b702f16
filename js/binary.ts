/** A range of bytes. */
export interface ByteRange {
  buffer: ArrayBuffer;
  offset: number;
  length: number;
}

/** What `data` covers, when it is an `ArrayBuffer` or a view of one; of whichever realm. */
export function byteRange(data: unknown): ByteRange | undefined {
  if (isArrayBuffer(data)) return { buffer: data, offset: 0, length: data.byteLength };
  if (ArrayBuffer.isView(data) && isArrayBuffer(data.buffer)) {
    return { buffer: data.buffer, offset: data.byteOffset, length: data.byteLength };
  }
  return undefined;
}

function isArrayBuffer(data: unknown): data is ArrayBuffer {
  return Object.prototype.toString.call(data) === '[object ArrayBuffer]';
}

/**
 * What `data`, which is no {@link byteRange}, is as a text.
 * @throws TypeError for shared memory: as a text it would be its numbers.
 */
export function textOf(data: unknown): string {
  if (ArrayBuffer.isView(data) || Object.prototype.toString.call(data) === '[object SharedArrayBuffer]') {
    throw new TypeError('the memory of a SharedArrayBuffer cannot be sent: copy it first');
  }
  return String(data);
}

/**
 * Makes `buffer.constructor` and `instanceof ArrayBuffer` this realm's: a Node addon creates its buffers in the main
 * realm, and Jest runs tests in others.
 */
export function adoptArrayBuffer(buffer: ArrayBuffer): ArrayBuffer {
  return buffer instanceof ArrayBuffer ? buffer : Object.setPrototypeOf(buffer, ArrayBuffer.prototype);
}

/** What is used of a `Blob`; environments differ in the rest. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
}

/** Whether `data` is a `Blob` of this environment. */
export function isBlob(data: unknown): data is BlobLike {
  const { Blob } = globalThis as { Blob?: abstract new (...args: never[]) => object };
  return typeof Blob === 'function' && data instanceof Blob;
}

/** Reads a `Blob`. */
export function readBlob(blob: BlobLike): Promise<ArrayBuffer> {
  const { arrayBuffer } = blob as { arrayBuffer?: () => Promise<ArrayBuffer> };
  if (typeof arrayBuffer === 'function') return arrayBuffer.call(blob);
  return new Promise((resolve, reject) => {
    const { FileReader } = globalThis as { FileReader?: new () => FileReaderLike };
    if (!FileReader) throw new TypeError('this environment cannot read a Blob');
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

interface FileReaderLike {
  result: unknown;
  error: unknown;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  readAsArrayBuffer(blob: BlobLike): void;
}
