// One life of an app: sockets in all states and events under way, and then it ends in the middle of it.

import { connectSocket, configure, WebSocket } from '../../../js/index.js';
import { host } from './host.js';

const [server] = host.arguments;

configure({ maxSockets: Infinity });

const paths = [
  '/echo',
  '/echo',
  '/burst?count=200&size=100',
  '/flood?count=100&size=65536',
  '/silent',
  '/deaf',
  '/close',
  '/drop',
];
for (const path of paths) {
  const socket = new WebSocket(server + path, [], { perMessageDeflate: path === '/echo' });
  socket.onopen = () => socket.send(new ArrayBuffer(5000));
  // A steady stream, so that there are events whenever the end comes.
  socket.onmessage = ({ data }) => void (path === '/echo' && socket.send(data));
  socket.onerror = () => {};
}

void connectSocket({ url: `${server}/echo` }).then(
  (task) => {
    task.onOpen(() => task.close({}));
  },
  () => {},
);

// Its jar never answers.
const asking = new WebSocket(`${server}/echo`, [], { cookies: { get: () => new Promise<string>(() => {}) } });
asking.onerror = () => {};

const closing = new WebSocket(`${server}/echo`);
closing.close();

setTimeout(() => host.exit(0), Math.random() * 40);
