/** What stands in the place of React Native's own module of WebSocket: see metro/. */
import './native/jsi.js';
import { installEvents } from './swap/installWebSocket.js';
import { platformWebSocket } from './swap/PlatformWebSocket.js';

installEvents();

export default platformWebSocket({});
