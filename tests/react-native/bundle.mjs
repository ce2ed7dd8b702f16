// Compiles programs of tests/jsi/js as Metro compiles an app's JavaScript for a release with Hermes: by React Native's own
// preset for Babel. Hermes relies on it. By itself, for one, it gives the rounds of a loop no bindings of their own.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@babel/core';
import { bundle } from '../jsi/programs.mjs';

const preset = createRequire(import.meta.url).resolve('@react-native/babel-preset');
// Without a bundler there is no import of helpers. Imports are resolved before.
const options = {
  dev: false,
  unstable_transformProfile: 'hermes-stable',
  enableBabelRuntime: false,
  disableImportExportTransform: true,
};

/** Puts the programs in `folder`; returns where one is. */
export async function bundleForHermes(folder, ...names) {
  const script = await bundle(folder, ...names);
  for (const name of names) {
    const { code } = transformSync(readFileSync(script(name), 'utf8'), {
      filename: script(name),
      presets: [[preset, options]],
      sourceType: 'script',
      compact: false,
      babelrc: false,
      configFile: false,
    });
    writeFileSync(script(name), code);
  }
  return script;
}
