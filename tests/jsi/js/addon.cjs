'use strict';
// The module in the place of the Node addon of node/: SOCKET_TASK_ADDON names this file, and SOCKET_TASK_JSI the addon
// that CMakeLists.txt builds. What a Node addon has to do and a TurboModule has not, happens here: as long as there are
// sockets, the process lives.

const { module: native, keepAlive, end } = require(process.env.SOCKET_TASK_JSI);

process.on('exit', end);

/** The sockets of each session that are not released, by the session's key. */
const sockets = new Map();

function update() {
  keepAlive([...sockets.values()].some((ofSession) => ofSession.size > 0));
}

exports.version = native.version;
exports.seam = native.seam;
exports.serializeUrl = native.serializeUrl;

exports.openSession = (key, onEvent) => {
  const session = native.openSession(key, onEvent);
  const own = new Set();
  // In the place of those of an earlier session, which has ended with this.
  sockets.set(key, own);
  update();
  return {
    ...session,
    connect(options, hold) {
      const socket = session.connect(options, hold);
      own.add(socket.id);
      update();
      return {
        ...socket,
        release() {
          socket.release();
          own.delete(socket.id);
          update();
        },
      };
    },
    end() {
      session.end();
      own.clear();
      update();
    },
  };
};
