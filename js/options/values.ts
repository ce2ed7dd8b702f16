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

/** An object with named fields. A list, a Map or a Headers keeps its content elsewhere: as an object it would be empty. */
export function object(value: unknown, option: string): object {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) throw new OptionError(option, 'Object');
  return value;
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
