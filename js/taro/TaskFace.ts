import type { Channel } from '../channel/Channel.js';
import type { CloseInfo, Observer } from '../channel/Connection.js';
import type { SocketError } from '../channel/failure.js';
import type { SocketReconnecting } from '../channel/Reconnector.js';
import { callReporting } from '../errors/reportError.js';
import type { NativeOpen } from '../native/seam.js';
import type { WebSocket } from '../whatwg/WebSocket.js';
import {
  closeResult,
  errorResult,
  openResult,
  type OnCloseResult,
  type OnErrorResult,
  type OnMessageResult,
  type OnOpenResult,
  type OnPongResult,
  type OnSuspectResult,
  type OnReconnectingResult,
} from './results.js';

/** What the listeners of a task get. */
export interface TaskEvents {
  open: OnOpenResult;
  message: OnMessageResult;
  reconnecting: OnReconnectingResult;
  error: OnErrorResult;
  close: OnCloseResult;
  pong: OnPongResult;
  drain: {};
  suspect: OnSuspectResult;
  alive: {};
}

export type TaskListeners = { [K in keyof TaskEvents]?: (result: TaskEvents[K]) => void };

/** What a task keeps, and how it hears of its connection. A result that nobody listens to is not made. */
export class TaskFace implements Observer {
  readonly listeners: TaskListeners = {};
  ws: WebSocket | undefined;

  /** @param also gives the listeners that are called after the task's own. */
  constructor(
    readonly channel: Channel,
    private readonly also: () => TaskListeners,
  ) {}

  open(open: NativeOpen, startedAt: number): void {
    if (this.listeners.open || this.also().open) this.tell('open', openResult(open, startedAt));
  }

  message(data: string | ArrayBuffer): void {
    const own = this.listeners.message;
    const other = this.also().message;
    if (!own && !other) return;
    const result = { data };
    callReporting(own, result);
    callReporting(other, result);
  }

  pong(data: ArrayBuffer, rtt: number): void {
    this.tell('pong', { data, rtt });
  }

  get hearsDrain(): boolean {
    return this.listeners.drain !== undefined;
  }

  drain(): void {
    this.tell('drain', {});
  }

  suspect(silent: number): void {
    this.tell('suspect', { silent });
  }

  alive(): void {
    this.tell('alive', {});
  }

  reconnecting(info: SocketReconnecting): void {
    this.tell('reconnecting', info);
  }

  error(error: SocketError): void {
    this.tell('error', errorResult(error));
  }

  close(info: CloseInfo): void {
    this.tell('close', closeResult(info));
  }

  /** Removes the listener; with `callback`, only if it is that one. */
  remove<K extends keyof TaskEvents>(event: K, callback?: TaskListeners[K]): void {
    if (callback === undefined || callback === this.listeners[event]) delete this.listeners[event];
  }

  private tell<K extends keyof TaskEvents>(event: K, result: TaskEvents[K]): void {
    callReporting(this.listeners[event], result);
    callReporting(this.also()[event], result);
  }
}
