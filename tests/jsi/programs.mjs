// Compiles and runs the programs of js/: for run.mjs, and for that of tests/react-native.
import { join } from 'node:path';
import { build } from 'esbuild';
import { report, root } from './results.mjs';

const here = join(root, 'tests', 'jsi');

/**
 * Compiles programs of js/ with the package's own sources to one file each in `folder`; returns where one is. `options` are
 * of esbuild.
 */
export async function compile(folder, names, options) {
  await build({
    entryPoints: names.map((name) => join(here, 'js', `${name}.ts`)),
    outdir: folder,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    // package.json speaks of the compiled files only.
    ignoreAnnotations: true,
    logLevel: 'warning',
    // The example's extends one of a package that is installed with the example.
    logOverride: { 'tsconfig.json': 'silent' },
    ...options,
  });
  return (name) => join(folder, `${name}.js`);
}

/** What stands in for the package react-native where there is only a TurboModule. */
export const alias = {
  'react-native': join(here, 'js', 'react-native.ts'),
  'react-native-socket-task': join(root, 'js', 'index.ts'),
};

export function bundle(folder, ...names) {
  return compile(folder, names, { alias });
}

/**
 * Runs js/cycle.ts, and checks what the server has heard of the ends of the runtimes. `run` gets the arguments of the host
 * program; what it returns is `clean` unless a sanitizer complains. `named` makes the name of a test complete.
 */
export async function cycle(server, script, run, named) {
  const before = { ...server.counts.closeCodes };
  const { code, output, clean = true, leaked } = await run(['cycle', '200', script]);
  report(named('200 runtimes that end with live sockets'), code === 0 && clean, leaked || `${output}\nexit ${code}`);
  report(named('the server has seen all of them go'), await server.allClosed(5_000), `${server.counts.open} are open`);
  const told = Object.entries(server.counts.closeCodes).map(([code, count]) => [code, count - (before[code] ?? 0)]);
  const { 1001: away = 0, ...others } = Object.fromEntries(told.filter(([, count]) => count > 0));
  // Two sockets at least were open in most of the runtimes when they ended.
  report(named(`it was told 1001: ${away} times`), away >= 200);
  // What close() and the paths /close and /drop lead to.
  const expected = Object.keys(others).every((code) => ['1000', '1005', '1006'].includes(code));
  report(named('and no code that nobody sends'), expected, JSON.stringify(others));
}

/** Runs js/calls.ts, like {@link cycle}. The server may hear no code: it is busy sending. */
export async function calls(server, script, run, named) {
  const before = server.counts.opened;
  const { code, output, clean = true, leaked } = await run(['cycle', '200', script]);
  report(
    named('200 runtimes that end while another thread calls into them'),
    code === 0 && clean,
    leaked || `${output}\nexit ${code}`,
  );
  const opened = server.counts.opened - before;
  const gone = await server.allClosed(5_000);
  report(
    named(`the server has seen all their ${opened} sockets go`),
    gone && opened >= 400,
    `${server.counts.open} are open`,
  );
}
