// Whether a connection that is lost is followed by another one.
import type { NativeReconnect } from '../native/seam.js';
import { readFields, type Readers } from './fields.js';
import type { HeaderFields } from './handshake.js';
import { amount, boolean, callback, integer, list, object, OptionError } from './values.js';

/** When a connection that was lost, or could not be made, is followed by another one; see docs/reconnecting.md. */
export interface ReconnectOptions<Loss = unknown> {
  /** Before the first attempt: a random time between 0 and this, in milliseconds. Default 1 000. */
  minDelay?: number;
  /** The largest bound of that time, in milliseconds. Default 30 000. */
  maxDelay?: number;
  /** By how much the bound grows with each attempt in a row; 1 or more. Default 2. */
  factor?: number;
  /** How many attempts in a row are made after the first; 1 or more. Default `Infinity`. */
  maxAttempts?: number;
  /** How long a connection has to be open for the attempts to be counted anew, in milliseconds. Default 5 000. */
  stableAfter?: number;
  /** Close codes of the server after which there is no other attempt. Default 1000 alone. */
  stopCodes?: readonly number[];
  /** How many bytes of messages are kept for the next connection, 64 more for each message counted. Default 0. */
  queue?: number;
  /** Whether attempts are made while the app is in the background. Default false. */
  whileHidden?: boolean;
  /**
   * Asked before each attempt but the first: what it is to be made with, a new token say, or a promise of that. What is left
   * out stays as it was. One that throws or rejects has cost an attempt.
   */
  refresh?: (attempt: number, cause: Loss) => Refreshed | void | PromiseLike<Refreshed | void>;
  /** Overrules what the rules say of a loss; undefined leaves it to them. `maxAttempts` holds all the same. */
  shouldReconnect?: (cause: Loss) => boolean | void | PromiseLike<boolean | void>;
}

/** What another attempt is made with. */
export interface Refreshed {
  url?: string;
  /** In the place of all fields that there were. */
  header?: HeaderFields;
  /** In the place of all sub-protocols that there were. */
  protocols?: string | readonly string[];
}

const RECONNECT: Readers<NativeReconnect> = {
  minDelay: amount,
  maxDelay: amount,
  factor: amount,
  maxAttempts: (value, option) => {
    if (value === Infinity) return undefined;
    if (integer(value, option) === 0) throw new OptionError(option, 'an integer, 1 or more, or Infinity');
    return value as number;
  },
  stableAfter: amount,
  stopCodes: (value, option) => list(value).map((code) => integer(code, option)),
  queue: amount,
  whileHidden: boolean,
  refresh: (value, option) => callback(value, option) && true,
  shouldReconnect: (value, option) => callback(value, option) && true,
};

/** Undefined: there is no other connection. */
export function readReconnect(value: unknown, option: string): NativeReconnect | undefined {
  if (value === false) return undefined;
  if (value === true) return {};
  if (typeof value !== 'object') throw new OptionError(option, 'Boolean or Object');
  return readFields(RECONNECT, object(value, option), option);
}
