// In the place of react-native/Libraries/WebSocket/WebSocket.js. React Native takes the class from `require(…)` until 0.79,
// and from its `default` since then.
'use strict';

const { default: WebSocket } = require('../lib/cjs/websocket-rn.js');

module.exports = WebSocket;
Object.defineProperty(WebSocket, 'default', { value: WebSocket });
