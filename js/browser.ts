/**
 * What a build for browsers or mini-programs gets in the place of the package. Importing it harms nothing; what is called
 * fails with a text that says why.
 */
import { withCallbacks, type CallbackResult, type Callbacks } from './taro/callbacks.js';

const WHERE =
  'react-native-socket-task is for React Native and Node; in a browser or a mini-program use Taro.connectSocket of ' +
  '@tarojs/taro, or the WebSocket that is there';

function unavailable(): never {
  throw new Error(WHERE);
}

function failing(api: string): (option?: Callbacks) => Promise<CallbackResult> {
  return (option) => withCallbacks(api, option, unavailable);
}

class Unavailable {
  constructor() {
    unavailable();
  }
}

export const connectSocket = failing('connectSocket');
export const closeSocket = failing('closeSocket');
export const sendSocketMessage = failing('sendSocketMessage');
export const onSocketClose = unavailable;
export const onSocketError = unavailable;
export const onSocketMessage = unavailable;
export const onSocketOpen = unavailable;
export const configure = unavailable;
export const installWebSocket = unavailable;
export const prewarm = unavailable;
export class CloseEvent extends Unavailable {}
export class Event extends Unavailable {}
export class MessageEvent extends Unavailable {}
export class SocketTask extends Unavailable {}
export class WebSocket extends Unavailable {}
export class WebSocketError extends Unavailable {}
export class WebSocketStream extends Unavailable {}

export default {
  connectSocket,
  closeSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
};
