// Bundles forms/ as Taro's CLI does: by Taro's preset for Babel and Metro, with the package as an app has it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../jsi/results.mjs';

export const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
// Of a build for React Native, to Taro's preset.
process.env.TARO_ENV = 'rn';
const out = join(root, 'build', 'taro');

/** Puts the package where `npm install` in `project` would. */
export function install(project = here) {
  const place = join(project, 'node_modules', 'react-native-socket-task');
  mkdirSync(out, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', out], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = Object.values(JSON.parse(packed));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  execFileSync('tar', ['xzf', join(out, filename), '-C', place, '--strip-components=1']);
}

/** What Taro's own resolver does, with what a project's config/index.js has as `rn.alias`. */
function taroResolver(alias) {
  const names = { '@tarojs/taro': '@tarojs/taro-rn', ...alias };
  return (context, name, platform) => {
    const module = names[name] ?? name;
    try {
      return context.resolveRequest(context, module, platform);
    } catch (error) {
      if (!context.originModulePath.includes('@tarojs')) throw error;
      return { type: 'sourceFile', filePath: join(here, 'stand-ins', 'anything.js') };
    }
  };
}

/** How the project of each name has the package. */
export const SWAPS = {
  none: {},
  alias: { alias: { '@tarojs/taro-rn/dist/lib/connectSocket': 'react-native-socket-task/taro' } },
  'alias of the root': { alias: { '@tarojs/taro-rn/dist/lib/connectSocket': 'react-native-socket-task' } },
  helper: { helper: { taro: true } },
  global: { helper: { taro: false, global: true } },
};

/** Makes the bundle of a swap; returns its code and the files that are in it. */
export async function bundle(name, platform) {
  const { alias, helper } = SWAPS[name];
  const Metro = require('metro');
  const { mergeConfig, getDefaultConfig } = require('metro/src/index.js');
  const { withSocketTask } = require('react-native-socket-task/metro');
  process.chdir(here);
  const files = [];
  const base = await (getDefaultConfig ?? require('metro-config').getDefaultConfig)(here);
  const own = {
    cacheStores: [],
    watchFolders: [here],
    reporter: { update() {} },
    resolver: {
      resolveRequest: taroResolver(alias),
      resolverMainFields: ['react-native', 'browser', 'main'],
      extraNodeModules: { 'react-native': join(here, 'stand-ins', 'react-native') },
      useWatchman: false,
    },
    serializer: {
      processModuleFilter: ({ path }) => files.push(path) > 0,
    },
    transformer: { getTransformOptions: async () => ({ transform: { inlineRequires: true } }) },
    maxWorkers: 2,
  };
  const merged = (mergeConfig ?? require('metro-config').mergeConfig)(base, own);
  const config = helper ? withSocketTask(merged, helper) : merged;
  const file = join(out, `${name}.${platform}.js`);
  await Metro.runBuild(config, { entry: 'forms/index.js', platform, dev: false, minify: false, out: file });
  return { code: readFileSync(file, 'utf8'), files };
}
