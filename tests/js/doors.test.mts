// How the package finds its native half in React Native: the TurboModule, the bridge's module, or an error that says
// what is missing.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import vm from 'node:vm';
import { Bundle } from './support/metro.mjs';
import { ROOT } from './support/program.mjs';
import { serve } from './support/servers.mjs';
import { rejection } from './support/tasks.mjs';

const addon = process.env.SOCKET_TASK_ADDON ?? `${ROOT}/node/socket-task.${process.platform}-${process.arch}.node`;
const native = createRequire(import.meta.url)(addon);

/** An app's runtime, in which React Native's registry has `module`; `globals` as React Native and others leave them. */
function app(module: unknown, globals: object = {}) {
  const context = vm.createContext({ console, setTimeout, ...globals });
  return { context, ...new Bundle(context, undefined, module).load(ROOT) };
}

/** The bridge's module: methods that return no functions. */
function bridge(install: () => unknown) {
  return { getConstants: () => ({}), install };
}

/** The error of every face of the package, which is one. */
async function faultOf({ connectSocket, WebSocket }: ReturnType<typeof app>): Promise<string> {
  const url = 'ws://127.0.0.1:9';
  const { errMsg } = await rejection(connectSocket({ url }));
  assert.throws(
    () => new WebSocket(url),
    ({ message }: Error) => errMsg === `connectSocket:fail ${message}`,
  );
  return errMsg.replace('connectSocket:fail react-native-socket-task: ', '');
}

test('the TurboModule hands it out', async (t) => {
  const { url } = await serve(t);
  const { connectSocket } = app({ getNativeModule: () => native });
  assert.equal(await echo(connectSocket, url), 'hello');
});

test('the module of the bridge leaves it on the global object', async (t) => {
  const { url } = await serve(t);
  let calls = 0;
  const module = bridge(() => {
    calls += 1;
    context.__socketTaskModule = native;
    return null;
  });
  const { context, connectSocket } = app(module, { nativeCallSyncHook: () => {} });
  assert.equal(calls, 0, 'nothing is installed before the first socket');
  assert.equal(await echo(connectSocket, url), 'hello');
  assert.equal(await echo(connectSocket, url), 'hello');
  assert.equal(calls, 1);
});

async function echo(connectSocket: ReturnType<typeof app>['connectSocket'], url: string): Promise<unknown> {
  const task = await connectSocket({ url });
  return new Promise((resolve) => {
    task.onOpen(() => task.send({ data: 'hello' }));
    task.onMessage(({ data }) => {
      void task.close();
      resolve(data);
    });
  });
}

test('the module is not linked', async () => {
  const text = await faultOf(app(null));
  assert.match(
    text,
    /^the native module NativeSocketTask is not in this app\. Rebuild the app .*pod install.*autolinking/,
  );
  assert.doesNotMatch(text, /Expo|New Architecture/);
});

test('Expo Go', async () => {
  const text = await faultOf(app(null, { expo: { modules: { ExpoGo: {} } } }));
  assert.match(text, /^it does not run in Expo Go, .*npx expo prebuild/);
  // A development build has Expo's modules, but not that one.
  assert.match(
    await faultOf(app(null, { expo: { modules: {} } })),
    /^the native module NativeSocketTask is not in this app/,
  );
});

test('the remote debugger', async () => {
  // As React Native's own NativeModules.js throws there, and less clearly in a release.
  const module = bridge(() => assert.fail('Calling synchronous methods on native modules is not supported in Chrome'));
  assert.match(await faultOf(app(module)), /^it does not work in the remote debugger/);
});

test('the bridge refuses: the reason is told', async () => {
  const module = bridge(() => 'this React instance is at its end');
  assert.equal(
    await faultOf(app(module, { nativeCallSyncHook: () => {} })),
    'the native module NativeSocketTask cannot be used: this React instance is at its end.',
  );
});

test('the module of the bridge has left nothing', async () => {
  assert.match(
    await faultOf(
      app(
        bridge(() => null),
        { nativeCallSyncHook: () => {} },
      ),
    ),
    /Rebuild the app\.$/,
  );
});

test('what the bridge has installed is of another version: said as for all others', async () => {
  const module = bridge(() => {
    context.__socketTaskModule = { version: '0.0.1', seam: 0 };
    return null;
  });
  const installed = app(module, { nativeCallSyncHook: () => {} });
  const { context } = installed;
  assert.match(await faultOf(installed), /^the native library \(0\.0\.1\) is older than this JavaScript/);
});
