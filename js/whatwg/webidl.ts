/**
 * The conversion to a string, for `data` that is not bytes.
 * @throws TypeError for shared memory: as a text it would be its numbers.
 */
export function textOf(data: unknown): string {
  if (ArrayBuffer.isView(data) || Object.prototype.toString.call(data) === '[object SharedArrayBuffer]') {
    throw new TypeError('the memory of a SharedArrayBuffer cannot be sent: copy it first');
  }
  // Not String(): a symbol is no text.
  return `${data as string}`;
}

/** The conversion that Web IDL calls `[Clamp] unsigned short`. */
export function clampToUint16(value: number): number {
  const clamped = Math.min(Math.max(Number(value) || 0, 0), 65535);
  const floor = Math.floor(clamped);
  // Halfway between two integers, the even one.
  return clamped - floor === 0.5 ? floor + (floor % 2) : Math.round(clamped);
}

/**
 * Makes of a class what Web IDL makes of the interface `name`: attributes and methods are enumerable, constants are on
 * the class and on its prototype and cannot be changed, and `Object.prototype.toString` tells the name. Members whose names
 * begin with `_` are the package's own, and stay hidden.
 */
export function defineInterface(
  Class: { readonly prototype: object },
  name: string,
  constants: Record<string, number> = {},
): void {
  const { prototype } = Class;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (key === 'constructor' || key.startsWith('_')) continue;
    Object.defineProperty(prototype, key, { ...descriptor, enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  for (const [key, value] of Object.entries(constants)) {
    Object.defineProperty(Class, key, { value, enumerable: true });
    Object.defineProperty(prototype, key, { value, enumerable: true });
  }
}

/** Gives `object` a property that no loop over its properties meets, and that is not replaced. */
export function hide(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value });
}
