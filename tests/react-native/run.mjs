// Builds the runs, and runs them: node run.mjs [all | bench [write] | pages FILE | RUN VERSION]. See `run`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { calls, cycle } from '../jsi/programs.mjs';
import { counts, execute, finish, report, reportTests, root } from '../jsi/results.mjs';
import { startServer } from '../jsi/server.mjs';
import { ratiosOf, shortfalls, writeTable } from '../../bench/ratios.mjs';
import { bundleBenchmark, bundleForHermes, bytecode } from './bundle.mjs';

/** `usual`: `make test` has time for it. */
const RUNS = [
  { run: 'bridge', version: '0.73.8', usual: true },
  { run: 'module', version: '0.76.5' },
  { run: 'module', version: '0.87.1', usual: true },
  { run: 'instance', version: '0.87.1' },
  { run: 'jvm', version: '0.87.1' },
];
const NAMES = {
  module: 'Hermes',
  instance: 'ReactInstance',
  jvm: 'ReactInstance and TurboModuleManager in Java',
  bridge: 'the bridge',
};
/** Where a bundle begins in an instance of React Native: js/NAME.js. */
const STARTS = { instance: 'turbo', jvm: 'turbo', bridge: 'bridge' };

/** Where the compiler of an engine is. */
const HERMESC = {
  '0.73.8': (here) => join(here, 'package', 'sdks', 'hermesc', 'linux64-bin', 'hermesc'),
  '0.87.1': () => 'tests/react-native/babel/0.87.1/node_modules/hermes-compiler/hermesc/linux64-bin/hermesc',
};

const out = process.env.out;
const sanitizer = process.env.SANITIZE;

/** Builds a run; what then runs its programs, or undefined. */
async function build({ run, version }) {
  const name = `${NAMES[run]}, React Native ${version}${sanitizer ? ', AddressSanitizer' : ''}`;
  const { code, output } = await execute('tests/react-native/build', [run, version], { milliseconds: 900_000 });
  if (code === 3) return void console.log(`skipped: ${name}: ${output.trim().split('\n').at(-1)}`);
  if (code !== 0) return void report(`${name}: the module builds`, false, output.split('\n').slice(-40).join('\n'));
  const here = join(out, version);
  const folder = join(here, `${run}-${process.env.BUILD_TYPE}${sanitizer ? `-${sanitizer}` : ''}`);
  // What is used after its end finds no old values there: glibc overwrites memory that is freed.
  const perturbed = process.env.BUILD_TYPE === 'Release' || sanitizer ? {} : { MALLOC_PERTURB_: '165' };
  const command = join(folder, 'command');
  const inJava = existsSync(command);
  // The sanitizer's library comes after the stand-ins on purpose, which it would complain about. A virtual machine uses signals
  // itself, and frees little at its end.
  const options = inJava ? 'detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0' : 'detect_leaks=1';
  const env = { ...perturbed, ASAN_OPTIONS: `${options}:verify_asan_link_order=0` };
  // What Java loads looks there for what it needs.
  if (inJava)
    env.LD_LIBRARY_PATH = ['module', 'native_module', 'host']
      .map((name) => join(folder, name))
      .concat(join(here, 'lib'), join(here, 'shims'))
      .join(':');
  return {
    run,
    name,
    version,
    inJava,
    module: join(folder, 'module'),
    bundles: join(folder, 'bundles'),
    hermesc: HERMESC[version]?.(here),
    modules: { own: join(here, 'package'), start: STARTS[run] },
    execute: ([program, ...first], ...args) => execute(program, [...first, ...args], { env, milliseconds: 240_000 }),
    smoke: [join(folder, 'host', 'smoke')],
    host: inJava ? readFileSync(command, 'utf8').trim().split('\n') : [join(folder, 'host', run)],
  };
}

async function test(server, built) {
  const { run, name, bundles, version, modules, hermesc, inJava, execute, host } = built;
  reportTests(name, await execute(built.smoke));
  if (run === 'bridge') await symbols(built);
  const script = await bundleForHermes(
    bundles,
    version,
    modules,
    'app',
    'example',
    'neighbours',
    'suite',
    'pair',
    'cycle',
    'calls',
    'reload',
    'memory',
  );
  reportTests(name, await execute(host, 'run', script('app'), server.url));
  reportTests(name, await execute(host, 'run', script('example'), server.url));
  if (['module', 'bridge'].includes(run))
    reportTests(name, await execute(host, 'run', script('neighbours'), server.url));
  reportTests(name, await execute(host, 'run', script('suite'), server.url));
  if (hermesc) {
    reportTests(`${name}, bytecode`, await execute(host, 'run', await bytecode(hermesc, script('suite')), server.url));
  }
  const pair = await execute(host, 'pair', script('pair'), server.url);
  report(`${name}: two runtimes at once`, pair.code === 0, `${pair.output}\nexit ${pair.code}`);
  const inHost = (args) => execute(host, ...args, server.url);
  const named = (test) => `${name}: ${test}`;
  await cycle(server, script('cycle'), inHost, named);
  await calls(server, script('calls'), inHost, named);
  if (inJava) await reload(server, script('reload'), inHost, named);
  if (sanitizer) return;
  const memory = await execute(host, 'run', script('memory'), server.url);
  report(`${name}: 3 000 messages of 1 MiB, dropped: ${memory.output.trim().split('\n').at(-1)}`, memory.code === 0);
}

