//! Runs the client processes.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::case::{Action, Case};
use crate::client::{Growth, Implementation, Outcome};
use crate::server::Server;

/// Environment variable with the certificate authority that a client trusts, as PEM.
pub const AUTHORITY: &str = "SOCKET_TASK_BENCH_AUTHORITY";

/// Environment variable that makes a client note how long each round trip takes.
pub const LATENCIES: &str = "SOCKET_TASK_BENCH_LATENCIES";

/// The shared library beside this program, where cargo builds both.
pub fn default_library() -> io::Result<PathBuf> {
    let name = format!("{}socket_task{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    Ok(env::current_exe()?.with_file_name(name))
}

/// Whether instructions can be counted.
pub fn has_callgrind() -> bool {
    let mut command = Command::new("valgrind");
    command.arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Where clients find what they need.
pub struct Runner {
    server: Server,
    library: PathBuf,
    program: PathBuf,
}

/// A timed run.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Processor time for each message.
    pub cpu: Duration,
    /// Median and 99th percentile of the round trips.
    pub latency: Option<(Duration, Duration)>,
}

impl Runner {
    /// Starts the server.
    pub fn new(library: &Path) -> io::Result<Runner> {
        Ok(Runner { server: Server::start()?, library: library.to_owned(), program: env::current_exe()? })
    }

    /// Runs a client by the clock.
    pub fn time(&self, implementation: Implementation, case: &Case) -> io::Result<Timing> {
        let messages = case.timed_messages();
        let mut command = Command::new(&self.program);
        self.client(&mut command, implementation, case, messages);
        if case.action == Action::Echo {
            command.env(LATENCIES, "1");
        }
        let (line, _) = finish(command)?;
        from_line(&line, messages).ok_or_else(|| io::Error::other(format!("a client printed {line:?}")))
    }

    /// Counts a client's instructions in user mode for each message: the difference between a shorter and a
    /// longer run, so that what a process costs however many messages there are is left out.
    pub fn count(&self, implementation: Implementation, case: &Case) -> io::Result<u64> {
        let (short, long) = case.counted_messages();
        let run = |messages| {
            let mut command = Command::new("valgrind");
            command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&self.program);
            self.client(&mut command, implementation, case, messages);
            let (_, log) = finish(command)?;
            let collected = log.lines().find_map(|line| line.split_once("Collected :"));
            collected
                .and_then(|(_, count)| count.trim().parse::<u64>().ok())
                .ok_or_else(|| io::Error::other(format!("callgrind printed {log:?}")))
        };
        let (less, more) = (run(short)?, run(long)?);
        Ok(more.saturating_sub(less) / (long - short))
    }

    /// Measures the memory of idle connections.
    pub fn memory(&self, implementation: Implementation, tls: bool) -> io::Result<Growth> {
        let mut command = Command::new(&self.program);
        command.args(["memory", implementation.name()]);
        self.server(&mut command, tls);
        let (line, _) = finish(command)?;
        let mut numbers = line.split_whitespace().map_while(|number| number.parse().ok());
        let mut next =
            || numbers.next().ok_or_else(|| io::Error::other(format!("a client printed {line:?}")));
        Ok(Growth { idle: next()?, after_small: next()?, after_large: next()? })
    }

    fn client(&self, command: &mut Command, implementation: Implementation, case: &Case, messages: u64) {
        command.args(["client", implementation.name(), &case.id(), &messages.to_string()]);
        self.server(command, case.tls);
    }

    fn server(&self, command: &mut Command, tls: bool) {
        let address = if tls { self.server.tls } else { self.server.plain };
        command.arg(address.to_string()).arg(&self.library);
        if tls {
            command.env(AUTHORITY, &self.server.authority);
        }
    }
}

/// Runs a process to its end; gives what it printed.
fn finish(mut command: Command) -> io::Result<(String, String)> {
    let output = command.stdin(Stdio::null()).output()?;
    let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok((text(&output.stdout), text(&output.stderr)))
    } else {
        Err(io::Error::other(format!("{command:?} failed: {}", text(&output.stderr))))
    }
}

/// What a client prints: nanoseconds of processor time, and the percentiles of its round trips.
pub fn to_line(outcome: &Outcome) -> String {
    let mut latencies = outcome.latencies.clone();
    latencies.sort_unstable();
    let mut line = outcome.cpu.as_nanos().to_string();
    for part in [50, 99] {
        if let Some(latency) = latencies.get(latencies.len() * part / 100) {
            line.push_str(&format!(" {}", latency.as_nanos()));
        }
    }
    line
}

fn from_line(line: &str, messages: u64) -> Option<Timing> {
    let mut numbers = line.split(' ').map(|number| number.parse().map(Duration::from_nanos));
    let cpu = numbers.next()?.ok()?;
    let latency = match (numbers.next(), numbers.next()) {
        (Some(median), Some(late)) => Some((median.ok()?, late.ok()?)),
        _ => None,
    };
    Some(Timing { cpu: cpu.div_f64(messages as f64), latency })
}
