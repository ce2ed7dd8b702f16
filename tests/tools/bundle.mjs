// Bundles a program for Node with each bundler: node bundle.mjs ENTRY FOLDER. Prints a line for each, in JSON: its name, the file
// that it made, and its warnings. In the app's folder, where the package is installed.
import { join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import { build } from 'vite';
import webpack from 'webpack';

const [entry, folder] = process.argv.slice(2);
const tell = (name, file, warnings) => console.log(JSON.stringify({ name, file: join(folder, file), warnings }));

for (const [format, ending] of [
  ['cjs', 'cjs'],
  ['esm', 'mjs'],
]) {
  const file = `esbuild.${ending}`;
  const options = { entryPoints: [entry], bundle: true, platform: 'node', format, outfile: join(folder, file) };
  const { warnings } = await esbuild.build({ ...options, logLevel: 'silent' });
  tell(
    `esbuild, ${format}`,
    file,
    warnings.map(({ text }) => text),
  );
}

for (const [format, ending] of [
  ['cjs', 'cjs'],
  ['es', 'mjs'],
]) {
  const file = `rollup.${ending}`;
  const warnings = [];
  const made = await rollup({
    input: entry,
    plugins: [resolve({ exportConditions: ['node'] }), commonjs()],
    external: /^node:/,
    onwarn: ({ message }) => warnings.push(message),
  });
  await made.write({ format, file: join(folder, file) });
  tell(`rollup, ${format}`, file, warnings);
}

await new Promise((done) => {
  const output = { path: folder, filename: 'webpack.cjs' };
  webpack({ entry, target: 'node', mode: 'production', output }, (error, stats) => {
    const { warnings = [], errors = [] } = stats?.compilation ?? {};
    tell(
      'webpack',
      'webpack.cjs',
      [...(error ? [error] : []), ...errors, ...warnings].map(({ message }) => message),
    );
    done();
  });
});

for (const [name, noExternal] of [
  ['vite', []],
  ['vite-all', true],
]) {
  const warnings = [];
  const customLogger = { warnings, hasWarned: false, hasErrorLogged: () => false, clearScreen() {}, info() {} };
  customLogger.warn = customLogger.warnOnce = customLogger.error = (text) => void warnings.push(text);
  await build({
    configFile: false,
    customLogger,
    ssr: { noExternal },
    build: { ssr: entry, outDir: join(folder, name), emptyOutDir: true },
  });
  tell(
    noExternal === true ? 'Vite for SSR, the package inside' : 'Vite for SSR, as it comes',
    join(name, 'program.js'),
    warnings,
  );
}
