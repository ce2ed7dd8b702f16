//! One connection after another, for whoever wants that: [`Options::reconnect`](crate::Options::reconnect).
//!
//! ```text
//!   any thread                          the library's thread
//!   ──────────                          ────────────────────
//!   Socket ─┬─ Link ─────────────────── task ──▶ Listener            without `reconnect`
//!           └─ Shared ─ Link, Kept ──── task ──▶ Relay ─▶ Listener   with it, one Link after another
//!                 ▲                                 │ lost
//!                 └──────── supervisor ◀────────────┘
//! ```
//!
//! What the rules say is in `course`, without I/O and without time. The `supervisor` is a task that makes a connection, waits
//! until the `relay` gives the listener back, and makes another one if the rules, the app and its surroundings want it.
//! `kept` has the messages that are to survive a loss.

mod chance;
mod course;
mod kept;
mod relay;
mod shared;
mod socket;
mod supervisor;

pub use socket::Socket;
