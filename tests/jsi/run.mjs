// Runs what `run` has built: node run.mjs test|endings|bench FOLDER [TIMES]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ratiosOf, shortfalls } from '../../bench/ratios.mjs';
import { checkFloors } from './floors.mjs';
import { checkHeaders } from './headers.mjs';
import { bundle, cycle } from './programs.mjs';
import { counts, execute, finish, report, reportTests, root } from './results.mjs';
import { startServer } from './server.mjs';

const here = join(root, 'tests', 'jsi');
const [mode, out, times] = process.argv.slice(2);
const bundles = join(out, 'bundles');

/** What LeakSanitizer has found, but for JavaScriptCore's own strings, which it leaves behind with each thread. */
function leaks(output) {
  const blocks = output
    .split(/^(?=(?:Direct|Indirect) leak of )/m)
    .filter((part) => /^(Direct|Indirect) leak/.test(part));
  return blocks.filter((block) => !/#1 .*libjavascriptcoregtk/.test(block)).join('');
}

const asan = { ASAN_OPTIONS: 'detect_leaks=1', LSAN_OPTIONS: 'exitcode=0' };

/** Runs a program of JavaScriptCore under AddressSanitizer. */
async function sanitized(server, args) {
  const result = await execute(join(out, 'asan', 'jsc'), [...args, server.url], { env: asan, milliseconds: 180_000 });
  const leaked = leaks(result.output);
  return { ...result, clean: !leaked && !result.output.includes('ERROR: AddressSanitizer'), leaked };
}

const AS_IT_IS = 'JavaScriptCore as React Native has it';

/** The oldest, for which there is no other engine here than React Native's own. */
async function oldest(version, server, script) {
  const { code, output } = await execute(join(out, version, 'jsc-copy'), ['run', script('suite'), server.url]);
  reportTests(`${AS_IT_IS}, React Native ${version}`, { code, output });
}

async function reactNative(version, server, script) {
  const folder = join(out, version);
  const runners = [
    ['JavaScriptCore', join(folder, 'jsc'), ['run']],
    [AS_IT_IS, join(folder, 'jsc-copy'), ['run']],
  ];
  const addon = join(folder, 'socket-task-jsi.node');
  if (existsSync(addon)) runners.push(['Node', process.execPath, [join(here, 'js', 'node.mjs'), addon]]);
  else console.log('skipped: Node: its headers are not beside it');
  for (const [engine, program, args] of runners) {
    reportTests(`${engine}, React Native ${version}`, await execute(program, [...args, script('suite'), server.url]));
  }
  return { jsc: runners[0], addon: existsSync(addon) ? addon : undefined };
}

async function memory(server, script, { jsc, addon }) {
  const inJsc = await execute(jsc[1], ['run', script('memory'), server.url, 'told']);
  report(
    `JavaScriptCore: 3 000 messages of 1 MiB, dropped: ${inJsc.output.trim().replaceAll('\n', '; ')}`,
    inJsc.code === 0,
  );
  if (!addon) return;
  const inNode = await execute(process.execPath, [join(here, 'js', 'node.mjs'), addon, script('memory'), server.url]);
  report(`Node: 3 000 messages of 1 MiB, dropped: ${inNode.output.trim()}`, inNode.code === 0);
}

/** Another native module of the app, with connections of its own. */
async function neighbours(server, script) {
  const { leaked, clean, ...result } = await sanitized(server, ['run', script('neighbours')]);
  reportTests('the example of a native module, AddressSanitizer', result);
  report('the example of a native module leaves nothing, AddressSanitizer', clean, leaked || result.output);
}

async function endings(server, script) {
  const pair = await sanitized(server, ['pair', script('pair')]);
  report('two runtimes at once, AddressSanitizer', pair.code === 0 && pair.clean, pair.leaked || pair.output);

  await cycle(
    server,
    script('cycle'),
    (args) => sanitized(server, args),
    (test) => `${test}, AddressSanitizer`,
  );
}

async function native(server) {
  const withAsan = await execute(join(out, 'asan', 'native-test'), [server.url], {
    env: { ASAN_OPTIONS: 'detect_leaks=1' },
  });
  reportTests('AddressSanitizer', withAsan);
  const env = { TSAN_OPTIONS: `suppressions=${join(here, 'tsan.supp')}` };
  reportTests('ThreadSanitizer', await execute(join(out, 'tsan', 'native-test'), [server.url], { env }));
}

/** The tests of the JavaScript, with the module as their native half. */
async function typescript(addon) {
  if (!addon) return;
  const compiled = await execute(process.execPath, [join(root, 'scripts', 'build-js.mjs')]);
  if (compiled.code !== 0) return report('the JavaScript compiles', false, compiled.output);
  const names = readdirSync(join(root, 'tests', 'js'))
    .filter((file) => file.endsWith('.test.mts'))
    .map((file) => file.replace('.test.mts', ''))
    // These are of the package as npm packs it, and of programs that load the Node addon from there.
    .filter((name) => !['codegen', 'extraRoots', 'package', 'sample'].includes(name));
  const env = { SOCKET_TASK_ADDON: join(here, 'js', 'addon.cjs'), SOCKET_TASK_JSI: addon };
  // Whole names: `life` is the beginning of `lifecycle`, too.
  const files = names.map((name) => `${name}.test`);
  const { output } = await execute(process.execPath, [join(root, 'scripts', 'test-js.mjs'), ...files], {
    env,
    milliseconds: 240_000,
  });
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const [good, bad] = [count('pass'), count('fail') + count('cancelled')];
  console.log(`the tests in tests/js (${names.join(', ')}), in Node: ${good} passed, ${bad} failed`);
  counts.passed += good;
  counts.failed += bad;
  if (bad > 0) console.log(output.slice(output.indexOf('failing tests')).slice(0, 10_000));
  else if (good === 0) report('the tests in tests/js', false, output);
}

async function types() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await execute(process.execPath, [tsc, '-p', here]);
  report('the programs of js/ fit their types', code === 0, output);
}

