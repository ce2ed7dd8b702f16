// What the screen of examples/react-native does, without the screen.

import { Exchange } from '../../../examples/react-native/src/Exchange.js';
import { equal, runTests, test, until } from './harness.js';
import { host } from './host.js';

const [server] = host.arguments;

test('the example: connect, send, close, and connect again', async () => {
  let drawn = 0;
  const exchange = new Exchange(() => (drawn += 1));
  for (const round of [1, 2]) {
    exchange.log.length = 0;
    void exchange.connect(`${server}/echo`);
    equal(exchange.state, 'connecting', `round ${round}`);
    await until(() => exchange.state === 'open', 'it is open');
    await exchange.send('你好');
    await exchange.send(new ArrayBuffer(1024));
    await until(() => exchange.log.length === 6, 'both are back');
    exchange.close();
    await until(() => exchange.state === 'closed', 'it is closed');
    // The answer may be there before the promise of the message is.
    const log = exchange.log.map((line) => line.replace(/\d+ ms$/, 'N ms'));
    equal(
      log.filter((line) => !/^[←→]/.test(line)),
      [`connecting to ${server}/echo`, 'open after N ms', 'closing', 'closed with 1000 "done"'],
      'the log',
    );
    equal(
      log.filter((line) => /^[←→]/.test(line)).sort(),
      ['← 1024 bytes', '← 你好', '→ 1024 bytes', '→ 你好'],
      'the messages',
    );
  }
  equal(drawn, 16, 'how often the screen was drawn');
});

test('the example: what goes wrong is in the log', async () => {
  const exchange = new Exchange();
  await exchange.connect('nonsense');
  equal(exchange.state, 'closed', 'after a URL that is none');
  await exchange.connect(`${server}/refuse?status=403`);
  await until(() => exchange.state === 'closed', 'it is refused');
  equal(exchange.log.at(-1), 'closed with 1006, not clean', 'the end');
  equal(/^error \(handshake, http-status\): /.test(exchange.log.at(-2) ?? ''), true, 'the error');
});

void runTests();
