//! The log, for C.

use std::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::entry::{enter, out};
use super::hooks::Context;
use super::status::{Failure, socket_task_status};
use crate::logging::{LogGuard, LogLevel, LogSink, add_log_sink};

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

/// A sink that passes lines on to C.
///
/// # Safety
/// `function` may be called with `context` on any thread until the sink is taken away.
unsafe fn sink(
    function: unsafe extern "C" fn(socket_task_log_level, *const c_char, usize, *mut c_void),
    context: *mut c_void,
) -> LogSink {
    let context = Context::new(context, None);
    Arc::new(move |level, text| {
        // SAFETY: the caller's promise.
        unsafe { function(level as i32, text.as_ptr().cast(), text.len(), context.pointer()) };
    })
}

fn level_of(level: socket_task_log_level) -> Result<Option<LogLevel>, Failure> {
    match level {
        SOCKET_TASK_LOG_OFF => Ok(None),
        SOCKET_TASK_LOG_ERROR => Ok(Some(LogLevel::Error)),
        SOCKET_TASK_LOG_WARN => Ok(Some(LogLevel::Warn)),
        SOCKET_TASK_LOG_INFO => Ok(Some(LogLevel::Info)),
        SOCKET_TASK_LOG_DEBUG => Ok(Some(LogLevel::Debug)),
        _ => Err(Failure::argument(format!("{level} is none of SOCKET_TASK_LOG_…"))),
    }
}

/// That of `socket_task_set_logger`.
static LOGGER: Mutex<Option<LogGuard>> = Mutex::new(None);

/// Those of `socket_task_add_logger`.
static ADDED: Mutex<Vec<LogGuard>> = Mutex::new(Vec::new());

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets where the log goes, for the whole library. No header value, URL credential or content of a
/// message is ever logged.
///
/// `callback` is called on any thread, several at once; it must not block, nor call this function. When
/// this returns, the callback that was set before is not called any more. NULL, or
/// `SOCKET_TASK_LOG_OFF`, logs nothing.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown level, `SOCKET_TASK_INVALID_STATE` when
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
        let wanted = level_of(level)?.zip(callback);
        let mut logger = lock(&LOGGER);
        // The one before is not called any more, whatever comes of this.
        *logger = None;
        // SAFETY: the caller's promise.
        *logger =
            wanted.map(|(level, call)| add_log_sink(level, unsafe { sink(call, context) })).transpose()?;
        Ok(())
    })
}

/// Lets the log go to one more place, beside that of `socket_task_set_logger`: for a module that shares the library with others.
/// `id` receives what `socket_task_remove_logger` takes. The rest is as for `socket_task_set_logger`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown level or `SOCKET_TASK_LOG_OFF`, and for a `callback` or `id` that is
/// NULL; `SOCKET_TASK_INVALID_STATE` when the program is in Rust and has another logger.
///
/// # Safety
/// `callback` may be called with `context` on any thread until it is removed; `id` is NULL or can be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_logger(
    level: socket_task_log_level,
    callback: socket_task_log_callback,
    context: *mut c_void,
    id: *mut u64,
) -> socket_task_status {
    enter(|| {
        // SAFETY: the caller's promise.
        let id = unsafe { out(id, "id")? };
        let level = level_of(level)?.ok_or_else(|| Failure::argument("a level of the log is missing"))?;
        let call = callback.ok_or_else(|| Failure::argument("callback is NULL"))?;
        // SAFETY: the caller's promise.
        let guard = add_log_sink(level, unsafe { sink(call, context) })?;
        *id = guard.id();
        lock(&ADDED).push(guard);
        Ok(())
    })
}

/// Ends what `socket_task_add_logger` has begun. When this returns, its callback is not called any more; so it must not be called
/// by a callback of the log.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an unknown `id`, or one that was removed.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_remove_logger(id: u64) -> socket_task_status {
    enter(|| {
        let mut added = lock(&ADDED);
        let place = added.iter().position(|guard| guard.id() == id);
        let place = place.ok_or_else(|| Failure::argument(format!("{id} names no logger")))?;
        let guard = added.swap_remove(place);
        drop(added);
        drop(guard);
        Ok(())
    })
}
