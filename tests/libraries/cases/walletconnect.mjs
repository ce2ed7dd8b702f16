import assert from 'node:assert/strict';
import { serve, until } from '../support/servers.mjs';

export const library = '@walletconnect/jsonrpc-ws-connection';
export const server = 'ws';
export const takesClass = false;

export default async function ({ load, did, after }) {
  const codes = [];
  const { url, wss } = await serve(after, (peer) => {
    peer.on('close', (code) => codes.push(code));
    peer.on('message', (text) => {
      const { id, params } = JSON.parse(String(text));
      peer.send(JSON.stringify({ id, jsonrpc: '2.0', result: params }));
    });
  });
  const { WsConnection } = await load('@walletconnect/jsonrpc-ws-connection');
  const connection = new WsConnection(url);
  const answers = [];
  const closes = [];
  connection.on('payload', (payload) => answers.push(payload.result));
  connection.on('close', (event) => closes.push(event?.code));
  await connection.open();
  await connection.send({ id: 1, jsonrpc: '2.0', method: 'echo', params: ['消息'] });
  await until(() => answers.length === 1, 'an answer');
  assert.deepEqual(answers, [['消息']]);
  did('calls');
  for (const peer of wss.clients) peer.terminate();
  await until(() => closes.length === 1, 'it notices');
  assert.deepEqual(closes, [1006]);
  await connection.open();
  did('a loss, opening again');
  await connection.close();
  await until(() => codes.length === 2, 'the server sees it leave');
  did('closing');
  await assert.rejects(
    new WsConnection('ws://127.0.0.1:1/?key=secret').open(),
    (error) => !error.message.includes('secret'),
  );
  did('a server that is not there');
}
