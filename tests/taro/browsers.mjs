// Bundlers for browsers, which the package is not for: a build works, and what is called says why it fails.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { report, root } from '../jsi/results.mjs';
import { here } from './bundle.mjs';

const require = createRequire(import.meta.url);
const out = join(root, 'build', 'taro', 'browsers');

/** Every name of the package, one of them used as apps use it. */
const PROGRAM = `
import Taro, * as everything from 'react-native-socket-task';
import { connectSocket, WebSocket } from 'react-native-socket-task';
const told = [];
const note = ({ errMsg, message }) => told.push(errMsg ?? message);
await connectSocket({ url: 'wss://a.test', fail: note }).catch(note);
try { new WebSocket('wss://a.test'); } catch (error) { note(error); }
try { Taro.onSocketOpen(() => {}); } catch (error) { note(error); }
console.log(JSON.stringify({ told, names: Object.keys(everything).sort() }));
`;

const WHERE = 'react-native-socket-task is for React Native and Node; in a browser or a mini-program use ';

const BUNDLERS = {
  async Vite(entry, folder) {
    const { build } = await import('vite');
    const options = { outDir: folder, target: 'esnext', minify: false, modulePreload: false };
    const lib = { entry, formats: ['es'], fileName: () => 'main.mjs' };
    await build({ root: here, configFile: false, logLevel: 'silent', build: { ...options, lib, emptyOutDir: true } });
    return join(folder, 'main.mjs');
  },
  async Webpack(entry, folder) {
    const webpack = require('webpack');
    const stats = await new Promise((resolve, reject) => {
      const options = {
        mode: 'production',
        target: 'web',
        context: here,
        entry,
        output: { path: folder, filename: 'main.mjs', module: true },
        experiments: { outputModule: true, topLevelAwait: true },
      };
      webpack(options, (error, stats) => (error ? reject(error) : resolve(stats)));
    });
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    return join(folder, 'main.mjs');
  },
};

export async function browsers() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Beside the package that was installed.
  const entry = join(here, 'node_modules', 'browser-entry.mjs');
  writeFileSync(entry, PROGRAM);
  const wanted = Object.keys(require('react-native-socket-task')).concat('default').sort();
  for (const [name, build] of Object.entries(BUNDLERS)) {
    try {
      const file = await build(entry, join(out, name));
      const { told, names } = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
      const good = told.length === 4 && told.every((text) => text.includes(WHERE));
      report(`${name}: a build for browsers says what the package is for`, good, told.join('\n'));
      const unique = [...new Set(wanted)];
      report(
        `${name}: it has the names of the package`,
        JSON.stringify(names) === JSON.stringify(unique),
        `${names}\n${unique}`,
      );
    } catch (error) {
      report(`${name}: a build for browsers`, false, error.stack ?? String(error));
    }
  }
}
