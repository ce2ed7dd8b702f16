import type { Channel } from '../channel/Channel.js';
import { ReadyState } from '../channel/Connection.js';

/** The number in Taro's document of connectSocket for React Native. */
const DEFAULT_MAX_SOCKETS = 2;

let maxSockets = DEFAULT_MAX_SOCKETS;
/** The connections of connectSocket that have a slot, and some that have none any more. */
const channels = new Set<Channel>();

/** A positive integer or Infinity. */
export function setMaxSockets(most: number): void {
  maxSockets = most;
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
