import assert from 'node:assert/strict';
import ganache from 'ganache';
import { freePort, until } from '../support/servers.mjs';

export const library = 'viem';
export const server = 'ganache';
export const takesClass = false;

export default async function ({ load, did, after }) {
  const chain = ganache.server({ logging: { quiet: true }, wallet: { totalAccounts: 2 }, miner: { blockTime: 0 } });
  const port = await freePort();
  await chain.listen(port, '127.0.0.1');
  after(() => chain.close());

  const { createWalletClient, createPublicClient, webSocket, parseEther, foundry } = await load('viem', {
    source: "export * from 'viem'; export { foundry } from 'viem/chains'",
  });
  const transport = webSocket(`ws://127.0.0.1:${port}`, { keepAlive: { interval: 20 }, reconnect: { delay: 20 } });
  const client = createPublicClient({ chain: { ...foundry, id: 1337 }, transport, pollingInterval: 20 });
  const wallet = createWalletClient({ chain: { ...foundry, id: 1337 }, transport });
  assert.equal(await client.getChainId(), 1337);
  const [from, to] = await wallet.getAddresses();
  const before = await client.getBalance({ address: to });
  did('calls');

  const blocks = [];
  const stop = client.watchBlockNumber({ onBlockNumber: (number) => blocks.push(number), onError: assert.fail });
  await client.getBlockNumber();
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let i = 0; i < 3; i += 1) {
    const hash = await wallet.sendTransaction({ account: from, to, value: parseEther('1') });
    await client.waitForTransactionReceipt({ hash });
  }
  await until(() => blocks.length >= 3, 'blocks are told');
  stop();
  assert.equal((await client.getBalance({ address: to })) - before, parseEther('3'));
  did('transactions, a subscription to blocks');
  const socket = await client.transport.getSocket();
  socket.close();
  await until(() => socket.readyState === 3, 'it is closed');
  did('closing');
}
