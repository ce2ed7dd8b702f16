// One life of an app that ends while another thread keeps calling into JavaScript: the library's, with messages that do not end.
// It ends in the middle of a task; later where the module has ended before. The messages leave the JavaScript thread time:
// React Native's scheduler lets nothing else of that thread run as long as there are tasks.

import { configure, WebSocket } from '../../../js/index.js';
import { host } from './host.js';

const [server] = host.arguments;

configure({ maxSockets: Infinity });

let enough = 20 + Math.random() * 100;
for (let i = 0; i < 3; i += 1) {
  const socket = new WebSocket(`${server}/stream?size=100`);
  socket.onmessage = () => {
    enough -= 1;
    if (enough > 0 && enough <= 1) host.exit(0);
  };
  socket.onerror = () => {};
}
setTimeout(() => host.exit(0), 300);
