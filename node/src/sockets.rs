//! The sockets of a session.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use napi::Env;
use socket_task::{LogGuard, LogLevel, Refused, Socket, add_log_sink};

use crate::cookies::QueueJar;
use crate::log;
use crate::queue::EventQueue;
use crate::refusal::{Code, Result};

/// What the session, its sockets and the end of the environment share.
#[derive(Default)]
pub struct SessionState {
    queue: Arc<EventQueue>,
    last_id: Cell<u32>,
    sockets: RefCell<HashMap<u32, Live>>,
    log: RefCell<Option<LogGuard>>,
}

/// A socket that was not released.
struct Live {
    socket: Socket,
    jar: Option<Arc<QueueJar>>,
}

impl Live {
    fn release(&self) {
        self.socket.release();
        if let Some(jar) = &self.jar {
            jar.end();
        }
    }
}

impl SessionState {
    /// The queue of the session.
    pub fn queue(&self) -> &Arc<EventQueue> {
        &self.queue
    }

    /// An id that no other socket of the session has had.
    pub fn next_id(&self) -> u32 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    /// Keeps a socket until it is released.
    pub fn add(&self, env: &Env, id: u32, socket: Socket, jar: Option<Arc<QueueJar>>) -> Result<()> {
        self.sockets.borrow_mut().insert(id, Live { socket, jar });
        self.count_sockets(env).map_err(|error| napi::Error::new(Code::Resource, error.reason.clone()))
    }

    /// The socket `id`, unless it was released.
    pub fn socket(&self, id: u32) -> Option<Socket> {
        self.sockets.borrow().get(&id).map(|live| live.socket.clone())
    }

    /// Whether the socket `id` was not released; 0 is the log.
    pub fn is_live(&self, id: u32) -> bool {
        id == 0 || self.sockets.borrow().contains_key(&id)
    }

    /// Lets lines up to `level` come, in the place of what was wanted before; `None`: none.
    pub fn set_log(&self, level: Option<LogLevel>) -> std::result::Result<(), Refused> {
        drop(self.log.take());
        if let Some(level) = level {
            *self.log.borrow_mut() = Some(add_log_sink(level, log::sink(Arc::clone(&self.queue)))?);
        }
        Ok(())
    }

    /// Whether calls are still allowed.
    pub fn check_alive(&self) -> Result<()> {
        if self.queue.has_ended() {
            return Err(napi::Error::new(
                Code::InvalidState,
                "this copy of the module was replaced when the module was loaded again".to_owned(),
            ));
        }
        Ok(())
    }

    /// Releases the socket `id`. Twice is the same as once.
    pub fn release(&self, env: &Env, id: u32) -> napi::Result<()> {
        let live = self.sockets.borrow_mut().remove(&id);
        let Some(live) = live else { return Ok(()) };
        live.release();
        self.queue.forget(id);
        self.count_sockets(env)
    }

    /// The process lives as long as there are sockets.
    fn count_sockets(&self, env: &Env) -> napi::Result<()> {
        self.queue.keep_process_alive(env, !self.sockets.borrow().is_empty())
    }

    /// Releases all sockets and returns them.
    pub fn end(&self) -> Vec<Socket> {
        drop(self.log.take());
        self.queue.end();
        let sockets = self.sockets.take().into_values();
        sockets.inspect(Live::release).map(|live| live.socket).collect()
    }
}
