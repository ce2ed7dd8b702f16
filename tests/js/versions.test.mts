// JavaScript and a native library of different versions: an error that says what to update, at the first use.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { Bundle } from './support/metro.mjs';
import { ROOT, runProgram } from './support/program.mjs';
import { rejection } from './support/tasks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'socket-task-versions-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const module = async (file: string) => import(pathToFileURL(join(ROOT, 'lib', 'esm', 'native', file)).href);
const { SEAM } = await module('seam.js');
const { VERSION } = await module('versions.js');

test('the package, its JavaScript and its native library have one version, and speak one version of the seam', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const file = process.env.SOCKET_TASK_ADDON ?? `${ROOT}/node/socket-task.${process.platform}-${process.arch}.node`;
  const native = createRequire(import.meta.url)(file);
  assert.deepEqual([VERSION, native.version, native.seam], [version, version, SEAM]);
});

/** A native library of another version: what it does besides saying so, nobody may find out. */
const OTHERS = [
  { name: 'older', native: { version: '0.0.9', seam: SEAM - 1 } },
  { name: 'older, of before the seam had a version', native: { version: '0.0.8' } },
  { name: 'newer', native: { version: '9.1.0', seam: SEAM + 1 } },
];

function assertTells(message: string, native: { version: string; seam?: number }): void {
  const older = (native.seam ?? 0) < SEAM;
  const sides = [`the native library (${native.version})`, `this JavaScript (${VERSION})`];
  const [old, young] = older ? sides : sides.slice().reverse();
  assert.ok(message.startsWith(`react-native-socket-task: ${old} is older than ${young}: `), message);
  const advice = older
    ? `Rebuild the app, or the addon for Node, with the native library of version ${VERSION}.`
    : `Update the JavaScript to version ${native.version} of the package, or rebuild with the native library of version ${VERSION}.`;
  assert.ok(message.endsWith(advice), message);
}

for (const { name, native } of OTHERS) {
  test(`on Node: the native library is ${name}`, async () => {
    const file = join(folder, `${native.version}.cjs`);
    writeFileSync(file, `module.exports = ${JSON.stringify(native)};`);
    const source = `
      const { connectSocket, prewarm, WebSocket } = await import('react-native-socket-task');
      console.log('loaded');
      const url = 'ws://127.0.0.1:9';
      await connectSocket({ url, fail: ({ errMsg }) => console.log(errMsg) }).catch(() => {});
      for (const use of [() => new WebSocket(url), () => prewarm({ url })]) {
        try { use(); } catch (error) { console.log(error.name + ': ' + error.message); }
      }`;
    const { stdout, stderr, code } = await runProgram(source, { env: { SOCKET_TASK_ADDON: file } });
    assert.deepEqual([code, stderr], [0, '']);
    const [loaded, ofTask = '', ofWebSocket = '', ofPrewarm] = stdout.trim().split('\n');
    assert.equal(loaded, 'loaded');
    assertTells(ofTask.replace(/^connectSocket:fail /, ''), native);
    assert.equal(ofTask.replace(/^connectSocket:fail /, 'Error: '), ofWebSocket);
    assert.equal(ofPrewarm, ofWebSocket);
  });

  test(`on React Native: the native library is ${name}`, async () => {
    const bundle = new Bundle(vm.createContext({ console, setTimeout }), native);
    const { connectSocket, WebSocket } = bundle.load(ROOT);
    const { errMsg } = await rejection(connectSocket({ url: 'ws://127.0.0.1:9' }));
    assertTells(errMsg.replace(/^connectSocket:fail /, ''), native);
    assert.throws(
      () => new WebSocket('ws://127.0.0.1:9'),
      ({ message }: Error) => `connectSocket:fail ${message}` === errMsg,
    );
  });
}
