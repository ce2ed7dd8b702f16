//! What a client finds out.

use std::io;
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};

use super::job::Job;
use crate::case::Action;

/// What a client has found out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Processor time of the process, user and system, from the first message to the last.
    pub cpu: Duration,
    /// Of round trips, if asked for.
    pub latencies: Vec<Duration>,
}

/// Takes the times of a run.
pub struct Meter {
    usage: Usage,
    /// When the last round trip ended.
    last: Instant,
    latencies: Option<Vec<Duration>>,
}

impl Meter {
    /// Starts now.
    pub fn start(job: &Job) -> io::Result<Meter> {
        let wanted = job.latencies && job.case.action == Action::Echo;
        Ok(Meter {
            usage: getrusage(UsageWho::RUSAGE_SELF)?,
            last: Instant::now(),
            latencies: wanted.then(|| Vec::with_capacity(job.messages as usize)),
        })
    }

    /// A round trip has ended, and the next one begins.
    pub fn lap(&mut self) {
        if let Some(latencies) = &mut self.latencies {
            let now = Instant::now();
            latencies.push(now - self.last);
            self.last = now;
        }
    }

    /// Ends now.
    pub fn stop(self) -> io::Result<Outcome> {
        let cpu = cpu_time(&getrusage(UsageWho::RUSAGE_SELF)?).saturating_sub(cpu_time(&self.usage));
        Ok(Outcome { cpu, latencies: self.latencies.unwrap_or_default() })
    }
}

fn cpu_time(usage: &Usage) -> Duration {
    let time = usage.user_time() + usage.system_time();
    Duration::from_micros(time.tv_sec() as u64 * 1_000_000 + time.tv_usec() as u64)
}

/// What came is not what was sent: the run is worth nothing.
pub fn mismatch(what: impl std::fmt::Debug) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what:?} is not what the server has to send"))
}
