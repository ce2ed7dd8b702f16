// Whether each folder of cpp/ compiles with no other headers than those that it may know.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inHalves } from './results.mjs';

/** What each may include beside the C header, and a header that it must not find. */
const floors = [
  { folder: 'link', name: 'cpp/link compiles without JSI', knows: [], unknown: 'jsi/jsi.h' },
  {
    folder: 'jsi',
    name: 'cpp/jsi compiles without React Native',
    knows: ['jsi'],
    unknown: 'ReactCommon/CallInvoker.h',
  },
];

/**
 * `root` is the repository, `common` the folder ReactCommon of React Native's package; `execute` and `report` are those of
 * run.mjs. CXX names the compiler.
 */
export async function checkFloors({ root, common, execute, report }) {
  for (const { folder, name, knows, unknown } of floors) {
    const path = join(root, 'cpp', folder);
    const sources = readdirSync(path)
      .filter((file) => file.endsWith('.cpp'))
      .map((file) => join(path, file));
    const paths = [join(root, 'include'), ...knows.map((known) => join(common, known))].map((place) => `-I${place}`);
    const compile = (...args) => execute(process.env.CXX, ['-std=c++20', '-fsyntax-only', ...paths, ...args]);
    const whole = await inHalves(sources, (files) => compile(...files));
    report(name, whole.good, whole.output);
    const { code, output } = await compile('-include', unknown, '-x', 'c++', '/dev/null');
    report(`${name}: there is no ${unknown}`, code === 1 && output.includes(`'${unknown}' file not found`), output);
  }
}
