// Runs a bundle of forms/ against a server and prints, as JSON, whose connectSocket each form is and what it did:
//
//   node execute.cjs BUNDLE ADDON URL
'use strict';

const { readFileSync } = require('node:fs');
const vm = require('node:vm');

const [bundle, addon, url] = process.argv.slice(2);
// Not the one of Metro, which has another major version.
const { WebSocket } = require('../../node_modules/ws');

/** React Native's own, as far as these programs can tell; it counts its sockets. */
let own = 0;
globalThis.OwnWebSocket = class extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols);
    own += 1;
  }
};
globalThis.nativeModule = require(addon);
vm.runInThisContext(readFileSync(bundle, 'utf8'), { filename: bundle });

function withTimeout(promise) {
  const late = new Promise((_, reject) => setTimeout(reject, 5000, new Error('too late')).unref());
  return Promise.race([promise, late]);
}

/** Connects with a header, has a text echoed, closes with 4000. */
async function use(connect) {
  const before = own;
  const task = await connect({ url, header: { 'X-Token': 'a' } });
  const result = await new Promise((resolve, reject) => {
    let echo;
    task.onOpen(() => task.send({ data: '你好' }));
    task.onMessage(({ data }) => {
      echo = String(data);
      task.close({ code: 4000, reason: 'enough' });
    });
    task.onError(({ errMsg }) => reject(new Error(errMsg)));
    task.onClose(({ code }) => resolve({ echo, code }));
  });
  return {
    task: 'socketTaskId' in task ? 'ours' : "Taro's",
    socket: own > before ? "React Native's" : 'ours',
    ...result,
  };
}

/** The six functions in one life of a socket. */
async function useFunctions(functions, connect) {
  const kinds = Object.fromEntries(Object.entries(functions).map(([name, value]) => [name, typeof value]));
  if (kinds.closeSocket !== 'function') return { kinds };
  const heard = [];
  const closed = new Promise((resolve) => functions.onSocketClose(({ code }) => resolve(code)));
  functions.onSocketOpen(() => {
    heard.push('open');
    functions.sendSocketMessage({ data: 'six' });
  });
  functions.onSocketMessage(({ data }) => {
    heard.push(data);
    functions.closeSocket({ code: 4001 });
  });
  await connect({ url });
  heard.push(await closed);
  return { kinds, heard };
}

async function main() {
  const results = { forms: {} };
  for (const [name, { connect }] of Object.entries(globalThis.forms)) {
    results.forms[name] = await withTimeout(use(connect)).catch((error) => ({ error: String(error?.stack ?? error) }));
  }
  results.functions = await withTimeout(useFunctions(globalThis.functions(), globalThis.forms.member.connect));
  process.stdout.write(JSON.stringify(results), () => process.exit(0));
}

main();
