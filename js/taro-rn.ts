/**
 * What stands in the place of the module connectSocket of `@tarojs/taro-rn`: its names and no others, since that package
 * makes all of them members of `Taro`.
 */
import './native/jsi.js';

export { connectSocketOfPlatform as connectSocket } from './taro/connectSocket.js';
export {
  closeSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
} from './taro/globalSocket.js';
export { default } from './taro/TaroOfPlatform.js';
