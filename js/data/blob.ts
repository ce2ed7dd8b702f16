/** What is used of a `Blob`; environments differ in the rest. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
}

type BlobClass = new (parts: ArrayBuffer[]) => BlobLike;

/** Whether `data` is a `Blob`: of this environment, of another realm, or a polyfill's. */
export function isBlob(data: unknown): data is BlobLike {
  if (typeof data !== 'object' || data === null) return false;
  const { Blob } = globalThis as unknown as { Blob?: BlobClass };
  if (typeof Blob === 'function' && data instanceof Blob) return true;
  const { size, type, slice } = data as { size?: unknown; type?: unknown; slice?: unknown };
  return Number.isSafeInteger(size) && (size as number) >= 0 && typeof type === 'string' && typeof slice === 'function';
}

/** Reads a `Blob`, in whatever the environment or a polyfill gives bytes. */
export async function readBlob(blob: BlobLike): Promise<unknown> {
  const { arrayBuffer } = blob as { arrayBuffer?: () => unknown };
  if (typeof arrayBuffer === 'function') return arrayBuffer.call(blob);
  return new Promise((resolve, reject) => {
    const { FileReader } = globalThis as { FileReader?: new () => FileReaderLike };
    if (!FileReader) throw new TypeError('this environment cannot read a Blob');
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

let probed: { Blob: BlobClass | undefined; ok: boolean } | undefined;
let isTold = false;

/** Whether {@link blobOf} can make a `Blob` with the global class of now. */
export function canMakeBlobs(): boolean {
  const { Blob } = globalThis as unknown as { Blob?: BlobClass };
  if (!probed || probed.Blob !== Blob) probed = { Blob, ok: blobOf(new ArrayBuffer(1)) !== undefined };
  return probed.ok;
}

/**
 * A `Blob` of the bytes. Undefined where none can be made of bytes, which is told once: React Native's own class throws, or
 * (0.73) takes them for text.
 */
export function blobOf(data: ArrayBuffer): BlobLike | undefined {
  try {
    const { Blob } = globalThis as unknown as { Blob: BlobClass };
    const blob = new Blob([data]);
    if (blob.size === data.byteLength) return blob;
  } catch {
    // As good as a Blob with something else in it.
  }
  if (!isTold) {
    isTold = true;
    console.warn(
      "react-native-socket-task: no Blob can be made of bytes here; binaryType stays 'arraybuffer', and messages come as ArrayBuffers",
    );
  }
  return undefined;
}

interface FileReaderLike {
  result: unknown;
  error: unknown;
  onload: (() => void) | null;
  onerror: (() => void) | null;
  readAsArrayBuffer(blob: BlobLike): void;
}
