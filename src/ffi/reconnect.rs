//! One connection after another: what is settled before `connect`, and what the program is asked meanwhile.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::entry::{enter, fill, sized};
use super::handle::{find, with_entry};
use super::hooks::{Context, socket_task_destroy_callback};
use super::listener::{socket_task_loss, with_c_loss};
use super::questions::{Questions, answer};
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::{Answer, Loss, Reconnect, Refresh, Refreshed, ShouldReconnect};

/// How a connection that was lost or could not be made is followed by another one. Fill it in with
/// `socket_task_reconnect_options_init` first.
#[repr(C)]
pub struct socket_task_reconnect_options {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_reconnect_options_init`.
    pub struct_size: usize,
    /// The next attempt comes after a random time between 0 and `min_delay_ms` times `factor` to the power of the attempts in
    /// a row before it; 1 000 by default. In milliseconds.
    pub min_delay_ms: u32,
    /// But at most this one; 30 000 by default.
    pub max_delay_ms: u32,
    /// 1 or more; 2 by default.
    pub factor: f64,
    /// How many attempts in a row are made after the first; 0, the default: as many as it takes.
    pub max_attempts: u32,
    /// How long a connection has to be open for the attempts to be counted anew; 5 000 by default. In milliseconds.
    pub stable_after_ms: u32,
    /// Close codes of the server after which there is no other attempt, 1000 to 4999; 1000 alone by default. Copied by
    /// `socket_task_set_reconnect`.
    pub stop_codes: *const u16,
    /// How many they are.
    pub stop_code_count: usize,
    /// How many bytes of messages are kept for the next connection, where each message counts 64 more; 0, the default, keeps
    /// none.
    pub queue: usize,
    /// Attempts are made while the app is in the background, too; not by default.
    pub while_hidden: bool,
}

/// The default of `stop_codes`.
static NORMAL_CLOSURE: [u16; 1] = [1000];

/// Writes the defaults into `options`. `size` is `sizeof(socket_task_reconnect_options)` of the program.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `options` is NULL or `size` was never its size.
///
/// # Safety
/// `options` is NULL or points to `size` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_reconnect_options_init(
    options: *mut socket_task_reconnect_options,
    size: usize,
) -> socket_task_status {
    enter(|| {
        let defaults = Reconnect::default();
        let ms = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        let filled = socket_task_reconnect_options {
            struct_size: size_of::<socket_task_reconnect_options>(),
            min_delay_ms: ms(defaults.min_delay),
            max_delay_ms: ms(defaults.max_delay),
            factor: defaults.factor,
            max_attempts: defaults.max_attempts.unwrap_or(0),
            stable_after_ms: ms(defaults.stable_after),
            stop_codes: NORMAL_CLOSURE.as_ptr(),
            stop_code_count: NORMAL_CLOSURE.len(),
            queue: defaults.queue,
            while_hidden: defaults.while_hidden,
        };
        // SAFETY: the caller's promise.
        unsafe { fill(options, size, "socket_task_reconnect_options", filled) }
    })
}

/// Lets a connection that was lost or could not be made be followed by another one, on the same handle. NULL does with the
/// defaults.
///
/// Each loss that is followed is told by `on_reconnecting`, in the place of `on_error` and `on_close`; `on_open` is called at
/// each opening. It ends, as without this, by `on_error` if it failed, and `on_close`: after `socket_task_close`, a close code of
/// `stop_codes`, HTTP 404, a certificate that is not acceptable, HTTP 401 and 403 unless `socket_task_set_refresh_hook` gives
/// something new (then once more), or `max_attempts`. A server's `Retry-After` is the least delay. Between connections the state
/// is CONNECTING. The timeout is for each attempt. `socket_task_prewarm` is for the first.
///
/// No attempt is made while there is no network (`socket_task_set_network`) or the app is in the background
/// (`socket_task_set_foreground`); when that changes, the next is made at once. The first is the program's own and always made.
///
/// Messages that were not handed to the operating system at a loss have failed, and sending fails between connections, but for
/// those that fit into `queue`, the oldest first: they are sent by the next connection, in order. What was handed over may have
/// been lost on the way, and is not sent again.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a value out of range, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `options` is NULL or points to a struct that `socket_task_reconnect_options_init` has filled in; its `stop_codes` points to
/// `stop_code_count` numbers, or is NULL with 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_reconnect(
    handle: socket_task_handle,
    options: *const socket_task_reconnect_options,
) -> socket_task_status {
    with_entry(handle, |entry| {
        let mut reconnect = Reconnect::default();
        // SAFETY: the caller's promise; a struct of another size is not read past its first field.
        if let Some(options) = unsafe { sized(options, "socket_task_reconnect_options_init")? } {
            let ms = |time: u32| Duration::from_millis(time.into());
            reconnect.min_delay = ms(options.min_delay_ms);
            reconnect.max_delay = ms(options.max_delay_ms);
            reconnect.factor = options.factor;
            reconnect.max_attempts = (options.max_attempts > 0).then_some(options.max_attempts);
            reconnect.stable_after = ms(options.stable_after_ms);
            // SAFETY: the caller's promise.
            reconnect.stop_codes = unsafe { codes(options.stop_codes, options.stop_code_count)? };
            reconnect.queue = options.queue;
            reconnect.while_hidden = options.while_hidden;
        }
        reconnect.validate()?;
        entry.configure(|new| {
            // The hooks stay.
            if let Some(before) = new.options.reconnect.take() {
                reconnect.should_reconnect = before.should_reconnect;
                reconnect.refresh = before.refresh;
            }
            new.options.reconnect = Some(Box::new(reconnect));
            Ok(())
        })
    })
}

/// The numbers at `codes`.
///
/// # Safety
/// `codes` is NULL or points to `count` numbers.
unsafe fn codes(codes: *const u16, count: usize) -> Result<Vec<u16>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if codes.is_null() {
        return Err(Failure::argument(format!("stop_codes is NULL but stop_code_count is {count}")));
    }
    // There are no more codes than this that differ; and the bytes of such an array can be.
    if count > usize::from(u16::MAX) {
        return Err(Failure::argument("stop_code_count is more than there are close codes"));
    }
    // SAFETY: not NULL, of a possible length; the rest is the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(codes, count) }.to_vec())
}

/// Is asked what the next attempt is to be made with: a new token, say. To be answered by `socket_task_answer_refresh`, sooner
/// or later, with `ticket`; an answer that comes too late is refused. `loss` is valid during the call. On the library's thread:
/// it must not block.
pub type socket_task_refresh_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        attempt: u32,
        loss: *const socket_task_loss,
        ticket: u64,
        context: *mut c_void,
    ),
>;

/// Is asked whether a loss is followed by another attempt; `would` is what the rules say. To be answered by
/// `socket_task_answer_should_reconnect` with `ticket`; without an answer within the timeout the rules hold. `loss` is valid
/// during the call. On the library's thread: it must not block.
pub type socket_task_should_reconnect_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        loss: *const socket_task_loss,
        would: bool,
        ticket: u64,
        context: *mut c_void,
    ),
>;

struct RefreshHook {
    handle: socket_task_handle,
    call: unsafe extern "C" fn(socket_task_handle, u32, *const socket_task_loss, u64, *mut c_void),
    context: Context,
    questions: Arc<Questions>,
}

impl Refresh for RefreshHook {
    fn refresh(&self, attempt: u32, loss: &Loss, answer: Answer<Refreshed>) {
        let ticket = self.questions.refresh.ask(answer);
        // SAFETY: the promise of whoever set the hook.
        with_c_loss(loss, |loss| unsafe {
            (self.call)(self.handle, attempt, loss, ticket, self.context.pointer());
        });
    }
}

struct ShouldReconnectHook {
    handle: socket_task_handle,
    call: unsafe extern "C" fn(socket_task_handle, *const socket_task_loss, bool, u64, *mut c_void),
    context: Context,
    questions: Arc<Questions>,
}

impl ShouldReconnect for ShouldReconnectHook {
    fn should_reconnect(&self, loss: &Loss, would: bool, answer: Answer<bool>) {
        let ticket = self.questions.should_reconnect.ask(answer);
        // SAFETY: the promise of whoever set the hook.
        with_c_loss(loss, |loss| unsafe {
            (self.call)(self.handle, loss, would, ticket, self.context.pointer());
        });
    }
}

/// Sets who is asked before each attempt but the first what it is to be made with. Turns `socket_task_set_reconnect` on, if that
/// was not called. `destroy`, which can be NULL, is called when `refresh` is not called any more; if this function fails, it is
/// called at once.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a `refresh` that is NULL, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// Both callbacks may be called with `context` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_refresh_hook(
    handle: socket_task_handle,
    refresh: socket_task_refresh_callback,
    destroy: socket_task_destroy_callback,
    context: *mut c_void,
) -> socket_task_status {
    let context = Context::new(context, destroy);
    with_entry(handle, |entry| {
        let call = refresh.ok_or_else(|| Failure::argument("refresh is NULL"))?;
        let questions = Arc::clone(&entry.questions);
        entry.configure(|new| {
            let hook = Arc::new(RefreshHook { handle, call, context, questions });
            new.options.reconnect.get_or_insert_default().refresh = Some(hook);
            Ok(())
        })
    })
}

/// Sets who is asked at each loss whether there is another attempt. Turns `socket_task_set_reconnect` on, if that was not called.
/// `destroy`, which can be NULL, is called when `should_reconnect` is not called any more; if this function fails, it is called
/// at once. `max_attempts` holds all the same.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a `should_reconnect` that is NULL, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// Both callbacks may be called with `context` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_should_reconnect_hook(
    handle: socket_task_handle,
    should_reconnect: socket_task_should_reconnect_callback,
    destroy: socket_task_destroy_callback,
    context: *mut c_void,
) -> socket_task_status {
    let context = Context::new(context, destroy);
    with_entry(handle, |entry| {
        let call = should_reconnect.ok_or_else(|| Failure::argument("should_reconnect is NULL"))?;
        let questions = Arc::clone(&entry.questions);
        entry.configure(|new| {
            let hook = Arc::new(ShouldReconnectHook { handle, call, context, questions });
            new.options.reconnect.get_or_insert_default().should_reconnect = Some(hook);
            Ok(())
        })
    })
}

/// Answers a refresh hook, from any thread: the attempt, and those after it, are made with the URL, the header fields and the
/// sub-protocols of `fresh`, a handle in state NEW, which stays the caller's; 0 changes nothing.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more or `fresh` is not in state NEW, or
/// `SOCKET_TASK_INVALID_HANDLE` for either.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_answer_refresh(
    handle: socket_task_handle,
    ticket: u64,
    fresh: socket_task_handle,
) -> socket_task_status {
    with_entry(handle, |entry| {
        let refreshed = if fresh == 0 {
            Refreshed::default()
        } else {
            find(fresh)?.configure(|new| {
                let options = &new.options;
                Ok(Refreshed {
                    url: Some(options.url.clone()),
                    headers: Some(options.headers.clone()),
                    protocols: Some(options.protocols.clone()),
                })
            })?
        };
        answer(&entry.questions.refresh, ticket)?.give(refreshed);
        Ok(())
    })
}

/// Answers a refresh hook, from any thread: there is nothing to connect with. The attempt has failed.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_fail_refresh(handle: socket_task_handle, ticket: u64) -> socket_task_status {
    with_entry(handle, |entry| answer(&entry.questions.refresh, ticket).map(drop))
}

/// Answers a should-reconnect hook, from any thread.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when nobody waits for the answer any more, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_answer_should_reconnect(
    handle: socket_task_handle,
    ticket: u64,
    should_reconnect: bool,
) -> socket_task_status {
    with_entry(handle, |entry| {
        answer(&entry.questions.should_reconnect, ticket)?.give(should_reconnect);
        Ok(())
    })
}
