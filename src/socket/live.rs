//! The connections that have not ended, of the whole process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::time::Duration;

use super::shared::Shared;
use crate::{platform, runtime};

/// By their address.
static CONNECTIONS: Mutex<BTreeMap<usize, Weak<Shared>>> = Mutex::new(BTreeMap::new());

fn connections() -> MutexGuard<'static, BTreeMap<usize, Weak<Shared>>> {
    CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets [`probe_all`] find a connection for as long as this lives.
pub(super) struct Registration(usize);

pub(super) fn register(connection: &Arc<Shared>) -> Registration {
    watch_for_sleep();
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
/// foreground, or the network changed: [`Options::reconnect`](crate::Options::reconnect) makes its next attempts at once, too.
pub fn probe_all(deadline: Duration) {
    runtime::look_for_sleep();
    platform::hope();
    live().iter().for_each(|connection| connection.probe(deadline));
}

/// To be used without the lock, since a connection that ends meanwhile takes it.
fn live() -> Vec<Arc<Shared>> {
    connections().values().filter_map(Weak::upgrade).collect()
}

/// Lets all connections see to their deadlines when the device has slept, whoever finds that: where the system tells of a
/// wake, that is at once.
fn watch_for_sleep() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        runtime::look_for_sleep();
        let watch = async {
            loop {
                runtime::next_wake().await;
                runtime::look_for_sleep();
            }
        };
        let tell = async {
            loop {
                runtime::found_sleep().await;
                live().iter().for_each(|connection| connection.look_up());
                platform::hope();
            }
        };
        // The threads run: the caller is on one.
        let _ = runtime::spawn_aside(watch).and_then(|()| runtime::spawn_aside(tell));
    });
}
