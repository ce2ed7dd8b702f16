// Builds examples/taro by Taro's own CLI and Metro for both platforms, looks at what is in the bundles, and runs its pages'
// socket modules, as the CLI has compiled them, in React Native 0.73's bridge. See README.md.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, finish, report, root } from '../jsi/results.mjs';
import { install as installPackage } from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const example = join(root, 'examples', 'taro');
/** As deep below the checkout as the example: its package.json names the package by `file:../..`. */
const project = join(root, 'build', 'taro-project');
const out = join(root, 'build', 'taro');
/** Where Metro has its cache, which would be one for all projects otherwise, and keep an old list of pages. */
const TEMPORARY = join(project, 'tmp');
const HELPER = /withSocketTask\((.*)\)\)\(\);/s;

/** What stands in config/index.js and metro.config.js for each way to have the package. */
const SWAPS = {
  none: { metro: false },
  alias: { metro: false, alias: { '@tarojs/taro-rn/dist/lib/connectSocket': 'react-native-socket-task/taro' } },
  helper: { metro: true },
};

/** The project as a developer has it after `npm install`, where nothing of the checkout is changed. */
async function install() {
  mkdirSync(project, { recursive: true });
  const isOwn = (path) => !/\/(node_modules|dist)$/.test(path);
  cpSync(example, project, { recursive: true, filter: isOwn, preserveTimestamps: true });
  if (!isNewer(join(project, 'node_modules', '.package-lock.json'), join(project, 'package-lock.json'))) {
    const started = Date.now();
    const { code, output } = await execute('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
      cwd: project,
      milliseconds: 900_000,
    });
    if (code !== 0) return void console.log(`skipped: the packages of examples/taro cannot be installed: ${output}`);
    console.log(`installed in ${seconds(started)}`);
  }
  rmSync(TEMPORARY, { recursive: true, force: true });
  mkdirSync(TEMPORARY);
  // The package as it is now.
  installPackage(project);
  return true;
}

/** Lets Metro tell which module has which number. */
const WITH_NUMBERS = `
const numbers = {};
process.on('exit', () => {
  // The CLI itself and Metro's workers read this file too.
  if (Object.keys(numbers).length > 0) {
    require('node:fs').writeFileSync(process.env.SOCKET_TASK_NUMBERS, JSON.stringify(numbers));
  }
});
module.exports = Promise.resolve(module.exports).then((config) => ({
  ...config,
  serializer: {
    ...config.serializer,
    createModuleIdFactory: () => (path) => {
      const name = require('node:path').relative(__dirname, path);
      return (numbers[name] ??= Object.keys(numbers).length);
    },
  },
}));`;

function configure({ metro, alias }) {
  const own = (name) => readFileSync(join(example, name), 'utf8');
  const config = metro ? own('metro.config.js') : own('metro.config.js').replace(HELPER, '$1)();');
  writeFileSync(join(project, 'metro.config.js'), config + WITH_NUMBERS);
  const added = alias ? `\nmodule.exports.rn.alias = ${JSON.stringify(alias)};\n` : '';
  writeFileSync(join(project, 'config', 'index.js'), own('config/index.js') + added);
}

/** Builds the project; returns the bundle and its modules' numbers. */
async function build(swap, platform) {
  configure(SWAPS[swap]);
  const numbers = join(out, `${swap}.${platform}.json`);
  for (const stale of [join(project, 'dist'), numbers]) rmSync(stale, { recursive: true, force: true });
  const started = Date.now();
  const { output } = await execute('npx', ['taro', 'build', '--type', 'rn', '--platform', platform], {
    cwd: project,
    env: { TMPDIR: TEMPORARY, SOCKET_TASK_NUMBERS: numbers, CI: '1' },
    milliseconds: 600_000,
  });
  const file = join(project, 'dist', platform === 'ios' ? 'ios/main.jsbundle' : 'android/index.android.bundle');
  const name = `${swap}, ${platform}`;
  // The CLI ends well also where Metro does not.
  if (!existsSync(file))
    return void report(`${name}: Taro's CLI builds`, false, output.split('\n').slice(0, 40).join('\n'));
  const code = readFileSync(file, 'utf8');
  report(`${name}: Taro's CLI builds ${code.length} bytes in ${seconds(started)}`, true);
  renameSync(file, join(out, `${swap}.${platform}.cli.js`));
  return { name, code, numbers: JSON.parse(readFileSync(numbers, 'utf8')) };
}

