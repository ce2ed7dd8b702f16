// Runs a bundle of this folder in Node, with the module in it: node js/node.mjs ADDON BUNDLE ARGUMENT…
// The counterpart of the program `jsc run`.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(import.meta.url);
const [addon, bundle, ...args] = process.argv.slice(2);
const { host, module, keepAlive } = require(resolve(addon));

globalThis.host = Object.assign(host, {
  engine: 'Node',
  arguments: args,
  print: (line) => console.log(line),
  exit: (code) => process.exit(code),
});
globalThis.__turboModuleProxy = (name) => (name === 'NativeSocketTask' ? { getNativeModule: () => module } : null);
process.on('uncaughtException', (error) => {
  if (host.onUncaught) return host.onUncaught(error.message);
  console.log('uncaught:', error);
  process.exit(1);
});
// The bundle says when it ends.
keepAlive(true);
require(resolve(bundle));
