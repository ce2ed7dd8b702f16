// Compiles programs of tests/jsi/js as Metro compiles an app's JavaScript for a release with Hermes: by React Native's own
// preset for Babel. Hermes relies on it. By itself, for one, it gives the rounds of a loop no bindings of their own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alias, compile } from '../jsi/programs.mjs';
import { execute, root } from '../jsi/results.mjs';
import { ownWebSocket } from './own.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Babel with the preset of one version of React Native. */
function babel(version) {
  const require = createRequire(join(here, 'babel', version, 'package.json'));
  const { transformSync } = require('@babel/core');
  const preset = require.resolve('@react-native/babel-preset');
  return (filename, source, options) => {
    const presets = [
      [preset, { dev: false, unstable_transformProfile: 'hermes-stable', enableBabelRuntime: false, ...options }],
    ];
    const sourceType = options.disableImportExportTransform ? 'script' : 'module';
    return transformSync(source, { filename, presets, sourceType, compact: false, babelrc: false, configFile: false })
      .code;
  };
}

/** What makes React Native's own JavaScript, the npm package's, a part of a bundle, which begins with js/`start`.js. */
function reactNative(own, version, transform, start, names) {
  const plugin = {
    name: 'react-native',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^react-native$/ }, () => ({ path: join(here, 'js', 'react-native.js') }));
      onResolve({ filter: /^react-native-socket-task$/ }, () => ({ path: alias['react-native-socket-task'] }));
      onResolve({ filter: /^react-native\// }, ({ path, kind }) =>
        resolve(path.replace('react-native', '.'), { kind, resolveDir: own }),
      );
      // It is Flow.
      onLoad({ filter: /\/package\/(Libraries|src)\/.*\.js$|\/js-polyfills\// }, ({ path }) => ({
        contents: transform(path, readFileSync(path, 'utf8'), {}),
      }));
    },
  };
  return {
    plugins: [plugin],
    entryPoints: names.map((name) => {
      const own = join(here, 'js', `${name}.js`);
      return existsSync(own) ? own : join(root, 'tests', 'jsi', 'js', `${name}.ts`);
    }),
    inject: [join(here, 'js', `${start}.js`)],
    define: { __DEV__: 'false', global: 'globalThis' },
    resolveExtensions: ['.ts', '.android.js', '.native.js', '.js', '.json'],
    nodePaths: [join(here, 'babel', version, 'node_modules')],
  };
}

/** Compiles a program to bytecode, as an app's release has it; where that is. `hermesc` belongs to the engine. */
export async function bytecode(hermesc, script) {
  const place = script.replace(/\.js$/, '.hbc');
  const { code, output } = await execute(hermesc, ['-emit-binary', '-O', '-w', '-out', place, script]);
  if (code !== 0) throw new Error(`${hermesc}: ${output}`);
  return place;
}

/**
 * Puts the programs in `folder`; returns where one is. `own` is the npm package react-native, unpacked: with it they begin
 * with js/`start`.js and find the module as an app does. `entry` is a program elsewhere.
 */
export async function bundleForHermes(folder, version, { own, start, entry }, ...names) {
  const transform = babel(version);
  const script = await compile(
    folder,
    names,
    start ? reactNative(own, version, transform, start, names) : { alias, ...(entry && { entryPoints: [entry] }) },
  );
  for (const name of names) {
    const source = readFileSync(script(name), 'utf8');
    // Without a bundler there is no import of helpers. Imports are resolved before.
    writeFileSync(script(name), transform(script(name), source, { disableImportExportTransform: true }));
  }
  return script;
}

/** The benchmark, which has React Native's own WebSocket beside the package's. */
export async function bundleBenchmark(folder, version) {
  const script = await bundleForHermes(folder, version, {}, 'bench');
  const transform = babel(version);
  const own = await ownWebSocket((source, file) => transform(file, source, {}));
  writeFileSync(script('bench'), own + readFileSync(script('bench'), 'utf8'));
  return script;
}
