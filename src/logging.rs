//! Where the log goes: to any number of sinks, each with a level of its own.
//!
//! Only the library's own lines: those of the libraries below hold what must not be logged, such as request headers. No value of
//! a header field, credential, query or content of a message is in a line.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::error::Refused;

/// How grave a line is. Each level includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum LogLevel {
    /// Faults.
    Error = 1,
    /// What is suspicious.
    Warn = 2,
    /// Connections that open, fail and close.
    Info = 3,
    /// Steps on the way.
    Debug = 4,
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> LogLevel {
        match level {
            Level::Error => LogLevel::Error,
            Level::Warn => LogLevel::Warn,
            Level::Info => LogLevel::Info,
            Level::Debug | Level::Trace => LogLevel::Debug,
        }
    }
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> LevelFilter {
        match level {
            LogLevel::Error => LevelFilter::Error,
            LogLevel::Warn => LevelFilter::Warn,
            LogLevel::Info => LevelFilter::Info,
            LogLevel::Debug => LevelFilter::Debug,
        }
    }
}

/// Takes lines. On any thread, several at once; it must not block, and not add or drop a [`LogGuard`].
pub type LogSink = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

struct Entry {
    id: u64,
    level: LogLevel,
    sink: LogSink,
}

struct Sinks(RwLock<Vec<Entry>>);

static SINKS: Sinks = Sinks(RwLock::new(Vec::new()));
static LAST_ID: AtomicU64 = AtomicU64::new(0);

impl Log for Sinks {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("socket_task")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let level = LogLevel::from(record.level());
        // Held during the calls, so that a sink that was taken away is not called any more.
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut wanting = entries.iter().filter(|entry| entry.level >= level).peekable();
        if wanting.peek().is_some() {
            let text = record.args().to_string();
            wanting.for_each(|entry| (entry.sink)(level, &text));
        }
    }

    fn flush(&self) {}
}

/// What is taken out is dropped without the lock.
fn change<T>(change: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
    let mut entries = SINKS.0.write().unwrap_or_else(PoisonError::into_inner);
    let taken = change(&mut entries);
    let most = entries.iter().map(|entry| entry.level).max();
    log::set_max_level(most.map_or(LevelFilter::Off, LevelFilter::from));
    taken
}

/// Lets lines up to `level` go to `sink`, beside the others, until the guard is dropped. When that has returned, `sink` is not
/// called any more.
///
/// # Errors
/// [`Refused::InvalidState`] when the program has another logger of the crate `log`.
pub fn add_log_sink(level: LogLevel, sink: LogSink) -> Result<LogGuard, Refused> {
    // It fails when there is a logger already: ours, or another's.
    if log::set_logger(&SINKS).is_err() && !std::ptr::addr_eq(log::logger(), &SINKS) {
        return Err(Refused::InvalidState("the program has another logger"));
    }
    let id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
    change(|entries| entries.push(Entry { id, level, sink }));
    Ok(LogGuard(id))
}

/// Takes a sink away when it is dropped.
#[derive(Debug)]
pub struct LogGuard(u64);

impl LogGuard {
    /// Names the sink; never used again.
    pub fn id(&self) -> u64 {
        self.0
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        change(|entries| {
            let place = entries.iter().position(|entry| entry.id == self.0);
            place.map(|place| entries.remove(place))
        });
    }
}
