//! The client processes: one implementation, one case, one line of result.

mod fastwebsockets;
mod fleet;
mod implementation;
mod job;
mod memory;
mod outcome;
mod peer;
mod socket_task;
mod stream;
mod tcp;
mod tokio_websockets;
mod tungstenite;
mod yawc;

use std::io;

pub use implementation::Implementation;
pub use job::{Job, Target};
pub use memory::{CONNECTIONS, Growth, measure as measure_memory};
pub use outcome::Outcome;

/// Runs one case.
pub fn run(implementation: Implementation, target: &Target, job: &Job) -> io::Result<Outcome> {
    match implementation {
        Implementation::SocketTask => socket_task::run(target, job),
        Implementation::Tcp => tcp::run(target, job),
        Implementation::Tungstenite => peer::run::<tungstenite::Kind>(target, job),
        Implementation::FastWebSockets => peer::run::<fastwebsockets::Kind>(target, job),
        Implementation::TokioWebSockets => peer::run::<tokio_websockets::Kind>(target, job),
        Implementation::Yawc => peer::run::<yawc::Kind>(target, job),
    }
}
