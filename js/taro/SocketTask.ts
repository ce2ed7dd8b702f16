import type { Channel } from '../channel/Channel.js';
import { isCloseCode, isCloseReason, MAX_REASON_BYTES } from '../channel/close.js';
import { ReadyState } from '../channel/Connection.js';
import type { ProbeOption, ProbeResult } from '../channel/Probes.js';
import type { SocketStats } from '../channel/profile.js';
import { isRefusal } from '../channel/refusal.js';
import { byteRange, type Message } from '../data/bytes.js';
import { utf8Length } from '../data/utf8.js';
import { OptionError } from '../options/values.js';
import { WebSocket } from '../whatwg/WebSocket.js';
import { Call, withCallbacks, type CallbackResult, type Callbacks } from './callbacks.js';
import type {
  OnCloseResult,
  OnErrorResult,
  OnMessageResult,
  OnOpenResult,
  OnPongResult,
  OnReconnectingResult,
  OnSuspectResult,
} from './results.js';
import { TaskFace, type TaskListeners } from './TaskFace.js';

export interface SendOption extends Callbacks {
  /** A string, an ArrayBuffer, or a view of one (then exactly its bytes). */
  data: string | ArrayBuffer | ArrayBufferView;
}

export interface CloseOption extends Callbacks {
  /** 1000 (default), or 3000 to 4999. */
  code?: number;
  /** At most 123 bytes of UTF-8. Default: none. */
  reason?: string;
}

/** Taro's SocketTask: what connectSocket gives. */
export class SocketTask {
  readonly CONNECTING = ReadyState.CONNECTING;
  readonly OPEN = ReadyState.OPEN;
  readonly CLOSING = ReadyState.CLOSING;
  readonly CLOSED = ReadyState.CLOSED;

  readonly socketTaskId: number;
  readonly errMsg = 'connectSocket:ok';

  /** Not `#face`: what Metro makes of private fields costs a message more than the rest of its way here. @internal */
  declare readonly _face: TaskFace;

  /** @param also whose listeners are called after the task's own, asked at each event. @internal */
  constructor(channel: Channel, socketTaskId: number, also: (task: SocketTask) => TaskListeners) {
    this.socketTaskId = socketTaskId;
    Object.defineProperty(this, '_face', { value: new TaskFace(channel, () => also(this)) });
    channel.observe(this._face);
  }

  get readyState(): ReadyState {
    return this._face.channel.readyState;
  }

  /**
   * The connection as a `WebSocket` of the standard, the same object each time. It is made when it is asked for, in any
   * state, and gets the events that come from then on.
   */
  get ws(): WebSocket {
    return (this._face.ws ??= new WebSocket(this._face.channel));
  }

  /**
   * Sends a message. `success` and the promise say ok when it was handed to the operating system; they fail
   * when the socket is not open, the send queue is full, or the connection ends before. The promise may be ignored.
   */
  send(option: SendOption): Promise<CallbackResult> {
    const call = new Call('sendSocketMessage', option);
    try {
      if (call.wrong !== undefined) throw call.wrong;
      const { channel } = this._face;
      if (channel.takesMessages) channel.send(messageOf(option?.data), call);
      else call.failLater(NOT_OPEN);
    } catch (error) {
      // The connection may have ended already, though the event that says so has not been dispatched yet.
      call.failLater(isRefusal(error, 'invalid-state') ? NOT_OPEN : error);
    }
    return call;
  }

  /**
   * Closes the connection, after the messages that are queued; before it is open, aborts it at once. The promise may
   * be ignored.
   */
  close(option?: CloseOption): Promise<CallbackResult> {
    return withCallbacks('closeSocket', option, () => {
      const { code = 1000, reason = '' } = option ?? {};
      // Apps look for how these two texts begin.
      if (!isCloseCode(code)) {
        const which = typeof code === 'number' ? ` ${code}` : '';
        throw new Error(`invalid code${which}: an app may close with 1000 and 3000–4999`);
      }
      if (typeof reason !== 'string') throw new OptionError('reason', 'String');
      if (!isCloseReason(reason))
        throw new Error(`reason must be at most ${MAX_REASON_BYTES} bytes, and has ${utf8Length(reason)} in UTF-8`);
      this._face.channel.close(code, reason);
      return { errMsg: 'closeSocket:ok' };
    });
  }

  /**
   * Asks the server for a sign of life by a ping of its own. Rejected without an answer in time, and when the socket is not open or
   * no longer; whether the connection is given up, `pongTimeout` and the app decide. The promise may be ignored.
   */
  probe(option?: ProbeOption): Promise<ProbeResult> {
    return this._face.channel.probe(option);
  }

  /** What the connection has carried so far, for diagnostics. Cheap enough to be asked for often. */
  stats(): SocketStats {
    return this._face.channel.stats();
  }

  /** The last registration wins, here and below. */
  onOpen(callback: (result: OnOpenResult) => void): void {
    this._face.listeners.open = callback;
  }

  onMessage<T = any>(callback: (result: OnMessageResult<T>) => void): void {
    this._face.listeners.message = callback;
  }

  /** The connection was lost, and another attempt follows: with the option `reconnect`. Beyond Taro's document. */
  onReconnecting(callback: (result: OnReconnectingResult) => void): void {
    this._face.listeners.reconnecting = callback;
  }

  /** Always followed by the close event. */
  onError(callback: (result: OnErrorResult) => void): void {
    this._face.listeners.error = callback;
  }

  /** Once. */
  onClose(callback: (result: OnCloseResult) => void): void {
    this._face.listeners.close = callback;
  }

  /** A pong came; `ws.ping()` sends a ping. */
  onPong(callback: (result: OnPongResult) => void): void {
    this._face.listeners.pong = callback;
  }

  /** All that was sent is with the operating system, or the queue has room again after a send failed for being over its limit. */
  onDrain(callback: (result: {}) => void): void {
    this._face.listeners.drain = callback;
  }

  /** Half of the time for an answer to a ping of the library has passed. `onAlive` or the end follows. */
  onSuspect(callback: (result: OnSuspectResult) => void): void {
    this._face.listeners.suspect = callback;
  }

  /** The server that was suspect has sent something. */
  onAlive(callback: (result: {}) => void): void {
    this._face.listeners.alive = callback;
  }

  /** Removes the listener; with an argument, only if it is that one. The same below. */
  offOpen(callback?: (result: OnOpenResult) => void): void {
    this._face.remove('open', callback);
  }

  offMessage(callback?: (result: OnMessageResult) => void): void {
    this._face.remove('message', callback);
  }

  offReconnecting(callback?: (result: OnReconnectingResult) => void): void {
    this._face.remove('reconnecting', callback);
  }

  offError(callback?: (result: OnErrorResult) => void): void {
    this._face.remove('error', callback);
  }

  offClose(callback?: (result: OnCloseResult) => void): void {
    this._face.remove('close', callback);
  }

  offPong(callback?: (result: OnPongResult) => void): void {
    this._face.remove('pong', callback);
  }

  offDrain(callback?: (result: {}) => void): void {
    this._face.remove('drain', callback);
  }

  offSuspect(callback?: (result: OnSuspectResult) => void): void {
    this._face.remove('suspect', callback);
  }

  offAlive(callback?: (result: {}) => void): void {
    this._face.remove('alive', callback);
  }
}

function messageOf(data: unknown): Message {
  if (typeof data === 'string') return data;
  const message = byteRange(data);
  if (message === undefined) throw new OptionError('data', 'String or ArrayBuffer');
  return message;
}

/** Apps compare this text. */
const NOT_OPEN = 'SocketTask.send:fail SocketTask.readyState is not OPEN';
