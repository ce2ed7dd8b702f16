// The package as Jest loads it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import vm from 'node:vm';

export type Package = typeof import('react-native-socket-task');

/** Evaluates a CommonJS build of the package, by default its own, anew in a realm of its own, as Jest does for each test file. */
export function loadAsJest(
  entry: string = createRequire(import.meta.url).resolve('react-native-socket-task'),
): Package & { realm: vm.Context } {
  const realm = vm.createContext({ console, setTimeout, clearTimeout, process });
  const modules = new Map<string, { exports: any }>();
  const load = (file: string): any => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} as any };
    modules.set(file, module);
    const real = createRequire(file);
    const require = (name: string) =>
      name.startsWith('.') && !name.endsWith('.node') ? load(real.resolve(name)) : real(name);
    const wrapper = vm.runInContext(
      `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`,
      realm,
      { filename: file },
    );
    wrapper(module.exports, require, module, file, dirname(file));
    return module.exports;
  };
  return Object.assign(Object.create(load(entry)), { realm });
}
