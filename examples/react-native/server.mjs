// A server for the example: says back what it gets, on port 8080 of all addresses of this computer.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 8080 });
server.on('connection', (peer) => peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })));
server.on('listening', () => console.log('ws://localhost:8080'));
