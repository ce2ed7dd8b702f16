import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { WebSocketServer } from 'ws';

/** An HTTP server on a free port of 127.0.0.1 until the case ends. */
export async function http(after, onRequest) {
  const server = createServer(onRequest);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, host: `127.0.0.1:${server.address().port}` };
}

/** A server of the npm package ws that hands each peer to `onConnection`; by default it echoes. */
export async function serve(after, onConnection = echo, options = {}) {
  const { server, host } = await http(after);
  const wss = new WebSocketServer({ server, ...options });
  wss.on('connection', (peer, request) => {
    peer.on('error', () => {});
    onConnection(peer, request);
  });
  after(() => wss.clients.forEach((peer) => peer.terminate()));
  return { url: `ws://${host}`, host, wss };
}

export function echo(peer) {
  peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
}

/** A port on which nothing listens now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a program that listens on `port`, and waits until it does. It ends with the case. */
export async function start(after, port, command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  let ended;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `ended with ${code ?? signal}`));
  after(() => void child.kill());
  process.on('exit', () => child.kill());
  await until(async () => {
    if (ended) throw new Error(`${command} ${ended}\n${output}`);
    return reachable(port);
  }, `${command} listens`);
  const stop = () =>
    new Promise((resolve) => {
      child.on('exit', resolve);
      child.kill();
    });
  return { stop };
}

function reachable(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Waits until `condition` holds; the driver ends a case that waits for ever. */
export async function until(condition, what) {
  const waiting = setTimeout(() => console.log(`still waiting until ${what}`), 5_000);
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
  clearTimeout(waiting);
}
