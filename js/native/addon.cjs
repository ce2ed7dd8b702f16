'use strict';
// Finds the Node addon. CommonJS, since that is what can load one; the build copies it beside the modules of both formats.

const fs = require('node:fs');
const path = require('node:path');
const { AsyncResource } = require('node:async_hooks');
// Of now: fake timers, which a test puts into this module too, must not hold events back.
const { clearTimeout, setImmediate, setTimeout } = require('node:timers');
const { domainToASCII } = require('node:url');

/** The addon's folder, seen from lib/<format>/native. */
const FOLDER = path.join(__dirname, '..', '..', '..', 'node');
const FILE = path.join(FOLDER, `socket-task.${process.platform}-${process.arch}.node`);

/** Loads the addon: the file that SOCKET_TASK_ADDON names, or the package's own. */
function load() {
  const file = process.env.SOCKET_TASK_ADDON || FILE;
  if (!fs.existsSync(file)) {
    throw new Error(
      `react-native-socket-task: there is no native library for ${process.platform}-${process.arch} (${file} is missing). ` +
        'Build it in a checkout of the package with `npm run build:addon` (it needs Rust), and copy the file to that ' +
        'path or name its place in the environment variable SOCKET_TASK_ADDON.',
    );
  }
  try {
    return prepare(require(file));
  } catch (error) {
    throw new Error(
      `react-native-socket-task: the native library ${file} cannot be loaded: ${error.message}. ` +
        'Build it for this system in a checkout of the package with `npm run build:addon`.',
      { cause: error },
    );
  }
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
  key: __filename,
  load,
  setTimeout: (task, delay = 0) => setTimeout(task, delay),
  clearTimeout: (timer) => clearTimeout(timer),
  setImmediate: (task) => void setImmediate(task),
  domainToASCII,
  keepContext: () => new AsyncResource('SocketTask'),
};
