// The fields of an object that an app gives.
import { isGiven, OptionError } from './values.js';

/** What reads the fields of an object, one row each: a field without a row is a fault to the compiler. */
export type Readers<T> = { [K in keyof T]-?: (value: unknown, option: string) => T[K] | undefined };

/** All fields of an object that has no others. */
export function readFields<T extends object>(readers: Readers<T>, value: object, option: string): Partial<T> {
  // A misspelt field here may be a check that is not made. An inherited one counts: to leave it out would be worse.
  for (const name in value) {
    if (!Object.hasOwn(readers, name)) throw new OptionError(`${option}.${name}`, 'left out: there is no such option');
  }
  return readKnown(readers, value, `${option}.`);
}

/** By their names, so that an object that inherits its options, or computes them, has them too. */
export function readKnown<T extends object>(readers: Readers<T>, value: object, prefix: string): Partial<T> {
  const fields: Partial<T> = {};
  for (const name of Object.keys(readers) as Array<keyof T & string>) {
    const content = (value as Record<string, unknown>)[name];
    const read = isGiven(content) ? readers[name](content, prefix + name) : undefined;
    if (read !== undefined) fields[name] = read;
  }
  return fields;
}
