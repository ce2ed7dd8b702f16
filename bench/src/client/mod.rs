//! The client processes: one implementation, one case, one line of result.

mod fastwebsockets;
mod memory;

mod peer;
mod socket_task;
mod stream;
mod tcp;
mod tokio_websockets;
mod tungstenite;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

use crate::case::{Action, Case};
use crate::server;

pub use memory::{CONNECTIONS, Growth, measure as measure_memory};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Implementation {
    /// This library through its C ABI.
    SocketTask,
    /// A loop of reads or writes with the same bytes, without WebSocket.
    Tcp,
    /// tokio-tungstenite.
    Tungstenite,
    /// fastwebsockets.
    FastWebSockets,
    /// tokio-websockets.
    TokioWebSockets,
}

impl Implementation {
    /// All, in the order of the results.
    pub const ALL: [Implementation; 5] = [
        Implementation::SocketTask,
        Implementation::Tcp,
        Implementation::Tungstenite,
        Implementation::FastWebSockets,
        Implementation::TokioWebSockets,
    ];

    /// The one with this name.
    pub fn find(name: &str) -> Option<Implementation> {
        Implementation::ALL.into_iter().find(|implementation| implementation.name() == name)
    }

    /// Its name on the command line and in the results.
    pub fn name(self) -> &'static str {
        match self {
            Implementation::SocketTask => "socket-task",
            Implementation::Tcp => "tcp",
            Implementation::Tungstenite => "tungstenite",
            Implementation::FastWebSockets => "fastwebsockets",
            Implementation::TokioWebSockets => "tokio-websockets",
        }
    }

    /// Whether it can run the case: permessage-deflate is beyond the other libraries.
    pub fn can(self, case: &Case) -> bool {
        !case.deflate || matches!(self, Implementation::SocketTask | Implementation::Tcp)
    }
}

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

/// What a client has found out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Processor time of the process, user and system, from the first message to the last.
    pub cpu: Duration,
    /// Of round trips, if asked for.
    pub latencies: Vec<Duration>,
}

/// Runs one case.
pub fn run(implementation: Implementation, target: &Target, job: &Job) -> io::Result<Outcome> {
    match implementation {
        Implementation::SocketTask => socket_task::run(target, job),
        Implementation::Tcp => tcp::run(target, job),
        Implementation::Tungstenite => peer::run::<tungstenite::Kind>(target, job),
        Implementation::FastWebSockets => peer::run::<fastwebsockets::Kind>(target, job),
        Implementation::TokioWebSockets => peer::run::<tokio_websockets::Kind>(target, job),
    }
}

/// Takes the times of a run.
struct Meter {
    usage: Usage,
    /// When the last round trip ended.
    last: Instant,
    latencies: Option<Vec<Duration>>,
}

impl Meter {
    /// Starts now.
    fn start(job: &Job) -> io::Result<Meter> {
        let wanted = job.latencies && job.case.action == Action::Echo;
        Ok(Meter {
            usage: getrusage(UsageWho::RUSAGE_SELF)?,
            last: Instant::now(),
            latencies: wanted.then(|| Vec::with_capacity(job.messages as usize)),
        })
    }

    /// A round trip has ended, and the next one begins.
    fn lap(&mut self) {
        if let Some(latencies) = &mut self.latencies {
            let now = Instant::now();
            latencies.push(now - self.last);
            self.last = now;
        }
    }

    /// Ends now.
    fn stop(self) -> io::Result<Outcome> {
        let cpu = cpu_time(&getrusage(UsageWho::RUSAGE_SELF)?).saturating_sub(cpu_time(&self.usage));
        Ok(Outcome { cpu, latencies: self.latencies.unwrap_or_default() })
    }
}

fn cpu_time(usage: &Usage) -> Duration {
    let time = usage.user_time() + usage.system_time();
    Duration::from_micros(time.tv_sec() as u64 * 1_000_000 + time.tv_usec() as u64)
}

/// What came is not what was sent: the run is worth nothing.
fn mismatch(what: impl std::fmt::Debug) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what:?} is not what the server has to send"))
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