async function test(server) {
  await types();
  const common = join(out, 'packages', 'react-native-0.88.1', 'ReactCommon');
  await checkFloors({ root, common, execute, report });
  await checkHeaders({ root, packages: join(out, 'packages'), execute, report });
  const script = await bundle(bundles, 'suite', 'memory', 'neighbours', 'pair', 'cycle');
  const newest = await reactNative('0.88', server, script);
  await reactNative('0.76', server, script);
  await oldest('0.73', server, script);
  await memory(server, script, newest);
  await native(server);
  await endings(server, script);
  await neighbours(server, script);
  await typescript(newest.addon);
}

async function endingsAgainAndAgain(server) {
  const script = await bundle(bundles, 'pair', 'cycle');
  for (let time = 1; time <= Number(times); time += 1) {
    console.log(`time ${time} of ${times}`);
    await native(server);
    await endings(server, script);
  }
}

async function bench(server) {
  const script = await bundle(bundles, 'bench');
  const folder = join(out, 'bench');
  const addon = join(folder, 'socket-task-jsi.node');
  const runners = [['JavaScriptCore', join(folder, 'jsc'), ['run']]];
  if (existsSync(addon)) runners.push(['Node', process.execPath, [join(here, 'js', 'node.mjs'), addon]]);
  for (const [engine, program, args] of runners) {
    const { code, output } = await execute(program, [...args, script('bench'), server.url]);
    console.log(output.trim());
    const missed = code === 0 ? shortfalls(`${engine} 0.88.1`, ratiosOf(output)) : [];
    report(`${engine}: the benchmark ends well`, code === 0);
    report(`${engine}: the ratios are at least those of bench/ratios.json`, missed.length === 0, missed.join('\n'));
  }
}

const server = await startServer();
await { test, bench, endings: endingsAgainAndAgain }[mode](server);
server.stop();
finish();
