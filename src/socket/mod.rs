//! One connection, from `connect` to its close event: what a [`Socket`](crate::Socket) has one of, or one after another.
//!
//! ```text
//!   any thread                        the library's thread
//!   ──────────                        ────────────────────
//!   Link ────── Shared ────────────── task: opening → Connection → ending
//!    send: frame and mask ─ Queue ──▶   writes, reads, calls the Listener (Delivery)
//! ```
//!
//! Callers encode their frames themselves, into the queue that the connection's task drains: one copy,
//! on the thread that has the time. A task that is running sees the queue before it parks, so only a
//! parked one is woken.
//!
//! The task opens the connection (`task`), and carries it to its end (`connection`): what comes in (`incoming`), what is
//! to leave (`outgoing`), the phases on the way (`phase`) and signs of life (`keepalive`), over whatever carries the
//! bytes (`transport`). What it and the callers know of each other is in `shared`.

mod connection;
mod delivery;
mod ending;
mod incoming;
mod keepalive;
mod link;
mod listener;
mod live;
mod outgoing;
mod owner;
mod pace;
mod phase;
mod prewarm;
mod progress;
mod queue;
mod ready_state;
mod shared;
mod spares;
mod task;
mod timer;
mod traffic;
mod transport;
mod turn;

pub(crate) use delivery::contain;
pub(crate) use link::{CONTROL_LIMIT, Link, check_close};
pub use listener::{Close, Listener, Open, Reconnecting};
pub use live::probe_all;
pub use prewarm::prewarm;
pub use ready_state::ReadyState;
pub(crate) use shared::{Interest, NOT_OPEN};
pub use traffic::Stats;
#[cfg(test)]
pub(crate) use transport::memory;
