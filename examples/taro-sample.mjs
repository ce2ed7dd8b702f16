// The sample of Taro's document of connectSocket, run under Node against an echo server:
//
//   node examples/taro-sample.mjs <url> [--ca <PEM file>]
//
// Ends with 0 only when a text and a binary message came back as they were sent.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as Taro from 'react-native-socket-task';

const { values, positionals } = parseArgs({ options: { ca: { type: 'string' } }, allowPositionals: true });
const [url] = positionals;
if (!url) {
  console.error('usage: node examples/taro-sample.mjs <url> [--ca <PEM file>]');
  process.exit(2);
}

const text = '你好, socket-task 😀';
const binary = Uint8Array.from({ length: 256 }, (_, i) => i);
const echoed = { text: false, binary: false };
process.exitCode = 1;

Taro.connectSocket({
  url,
  tls: values.ca ? { ca: readFileSync(values.ca, 'utf8') } : undefined,
  success: function () {
    console.log('connect success');
  },
}).then(
  (task) => {
    task.onOpen(function ({ profile }) {
      console.log(`onOpen: after ${profile.cost.toFixed(1)} ms`);
      task.send({ data: text });
    });
    task.onMessage(function (msg) {
      console.log('onMessage: ', msg);
      if (typeof msg.data === 'string') {
        echoed.text = msg.data === text;
        task.send({ data: binary });
      } else {
        echoed.binary = Buffer.from(msg.data).equals(binary);
        task.close();
      }
    });
    task.onError(function (e) {
      console.log('onError: ', e);
    });
    task.onClose(function (e) {
      console.log('onClose: ', e);
      console.log(`text echoed: ${echoed.text}, binary echoed: ${echoed.binary}`);
      if (echoed.text && echoed.binary) process.exitCode = 0;
    });
  },
  (e) => console.error(e.errMsg),
);
