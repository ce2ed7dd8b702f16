// Bundles forms/ with each way to have the package, and runs the bundles. See README.md.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { finish, report, root } from '../jsi/results.mjs';
import { browsers } from './browsers.mjs';
import { bundle, here, install, SWAPS } from './bundle.mjs';

const require = createRequire(join(root, 'package.json'));
const { WebSocketServer } = require('ws');

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** What the server saw of each connection. */
const requests = [];
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (peer, { headers }) => {
  const request = { token: headers['x-token'], origin: headers.origin };
  requests.push(request);
  peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }));
  peer.on('close', (code) => (request.code = code));
});
await new Promise((resolve) => server.on('listening', resolve));
const url = `ws://127.0.0.1:${server.address().port}`;
const addon = join(root, 'node', `socket-task.${process.platform}-${process.arch}.node`);

function execute(file) {
  return new Promise((resolve) => {
    const args = [join(here, 'execute.cjs'), file, addon, url];
    const env = { ...process.env, NODE_PATH: join(root, 'node_modules') };
    execFile(process.execPath, args, { env, timeout: 90_000 }, (error, stdout, stderr) => {
      resolve(error || !stdout ? { error: `${error?.message ?? ''}\n${stderr}` } : JSON.parse(stdout));
    });
  });
}

/** Imports that Taro's preset makes imports of the module alone, and those that it leaves as imports of all of Taro. */
const OF_THE_MODULE = ['member', 'named', 'destructured', 'module'];
const OF_ALL = ['namespace', 'variable', 'key', 'spread', 'required'];

/** Whose task and whose socket a form gets: table of docs/taro.md. */
const EXPECTED = {
  none: { module: ["Taro's", "React Native's"], all: ["Taro's", "React Native's"], functions: 'undefined' },
  alias: { module: ['ours', 'ours'], all: ["Taro's", "React Native's"], functions: 'undefined' },
  'alias of the root': { module: ['ours', 'ours'], all: ["Taro's", "React Native's"], functions: 'undefined' },
  helper: { module: ['ours', 'ours'], all: ['ours', 'ours'], functions: 'function' },
  global: { module: ["Taro's", 'ours'], all: ["Taro's", 'ours'], functions: 'undefined' },
};

const ORIGIN = url.replace('ws:', 'http:');

function checkForm(name, swap, form, result, [task, socket], request) {
  const origin = swap === 'alias of the root' ? undefined : ORIGIN;
  const wanted = { task, socket, echo: '你好' };
  const found = { task: result.task, socket: result.socket, echo: result.echo };
  let what = `${task === 'ours' ? 'our' : task} task over ${socket === 'ours' ? 'our' : socket} WebSocket`;
  if (task === 'ours') {
    what += `, its header and code, ${origin ? 'the Origin of the URL' : 'no Origin'}`;
    Object.assign(wanted, { token: 'a', codes: [4000, 4000], origin });
    Object.assign(found, { token: request?.token, codes: [request?.code, result.code], origin: request?.origin });
  }
  report(`${name}: ${form}: ${what}`, same(found, wanted), JSON.stringify([found, wanted, result.error]));
}

async function checkSwap(swap, platform) {
  const name = `${swap}, ${platform}`;
  const { code, files } = await bundle(swap, platform);
  console.log(`${name}: ${code.length} bytes`);
  const has = (part) => files.some((file) => file.includes(part));
  const ours = has('react-native-socket-task/lib/cjs/taro/connectSocket.js');
  const theirs = has('@tarojs/taro-rn/dist/lib/connectSocket/index.js');
  const expected = EXPECTED[swap];
  const wanted = [expected.module[0] === 'ours', expected.all[0] !== 'ours'];
  const inOrOut = (isIn) => (isIn ? 'in' : 'out');
  report(`${name}: our module is ${inOrOut(wanted[0])}, Taro's ${inOrOut(wanted[1])}`, same([ours, theirs], wanted));
  requests.length = 0;
  const results = await execute(join(root, 'build', 'taro', `${swap}.${platform}.js`));
  if (results.error) return report(`${name}: the bundle runs`, false, results.error);
  // One connection a form, in their order.
  const forms = Object.keys(results.forms);
  for (const form of [...OF_THE_MODULE, ...OF_ALL]) {
    const whose = OF_THE_MODULE.includes(form) ? expected.module : expected.all;
    checkForm(name, swap, form, results.forms[form], whose, requests[forms.indexOf(form)]);
  }
  const kinds = [...new Set(Object.values(results.functions.kinds))];
  report(
    `${name}: the six functions are ${expected.functions}`,
    same(kinds, [expected.functions]),
    JSON.stringify(results.functions),
  );
  if (expected.functions === 'function') {
    report(
      `${name}: the six functions work`,
      same(results.functions.heard, ['open', 'six', 4001]),
      JSON.stringify(results.functions),
    );
  }
}

if (!existsSync(addon)) {
  console.log('skipped: all of tests/taro: the Node addon is not built (npm run build)');
} else {
  install();
  // What the helper answers, in the React Native of this project's development.
  report(
    'React Native has its WebSocket where the helper expects it',
    existsSync(join(root, 'node_modules/react-native/Libraries/WebSocket/WebSocket.js')),
  );
  for (const swap of Object.keys(SWAPS)) await checkSwap(swap, 'android');
  await checkSwap('helper', 'ios');
  await browsers();
}
server.close();
finish();
// Metro leaves what would keep the process.
process.exit();