function inspect({ name, code, numbers }, { ours, theirs }) {
  const has = (part) => {
    const [, number] = Object.entries(numbers).find(([path]) => path.includes(part)) ?? [];
    return number !== undefined && new RegExp(`\\},${number},\\[`).test(code);
  };
  const found = {
    ours: has('react-native-socket-task/lib/cjs/taro/connectSocket.js'),
    theirs: has('@tarojs/taro-rn/dist/lib/connectSocket/index.js'),
  };
  const inOrOut = (isIn) => (isIn ? 'in' : 'out');
  report(
    `${name}: the package is ${inOrOut(ours)}, Taro's own connectSocket ${inOrOut(theirs)}`,
    found.ours === ours && found.theirs === theirs,
    JSON.stringify(found),
  );
}

/** What runs as it was built: the app's socket modules, what they import of Taro, and the package. */
const REAL =
  /^src\/pages\/\w+\/(socket|namespace|image)\.ts$|\/(@babel\/runtime|@tarojs\/(taro-rn|shared)|react-native-socket-task)\//;

/** The bundle without its start, and with stand-ins for what needs an app around it: Metro keeps the first of two modules. */
function withoutApp({ code, numbers }) {
  const anything = readFileSync(join(here, 'stand-ins', 'anything.js'), 'utf8');
  const stands = Object.entries(numbers)
    .filter(([path]) => !REAL.test(`${path.startsWith('src/') ? '' : '/'}${path}`))
    .map(([path, number]) => {
      const stand = path === 'node_modules/react-native/index.js' ? 'own' : 'anything';
      return `__d((g,r,i,a,m)=>{m.exports=${stand}},${number},[]);`;
    });
  const start = code.indexOf('\n__d(') + 1;
  return [
    // Metro's prelude replaces what the host has set up.
    'const hosts = { console: globalThis.console, ErrorUtils: globalThis.ErrorUtils };',
    code.slice(0, start),
    'Object.assign(globalThis, hosts);',
    `globalThis.taroModules = ${JSON.stringify(numbers)};`,
    `(function () { const module = {}; ${anything}; const anything = module.exports; const own = new Proxy({ ...reactNative }, { get: (it, name) => it[name] ?? anything }); ${stands.join('\n')} })();`,
    code.slice(start).replace(/^__r\(\d+\);?$/gm, ''),
  ].join('\n');
}

async function run({ name, ...bundle }, file) {
  writeFileSync(file, withoutApp(bundle));
  const { output } = await execute('tests/react-native/run', ['pages', file], { milliseconds: 1_200_000 });
  const lines = output.trim().split('\n');
  if (!lines.some((line) => /^(not )?ok /.test(line))) {
    console.log(lines.find((line) => line.startsWith('skipped')) ?? output);
    return;
  }
  for (const line of lines.filter((line) => /^(not )?ok |^  /.test(line))) console.log(line);
  const failed = lines.filter((line) => line.startsWith('not ok'));
  report(`${name}: the pages run as the CLI has built them`, failed.length === 0, failed.join('\n'));
}

function isNewer(file, other) {
  return existsSync(file) && statSync(file).mtimeMs >= statSync(other).mtimeMs;
}

const seconds = (started) => `${Math.round((Date.now() - started) / 1000)} s`;

process.chdir(root);
if (await install()) {
  const wanted = {
    none: { ours: false, theirs: true },
    alias: { ours: true, theirs: true },
    helper: { ours: true, theirs: false },
  };
  for (const [swap, platform] of [
    ['none', 'android'],
    ['alias', 'android'],
    ['helper', 'ios'],
    ['helper', 'android'],
  ]) {
    const built = await build(swap, platform);
    if (!built) continue;
    inspect(built, wanted[swap]);
    if (swap === 'helper' && platform === 'android') await run(built, join(out, 'pages.js'));
  }
}
finish();
