export { connectSocket, type ConnectOption, type ConnectResult } from './taro/connectSocket.js';
export { SocketTask, type CloseOption, type SendOption } from './taro/SocketTask.js';
export type {
  OnCloseResult,
  OnErrorResult,
  OnMessageResult,
  OnOpenResult,
  OnPongResult,
  OnSuspectResult,
  OnReconnectingResult,
  SocketProfile,
} from './taro/results.js';
export * from './taro/globalSocket.js';
export { configure, type Configuration } from './taro/configure.js';
export type { LogHandler, LogLevel } from './channel/log.js';
export type { CallbackResult, Callbacks, Failure } from './taro/callbacks.js';
export { WebSocket, type BinaryType, type WebSocketOptions } from './whatwg/WebSocket.js';
export { WebSocketStream, type WebSocketOpenInfo, type WebSocketStreamOptions } from './streams/WebSocketStream.js';
export { WebSocketError, type WebSocketCloseInfo } from './streams/WebSocketError.js';
export type { StreamClasses } from './streams/streamTypes.js';
export { Event } from './whatwg/Event.js';
export { CloseEvent, MessageEvent } from './whatwg/events.js';
export { installWebSocket } from './swap/installWebSocket.js';
export type {
  ConnectionError,
  SocketCloseEvent,
  SocketErrorEvent,
  SocketEvent,
  SocketMessageEvent,
  SocketPongEvent,
  SocketSuspectEvent,
  SocketReconnectingEvent,
  WebSocketEventMap,
} from './whatwg/eventTypes.js';
export type { ListenerOptions } from './whatwg/EventTarget.js';
export { prewarm, type PrewarmOption } from './channel/prewarm.js';
export type { CookieJar } from './options/cookies.js';
export type { HeaderFields } from './options/handshake.js';
export type { AbortSignalLike } from './options/signal.js';
export type { CertificateData, DeflateOptions, ProxyOptions, SocketOptions, TlsOptions } from './options/options.js';
export type { ProbeOption, ProbeResult } from './channel/Probes.js';
export type { ReconnectOptions, Refreshed } from './options/reconnect.js';
export type { SocketLoss, SocketReconnecting } from './channel/Reconnector.js';
export type { SocketStats } from './channel/profile.js';
export type { ErrorCode, ErrorPhase, HeaderObject, SocketError } from './channel/failure.js';
