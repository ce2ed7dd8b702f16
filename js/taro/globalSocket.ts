/**
 * The six functions without a task. Taro has deprecated them; its own React Native version only prints a warning.
 * They act on the newest task of connectSocket, and may be called before there is one. Nothing else is exported here.
 */
import { ReadyState } from '../channel/Connection.js';
import { withCallbacks, type CallbackResult } from './callbacks.js';
import { listeners, newestTask } from './newest.js';
import type { OnCloseResult, OnErrorResult, OnMessageResult, OnOpenResult } from './results.js';
import type { CloseOption, SendOption } from './SocketTask.js';

/** As `SocketTask.onOpen`; the last registration wins. */
export function onSocketOpen(callback: (result: OnOpenResult) => void): void {
  listeners.open = callback;
}

/** As `SocketTask.onMessage`. */
export function onSocketMessage<T = any>(callback: (result: OnMessageResult<T>) => void): void {
  listeners.message = callback;
}

/** As `SocketTask.onError`. */
export function onSocketError(callback: (result: OnErrorResult) => void): void {
  listeners.error = callback;
}

/** As `SocketTask.onClose`. */
export function onSocketClose(callback: (result: OnCloseResult) => void): void {
  listeners.close = callback;
}

/** As `SocketTask.send`. */
export function sendSocketMessage(option: SendOption): Promise<CallbackResult> {
  const newest = newestTask();
  if (newest?.readyState === ReadyState.OPEN) return newest.send(option);
  return withCallbacks('sendSocketMessage', option, () => {
    throw new Error(notOpen(newest));
  });
}

/** As `SocketTask.close`. A task that is still connecting is aborted. */
export function closeSocket(option?: CloseOption): Promise<CallbackResult> {
  const newest = newestTask();
  if (newest && newest.readyState !== ReadyState.CLOSED) return newest.close(option);
  return withCallbacks('closeSocket', option, () => {
    throw new Error(notOpen(newest));
  });
}

/** Another one than the newest may be open. */
function notOpen(newest: unknown): string {
  return newest ? 'the newest WebSocket of connectSocket is not open' : 'there is no open WebSocket';
}
