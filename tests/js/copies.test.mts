// Two copies of the package in one runtime do not disturb each other; a copy that is evaluated again replaces itself.

import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { Bundle } from './support/metro.mjs';
import { ROOT } from './support/program.mjs';
import { loadAsJest, type Package } from './support/realm.mjs';
import { watch } from './support/servers.mjs';
import { rejection, until } from './support/tasks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'socket-task-copies-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const ADDON = `socket-task.${process.platform}-${process.arch}.node`;
/** The native half to test with in the place of the package's own. */
const GIVEN = process.env.SOCKET_TASK_ADDON;

/** Another copy of the built package, as an own version below another package's node_modules is. */
function copy(name: string): string {
  const to = join(folder, name);
  cpSync(join(ROOT, 'lib'), join(to, 'lib'), { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(to, 'package.json'));
  mkdirSync(join(to, 'node'));
  if (!GIVEN) copyFileSync(join(ROOT, 'node', ADDON), join(to, 'node', ADDON));
  return to;
}

async function openSocket({ WebSocket }: Package, url: string): Promise<InstanceType<Package['WebSocket']>> {
  const ws = new WebSocket(url);
  await new Promise((resolve, reject) => ((ws.onopen = resolve), (ws.onerror = reject)));
  return ws;
}

/** Sends through each socket and waits until its echo has come. */
async function allEcho(sockets: Array<InstanceType<Package['WebSocket']>>): Promise<void> {
  await Promise.all(
    sockets.map((ws, i) => {
      ws.send(`to ${i}`);
      return new Promise<void>((resolve, reject) => {
        ws.onmessage = ({ data }) => data === `to ${i}` && resolve();
        ws.onclose = () => reject(new Error(`socket ${i} was closed`));
        if (ws.readyState !== ws.OPEN) reject(new Error(`socket ${i} is not open`));
      });
    }),
  );
}

async function allClose(sockets: Array<InstanceType<Package['WebSocket']>>): Promise<void> {
  await Promise.all(sockets.map((ws) => new Promise((resolve) => ((ws.onclose = resolve), ws.close()))));
}

for (const shared of [false, true]) {
  test(`in Node, ${shared ? 'with one addon' : 'each with its own addon'}: two folders, each as ES module and as CommonJS`, async (t) => {
    const { url, closes } = await watch(t);
    if (shared && !GIVEN) {
      process.env.SOCKET_TASK_ADDON = join(ROOT, 'node', ADDON);
      t.after(() => delete process.env.SOCKET_TASK_ADDON);
    }
    const require = createRequire(import.meta.url);
    const folders = ['a', 'b'].map((name) => copy(`${name} ${shared}`));
    const copies: Package[] = [];
    for (const at of folders) {
      copies.push(await import(pathToFileURL(join(at, 'lib', 'esm', 'index.node.js')).href));
      copies.push(require(join(at, 'lib', 'cjs', 'index.node.js')));
    }
    assert.equal(new Set(copies.map(({ WebSocket }) => WebSocket)).size, 4);
    const sockets = [];
    for (const one of copies) sockets.push(await openSocket(one, url));
    await allEcho(sockets);

    // One of them is evaluated again: it alone is replaced.
    const again = loadAsJest(join(folders[0] as string, 'lib', 'cjs', 'index.node.js'));
    const replaced = sockets.splice(1, 1, await openSocket(again, url));
    await until(() => closes.length === 1, 'its socket is closed');
    assert.deepEqual(closes, [1001]);
    await allEcho(sockets);
    assert.match((await rejection((copies[1] as Package).connectSocket({ url }))).errMsg, /replaced/);
    assert.equal(replaced.length, 1);
    await allClose(sockets);
  });
}

test('in React Native: two folders in one bundle, and a second bundle with the same module numbers', async (t) => {
  const { url, closes } = await watch(t);
  const native = createRequire(import.meta.url)(GIVEN ?? join(ROOT, 'node', ADDON));
  const context = vm.createContext({ console, setTimeout, clearTimeout });
  const [a, b] = [copy('in bundle a'), copy('in bundle b')];
  const [first, second] = [new Bundle(context, native), new Bundle(context, native)];
  const copies = [first.load(a), first.load(b), second.load(a)];
  assert.equal(new Set(copies.map(({ WebSocket }) => WebSocket)).size, 3);
  const sockets = [];
  for (const one of copies) sockets.push(await openSocket(one, url));
  await allEcho(sockets);

  // Fast Refresh evaluates the file again, and all that import it.
  let heardAfterwards = 0;
  const [old] = sockets;
  if (old) old.onclose = old.onmessage = () => (heardAfterwards += 1);
  const again = first.replace(a, 'native/session.js');
  assert.notEqual(again.WebSocket, copies[0]?.WebSocket);
  await until(() => closes.length === 1, 'its socket is closed, though the new code has opened none');
  assert.deepEqual(closes, [1001]);
  sockets[0] = await openSocket(again, url);
  await allEcho(sockets);
  assert.match((await rejection((copies[0] as Package).connectSocket({ url }))).errMsg, /replaced/);
  assert.equal(heardAfterwards, 0);
  await allClose(sockets);
});
