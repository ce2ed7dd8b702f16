import type { Channel } from '../channel/Channel.js';
import { ReadyState } from '../channel/Connection.js';

/** The number in Taro's document of connectSocket for React Native. */
const DEFAULT_MAX_SOCKETS = 2;

let maxSockets = DEFAULT_MAX_SOCKETS;
/** The connections of connectSocket that have a slot, and some that have none any more. */
const channels = new Set<Channel>();

/** What {@link configure} sets. */
export interface Configuration {
  /** How many tasks of connectSocket may have a slot at a time: a positive integer or Infinity. Default 2. */
  maxSockets?: number;
}

/** Changes the package's settings; what is left out stays. @throws RangeError for a value that is not acceptable, TypeError for an unknown setting. */
export function configure(configuration: Configuration): void {
  if (typeof configuration !== 'object' || configuration === null) throw new TypeError('configure needs an object');
  const { maxSockets: given, ...others } = configuration;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`there is no setting ${unknown}; there is maxSockets`);
  if (given === undefined) return;
  if (!(given === Infinity || (Number.isInteger(given) && given > 0))) {
    throw new RangeError('maxSockets should be a positive integer or Infinity');
  }
  maxSockets = given;
}

/** Why no further task may be made now, if so. */
export function limitReached(): string | undefined {
  for (const channel of channels) {
    if (channel.isGivenUp || channel.readyState === ReadyState.CLOSED) channels.delete(channel);
  }
  return channels.size >= maxSockets ? `exceed max concurrent count ${maxSockets}` : undefined;
}

/**
 * Takes a slot for `channel`, which has it until the app's close() was accepted or it is CLOSED: an app that closes and
 * connects again at once is not refused.
 */
export function takeSlot(channel: Channel): void {
  channels.add(channel);
}
