//! The results as tables in Markdown.

use std::fmt::Write;
use std::fs;
use std::io;
use std::time::Duration;

use crate::case::{Action, Case};
use crate::client::{CONNECTIONS, Growth, Implementation};
use crate::options::Options;
use crate::run::{self, Runner, Timing};

/// What stands before the tables in the file that they are written to.
const INTRODUCTION: &str = "# Benchmarks

    make bench                # two minutes
    make bench FULL=1         # all cases, and this page anew

The library goes through its C ABI, as a shared library; a client process of each implementation does the same work
against the same server in the same run: `tcp` is a loop over the raw socket with the same bytes, the others are
tokio-tungstenite, fastwebsockets, tokio-websockets and yawc used bare. Machines are noisy: compare ratios, and instructions.

What the library does more than the others: it checks the texts that C gives it, which the others are given checked; it copies a message
from the caller's thread to its own, which is a third thread beside the server's where there are two processors; and it writes what it is given
as soon as the network takes it, where the others gather all of a burst and are told when to write.

";

/// Where the part of that file begins that `bench/node` writes.
const REST: &str = "\n## In Node\n";

/// Measures and prints.
pub fn run(options: &Options) -> io::Result<()> {
    let runner = Runner::new(&options.library)?;
    let cases = options.cases();
    let mut text = machine()?;
    let size = fs::metadata(&options.library)?.len();
    let _ = writeln!(text, "Size of the shared library: {} KiB.", size.div_ceil(1024));
    if options.time {
        let rows = times(&runner, options, &cases)?;
        text.push_str(&time_table(options, &rows));
        text.push_str(&latency_table(options, &rows));
    }
    if options.instructions && !run::has_callgrind() {
        progress("valgrind is not installed, so no instructions are counted");
    } else if options.instructions {
        text.push_str(&instruction_table(&runner, options, &cases)?);
    }
    if options.memory {
        text.push_str(&memory_table(&runner, options)?);
    }
    print!("{text}");
    let Some(path) = &options.output else { return Ok(()) };
    // What another benchmark has written behind these tables stays.
    let old = fs::read_to_string(path).unwrap_or_default();
    let rest = old.find(REST).map_or("", |at| &old[at..]);
    fs::write(path, format!("{INTRODUCTION}{text}{rest}"))
}

/// Tells that something goes on, without disturbing the tables.
fn progress(what: &str) {
    eprintln!("{what} …");
}

/// What the figures depend on.
fn machine() -> io::Result<String> {
    let field = |path: &str, name: &str| -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version = kernel.split('-').next().unwrap_or_default().trim();
    let cores = std::thread::available_parallelism()?;
    Ok(format!("{processor}, {cores} cores; Linux {version}, {}.\n\n", std::env::consts::ARCH))
}

/// A case with the medians of each implementation that can run it.
struct Row {
    case: Case,
    timings: Vec<(Implementation, Timing)>,
}

impl Row {
    fn of(&self, wanted: Implementation) -> Option<&Timing> {
        self.timings.iter().find(|(implementation, _)| *implementation == wanted).map(|(_, timing)| timing)
    }
}

/// Runs the clients in turns, so that what disturbs the machine disturbs all alike.
fn times(runner: &Runner, options: &Options, cases: &[Case]) -> io::Result<Vec<Row>> {
    cases
        .iter()
        .map(|case| {
            progress(&format!("timing {case}"));
            let mut rounds: Vec<(Implementation, Vec<Timing>)> = options
                .implementations
                .iter()
                .filter(|implementation| implementation.can(case))
                .map(|&implementation| (implementation, Vec::new()))
                .collect();
            for _ in 0..options.rounds {
                for (implementation, timings) in &mut rounds {
                    timings.push(runner.time(*implementation, case)?);
                }
            }
            let timings =
                rounds.into_iter().map(|(implementation, timings)| (implementation, medians(&timings)));
            Ok(Row { case: *case, timings: timings.collect() })
        })
        .collect()
}

fn medians(timings: &[Timing]) -> Timing {
    let latencies = |part: fn((Duration, Duration)) -> Duration| -> Option<Duration> {
        timings.iter().map(|timing| timing.latency.map(part)).collect::<Option<Vec<_>>>().and_then(median)
    };
    Timing {
        cpu: median(timings.iter().map(|timing| timing.cpu).collect()).unwrap_or_default(),
        latency: latencies(|(half, _)| half).zip(latencies(|(_, late)| late)),
    }
}

fn median(mut values: Vec<Duration>) -> Option<Duration> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Nanoseconds or microseconds, with three digits that mean something.
fn duration(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos() as f64;
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e4 => format!("{:.2} µs", nanoseconds / 1e3),
        ..1e5 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.0} µs", nanoseconds / 1e3),
    }
}

