//! The background runtime: threads that run every connection, started at first use and kept.
//!
//! One thread by default: a phone has few sockets, and a wake-up less per message is worth more than
//! parallelism. Each thread is a runtime of its own, and a connection stays on the one it was given, so
//! that its callbacks come one at a time and in order.

mod hooks;
mod pool;
mod sleep;

use std::future::{Future, pending};
use std::sync::atomic::{AtomicUsize, Ordering};

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Handle};
use tokio::task::spawn_blocking;

use crate::error::Refused;
pub(crate) use hooks::call_hook;
pub(crate) use pool::{Job, Pool};
#[cfg(test)]
pub(crate) use sleep::pretend_to_sleep;
pub(crate) use sleep::{found_sleep, look_for_sleep, next_wake, slept};

/// The most threads that can be asked for.
const MAX_THREADS: usize = 64;

/// How many TLS handshakes can read and check certificates at once, per thread.
const MAX_BLOCKING_THREADS: usize = 64;

/// After how many turns of connections the network and timers are looked at, while there are connections with something to
/// do. A turn takes about a millisecond at most.
const EVENT_INTERVAL: u32 = 8;

/// After how many turns one is given to a connection that another thread has woken.
const QUEUE_INTERVAL: u32 = 4;

static THREADS: AtomicUsize = AtomicUsize::new(1);
static NEXT: AtomicUsize = AtomicUsize::new(0);
static RUNTIME: OnceCell<Vec<Handle>> = OnceCell::new();

/// Sets how many threads carry the connections: 1 to 64, 1 by default. Each connection stays on one.
///
/// To be called before the first connection.
///
/// # Errors
/// [`Refused::InvalidArgument`] for another number, [`Refused::InvalidState`] when the threads run
/// already.
pub fn set_worker_threads(threads: usize) -> Result<(), Refused> {
    if !(1..=MAX_THREADS).contains(&threads) {
        return Err(Refused::InvalidArgument(format!(
            "worker threads must be 1 to {MAX_THREADS}, not {threads}"
        )));
    }
    if RUNTIME.get().is_some() {
        return Err(Refused::InvalidState("the worker threads run already"));
    }
    THREADS.store(threads, Ordering::Relaxed);
    Ok(())
}

/// Starts the threads, if they do not run yet.
pub(crate) fn start() -> Result<(), Refused> {
    threads().map(|_| ())
}

/// Runs `task` on one of the library's threads.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Result<(), Refused> {
    let handles = threads()?;
    let turn = NEXT.fetch_add(1, Ordering::Relaxed) % handles.len();
    handles[turn].spawn(task);
    Ok(())
}

/// Runs what is no connection on one of the library's threads, and leaves connections their turn.
pub(crate) fn spawn_aside(task: impl Future<Output = ()> + Send + 'static) -> Result<(), Refused> {
    if let Some(handle) = threads()?.first() {
        handle.spawn(task);
    }
    Ok(())
}

/// Runs `call` on a thread that may block. It is to answer, sooner or later: what may not has a [`Pool`] of its own.
pub(crate) async fn run_blocking<T: Send + 'static>(
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    spawn_blocking(call).await.map_err(|_| Panicked)
}

/// A call has panicked, or there was no thread for it. The panic's own message is not told again: it may have a secret in it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("a panic was contained, or no thread could be started")]
pub(crate) struct Panicked;

fn threads() -> Result<&'static [Handle], Refused> {
    let start_all = || (0..THREADS.load(Ordering::Relaxed)).map(|_| start_thread()).collect();
    RUNTIME.get_or_try_init(start_all).map(Vec::as_slice)
}

fn start_thread() -> Result<Handle, Refused> {
    let refused = |error| Refused::Resource(format!("the library's thread could not be started: {error}"));
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .event_interval(EVENT_INTERVAL)
        .global_queue_interval(QUEUE_INTERVAL)
        .build()
        .map_err(refused)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("socket-task".into())
        .spawn(move || runtime.block_on(pending::<()>()))
        .map_err(refused)?;
    Ok(handle)
}
