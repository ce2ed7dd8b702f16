import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort, start, until } from '../support/servers.mjs';

export const library = '@rails/actioncable';
/** The library makes the socket itself, without options: there is no Origin that Rails would accept but by the swap. */
export const takesClass = false;

const configuration = fileURLToPath(new URL('../servers/actioncable.ru', import.meta.url));

/** The versions of the gems in use, or nothing. */
function gems() {
  try {
    const program = "require 'action_cable'; require 'puma'; print ActionCable.version, ' ', Puma::Const::PUMA_VERSION";
    return execFileSync('ruby', ['-ractive_support', '-e', program], { encoding: 'utf8', stdio: 'pipe' }).split(' ');
  } catch {
    return undefined;
  }
}

export default async function ({ api, load, did, skip, after }) {
  const versions = gems() ?? skip('there are no gems actioncable and puma: scripts/setup --all installs them');
  const port = await freePort();
  const address = `tcp://127.0.0.1:${port}`;
  await start(after, port, 'puma', [
    '--bind',
    address,
    '--threads',
    '4:8',
    '--environment',
    'production',
    configuration,
  ]);
  const url = `ws://127.0.0.1:${port}/`;

  Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} });
  const { createConsumer, adapters } = await load('@rails/actioncable');
  assert.equal(adapters.WebSocket, globalThis.WebSocket);
  const consumer = createConsumer(url);
  after(() => consumer.disconnect());
  const received = [];
  const rooms = ['one', 'two'].map((room) => {
    const channel = consumer.subscriptions.create(
      { channel: 'RoomChannel', room },
      {
        connected: () => channel.perform('speak', { text: `hello from ${room}` }),
        received: (message) => received.push(message.text),
      },
    );
    return channel;
  });
  await until(() => received.length === 2, 'both messages came back');
  assert.deepEqual(received.sort(), ['hello from one', 'hello from two']);
  did('the Origin that Rails demands, two subscriptions, messages to both');

  let rejected = false;
  const params = { channel: 'RoomChannel', room: 'secret' };
  consumer.subscriptions.create(params, { rejected: () => (rejected = true) });
  await until(() => rejected, 'a subscription is rejected');
  did('a subscription that is rejected');

  received.length = 0;
  const large = '消息'.repeat(20_000);
  rooms[0].perform('speak', { text: large });
  await until(() => received.length === 1, 'the large one came back');
  assert.deepEqual(received, [large]);
  did('120 KB');

  const before = received.length;
  const { webSocket } = consumer.connection;
  webSocket.close();
  await until(() => !consumer.connection.isOpen(), 'it is closed');
  consumer.connection.reopen();
  await until(() => received.length > before, 'it has subscribed again');
  did('reconnecting');
  consumer.disconnect();

  const without = new globalThis.WebSocket(url, ['actioncable-v1-json'], { origin: null });
  const error = await new Promise((resolve) => (without.onerror = resolve));
  assert.equal(error.error.httpStatus, 404);
  did('404 without an Origin');
  return `Action Cable ${versions[0]}, puma ${versions[1]}`;
}
