// Runs what `run` has built: node run.mjs test|bench FOLDER VERSION [SANITIZER]
import { join, resolve } from 'node:path';
import { cycle, execute, finish, report, reportTests } from '../jsi/programs.mjs';
import { startServer } from '../jsi/server.mjs';
import { bundleForHermes } from './bundle.mjs';

const [mode, folder, version, sanitizer] = process.argv.slice(2);
const out = resolve(folder);
const engine = `Hermes, React Native ${version}${sanitizer ? ', AddressSanitizer' : ''}`;
// The sanitizer's library comes after the stand-ins on purpose, which it would complain about.
const env = { ASAN_OPTIONS: 'detect_leaks=1:verify_asan_link_order=0' };

/** Runs a program that was built. */
const run = (program, ...args) => execute(join(out, program), args, { env, milliseconds: 180_000 });

async function test(server) {
  reportTests(engine, await run('smoke'));
  const script = await bundleForHermes(join(out, 'bundles'), 'suite', 'pair', 'cycle', 'memory');
  reportTests(engine, await run('hermes', 'run', script('suite'), server.url));
  const pair = await run('hermes', 'pair', script('pair'), server.url);
  report(`${engine}: two runtimes at once`, pair.code === 0, pair.output);
  await cycle(
    server,
    script('cycle'),
    (args) => run('hermes', ...args, server.url),
    (test) => `${engine}: ${test}`,
  );
  if (sanitizer) return;
  const memory = await run('hermes', 'run', script('memory'), server.url);
  report(`${engine}: 3 000 messages of 1 MiB, dropped: ${memory.output.trim()}`, memory.code === 0);
}

/** Without `check`: at 10 µs a message, a burst of 1 000 takes more than the 8 ms of one hop. */
async function bench(server) {
  const script = await bundleForHermes(join(out, 'bundles'), 'bench');
  const { code, output } = await run('hermes', 'run', script('bench'), server.url);
  console.log(output.trim());
  report(`${engine}: the benchmark ends well`, code === 0);
}

const server = await startServer();
await { test, bench }[mode](server);
server.stop();
finish();
