import { ReadyState } from '../channel/Connection.js';
import type { WebSocket } from '../whatwg/WebSocket.js';

/** The number in Taro's document of connectSocket for React Native. */
const DEFAULT_MAX_SOCKETS = 2;

let maxSockets = DEFAULT_MAX_SOCKETS;
/** The sockets of connectSocket, except some that are CLOSED. */
const sockets = new Set<WebSocket>();

/** What {@link configure} sets. */
export interface Configuration {
  /** How many tasks of connectSocket may be not closed at a time: a positive integer or Infinity. Default 2. */
  maxSockets?: number;
}

/** Changes the package's settings; what is left out stays. @throws RangeError for a value that is not acceptable. */
export function configure(configuration: Configuration): void {
  const { maxSockets: given } = configuration;
  if (given === undefined) return;
  if (!(given === Infinity || (Number.isInteger(given) && given > 0))) {
    throw new RangeError('maxSockets should be a positive integer or Infinity');
  }
  maxSockets = given;
}

/** Why no further task may be made now, if so. */
export function limitReached(): string | undefined {
  for (const socket of sockets) {
    if (socket.readyState === ReadyState.CLOSED) sockets.delete(socket);
  }
  return sockets.size >= maxSockets ? `exceed max concurrent count ${maxSockets}` : undefined;
}

/** Takes a slot for `socket`, which has it until it is CLOSED. */
export function takeSlot(socket: WebSocket): void {
  sockets.add(socket);
}
