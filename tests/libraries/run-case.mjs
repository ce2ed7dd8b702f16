// Runs one case in this process: run-case.mjs NAME class|swap
import { likeReactNative, loadBundled } from './support/react-native.mjs';
import { versionOf } from './support/packages.mjs';

const [name, mode] = process.argv.slice(2);
const { library, server, default: run } = await import(`./cases/${name}.mjs`);

const cleanups = [];
const shown = [];
const notes = [];
likeReactNative(mode);
// Only now: it looks at once for what the platform has.
const api = await import('../../lib/esm/index.node.js');
if (mode === 'swap') api.installWebSocket();

/** What a case is given. */
const context = {
  /** The class to hand to the library; undefined where it has to take the global one. */
  WebSocket: mode === 'class' ? api.WebSocket : undefined,
  api,
  /** Loads a library as Metro would resolve it. */
  load: loadBundled,
  /** Says what was exercised, after it was. */
  did: (what) => shown.push(what),
  /** Says what an app has to know. */
  note: (what) => notes.push(what),
  after: (cleanup) => cleanups.unshift(cleanup),
  /** Ends the case as one that cannot be run here. */
  skip(reason) {
    console.log(`skipped: ${name}: ${reason}`);
    process.exit(0);
  },
};

const serverName = await run(context);
for (const cleanup of cleanups) await cleanup();
const fields = [versionOf(library), versionOf(serverName ?? server), mode, shown.join('; '), notes.join('; ')];
console.log(`ok ${fields.join(' | ')}`);
// What libraries leave running (timers, pools of connections) is not what is tested.
process.exit(0);
