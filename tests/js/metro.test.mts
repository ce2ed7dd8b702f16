// The helper for Metro's configuration. What Metro makes of it: tests/taro.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const { withSocketTask } = require('react-native-socket-task/metro') as typeof import('react-native-socket-task/metro');

interface Resolution {
  type: string;
  filePath: string;
}

type Resolve = (context: object, name: string, platform: string) => Resolution;

interface Config {
  resolver?: { resolveRequest?: Resolve; sourceExts?: string[] };
  other?: number;
}

const TARO = '/app/node_modules/@tarojs/taro-rn/dist/lib/connectSocket/index.js';
const PNPM =
  '/app/node_modules/.pnpm/@tarojs+taro-rn@4.2.0/node_modules/@tarojs/taro-rn/dist/lib/connectSocket/index.js';
const WINDOWS = 'C:\\app\\node_modules\\@tarojs\\taro-rn\\dist\\lib\\connectSocket\\index.js';
const REACT_NATIVE = '/app/node_modules/react-native/Libraries/WebSocket/WebSocket.js';
const OTHERS = [
  '/app/node_modules/@tarojs/taro-rn/dist/lib/connectSocket/socketTask.js',
  '/app/node_modules/@tarojs/taro-rn/dist/lib/index.js',
  '/app/src/connectSocket/index.js',
  '/app/node_modules/react-native/Libraries/WebSocket/WebSocketEvent.js',
  '/app/node_modules/react-native-web/dist/exports/WebSocket/WebSocket.js',
];

/** Resolves each name to the file of that name. */
const context = { resolveRequest: (_: object, filePath: string): Resolution => ({ type: 'sourceFile', filePath }) };

function resolved(config: Config, name: string): string {
  return (config.resolver?.resolveRequest as Resolve)(context, name, 'android').filePath;
}

test("by default Taro's connectSocket alone is replaced, by a file that is there", () => {
  const config = withSocketTask<Config>({ other: 1, resolver: { sourceExts: ['ts'] } });
  assert.deepEqual([config.other, config.resolver?.sourceExts], [1, ['ts']]);
  for (const file of [TARO, PNPM, WINDOWS]) {
    assert.match(resolved(config, file), /taro-rn\.js$/);
    assert.ok(existsSync(resolved(config, file)));
  }
  for (const file of [...OTHERS, REACT_NATIVE]) assert.equal(resolved(config, file), file);
});

test("the options choose what is replaced: React Native's WebSocket too, or nothing", () => {
  const both = withSocketTask<Config>({}, { global: true });
  assert.match(resolved(both, TARO), /taro-rn\.js$/);
  assert.match(resolved(both, REACT_NATIVE), /metro.WebSocket\.js$/);
  assert.ok(existsSync(resolved(both, REACT_NATIVE)));
  for (const file of OTHERS) assert.equal(resolved(both, file), file);
  const none = withSocketTask<Config>({}, { taro: false });
  for (const file of [TARO, REACT_NATIVE]) assert.equal(resolved(none, file), file);
});

test('a resolver that is there is asked first, and what it says is kept', () => {
  const asked: string[] = [];
  const resolveRequest: Resolve = (_, name) => {
    asked.push(name);
    return name === 'alias' ? { type: 'sourceFile', filePath: TARO } : { type: 'empty', filePath: '' };
  };
  const config = withSocketTask<Config>({ resolver: { resolveRequest } });
  assert.match(resolved(config, 'alias'), /taro-rn\.js$/);
  assert.deepEqual(config.resolver?.resolveRequest?.(context, 'other', 'ios'), { type: 'empty', filePath: '' });
  assert.deepEqual(asked, ['alias', 'other']);
});

test('each form of a configuration keeps its form', async () => {
  assert.match(resolved(await withSocketTask(Promise.resolve<Config>({})), TARO), /taro-rn\.js$/);
  const made = withSocketTask((base: Config): Config => ({ ...base, other: 2 }));
  const config = made({ other: 1 });
  assert.equal(config.other, 2);
  assert.match(resolved(config, TARO), /taro-rn\.js$/);
  const promised = withSocketTask(async (): Promise<Config> => ({}));
  assert.match(resolved(await promised(), TARO), /taro-rn\.js$/);
});

test('what is no configuration, and options that there are not, are refused', () => {
  for (const config of [undefined, null, 'metro', 5]) assert.throws(() => withSocketTask(config), TypeError);
  assert.throws(() => withSocketTask({}, { webSocket: true } as never), /there is no option webSocket/);
  for (const options of [true, false, 'global', 5, ['global'], new Map([['global', true]])]) {
    assert.throws(() => withSocketTask({}, options as never), /the options should be an object/, String(options));
  }
  assert.throws(() => withSocketTask({}, { taro: 'yes' } as never), /taro should be a Boolean/);
});
