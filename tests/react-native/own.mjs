// React Native's own WebSocket, its real sources with its real emitter, EventTarget and base64-js, for the benchmark. Only its
// native module is a stand-in: host/Base64Events.h of tests/jsi emits what that one would.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from '../jsi/node_modules/esbuild/lib/main.js';
import { root } from '../jsi/results.mjs';

const packages = createRequire(join(root, 'package.json'));
const reactNative = dirname(packages.resolve('react-native/package.json'));

/** What the sources import of the rest of React Native, and does not matter here. */
const STAND_INS = {
  NativeWebSocketModule: 'module.exports = { __esModule: true, default: { connect() {}, close() {}, send() {} } };',
  BlobManager: 'module.exports = { __esModule: true, default: { isAvailable: false } };',
  Blob: 'module.exports = { __esModule: true, default: class Blob {} };',
  Platform: "module.exports = { __esModule: true, default: { OS: 'android' } };",
  Systrace: 'module.exports = { trace: (_name, run) => run() };',
  NativeReactNativeFeatureFlags: 'module.exports = { __esModule: true, default: null };',
};

const ENTRY = `
  import WebSocket from 'react-native/Libraries/WebSocket/WebSocket';
  import emitter from 'react-native/Libraries/EventEmitter/RCTDeviceEventEmitter';
  globalThis.__rctDeviceEventEmitter = emitter;
  globalThis.ownWebSocket = {
    listen(received) {
      const socket = new WebSocket('ws://localhost');
      socket._socketId = 1;
      socket.onmessage = ({ data }) => received(data);
      return () => emitter.removeAllListeners('websocketMessage');
    },
  };
`;

/** A script that sets `ownWebSocket` (js/own.ts of tests/jsi). `transform(source, file)` is Babel with React Native's preset. */
export async function ownWebSocket(transform) {
  const plugin = {
    name: 'react-native',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path }) => {
        const name = path.split('/').at(-1);
        return name in STAND_INS ? { path: name, namespace: 'stand-in' } : undefined;
      });
      onResolve({ filter: /^react-native\// }, ({ path }) => ({
        path: join(reactNative, `${path.slice('react-native/'.length)}.js`),
      }));
      onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({ contents: STAND_INS[path], loader: 'js' }));
      onLoad({ filter: /node_modules\/react-native\/.*\.js$/ }, ({ path }) => ({
        contents: transform(readFileSync(path, 'utf8'), path),
        loader: 'js',
      }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    // As Metro's own prelude has it.
    banner: {
      js: 'globalThis.global = globalThis; globalThis.__DEV__ = false; globalThis.performance = { now: () => host.now() };',
    },
    plugins: [plugin],
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}
