// Runs in two runtimes at once: the sockets of both have the same ids, and each gets its own messages only.

import { WebSocket } from '../../../js/index.js';
import { host } from './host.js';
import { equal, until } from './harness.js';

const [server] = host.arguments;
const tag = `${Math.random()}`;

async function run(): Promise<void> {
  const counts = Array.from({ length: 10 }, () => 0);
  let wrong = 0;
  const sockets = counts.map((_, i) => {
    const socket = new WebSocket(`${server}/echo`);
    socket.onopen = () => socket.send(`${tag} ${i} 0`);
    socket.onmessage = ({ data }) => {
      if (data !== `${tag} ${i} ${counts[i]}`) wrong += 1;
      counts[i] = (counts[i] ?? 0) + 1;
      socket.send(`${tag} ${i} ${counts[i]}`);
    };
    return socket;
  });
  await until(() => counts.every((count) => count >= 200), 'each had 200 messages');
  equal(wrong, 0, 'the number of wrong messages');
  equal(
    sockets.every((socket) => socket.readyState === WebSocket.OPEN),
    true,
    'that all are open',
  );
}

run().then(
  () => host.exit(0),
  (error: Error) => {
    host.print(error.message);
    host.exit(1);
  },
);
