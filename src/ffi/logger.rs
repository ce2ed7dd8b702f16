//! The log, for C.

use std::ffi::{c_char, c_void};
use std::sync::{PoisonError, RwLock};

use log::{Level, LevelFilter, Log, Metadata, Record};

use super::entry::enter;
use super::status::{Failure, socket_task_status};

/// How much is logged: one of `SOCKET_TASK_LOG_…`. Each level includes the ones before.
pub type socket_task_log_level = i32;

/// Nothing. The default.
pub const SOCKET_TASK_LOG_OFF: i32 = 0;
/// Faults.
pub const SOCKET_TASK_LOG_ERROR: i32 = 1;
/// What is suspicious.
pub const SOCKET_TASK_LOG_WARN: i32 = 2;
/// Connections that open, fail and close.
pub const SOCKET_TASK_LOG_INFO: i32 = 3;
/// Steps on the way.
pub const SOCKET_TASK_LOG_DEBUG: i32 = 4;

/// A line of the log: UTF-8, not NUL-terminated, valid during the call.
pub type socket_task_log_callback = Option<
    unsafe extern "C" fn(
        level: socket_task_log_level,
        text: *const c_char,
        length: usize,
        context: *mut c_void,
    ),
>;

struct Logger {
    callback: RwLock<(socket_task_log_callback, *mut c_void)>,
}

// SAFETY: the library only passes the context on; whoever sets it promises that the callback may be called with it
// on any thread.
unsafe impl Send for Logger {}
// SAFETY: as above, and several threads at once.
unsafe impl Sync for Logger {}

static LOGGER: Logger = Logger { callback: RwLock::new((None, std::ptr::null_mut())) };

impl Log for Logger {
    /// Only our own lines: those of the libraries below hold what must not be logged, such as request
    /// headers.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("socket_task")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let level = match record.level() {
            Level::Error => SOCKET_TASK_LOG_ERROR,
            Level::Warn => SOCKET_TASK_LOG_WARN,
            Level::Info => SOCKET_TASK_LOG_INFO,
            Level::Debug | Level::Trace => SOCKET_TASK_LOG_DEBUG,
        };
        let text = record.args().to_string();
        // Held during the call, so that a logger that was replaced is not called any more.
        let callback = self.callback.read().unwrap_or_else(PoisonError::into_inner);
        if let (Some(function), context) = *callback {
            // SAFETY: the promise of whoever set it.
            unsafe { function(level, text.as_ptr().cast(), text.len(), context) };
        }
    }

    fn flush(&self) {}
}

/// Sets where the log goes, for the whole library. No header value, URL credential or content of a
/// message is ever logged.
///
/// `callback` is called on any thread, several at once; it must not block, nor call this function. When
/// this returns, the callback that was set before is not called any more. NULL, or
/// `SOCKET_TASK_LOG_OFF`, logs nothing.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a level that is none, `SOCKET_TASK_INVALID_STATE` when
/// the program is in Rust and has another logger.
///
/// # Safety
/// `callback` may be called with `context` on any thread until it is replaced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_logger(
    level: socket_task_log_level,
    callback: socket_task_log_callback,
    context: *mut c_void,
) -> socket_task_status {
    enter(|| {
        let filter = match level {
            _ if callback.is_none() => LevelFilter::Off,
            SOCKET_TASK_LOG_OFF => LevelFilter::Off,
            SOCKET_TASK_LOG_ERROR => LevelFilter::Error,
            SOCKET_TASK_LOG_WARN => LevelFilter::Warn,
            SOCKET_TASK_LOG_INFO => LevelFilter::Info,
            SOCKET_TASK_LOG_DEBUG => LevelFilter::Debug,
            _ => return Err(Failure::argument(format!("{level} is none of SOCKET_TASK_LOG_…"))),
        };
        // It fails when there is a logger already: ours, or another's.
        let ours = log::set_logger(&LOGGER).is_ok() || std::ptr::addr_eq(log::logger(), &LOGGER);
        if !ours {
            return Err(Failure::state("the program has another logger"));
        }
        *LOGGER.callback.write().unwrap_or_else(PoisonError::into_inner) = (callback, context);
        log::set_max_level(filter);
        Ok(())
    })
}
