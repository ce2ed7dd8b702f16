//! The app's share in a connection.

use std::sync::Arc;

use super::listener::Listener;
use super::shared::Shared;
use super::task;
#[cfg(test)]
use super::transport::memory;
use crate::connect;
#[cfg(test)]
use crate::error::Error;
use crate::error::Refused;
use crate::options::Options;
use crate::runtime;

/// Dropping it lets go of the connection, which is closed with 1001.
pub(super) struct Owner {
    shared: Arc<Shared>,
}

impl Owner {
    /// Connects. Without a listener the connection waits for one that adopts it.
    pub fn start(options: Options, listener: Option<Box<dyn Listener>>) -> Result<Owner, Refused> {
        let shared = Arc::new(Shared::new(&options, listener.is_none()));
        let options = Box::new(options);
        if shared.asks_again() {
            runtime::spawn(task::run_in_advance(Arc::clone(&shared), options))?;
        } else {
            runtime::spawn(task::run(Arc::clone(&shared), options, listener, connect::open))?;
        }
        Ok(Owner { shared })
    }

    /// Over a network in memory, on the thread that asks for it.
    #[cfg(test)]
    pub fn in_memory(
        options: Options,
        listener: Box<dyn Listener>,
        opening: impl AsyncFnOnce(&Options) -> Result<connect::Opened<memory::Client>, Error> + 'static,
    ) -> Owner {
        let shared = Arc::new(Shared::new(&options, false));
        tokio::task::spawn_local(task::run(Arc::clone(&shared), Box::new(options), Some(listener), opening));
        Owner { shared }
    }

    #[inline]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.release();
    }
}
