// The package's React Native build in the module system that Metro puts into every bundle, with the Node addon as the
// native half: React Native itself does not run here.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import vm from 'node:vm';
import { ROOT } from './program.mjs';
import type { Package } from './realm.mjs';

type Factory = (
  global: unknown,
  require: (id: number) => any,
  _default: unknown,
  _all: unknown,
  module: any,
  exports: unknown,
) => void;

/** A bundle in development mode whose module system is a part of `context`. */
export class Bundle {
  readonly #context: vm.Context;
  readonly #module: unknown;
  readonly #global: any;
  readonly #others: object;
  /** The modules by their files, each with its number and the files that it requires. */
  readonly #modules = new Map<string, { id: number; requires: Map<string, string> }>();

  /**
   * @param native what the TurboModule of the app hands out.
   * @param module what React Native's registry has of that name, if it is no TurboModule.
   * @param others what else React Native exports.
   */
  constructor(
    context: vm.Context,
    native: unknown,
    module: unknown = { getNativeModule: () => native },
    others: object = {},
  ) {
    this.#context = context;
    this.#others = others;
    this.#module = module;
    const metro = createRequire(join(ROOT, 'node_modules', 'react-native', 'package.json'));
    const runtime = readFileSync(metro.resolve('metro-runtime/src/polyfills/require.js'), 'utf8');
    // What Metro writes before it. A second bundle in the runtime has a prefix and a global of its own.
    this.#global = vm.runInContext(
      `(function () { const global = Object.create(globalThis); const __METRO_GLOBAL_PREFIX__ = ''; const __DEV__ = true;
        ${runtime}\n return global; })()`,
      context,
      { filename: 'metro-runtime/require.js' },
    );
  }

  /** Defines the package in `folder`, and evaluates it. */
  load(folder: string): Package {
    const entry = join(folder, 'lib', 'cjs', 'index.js');
    this.#define(entry);
    const app = { id: this.#modules.size + 1, requires: new Map([['the package', entry]]) };
    this.#modules.set(`app of ${folder}`, app);
    const factory: Factory = (_global, require, _default, _all, module) => {
      // An app does so where React's components are: what it imports may be replaced.
      module.hot.accept();
      module.exports = require(this.#id(entry));
    };
    this.#global.__d(factory, app.id, [], 'app');
    return this.#global.__r(app.id);
  }

  /** Replaces a file of the package by itself, as Fast Refresh does when it is saved; returns the package that is then. */
  replace(folder: string, file: string): Package {
    const path = join(folder, 'lib', 'cjs', file);
    const { id, requires } = this.#modules.get(path) as { id: number; requires: Map<string, string> };
    const inverse: Record<number, number[]> = {};
    for (const module of this.#modules.values()) inverse[module.id] = [];
    for (const module of this.#modules.values()) {
      for (const required of module.requires.values()) inverse[this.#id(required)]?.push(module.id);
    }
    this.#global.__d(this.#factory(path, requires), id, [], path, inverse);
    return this.#global.__r(this.#id(`app of ${folder}`));
  }

  #id(file: string): number {
    return (this.#modules.get(file) as { id: number }).id;
  }

  #define(file: string): void {
    if (this.#modules.has(file)) return;
    const id = this.#modules.size + 1;
    const requires = new Map<string, string>();
    this.#modules.set(file, { id, requires });
    if (file === 'react-native') {
      const TurboModuleRegistry = { get: () => this.#module };
      const factory: Factory = (...[, , , , module]) => (module.exports = { TurboModuleRegistry, ...this.#others });
      this.#global.__d(factory, id, [], file);
      return;
    }
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/require\("([^"]+)"\)/g)) {
      requires.set(name, name.startsWith('.') ? resolve(file, '..', name) : name);
    }
    this.#global.__d(this.#factory(file, requires), id, [], file);
    for (const required of requires.values()) this.#define(required);
  }

  #factory(file: string, requires: Map<string, string>): Factory {
    const source = `(function (global, require, module, exports) {${readFileSync(file, 'utf8')}\n})`;
    const run = vm.runInContext(source, this.#context, { filename: file });
    return (global, require, _default, _all, module, exports) =>
      run(global, (name: string) => require(this.#id(requires.get(name) as string)), module, exports);
  }
}
