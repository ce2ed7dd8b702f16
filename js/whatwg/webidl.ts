/**
 * The conversion to a string, for `data` that is not bytes.
 * @throws TypeError for shared memory: as a text it would be its numbers.
 */
export function textOf(data: unknown): string {
  if (ArrayBuffer.isView(data) || Object.prototype.toString.call(data) === '[object SharedArrayBuffer]') {
    throw new TypeError('the memory of a SharedArrayBuffer cannot be sent: copy it first');
  }
  return String(data);
}

/** The conversion that Web IDL calls `[Clamp] unsigned short`. */
export function clampToUint16(value: number): number {
  return Math.round(Math.min(Math.max(Number(value) || 0, 0), 65535));
}
