/** As `taro-rn.ts`, on Node. */
import './native/node.js';

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
