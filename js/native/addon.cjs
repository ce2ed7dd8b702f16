'use strict';
// Finds the Node addon. CommonJS, since that is what can load one; the build copies it beside the modules of both formats.

// Not by `require` where Node has another way: a bundle that is an ES module has none.
const fs = process.getBuiltinModule?.('node:fs') ?? require('node:fs');
const path = process.getBuiltinModule?.('node:path') ?? require('node:path');
const { AsyncResource } = process.getBuiltinModule?.('node:async_hooks') ?? require('node:async_hooks');
const { createRequire } = process.getBuiltinModule?.('node:module') ?? require('node:module');
const { domainToASCII } = process.getBuiltinModule?.('node:url') ?? require('node:url');
// Of now: fake timers, which a test puts into this module too, must not hold events back.
const { clearTimeout, setImmediate, setTimeout } = process.getBuiltinModule?.('node:timers') ?? require('node:timers');

const PLATFORM = `${process.platform}-${process.arch}`;
/** The program that was started; itself a bundle, where this file has lost its name in one. */
const PROGRAM = path.resolve(process.argv[1] ?? process.execPath);
const HERE = typeof __filename === 'string' ? path.resolve(__filename) : PROGRAM;
/** Not `require`, whose argument bundlers want to know beforehand. */
const requireFrom = [createRequire(HERE), createRequire(PROGRAM)];

/** The addon that a checkout of the package has built, seen from lib/<format>/native. */
const BUILT = path.join(path.dirname(HERE), '..', '..', '..', 'node', `socket-task.${PLATFORM}.node`);

/**
 * The packages with the addon for this platform, of which npm installs what fits (scripts/addons/targets.json). On Linux the C
 * library decides, which npm knows since 10.4: earlier ones install both.
 */
const PACKAGES = [PLATFORM, ...(process.platform === 'linux' ? [`${PLATFORM}-musl`] : [])].map(
  (target) => `react-native-socket-task-${target}`,
);

/** The addons that npm has installed, what fits first. */
function installed() {
  const files = PACKAGES.map(fileOf).filter(Boolean);
  if (files.length < 2) return files;
  // musl may load what was built for glibc, and crash.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime ? files : files.reverse();
}

/** Loads the addon: the file that SOCKET_TASK_ADDON names, the one that is built here, or that of a package. */
function load() {
  const named = process.env.SOCKET_TASK_ADDON;
  const files = (named ? [named] : [BUILT, ...installed()]).filter((file) => fs.existsSync(file));
  const failures = [];
  for (const file of files) {
    try {
      return prepare(requireFrom[0](path.resolve(file)));
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.length > 0 ? unloadable(files, failures) : missing(named);
}

function fileOf(name) {
  for (const { resolve } of requireFrom) {
    try {
      return resolve(name);
    } catch {
      // Not to be found from there.
    }
  }
  return undefined;
}

function missing(named) {
  const where = named ? ` (SOCKET_TASK_ADDON names ${named}, which is missing)` : '';
  return new Error(
    `react-native-socket-task: there is no native library for ${PLATFORM}${where}. npm installs it with this package, as ` +
      `${PACKAGES.join(' or ')}, unless it is told to omit optional packages or the lock file was made without them. ` +
      'In a bundle it is found if react-native-socket-task is marked as external. A checkout of the package builds it by ' +
      '`npm run build:addon` (which needs Rust); the environment variable SOCKET_TASK_ADDON can name its place.',
  );
}

function unloadable(files, failures) {
  const reasons = files.map((file, i) => `${file} cannot be loaded: ${failures[i].message}`);
  return new Error(
    `react-native-socket-task: the native library ${reasons.join('; ')}. ` +
      'Build it for this system in a checkout of the package with `npm run build:addon`.',
    { cause: failures[0] },
  );
}

/** process.exit() skips the environment's clean-up hooks, so sessions are ended here. */
const isPrepared = Symbol.for('react-native-socket-task.isPrepared');

function prepare(native) {
  if (!native[isPrepared]) {
    process.once('exit', () => native.endSessions?.());
    Object.defineProperty(native, isPrepared, { value: true });
  }
  return native;
}

module.exports = {
  key: HERE,
  load,
  setTimeout: (task, delay = 0) => setTimeout(task, delay),
  clearTimeout: (timer) => clearTimeout(timer),
  setImmediate: (task) => void setImmediate(task),
  domainToASCII,
  keepContext: () => new AsyncResource('SocketTask'),
};
