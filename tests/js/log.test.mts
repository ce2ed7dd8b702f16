// configure({log, logLevel}): the library's log.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { configure, WebSocket, type LogLevel } from 'react-native-socket-task';
import { runProgram } from './support/program.mjs';
import { closedPort, serve } from './support/servers.mjs';
import { uncaughtErrors, until } from './support/tasks.mjs';

type Line = [level: LogLevel, text: string];

/** The lines from now on. */
function listen(t: TestContext, logLevel?: LogLevel): Line[] {
  const lines: Line[] = [];
  t.after(() => configure({ log: null, logLevel: 'info' }));
  configure({ log: (...line) => lines.push(line), logLevel });
  return lines;
}

async function connectAndClose(url: string): Promise<void> {
  const ws = new WebSocket(url);
  await new Promise((resolve) => {
    ws.onopen = () => ws.close();
    ws.onclose = resolve;
  });
}

test('connections that open, fail and close are told, without what stands in their URLs', async (t) => {
  const { port } = new URL((await serve(t)).url);
  const lines = listen(t);
  await connectAndClose(`ws://secret:secret@127.0.0.1:${port}/secret?secret`);
  await until(() => lines.length === 2, 'both lines come');
  assert.match(lines[0]?.join() ?? '', new RegExp(`^info,127\\.0\\.0\\.1:${port}: open`));
  assert.match(lines[1]?.join() ?? '', new RegExp(`^info,127\\.0\\.0\\.1:${port}: closed with 1005`));
  await connectAndClose(`ws://127.0.0.1:${await closedPort()}/secret`);
  await until(() => lines.length === 4, 'both lines come');
  assert.match(lines[2]?.[1] ?? '', /failed in phase tcp/);
  assert.ok(!lines.join().includes('secret'), lines.join());
});

test('a level holds back what is less grave, and can be changed by itself', async (t) => {
  const { url } = await serve(t);
  const lines = listen(t, 'warn');
  await connectAndClose(url);
  configure({ logLevel: 'debug' });
  await connectAndClose(url);
  await until(() => lines.some(([, text]) => text.includes('closed')), 'the lines of the second come');
  const { host } = new URL(url);
  const steps = lines.filter(([level]) => level === 'debug').map(([, text]) => text);
  assert.deepEqual(steps, [
    'resolving 127.0.0.1',
    `connecting to ${host} (${host})`,
    'waiting for the response of 127.0.0.1',
  ]);
  const told = lines.length;
  configure({ log: null });
  await connectAndClose(url);
  assert.equal(lines.length, told);
});

test('a handler that throws is told as what it is, and hears the next line', async (t) => {
  const { url } = await serve(t);
  const errors = uncaughtErrors(t);
  let told = 0;
  t.after(() => configure({ log: null }));
  configure({
    log() {
      told += 1;
      throw new Error('no log');
    },
  });
  await connectAndClose(url);
  await until(() => told === 2 && errors.length === 2, 'both lines are told');
});

test('lines that JavaScript does not come to are bounded, and those left out are counted', async (t) => {
  const port = await closedPort();
  const lines = listen(t);
  const sockets = 300;
  const closed = Array.from({ length: sockets }, () => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/`);
    return new Promise((resolve) => (ws.onclose = resolve));
  });
  // Two lines for each, while nobody takes any.
  const end = performance.now() + 1_500;
  while (performance.now() < end);
  await Promise.all(closed);
  await connectAndClose(`ws://127.0.0.1:${port}/`);
  const leftOut = () => lines.reduce((sum, [, text]) => sum + Number(/^\((\d+) lines/.exec(text)?.[1] ?? 0), 0);
  await until(() => lines.length + leftOut() === 2 * sockets + 2, 'each line is told or counted');
  assert.ok(leftOut() >= 2 * sockets - 256, `${lines.length} told, ${leftOut()} left out`);
});

test('what is not acceptable is refused, and changes nothing', async (t) => {
  const { url } = await serve(t);
  const lines = listen(t);
  const refused: [object, RegExp][] = [
    [{ log: 'console' }, /^TypeError: log should be a Function or null$/],
    [{ log: null, logLevel: 'trace' }, /^TypeError: logLevel should be error, warn, info, debug$/],
    [{ log: null, logLevel: 3 }, /logLevel/],
    [{ log: null, maxSockets: 0 }, /^RangeError: maxSockets/],
    [{ log: null, level: 'info' }, /^TypeError: there is no setting level; there are maxSockets, log, logLevel$/],
  ];
  for (const [settings, text] of refused) {
    assert.throws(
      () => configure(settings),
      (error: Error) => text.test(String(error)),
    );
  }
  await connectAndClose(url);
  await until(() => lines.length === 2, 'the log is as it was');
});

test('a log keeps no process alive, and needs no connection to be set', async () => {
  const source = `
    import { configure } from 'react-native-socket-task';
    configure({ log: null });
    configure({ logLevel: 'debug' });
    configure({ log: () => {} });
    console.log('set');
  `;
  const { code, stdout, milliseconds } = await runProgram(source);
  assert.deepEqual([code, stdout.trim()], [0, 'set']);
  assert.ok(milliseconds < 15_000);
});
