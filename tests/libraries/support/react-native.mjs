// The surroundings of a library in a React Native app: what Metro would resolve, and the globals that there are and are not.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { browserField } from './browser-field.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What Node has and React Native has not. The servers of a case live in the same process, so these are hidden, not deleted. */
const hidden = {
  process: { env: { NODE_ENV: 'production' } },
  Buffer: undefined,
  require: undefined,
  document: undefined,
};

/** Globals of the newest React Native that older ones lack; MessageEvent and CloseEvent lack everywhere. */
const NEWER = ['Event', 'EventTarget'];

/** Makes the globals of this process those of React Native: 0.76 to 0.85 for the swap, a newer one for the class. */
export function likeReactNative(mode) {
  Object.defineProperty(globalThis, 'navigator', { value: { product: 'ReactNative' }, configurable: true });
  for (const name of ['MessageEvent', 'CloseEvent', ...(mode === 'swap' ? NEWER : [])]) delete globalThis[name];
  globalThis.Blob = class Blob {
    constructor() {
      throw new Error("Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported");
    }
  };
  // A library that was given the class and takes this one is found out.
  globalThis.WebSocket = class WebSocket {
    constructor() {
      throw new Error('the global WebSocket was used');
    }
  };
  Object.assign(globalThis.WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
}

/** Packages with native code, which no library brings along itself. */
const native = {
  '@react-native-community/netinfo': `${root}support/stand-ins/netinfo.js`,
  'isomorphic-webcrypto/src/react-native': `${root}support/stand-ins/webcrypto.js`,
};

const surroundings = new Proxy(globalThis, {
  has: (target, name) => name in hidden || name in target,
  get: (target, name) => (Object.hasOwn(hidden, name) ? hidden[name] : Reflect.get(target, name)),
  set: (target, name, value) => Reflect.set(target, name, value),
});

/**
 * The module `specifier` (or `source`, a module that imports what it needs), resolved as Metro does and evaluated in these
 * surroundings. A package of Node's that has no npm package of its name fails, as it does in an app.
 */
export async function loadBundled(specifier, { source = `export * as all from '${specifier}'` } = {}) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'loaded',
    platform: 'neutral',
    target: 'es2020',
    mainFields: ['react-native', 'browser', 'main'],
    conditions: ['react-native'],
    define: {
      globalThis: '__surroundings',
      global: '__surroundings',
      window: '__surroundings',
      self: '__surroundings',
    },
    alias: native,
    plugins: [browserField],
    logLevel: 'error',
  });
  const names = Object.keys(hidden);
  const evaluate = new Function('__surroundings', ...names, `${outputFiles[0].text}\nreturn loaded;`);
  const loaded = evaluate(surroundings, ...names.map((name) => hidden[name]));
  return loaded.all ?? loaded;
}
