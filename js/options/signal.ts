import { isGiven, OptionError } from './values.js';

/** What an `AbortSignal` has, that of an engine or of a polyfill, as far as it is needed. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The option `signal`. @throws OptionError for what is no signal. */
export function readSignal(value: unknown): AbortSignalLike | undefined {
  if (!isGiven(value)) return undefined;
  const { aborted, addEventListener, removeEventListener } = value as Record<string, unknown>;
  const isSignal =
    typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function';
  if (!isSignal) throw new OptionError('signal', 'an AbortSignal');
  return value as AbortSignalLike;
}
