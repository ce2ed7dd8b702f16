import { byteRange } from '../data/bytes.js';
import { isRefusal, ReadyState, type CloseInfo, type OpenInfo } from '../channel/Connection.js';
import type { ErrorCode, ErrorPhase, HeaderObject, SocketError } from '../channel/failure.js';
import { callReporting } from '../errors/reportError.js';
import { isCloseCode, isCloseReason } from '../channel/close.js';
import { connectionOf, sendMessage, type WebSocket } from '../whatwg/WebSocket.js';
import { withCallbacks, type CallbackResult, type Callbacks } from './callbacks.js';

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

/**
 * When a connection was made. `fetchStart` to `connectEnd` are in milliseconds of the epoch, the others in
 * milliseconds; all with fractions.
 */
export interface SocketProfile {
  /** connectSocket was called. */
  fetchStart: number;
  domainLookUpStart: number;
  domainLookUpEnd: number;
  connectStart: number;
  /** TLS included. */
  connectEnd: number;
  /** From `connectStart` to `connectEnd`. */
  rtt: number;
  /** The opening handshake of the WebSocket. */
  handshakeCost: number;
  /** From the call to the open socket. */
  cost: number;
  /** Asking a proxy for the connection; 0 without one. */
  proxyCost: number;
  /** The TLS handshake; 0 without TLS. */
  tlsCost: number;
  /** `TLSv1.2` or `TLSv1.3`; '' without TLS. */
  tlsVersion: string;
  /** The cipher suite in IANA's spelling; '' without TLS. */
  tlsCipher: string;
  /** Whether an earlier TLS session was resumed. */
  tlsResumed: boolean;
  /** Address and port of the server, or of the proxy: `192.0.2.1:443` or `[2001:db8::1]:443`. */
  remoteAddress: string;
}

export interface OnOpenResult {
  /** The response's header; `Set-Cookie` is an array, other repeated fields are joined with `, `. */
  header: HeaderObject;
  profile: SocketProfile;
  /** The sub-protocol that the server chose, or ''. */
  protocol: string;
  /** The extensions in use, or ''. */
  extensions: string;
}

export interface OnMessageResult<T = any> {
  /** A string or an ArrayBuffer. */
  data: T;
}

export interface OnErrorResult extends CallbackResult {
  phase: ErrorPhase;
  code: ErrorCode;
  /** The operating system's error number, where it gave one. */
  osError?: number;
  /** Of the response, when the server refused the opening handshake. */
  httpStatus?: number;
  httpHeaders?: HeaderObject;
  /** The first KiB of that response's body, at most. */
  body?: string;
}

export interface OnCloseResult {
  /** As on the wire; 1005 when there was none, 1006 without a Close frame, 1015 when TLS failed. */
  code: number;
  reason: string;
  wasClean: boolean;
}

/** What the listeners of a task get. */
export interface TaskEvents {
  open: OnOpenResult;
  message: OnMessageResult;
  error: OnErrorResult;
  close: OnCloseResult;
}

export type TaskListeners = { [K in keyof TaskEvents]?: (result: TaskEvents[K]) => void };

/** Taro's SocketTask: what connectSocket gives. */
export class SocketTask {
  readonly CONNECTING = ReadyState.CONNECTING;
  readonly OPEN = ReadyState.OPEN;
  readonly CLOSING = ReadyState.CLOSING;
  readonly CLOSED = ReadyState.CLOSED;

  readonly socketTaskId: number;
  readonly errMsg = 'connectSocket:ok';
  /** The WebSocket that this task is another face of. */
  readonly ws: WebSocket;

  readonly #listeners: TaskListeners = {};
  readonly #also: (task: SocketTask) => TaskListeners;

  /** @param also whose listeners are called after the task's own, asked at each event. */
  constructor(ws: WebSocket, socketTaskId: number, also: (task: SocketTask) => TaskListeners) {
    this.ws = ws;
    this.socketTaskId = socketTaskId;
    this.#also = also;
    ws[connectionOf].observe({
      open: (info) => this.#tell('open', openResult(info)),
      message: (data) => this.#tell('message', { data }),
      error: (error) => this.#tell('error', errorResult(error)),
      close: (info) => this.#tell('close', closeResult(info)),
    });
  }

  get readyState(): ReadyState {
    return this.ws.readyState;
  }

