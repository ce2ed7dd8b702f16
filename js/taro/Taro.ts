import { connectSocket, type ConnectOption } from './connectSocket.js';
import * as functions from './globalSocket.js';
import type { SocketTask as Task } from './SocketTask.js';

/** What Taro's document of WebSocket has, as it is called there: `import Taro from '…'`, `Taro.connectSocket(…)`. */
const Taro = { connectSocket, ...functions };

/** The types, as Taro's own are called: `Taro.SocketTask`. */
declare namespace Taro {
  type SocketTask = Task;
  namespace connectSocket {
    type Option = ConnectOption;
  }
}

export default Taro;
