//! The connections that have not ended, of the whole process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::shared::Shared;

/// By their address.
static CONNECTIONS: Mutex<BTreeMap<usize, Weak<Shared>>> = Mutex::new(BTreeMap::new());

fn connections() -> MutexGuard<'static, BTreeMap<usize, Weak<Shared>>> {
    CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets [`probe_all`] find a connection for as long as this lives.
pub(super) struct Registration(usize);

pub(super) fn register(connection: &Arc<Shared>) -> Registration {
    let address = Arc::as_ptr(connection).addr();
    connections().insert(address, Arc::downgrade(connection));
    Registration(address)
}

impl Drop for Registration {
    fn drop(&mut self) {
        connections().remove(&self.0);
    }
}

/// [`Socket::probe`](crate::Socket::probe) for every connection of the process. To be called when the app comes to the
/// foreground, or the network changed.
pub fn probe_all(deadline: Duration) {
    // Without the lock, since a connection that ends meanwhile takes it.
    let live: Vec<_> = connections().values().filter_map(Weak::upgrade).collect();
    for connection in live {
        connection.probe(deadline);
    }
}
