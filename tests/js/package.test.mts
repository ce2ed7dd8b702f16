// What `npm pack` makes installs in an empty project and works there.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, runProgram } from './support/program.mjs';
import { serve } from './support/servers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'socket-task-package-'));
const project = join(folder, 'project');
const installed = join(project, 'node_modules', 'react-native-socket-task');
after(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', [...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

let packed: { filename: string; files: Array<{ path: string }> };
before(() => {
  // --ignore-scripts: the build is what the other tests have tested.
  const answer = JSON.parse(npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  packed = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"name": "empty", "private": true}\n');
  npm(project, 'install', '--no-audit', '--no-fund', '--offline', join(folder, packed.filename));
});

test('it holds what is needed, and nothing else', () => {
  const files = packed.files.map(({ path }) => path);
  for (const file of [
    'package.json',
    'LICENSE',
    'lib/esm/index.js',
    'lib/cjs/index.node.js',
    'lib/esm/native/addon.cjs',
    'js/specs/NativeSocketTask.ts',
    'js/native/seam.ts',
    `node/socket-task.${process.platform}-${process.arch}.node`,
    'react-native.config.js',
    'cpp/CMakeLists.txt',
    'cpp/session.cmake',
    'cpp/doors/bridge/Installation.cpp',
    'cpp/doors/turbo/NativeSocketTask.h',
    'include/socket_task.h',
    'android/build.gradle',
    'android/cmake/react-native-socket-task-config.cmake',
    'android/consumer-rules.pro',
    'android/src/main/AndroidManifest.xml',
    'android/src/newarch/java/com/sockettask/SocketTaskPackage.java',
    'android/src/oldarch/CMakeLists.txt',
    'android/src/oldarch/cpp/NativeSocketTaskModule.cpp',
    'android/src/oldarch/java/com/sockettask/SocketTaskPackage.java',
  ]) {
    assert.ok(files.includes(file), file);
  }
  assert.deepEqual(
    files.filter((file) => /test|\.rs$|node_modules|Cargo|settings\.gradle/.test(file)),
    [],
  );
});

test('its documents link to what it holds only', () => {
  const files = packed.files.map(({ path }) => path);
  const documents = files.filter((file) => file.endsWith('.md'));
  assert.ok(documents.includes('README.md') && documents.includes('docs/javascript.md'));
  const missing = documents.flatMap((document) =>
    Array.from(readFileSync(join(installed, document), 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)/g), ([, link]) => link!)
      .filter((link) => !/^\w+:/.test(link))
      .map((link) => join(dirname(document), link))
      .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`)))
      .map((target) => `${document}: ${target}`),
  );
  assert.deepEqual(missing, []);
});

test('it installs nothing besides itself', () => {
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  assert.deepEqual(Object.keys(lock.packages), ['', 'node_modules/react-native-socket-task']);
});

const BODY = `
  if (connectSocket !== Taro.connectSocket || Object.keys(Taro).length !== 7) throw new Error('not the same');
  connectSocket({ url: process.argv[1] }).then((task) => {
    task.onOpen(() => task.send({ data: '你好' }));
    task.onMessage(({ data }) => { console.log(data); task.close(); });
    task.onClose(({ code }) => console.log(code));
  });`;

for (const [name, type, first] of [
  ['an ES module', 'module', "import Taro, { connectSocket } from 'react-native-socket-task';"],
  ['an ES module, by the path /node', 'module', "import Taro, { connectSocket } from 'react-native-socket-task/node';"],
  ['CommonJS', 'commonjs', "const { connectSocket, default: Taro } = require('react-native-socket-task');"],
  [
    'CommonJS, by the path /node',
    'commonjs',
    "const { connectSocket, default: Taro } = require('react-native-socket-task/node');",
  ],
] as const) {
  test(`it works from ${name}`, async (t) => {
    const { url } = await serve(t);
    const { stdout, stderr } = await runProgram(`${first}${BODY}`, { type, args: [url], cwd: project });
    assert.deepEqual([stdout, stderr], ['你好\n1000\n', '']);
  });
}

test('its types are found by either kind of import, and by bundlers for React Native', () => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const source = `
    import Taro, { connectSocket, type SocketTask, WebSocket } from 'react-native-socket-task';
    export const task: Promise<SocketTask> = connectSocket({ url: 'wss://example.test' });
    export const same: Promise<SocketTask> = Taro.connectSocket({ url: 'wss://example.test' });
    export const ws: WebSocket = new WebSocket('wss://example.test');
    // @ts-expect-error: there must be a url
    void connectSocket({});
  `;
  for (const file of ['esm.mts', 'cjs.cts']) writeFileSync(join(project, file), source);
  const check = (...args: string[]) =>
    execFileSync(process.execPath, [tsc, '--noEmit', '--strict', '--types', '', ...args], {
      cwd: project,
      encoding: 'utf8',
    });
  for (const lib of ['es2022', 'es2022,dom']) {
    assert.equal(check('--lib', lib, '--module', 'nodenext', 'esm.mts', 'cjs.cts'), '');
    // What React Native's entry needs of react-native itself is behind its declarations.
    assert.equal(
      check(
        '--lib',
        lib,
        '--module',
        'esnext',
        '--moduleResolution',
        'bundler',
        '--customConditions',
        'react-native',
        'esm.mts',
      ),
      '',
    );
  }
});

// node_modules/.bin has them; both are silent where nothing is wrong.
for (const [tool, args] of [
  ['attw', ['--quiet']],
  ['publint', ['--strict', '--pack', 'false']],
] as const) {
  test(`${tool} finds nothing wrong with the archive`, () => {
    const program = join(ROOT, 'node_modules', '.bin', tool);
    const { status, stdout, stderr } = spawnSync(program, [join(folder, packed.filename), ...args], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
}

test('without its native library: an error that says what to do', async () => {
  const addon = join(installed, 'node', `socket-task.${process.platform}-${process.arch}.node`);
  assert.ok(existsSync(addon));
  rmSync(addon);
  const { stdout, code } = await runProgram(
    "import('react-native-socket-task').then(({ connectSocket }) => connectSocket({ url: 'ws://127.0.0.1:9' })).catch(({ errMsg }) => console.log(errMsg))",
    { cwd: project },
  );
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^connectSocket:fail react-native-socket-task: there is no native library for .*npm run build:addon/,
  );
});
