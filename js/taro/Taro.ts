import { connectSocket } from './connectSocket.js';
import {
  closeSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
} from './globalSocket.js';

/** What Taro's document of WebSocket has, as it is called there: `import Taro from '…'`, `Taro.connectSocket(…)`. */
const Taro = {
  connectSocket,
  closeSocket,
  onSocketClose,
  onSocketError,
  onSocketMessage,
  onSocketOpen,
  sendSocketMessage,
};

export default Taro;
