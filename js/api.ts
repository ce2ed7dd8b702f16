export { connectSocket, type ConnectOption, type ConnectResult } from './taro/connectSocket.js';
export {
  SocketTask,
  type CloseOption,
  type OnCloseResult,
  type OnErrorResult,
  type OnMessageResult,
  type OnOpenResult,
  type SendOption,
  type SocketProfile,
} from './taro/SocketTask.js';
export {
  closeSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
} from './taro/globalSocket.js';
export { configure, type Configuration } from './taro/limits.js';
export type { CallbackResult, Callbacks } from './taro/callbacks.js';
export {
  WebSocket,
  type BinaryType,
  type SocketErrorEvent,
  type SocketPongEvent,
  type WebSocketEventMap,
  type WebSocketOptions,
} from './whatwg/WebSocket.js';
export {
  CloseEvent,
  MessageEvent,
  type ListenerOptions,
  type SocketCloseEvent,
  type SocketEvent,
  type SocketMessageEvent,
} from './whatwg/events.js';
export { prewarm, type PrewarmOption } from './channel/prewarm.js';
export type { CookieJar } from './options/cookies.js';
export type { CertificateData, DeflateOptions, SocketOptions, TlsOptions } from './options/options.js';
export type { ErrorCode, ErrorPhase, HeaderObject, SocketError } from './channel/failure.js';
