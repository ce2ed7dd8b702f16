//! What a client is told to do.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::case::Case;
use crate::server;

/// Where a client connects to.
#[derive(Clone, Debug)]
pub struct Target {
    /// The server.
    pub address: SocketAddr,
    /// Path of the request.
    pub path: String,
    /// The certificate authority to trust, as PEM; None without TLS.
    pub authority: Option<String>,
    /// The shared library of socket-task.
    pub library: PathBuf,
}

/// What a client has to do.
pub struct Job {
    /// The case.
    pub case: Case,
    /// How often.
    pub messages: u64,
    /// The content of each message.
    pub payload: Vec<u8>,
    /// Whether to note how long each round trip takes. Not while instructions are counted.
    pub latencies: bool,
}

impl Job {
    /// A job whose messages are those of the case.
    pub fn new(case: Case, messages: u64, latencies: bool) -> Job {
        Job { case, messages, payload: case.payload(), latencies }
    }

    /// The target's path for it.
    pub fn path(&self) -> String {
        server::path(&self.case, self.messages)
    }
}
