//! Connections that are opened in advance, for a later [`Socket::connect`](crate::Socket::connect) with the same options to adopt.
//!
//! One that waits is a connection like any other, with a task that answers pings and notices its end; only the
//! listener is missing. Nothing of it is kept on disk.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::listener::Listener;
use super::owner::Owner;
use super::ready_state::ReadyState;
use crate::connect::timing::Timer;
use crate::error::Refused;
use crate::options::Options;
use crate::runtime;

/// How many connections can wait at once. A further one closes the oldest.
const MAX_WAITING: usize = 16;

static POOL: Mutex<Pool> = Mutex::new(Pool { last_id: 0, waiting: VecDeque::new() });

struct Pool {
    last_id: u64,
    /// The oldest first.
    waiting: VecDeque<Prewarmed>,
}

/// Dropping it closes the connection with 1001.
struct Prewarmed {
    id: u64,
    options: Options,
    connection: Owner,
    /// Its lifetime, in which the device's sleep counts.
    lifetime: Timer,
}

impl Prewarmed {
    /// To be asked after a look for sleep.
    fn is_alive(&self) -> bool {
        !self.lifetime.remaining().is_zero()
            && matches!(self.connection.shared().ready_state(), ReadyState::Connecting | ReadyState::Open)
    }
}

/// Opens a connection in advance. The next [`Socket::connect`](crate::Socket::connect) with equal options adopts it, if it is still alive or on
/// its way then; if not, that connects as usual.
///
/// The listener of the one that adopts it is told everything as if it had connected itself: [`Listener::on_open`] with
/// the profile of when the connection was made, then what the server has sent so far. An attempt that is still under way
/// has its time to open from this call.
///
/// Cookie jars and proxy resolvers, the system's included, are asked again by the one that adopts it, and have to answer as they
/// did when it was made: it connects as usual otherwise, and is connecting until then.
///
/// The connection is closed with 1001 when nobody has adopted it within `lifetime`, or when 16 newer ones wait. While
/// one with equal options waits, nothing is done.
///
/// # Errors
/// As [`Socket::connect`](crate::Socket::connect).
pub fn prewarm(mut options: Options, lifetime: Duration) -> Result<(), Refused> {
    options.validate()?;
    // Of the one that adopts it.
    options.reconnect = None;
    // With a look for sleep.
    let timer = Timer::start(lifetime);
    let mut pool = pool();
    if pool.waiting.iter().any(|prewarmed| prewarmed.options == options && prewarmed.is_alive()) {
        return Ok(());
    }
    let connection = Owner::start(options.clone(), None)?;
    pool.last_id += 1;
    let id = pool.last_id;
    let oldest = if pool.waiting.len() == MAX_WAITING { pool.waiting.pop_front() } else { None };
    pool.waiting.push_back(Prewarmed { id, options, connection, lifetime: timer });
    drop(pool);
    // With its options hooks of the app can go, which may call us.
    drop(oldest);
    runtime::spawn_aside(async move {
        tokio::time::sleep(lifetime).await;
        drop(take(|prewarmed| prewarmed.id == id));
    })
}

/// A connection with these options that waits, for `listener`. Gives the listener back when there is none.
pub(super) fn adopt(options: &Options, mut listener: Box<dyn Listener>) -> Result<Owner, Box<dyn Listener>> {
    runtime::look_for_sleep();
    while let Some(prewarmed) = take(|prewarmed| prewarmed.options == *options) {
        if !prewarmed.is_alive() {
            continue;
        }
        match prewarmed.connection.shared().adopt(listener) {
            Ok(()) => return Ok(prewarmed.connection),
            Err(returned) => listener = returned,
        }
    }
    Err(listener)
}

fn take(wanted: impl Fn(&Prewarmed) -> bool) -> Option<Prewarmed> {
    let mut pool = pool();
    let at = pool.waiting.iter().position(wanted)?;
    pool.waiting.remove(at)
}

fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::options::Url;

    struct Nobody;

    impl Listener for Nobody {}

    #[test]
    fn one_whose_time_is_over_after_a_sleep_is_not_adopted() {
        const MINUTE: Duration = Duration::from_secs(60);
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", server.local_addr().unwrap());
        let options = Options::new(Url::parse(&url).unwrap());
        prewarm(options.clone(), MINUTE).unwrap();
        runtime::pretend_to_sleep(2 * MINUTE);
        assert!(adopt(&options, Box::new(Nobody)).is_err());
        prewarm(options.clone(), MINUTE).unwrap();
        runtime::pretend_to_sleep(2 * MINUTE);
        prewarm(options.clone(), MINUTE).unwrap();
        assert!(adopt(&options, Box::new(Nobody)).is_ok(), "another one has taken its place");
    }
}
