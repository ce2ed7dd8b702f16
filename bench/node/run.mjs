// What a message costs in Node, beside the npm package `ws`: node bench/node/run.mjs [ROUNDS [write]]. Processor time of the
// client's process with all its threads, microseconds for a message, the least of several rounds in turns. Fails when a ratio
// is less than ../ratios.json wants; `write` puts the table into docs/benchmarks.md.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ratiosOf, shortfalls, writeTable } from '../ratios.mjs';

const rounds = Number(process.argv[2] ?? 3);
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const SIZES = [
  ['16 B', 16, 200_000],
  ['100 B', 100, 200_000],
  ['1 KiB', 1 << 10, 50_000],
  ['64 KiB', 64 << 10, 4_000],
  ['1 MiB', 1 << 20, 300],
];

const server = spawn(process.execPath, [join(here, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
const [port] = await once(server.stdout, 'data');
const url = `ws://127.0.0.1:${Number(port)}`;

function time(implementation, what, type, size, count) {
  const args = [join(here, 'client.mjs'), implementation, what, type, size, count, url].map(String);
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 }));
}

const lines = [];
function print(line) {
  lines.push(line);
  console.log(line);
}

print('| µs of processor time | socket-task | ws | ratio |');
print('| --- | ---: | ---: | ---: |');
for (const what of ['receive', 'send', 'echo']) {
  for (const type of ['text', 'binary']) {
    for (const [name, size, count] of SIZES) {
      const times = { own: Infinity, ws: Infinity };
      const messages = what === 'echo' ? Math.max(100, count / 10) : count;
      for (let round = 0; round < rounds; round += 1) {
        for (const implementation of ['own', 'ws']) {
          times[implementation] = Math.min(times[implementation], time(implementation, what, type, size, messages));
        }
      }
      const micros = (value) => (value < 100 ? value.toFixed(2) : String(Math.round(value)));
      print(
        `| ${what} ${type} ${name} | ${micros(times.own)} | ${micros(times.ws)} | ${(times.ws / times.own).toFixed(2)} |`,
      );
    }
  }
}
server.kill();
const table = lines.join('\n');
if (process.argv[3] === 'write') writeTable(join(here, '../../docs/benchmarks.md'), 'Node', table);
const missed = shortfalls('Node', ratiosOf(table));
for (const sentence of missed) console.log(sentence);
process.exitCode = missed.length === 0 ? 0 : 1;