fn header(title: &str, about: &str, columns: &[String]) -> String {
    let rule: String = columns.iter().map(|_| " ---: |").collect();
    format!("\n## {title}\n\n{about}\n\n| case | {} |\n| --- |{rule}\n", columns.join(" | "))
}

fn line(first: &str, cells: impl IntoIterator<Item = Option<String>>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect();
    format!("| {first} | {} |\n", cells.join(" | "))
}

fn time_table(options: &Options, rows: &[Row]) -> String {
    let own = Implementation::SocketTask;
    let others: Vec<Implementation> =
        options.implementations.iter().copied().filter(|&other| other != own).collect();
    let ratios = others.iter().map(|other| format!("÷ {}", other.name()));
    let columns: Vec<String> = [own.name().to_owned()].into_iter().chain(ratios).collect();
    let about = format!(
        "Processor time of the client process (user and system) for each message; the other columns divide it by \
         that of the raw TCP loop and of each other library: below 1, socket-task takes less. Medians of {} runs \
         in turns.",
        options.rounds
    );
    let mut text = header("Processor time", &about, &columns);
    for row in rows {
        let own_time = row.of(own).map(|timing| timing.cpu);
        let ratio = |other: &Implementation| {
            let other_time = row.of(*other)?.cpu;
            Some(format!("{:.2}", own_time?.as_secs_f64() / other_time.as_secs_f64()))
        };
        let cells = [own_time.map(duration)].into_iter().chain(others.iter().map(ratio));
        text.push_str(&line(&row.case.to_string(), cells));
    }
    text
}

fn latency_table(options: &Options, rows: &[Row]) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.case.action == Action::Echo).collect();
    if rows.is_empty() {
        return String::new();
    }
    let columns: Vec<String> = names(&options.implementations);
    let about = "Median and 99th percentile of the time from sending a message to its coming back.";
    let mut text = header("Round trips", about, &columns);
    for row in rows {
        let cell = |implementation: &Implementation| {
            let (half, late) = row.of(*implementation)?.latency?;
            Some(format!("{}, {}", duration(half), duration(late)))
        };
        text.push_str(&line(&row.case.to_string(), options.implementations.iter().map(cell)));
    }
    text
}

fn instruction_table(runner: &Runner, options: &Options, cases: &[Case]) -> io::Result<String> {
    let about = "Instructions in user mode for each message, counted by callgrind as the difference between a \
                 shorter and a longer run. callgrind counts a copy by `rep movsb` byte by byte.";
    let implementations = options.counted_implementations();
    let mut text = header("Instructions", about, &names(implementations));
    for case in cases {
        progress(&format!("counting {case}"));
        let count = |implementation: &Implementation| {
            let count = implementation.can(case).then(|| runner.count(*implementation, case));
            count.transpose().map(|count| count.map(grouped))
        };
        let cells = implementations.iter().map(count).collect::<io::Result<Vec<_>>>()?;
        text.push_str(&line(&case.to_string(), cells));
    }
    Ok(text)
}

fn memory_table(runner: &Runner, options: &Options) -> io::Result<String> {
    let about = format!(
        "Resident memory of the client process for each of {CONNECTIONS} connections: opened and idle; idle after \
         a message of 1 KiB went both ways; and after one of 64 KiB."
    );
    let implementations = options.counted_implementations();
    let mut text = header("Memory of idle connections", &about, &names(implementations));
    for tls in [false, true] {
        progress("measuring memory");
        let cell = |implementation: &Implementation| {
            let Growth { idle, after_small, after_large } = runner.memory(*implementation, tls)?;
            let kib = |bytes: u64| format!("{:.1}", bytes as f64 / 1024.0);
            Ok(Some(format!("{}, {}, {} KiB", kib(idle), kib(after_small), kib(after_large))))
        };
        let cells = implementations.iter().map(cell).collect::<io::Result<Vec<_>>>()?;
        text.push_str(&line(if tls { "wss" } else { "ws" }, cells));
    }
    Ok(text)
}

fn names(implementations: &[Implementation]) -> Vec<String> {
    implementations.iter().map(|implementation| implementation.name().to_owned()).collect()
}

/// A number with its thousands set apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1 234 567");
        assert_eq!(duration(Duration::from_nanos(999)), "999 ns");
        assert_eq!(duration(Duration::from_nanos(12_345)), "12.3 µs");
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let values = [5, 1, 9].map(Duration::from_secs).to_vec();
        assert_eq!(median(values), Some(Duration::from_secs(5)));
        assert_eq!(median(Vec::new()), None);
    }
}
