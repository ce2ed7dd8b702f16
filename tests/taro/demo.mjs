// Runs the socket modules of examples/taro's pages in Node, compiled by Taro's preset for Babel alone, against an echo server:
//
//   node tests/taro/demo.mjs URL
//
// NODE_EXTRA_CA_CERTS names the authority of a server that has one of its own: the app's code knows nothing of it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usePages } from './pages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const example = join(here, '..', '..', 'examples', 'taro');
const require = createRequire(import.meta.url);
// Of a build for React Native, to Taro's preset.
process.env.TARO_ENV = 'rn';
// Where the preset finds which preset of React Native is there.
process.chdir(here);
const { transformFileSync } = require('@babel/core');
const Taro = createRequire(join(here, '..', '..', 'package.json'))('react-native-socket-task/taro');

/** What Metro's helper answers for Taro's module, and Taro's resolver for all of Taro. */
const MODULES = {
  '@tarojs/taro-rn/dist/lib/connectSocket': Taro,
  '@tarojs/taro': Taro,
};

function load(path) {
  const file = existsSync(path) ? path : `${path}.ts`;
  const { code } = transformFileSync(file, {
    configFile: join(here, 'babel.config.js'),
    // As Metro calls it.
    caller: { name: 'metro', platform: 'android' },
  });
  const module = { exports: {} };
  const resolve = (name) => MODULES[name] ?? (name.startsWith('.') ? load(join(dirname(file), name)) : require(name));
  new Function('module', 'exports', 'require', code)(module, module.exports, resolve);
  return module.exports;
}

const page = (name) => load(join(example, 'src', 'pages', name, 'socket.ts'));
const failures = await usePages(page, process.argv[2], (line) => console.log(line));
process.exitCode = failures === 0 ? 0 : 1;
