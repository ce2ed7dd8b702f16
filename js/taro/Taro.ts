import { connectSocket } from './connectSocket.js';
import * as functions from './globalSocket.js';

/** What Taro's document of WebSocket has, as it is called there: `import Taro from '…'`, `Taro.connectSocket(…)`. */
const Taro = { connectSocket, ...functions };

export default Taro;
