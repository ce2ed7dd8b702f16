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
