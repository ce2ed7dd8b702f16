// What one value of an app may be. Which numbers and texts an option allows, the core says.

/** An option that is not acceptable. */
export class OptionError extends TypeError {
  constructor(
    readonly option: string,
    readonly expected: string,
  ) {
    super(`the option ${option} should be ${expected}`);
    this.name = 'TypeError';
  }
}

/** Whether there is a value: null is none, as undefined is. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A time or a size. */
export function amount(value: unknown, option: string): number {
  if (typeof value !== 'number' || !(value >= 0)) throw new OptionError(option, 'a Number, 0 or more');
  return value;
}

/** A time or a size that cannot be none. */
export function positive(value: unknown, option: string): number {
  if (typeof value !== 'number' || !(value >= 1)) throw new OptionError(option, 'a Number, 1 or more');
  return value;
}

export function integer(value: unknown, option: string): number {
  if (!Number.isInteger(value) || (value as number) < 0) throw new OptionError(option, 'an integer, 0 or more');
  return value as number;
}

export function boolean(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw new OptionError(option, 'Boolean');
  return value;
}

export function string(value: unknown, option: string): string {
  if (typeof value !== 'string') throw new OptionError(option, 'String');
  return value;
}

export function oneOf<T extends string>(choices: readonly T[], value: unknown, option: string): T {
  if (!choices.includes(value as T)) throw new OptionError(option, choices.join(' or '));
  return value as T;
}

/**
 * An object with named fields, inherited and computed ones included; a Map, a Headers or a list of pairs as such an object.
 */
export function object(value: unknown, option: string): object {
  if (typeof value !== 'object' || value === null) throw new OptionError(option, 'Object');
  const pairs = pairsOf(value, option);
  return pairs ? Object.fromEntries(pairs) : value;
}

/** Name and value of each field that is the object's own, as `fetch` reads its headers; a name may come more than once. */
export function entries(value: unknown, option: string): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null) throw new OptionError(option, 'Object');
  return pairsOf(value, option) ?? Object.entries(value);
}

/** What a Map, a Headers or a list of pairs holds; undefined for other objects. */
function pairsOf(value: object, option: string): Array<[string, unknown]> | undefined {
  const { forEach } = value as { forEach?: unknown };
  if (!(Symbol.iterator in value)) {
    if (typeof forEach !== 'function') return undefined;
    // A Headers of an engine or a polyfill without iterators.
    const pairs: Array<[string, unknown]> = [];
    forEach.call(value, (content: unknown, name: unknown) => pairs.push([String(name), content]));
    return pairs;
  }
  return Array.from(value as Iterable<unknown>, (pair) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new OptionError(option, 'an object or pairs of name and value');
    return [String(pair[0]), pair[1]];
  });
}

/** A function that an app may give. */
export function callback(value: unknown, option: string): ((...args: any[]) => unknown) | undefined {
  if (!isGiven(value)) return undefined;
  if (typeof value !== 'function') throw new OptionError(option, 'Function');
  return value as (...args: any[]) => unknown;
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
