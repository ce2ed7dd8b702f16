// Runs what `run` has built: node run.mjs test|endings|bench FOLDER [TIMES]
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { checkFloors } from './floors.mjs';
import { startServer } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const [mode, out, times] = process.argv.slice(2);

let passed = 0;
let failed = 0;

/** Tells how a test went; `details` only when it failed. */
function report(name, good, details = '') {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? 'ok' : 'not ok'} ${name}${good || !details ? '' : `\n${details.trim()}`}`);
}

/** Runs a program to its end; `line` gets each line of its output at once. */
function execute(command, args, { env = {}, milliseconds = 120_000, line } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      for (const text of line ? chunk.split('\n') : []) line(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      output += `\nno end after ${milliseconds} ms`;
      child.kill('SIGKILL');
    }, milliseconds);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, output });
    });
  });
}

/** Compiles programs of js/ with the package's own sources to one file each, as Metro does for an app. */
async function bundle(...names) {
  await build({
    entryPoints: names.map((name) => join(here, 'js', `${name}.ts`)),
    outdir: join(out, 'bundles'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    alias: { 'react-native': join(here, 'js', 'react-native.ts') },
    // package.json speaks of the compiled files only.
    ignoreAnnotations: true,
    logLevel: 'warning',
  });
  return (name) => join(out, 'bundles', `${name}.js`);
}

/** Counts the "ok" and "not ok" lines of a program that runs several tests, and its end as one more if it went wrong. */
function reportTests(name, { code, output }) {
  const tests = output.split(/^(?=(?:not )?ok )/m).filter((part) => /^(not )?ok /.test(part));
  for (const test of tests) {
    const [first, ...rest] = test.split('\n');
    report(`${name}: ${first.replace(/^(not )?ok /, '')}`, !first.startsWith('not'), rest.join('\n'));
  }
  if (tests.length === 0 || (code !== 0 && tests.every((test) => test.startsWith('ok')))) {
    report(`${name}: ends well`, false, `exit ${code}\n${output}`);
  }
}

/** What LeakSanitizer has found, but for JavaScriptCore's own strings, which it leaves behind with each thread. */
function leaks(output) {
  const blocks = output.split(/^(?=(?:Direct|Indirect) leak of )/m).filter((part) => /^(Direct|Indirect) leak/.test(part));
  return blocks.filter((block) => !/#1 .*libjavascriptcoregtk/.test(block)).join('');
}

const asan = { ASAN_OPTIONS: 'detect_leaks=1', LSAN_OPTIONS: 'exitcode=0' };

/** Runs a program of JavaScriptCore under AddressSanitizer. */
async function sanitized(server, args) {
  const result = await execute(join(out, 'asan', 'jsc'), [...args, server.url], { env: asan, milliseconds: 180_000 });
  const leaked = leaks(result.output);
  return { ...result, clean: !leaked && !result.output.includes('ERROR: AddressSanitizer'), leaked };
}

async function reactNative(version, server, script) {
  const folder = join(out, version);
  const runners = [
    ['JavaScriptCore', join(folder, 'jsc'), ['run']],
    ['JavaScriptCore as React Native has it', join(folder, 'jsc-copy'), ['run']],
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
  report(`JavaScriptCore: 3 000 messages of 1 MiB, dropped: ${inJsc.output.trim().replaceAll('\n', '; ')}`, inJsc.code === 0);
  if (!addon) return;
  const inNode = await execute(process.execPath, [join(here, 'js', 'node.mjs'), addon, script('memory'), server.url]);
  report(`Node: 3 000 messages of 1 MiB, dropped: ${inNode.output.trim()}`, inNode.code === 0);
}

async function endings(server, script) {
  const pair = await sanitized(server, ['pair', script('pair')]);
  report('two runtimes at once, AddressSanitizer', pair.code === 0 && pair.clean, pair.leaked || pair.output);

  const before = { ...server.counts.closeCodes };
  const cycle = await sanitized(server, ['cycle', '200', script('cycle')]);
  report('200 runtimes that end with live sockets, AddressSanitizer', cycle.code === 0 && cycle.clean, cycle.leaked || cycle.output);
  report('the server has seen all of them go', await server.allClosed(5_000), `${server.counts.open} are open`);
  const away = (server.counts.closeCodes[1001] ?? 0) - (before[1001] ?? 0);
  // Two sockets at least were open in most of the runtimes when they ended.
  report(`it was told 1001: ${away} times`, away >= 200);
}

async function native(server) {
  const withAsan = await execute(join(out, 'asan', 'native-test'), [server.url], { env: { ASAN_OPTIONS: 'detect_leaks=1' } });
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
    .filter((name) => !['codegen', 'package', 'sample'].includes(name));
  const env = { SOCKET_TASK_ADDON: join(here, 'js', 'addon.cjs'), SOCKET_TASK_JSI: addon };
  const { output } = await execute(process.execPath, [join(root, 'scripts', 'test-js.mjs'), ...names], { env, milliseconds: 240_000 });
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const [good, bad] = [count('pass'), count('fail') + count('cancelled')];
  console.log(`the tests in tests/js (${names.join(', ')}), in Node: ${good} passed, ${bad} failed`);
  passed += good;
  failed += bad;
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
  const script = await bundle('suite', 'memory', 'pair', 'cycle');
  const newest = await reactNative('0.88', server, script);
  await reactNative('0.76', server, script);
  await memory(server, script, newest);
  await native(server);
  await endings(server, script);
  await typescript(newest.addon);
}

async function endingsAgainAndAgain(server) {
  const script = await bundle('pair', 'cycle');
  for (let time = 1; time <= Number(times); time += 1) {
    console.log(`time ${time} of ${times}`);
    await native(server);
    await endings(server, script);
  }
}

async function bench(server) {
  const script = await bundle('bench');
  const folder = join(out, 'bench');
  const addon = join(folder, 'socket-task-jsi.node');
  const runners = [['JavaScriptCore', join(folder, 'jsc'), ['run']]];
  if (existsSync(addon)) runners.push(['Node', process.execPath, [join(here, 'js', 'node.mjs'), addon]]);
  for (const [engine, program, args] of runners) {
    const { code, output } = await execute(program, [...args, script('bench'), server.url, 'check']);
    console.log(output.trim());
    report(`${engine}: the ratios and hops are as they should be`, code === 0);
  }
}

const server = await startServer();
await { test, bench, endings: endingsAgainAndAgain }[mode](server);
server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