  /**
   * Sends a message. `success` and the promise say ok when it was handed to the operating system; they fail
   * when the socket is not open, the send queue is full, or the connection ends before. The promise may be ignored.
   */
  send(option: SendOption): Promise<CallbackResult> {
    const { data } = option ?? {};
    return withCallbacks(option ?? {}, ({ ok, fail }) => {
      if (this.readyState !== ReadyState.OPEN) return fail(NOT_OPEN);
      const message = typeof data === 'string' ? data : byteRange(data);
      if (message === undefined) {
        return fail('sendSocketMessage:fail parameter error: parameter.data should be String or ArrayBuffer');
      }
      try {
        this.ws[sendMessage](message, (failure) => {
          if (failure === undefined) ok({ errMsg: 'sendSocketMessage:ok' });
          else fail(`sendSocketMessage:fail ${failure}`);
        });
      } catch (error) {
        // Ended already, though the event that says so has not been dispatched yet.
        if (isRefusal(error, 'invalid-state')) fail(NOT_OPEN);
        else fail(`sendSocketMessage:fail ${(error as Error).message}`);
      }
    });
  }

  /**
   * Closes the connection, after the messages that are queued; before it is open, aborts it at once. The promise may
   * be ignored.
   */
  close(option?: CloseOption): Promise<CallbackResult> {
    const { code = 1000, reason = '' } = option ?? {};
    return withCallbacks(option ?? {}, ({ ok, fail }) => {
      if (!isCloseCode(code)) return fail('closeSocket:fail invalid code');
      if (typeof reason !== 'string')
        return fail('closeSocket:fail parameter error: parameter.reason should be String');
      if (!isCloseReason(reason)) return fail('closeSocket:fail reason must be at most 123 bytes');
      this.ws.close(code, reason);
      ok({ errMsg: 'closeSocket:ok' });
    });
  }

  /** The last registration wins, here and below. */
  onOpen(callback: (result: OnOpenResult) => void): void {
    this.#listeners.open = callback;
  }

  onMessage<T = any>(callback: (result: OnMessageResult<T>) => void): void {
    this.#listeners.message = callback;
  }

  /** Always followed by the close event. */
  onError(callback: (result: OnErrorResult) => void): void {
    this.#listeners.error = callback;
  }

  /** Once. */
  onClose(callback: (result: OnCloseResult) => void): void {
    this.#listeners.close = callback;
  }

  /** Removes the listener; with an argument, only if it is that one. The same below. */
  offOpen(callback?: (result: OnOpenResult) => void): void {
    this.#remove('open', callback);
  }

  offMessage(callback?: (result: OnMessageResult) => void): void {
    this.#remove('message', callback);
  }

  offError(callback?: (result: OnErrorResult) => void): void {
    this.#remove('error', callback);
  }

  offClose(callback?: (result: OnCloseResult) => void): void {
    this.#remove('close', callback);
  }

  #remove<K extends keyof TaskEvents>(event: K, callback?: TaskListeners[K]): void {
    if (callback === undefined || callback === this.#listeners[event]) delete this.#listeners[event];
  }

  #tell<K extends keyof TaskEvents>(event: K, result: TaskEvents[K]): void {
    callReporting(this.#listeners[event], result);
    callReporting(this.#also(this)[event], result);
  }
}

/** Apps compare this text. */
const NOT_OPEN = 'SocketTask.send:fail SocketTask.readyState is not OPEN';

function openResult({ header, protocol, extensions, profile, startedAt, ...peer }: OpenInfo): OnOpenResult {
  const micros = (milliseconds: number) => Math.round(milliseconds * 1000) / 1000;
  return {
    header,
    profile: {
      fetchStart: startedAt,
      domainLookUpStart: micros(startedAt + profile.dnsStart),
      domainLookUpEnd: micros(startedAt + profile.dnsEnd),
      connectStart: micros(startedAt + profile.tcpStart),
      connectEnd: micros(startedAt + profile.tlsEnd),
      rtt: micros(profile.tlsEnd - profile.tcpStart),
      handshakeCost: micros(profile.handshakeEnd - profile.handshakeStart),
      cost: micros(profile.handshakeEnd),
      proxyCost: micros(profile.proxyEnd - profile.proxyStart),
      tlsCost: micros(profile.tlsEnd - profile.tlsStart),
      ...peer,
    },
    protocol,
    extensions,
  };
}

function errorResult({ message, ...rest }: SocketError): OnErrorResult {
  return { errMsg: message, ...rest };
}

function closeResult({ code, reason, wasClean }: CloseInfo): OnCloseResult {
  return { code, reason, wasClean };
}
