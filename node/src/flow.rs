//! Whether a connection is read from.

use std::sync::{Mutex, OnceLock};

use socket_task::Socket;

use crate::lock::lock;

/// A connection is read from, but not while the app pauses it, nor while the queue is full.
#[derive(Default)]
pub struct Flow {
    /// Set once the connection has been started.
    socket: OnceLock<Socket>,
    stopped: Mutex<Stopped>,
}

#[derive(Default)]
struct Stopped {
    by_app: bool,
    by_queue: bool,
}

impl Flow {
    pub fn set_socket(&self, socket: Socket) {
        // The only caller has just made the connection.
        let _ = self.socket.set(socket);
    }

    pub fn pause(&self, paused: bool) {
        self.change(|stopped| &mut stopped.by_app, paused);
    }

    /// Returns whether this has changed anything.
    pub fn throttle(&self, throttled: bool) -> bool {
        self.change(|stopped| &mut stopped.by_queue, throttled)
    }

    fn change(&self, which: impl FnOnce(&mut Stopped) -> &mut bool, value: bool) -> bool {
        let Some(socket) = self.socket.get() else { return false };
        let mut stopped = lock(&self.stopped);
        let changed = std::mem::replace(which(&mut stopped), value) != value;
        if stopped.by_app || stopped.by_queue {
            socket.pause();
        } else {
            socket.resume();
        }
        changed
    }
}