/** What Java looks for in the library of the bridge. */
async function symbols({ name, module, execute }) {
  const { output } = await execute(['nm', '-D', '--defined-only', join(module, 'libsocket_task_bridge.so')]);
  const found = output
    .match(/\b(JNI_|Java_)\w+/g)
    ?.sort()
    .join();
  const natives = ['end', 'install'].map((method) => `Java_com_sockettask_NativeSocketTaskModule_${method}`);
  report(
    `${name}: the library has a JNI_OnLoad of its own, and the methods`,
    found === ['JNI_OnLoad', ...natives].join(),
    found,
  );
}

/** Runs js/reload.ts, like `cycle` of programs.mjs; the host counts what is left. */
async function reload(server, script, run, named) {
  const { code, output } = await run(['reload', '20', script]);
  const left = output.trim().split('\n').at(-1);
  report(named(`20 reloads with calls in flight leave ${left}`), code === 0, `${output}\nexit ${code}`);
  report(
    named('the server has seen all their sockets go'),
    await server.allClosed(5_000),
    `${server.counts.open} are open`,
  );
}

/** This library's own build for Android, which has its own way to be run. */
async function library() {
  const { output } = await execute('tests/react-native/library', [], { milliseconds: 1_800_000 });
  const lines = output.trim().split('\n');
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.pop()) ?? [];
  console.log(lines.join('\n'));
  if (!failed) return report("this library's Android build runs", false);
  counts.passed += Number(passed);
  counts.failed += Number(failed);
}

/** How many threads of all programs want a processor, on average over the last minute. */
const load = () => loadavg()[0].toFixed(1);

/**
 * Runs a bundle of Taro's Metro, and then its pages (tests/taro/pages.host.mjs), behind React Native's own JavaScript: what
 * they import of react-native is in `reactNative`.
 */
async function pages(server, { name, bundles, version, modules, execute, host }) {
  const expose = await bundleForHermes(bundles, version, modules, 'expose');
  const entry = join(root, 'tests', 'taro', 'pages.host.mjs');
  const program = await bundleForHermes(bundles, version, { entry }, 'pages.host');
  const all = join(bundles, 'pages.js');
  const parts = [expose('expose'), which, program('pages.host')].map((file) => readFileSync(file, 'utf8'));
  writeFileSync(all, parts.join('\n'));
  const result = await execute(host, 'run', all, server.url);
  console.log(result.output.replace(/^(not )?ok .*$/gm, '').trimEnd());
  reportTests(name, result);
}

async function bench(server, { run, name, bundles, version, modules, execute, host }) {
  const program = run === 'bridge' ? 'rivals' : 'bench';
  const script =
    run === 'bridge'
      ? await bundleForHermes(bundles, version, modules, program)
      : await bundleBenchmark(bundles, version);
  const before = load();
  const { code, output } = await execute(host, 'run', script(program), server.url);
  console.log(output.trim());
  const note = `The load of the machine was ${before} before it and ${load()} after it.`;
  console.log(note);
  report(`${name}: the benchmark ends well`, code === 0);
  if (code !== 0) return;
  const table = output.slice(output.indexOf('| '));
  const missed = shortfalls(`${run} ${version}`, ratiosOf(table));
  report(`${name}: the ratios are at least those of bench/ratios.json`, missed.length === 0, missed.join('\n'));
  const page = run === 'bridge' ? 'tests/react-native/README.md' : 'docs/react-native.md';
  if (which === 'write') writeTable(page, `benchmark of ${name}`, `${table.trim()}\n\n${note}`);
}

const [what = 'usual', which] = process.argv.slice(2);
const chosen = RUNS.filter(
  ({ run, version, usual }) =>
    what === 'all' ||
    (what === 'pages' && run === 'bridge') ||
    (['usual', 'bench'].includes(what) ? usual : run === what && version === which),
);
if (chosen.length === 0)
  report(`${what} ${which} is one of ${RUNS.map(({ run, version }) => `${run} ${version}`).join(', ')}`, false);
process.chdir(root);
/** A run from its first test to its last, with a server of its own: the tests count its connections. */
async function perform(built) {
  const start = Date.now();
  const server = await startServer();
  await ({ bench, pages }[what] ?? test)(server, built);
  server.stop();
  console.log(`${built.name}: ${Math.round((Date.now() - start) / 1000)} s`);
}

// One run leaves half of a processor idle. Benchmarks are alone.
const together = !['bench', 'pages'].includes(what) && availableParallelism() > 1 ? 2 : 1;
const running = new Set();
for (const run of chosen) {
  const start = Date.now();
  const built = await build(run);
  if (!built) continue;
  console.log(`built in ${Math.round((Date.now() - start) / 1000)} s`);
  const one = perform(built).finally(() => running.delete(one));
  running.add(one);
  if (running.size >= together) await Promise.race(running);
}
await Promise.all(running);
if (what === 'all') await library();
finish();
