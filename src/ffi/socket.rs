//! The life of a connection, from `create` to `release`.

use std::ffi::c_char;
use std::mem::offset_of;
use std::ptr;
use std::sync::PoisonError;
use std::time::Duration;

use super::entry::{bytes, enter, out, text};
use super::handle::{self, Entry, New, with_entry, with_last_entry};
use super::listener::{CListener, Callbacks};
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::{Options, Url};
use crate::reconnect::Socket;
use crate::runtime;
use crate::socket::{Listener, ReadyState, prewarm};

/// Where in its life a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum socket_task_ready_state {
    /// `socket_task_connect` was not called yet.
    SOCKET_TASK_NEW = -1,
    /// On the way: from the DNS look-up to the opening handshake.
    SOCKET_TASK_CONNECTING = 0,
    /// Messages go both ways.
    SOCKET_TASK_OPEN = 1,
    /// The closing handshake has begun, from either side, or the connection is failing.
    SOCKET_TASK_CLOSING = 2,
    /// Over: `on_close` was called, or is about to be.
    SOCKET_TASK_CLOSED = 3,
}

/// How long a connection that was opened in advance waits if the program does not say, in milliseconds.
const PREWARM_LIFETIME: u32 = 30_000;

/// Sets how many threads carry the connections: 1 to 64, 1 by default. Each connection stays on one of
/// them. A phone needs no more than one.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` when the
/// threads run already, that is after the first `socket_task_connect`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_worker_threads(threads: usize) -> socket_task_status {
    enter(|| Ok(runtime::set_worker_threads(threads)?))
}

/// Makes a connection that is not started yet, in state NEW.
///
/// `url` is UTF-8 and begins with `ws:` or `wss:`. A fragment is refused, as are control characters and
/// a host that is not ASCII, unless the platform converts it (`socket_task_set_domain_to_ascii_hook`). Other characters of path and query are sent
/// percent-encoded where they must be. User and password in it become the `Authorization` header.
/// `handle` receives the handle, 0 on failure; it is to be given to `socket_task_release`.
///
/// Returns `SOCKET_TASK_INVALID_URL`, `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_ARGUMENT` for a
/// NULL pointer, or `SOCKET_TASK_OUT_OF_RESOURCES`.
///
/// # Safety
/// `url` points to `length` bytes; `handle` is NULL or points to a writable handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_create(
    url: *const c_char,
    length: usize,
    handle: *mut socket_task_handle,
) -> socket_task_status {
    enter(|| {
        // SAFETY: the caller's promise.
        let handle = unsafe { out(handle, "handle")? };
        *handle = 0;
        if url.is_null() {
            return Err(Failure::argument("url is NULL"));
        }
        // SAFETY: the caller's promise.
        let url = Url::parse(unsafe { text(url, length, "url")? })?;
        let new = New { options: Options::new(url), callbacks: Callbacks::default() };
        *handle = handle::insert(Entry::new(new))?;
        Ok(())
    })
}

/// Starts to connect, and returns at once. What comes of it is told by the callbacks: `on_open`, or
/// `on_error`; and `on_close` exactly once in the end.
///
/// The first call starts the library's thread. No thread goes along into the child of `fork`: there the
/// library works only if it was not used before.
///
/// Returns `SOCKET_TASK_INVALID_STATE` when it was called before, `SOCKET_TASK_INVALID_ARGUMENT` when
/// the options do not fit together (with `SOCKET_TASK_TRUST_ROOTS_NONE` there must be certificates to
/// trust; it can be called again then), `SOCKET_TASK_OUT_OF_RESOURCES` when the library's thread cannot
/// be started (it can be called again then), or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_connect(handle: socket_task_handle) -> socket_task_status {
    with_entry(handle, |entry| {
        let mut new = entry.new.lock().unwrap_or_else(PoisonError::into_inner);
        // Whatever can fail comes before anything is taken.
        if let Some(new) = &*new {
            new.options.validate()?;
            runtime::start()?;
        }
        let New { options, callbacks } =
            new.take().ok_or_else(|| Failure::state("socket_task_connect was called already"))?;
        let socket = Socket::connect_validated(options, CListener { handle, callbacks })?;
        // Nobody else has set it: whoever takes what is new sets it, and holds the lock.
        let _ = entry.socket.set(socket);
        Ok(())
    })
}

/// Opens a connection in advance, with the options of a handle in state NEW, which it leaves as it is:
/// the next `socket_task_connect` with equal options adopts the connection, if it is still alive or on
/// its way then; if not, that connects as usual. That can be the same handle's or another's, whose
/// callbacks are told everything as if it had connected itself: `on_open`, with the times of when the
/// connection was made, then the messages that have come so far.
///
/// Equal are options when the URL, the header fields, the sub-protocols and everything else that was
/// set are; hooks are when their functions and their contexts are. Cookie and proxy hooks, the system's
/// included, are asked again, and have to answer as they did when the connection was made: `socket_task_connect`
/// connects as usual otherwise, and the state is CONNECTING until then.
///
/// The connection is closed with code 1001 when it was not adopted within `lifetime_ms` milliseconds (0
/// stands for 30 000), or when 16 newer ones wait. While one with equal options waits, nothing is done.
/// Nothing is kept on disk.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_ARGUMENT`,
/// `SOCKET_TASK_OUT_OF_RESOURCES` or `SOCKET_TASK_INVALID_HANDLE` as `socket_task_connect` does.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_prewarm(handle: socket_task_handle, lifetime_ms: u32) -> socket_task_status {
    with_entry(handle, |entry| {
        let options = entry.configure(|new| Ok(new.options.clone()))?;
        let lifetime = if lifetime_ms == 0 { PREWARM_LIFETIME } else { lifetime_ms };
        Ok(prewarm(options, Duration::from_millis(lifetime.into()))?)
    })
}

/// Queues a text message, and returns at once: a large one is compressed in the background, where that was agreed on. The
/// library copies it.
///
/// Returns `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` when the connection is not open,
/// `SOCKET_TASK_BUFFER_FULL` when the queue has no room for it now, `SOCKET_TASK_MESSAGE_TOO_BIG` when it
/// never has, `SOCKET_TASK_INVALID_ARGUMENT` for NULL with a length, or `SOCKET_TASK_INVALID_HANDLE`. Nothing was queued then, and the connection stays as
/// it was.
///
/// # Safety
/// `data` points to `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_send_text(
    handle: socket_task_handle,
    data: *const c_char,
    length: usize,
) -> socket_task_status {
    with_last_entry(handle, |entry| {
        // SAFETY: the caller's promise.
        let data = unsafe { bytes(data.cast(), length, "data")? };
        Ok(entry.socket()?.send_unchecked_text(data)?)
    })
}

/// Queues a binary message, and returns at once. The library copies it.
///
/// Returns as `socket_task_send_text` does, but for the text's encoding.
///
/// # Safety
/// `data` points to `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_send_binary(
    handle: socket_task_handle,
    data: *const u8,
    length: usize,
) -> socket_task_status {
    with_last_entry(handle, |entry| {
        // SAFETY: the caller's promise.
        let data = unsafe { bytes(data, length, "data")? };
        Ok(entry.socket()?.send_binary(data)?)
    })
}

/// Queues a ping with up to 125 bytes. Its pong is told by `on_pong`. It does not wait for messages that are
/// still being compressed.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for more bytes, and otherwise the same as `socket_task_send_binary`.
///
/// # Safety
/// `data` points to `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_ping(
    handle: socket_task_handle,
    data: *const u8,
    length: usize,
) -> socket_task_status {
    with_entry(handle, |entry| {
        // SAFETY: the caller's promise.
        let data = unsafe { bytes(data, length, "data")? };
        Ok(entry.socket()?.ping(data)?)
    })
}

/// Closes the connection: one that is open after the messages queued, by the closing handshake; one on
/// its way at once. `on_close` follows, and no `on_error`. On a connection that is closing or closed
/// already, nothing happens, and that is no error.
///
/// `code` is 1000 to 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455, section 7.4); 0 sends none. `reason`
/// is UTF-8 of at most 123 bytes, and needs a code.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` or `SOCKET_TASK_INVALID_UTF8` for a code or reason that is
/// not acceptable, `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`. The connection stays as it was then.
///
/// # Safety
/// `reason` points to `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_close(
    handle: socket_task_handle,
    code: u16,
    reason: *const c_char,
    length: usize,
) -> socket_task_status {
    with_entry(handle, |entry| {
        // SAFETY: the caller's promise.
        let reason = unsafe { text(reason, length, "reason")? };
        Ok(entry.socket()?.close((code != 0).then_some(code), reason)?)
    })
}

/// Stops reading from the network, so that a peer that sends too fast is slowed down. Pings of the peer
/// stay unanswered meanwhile, and its closing unnoticed. `socket_task_close` ends the pause.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_pause(handle: socket_task_handle) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.socket()?.pause();
        Ok(())
    })
}

/// Reads on after `socket_task_pause`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_resume(handle: socket_task_handle) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.socket()?.resume();
        Ok(())
    })
}

/// The app is not to be seen any more: closes with 1001 when `grace_ms` milliseconds are over, as
/// `socket_task_close` does, unless `socket_task_show` is called before. Each call begins anew.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, `SOCKET_TASK_OUT_OF_RESOURCES`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_hide(handle: socket_task_handle, grace_ms: u32) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.socket()?.hide(Duration::from_millis(grace_ms.into()))?;
        Ok(())
    })
}

/// The app is seen again: what `socket_task_hide` has announced does not happen.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_show(handle: socket_task_handle) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.socket()?.show();
        Ok(())
    })
}

/// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline_ms`
/// milliseconds, it has failed (phase timeout, close code 1006). While the server acknowledges bytes that
/// were sent before the question, it is alive. For when the app comes to the foreground or the network
/// has changed.
///
/// Returns `SOCKET_TASK_INVALID_STATE` before `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_probe(handle: socket_task_handle, deadline_ms: u32) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.socket()?.probe(Duration::from_millis(deadline_ms.into()));
        Ok(())
    })
}

/// Tells where in its life the connection is.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `state` is NULL, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `state` is NULL or points to a writable `socket_task_ready_state`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_get_ready_state(
    handle: socket_task_handle,
    state: *mut socket_task_ready_state,
) -> socket_task_status {
    with_entry(handle, |entry| {
        // A value that C left there may be none of ours, so it is only ever written.
        if state.is_null() {
            return Err(Failure::argument("state is NULL"));
        }
        let now = match entry.started().map(Socket::ready_state) {
            None => socket_task_ready_state::SOCKET_TASK_NEW,
            Some(ReadyState::Connecting) => socket_task_ready_state::SOCKET_TASK_CONNECTING,
            Some(ReadyState::Open) => socket_task_ready_state::SOCKET_TASK_OPEN,
            Some(ReadyState::Closing) => socket_task_ready_state::SOCKET_TASK_CLOSING,
            Some(ReadyState::Closed) => socket_task_ready_state::SOCKET_TASK_CLOSED,
        };
        // SAFETY: the caller's promise.
        unsafe { state.write(now) };
        Ok(())
    })
}

/// Tells how many bytes of messages and pings were accepted and not yet handed to the operating system,
/// framing not counted. 0 before `socket_task_connect`. After a connection was lost it tells how many
/// were lost with it.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `amount` is NULL, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `amount` is NULL or points to a writable `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_get_buffered_amount(
    handle: socket_task_handle,
    amount: *mut usize,
) -> socket_task_status {
    with_entry(handle, |entry| {
        // SAFETY: the caller's promise.
        let amount = unsafe { out(amount, "amount")? };
        *amount = entry.started().map_or(0, Socket::buffered_amount);
        Ok(())
    })
}

/// What a connection has carried so far; see `socket_task_get_stats`.
#[derive(Default)]
#[repr(C)]
pub struct socket_task_stats {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_get_stats`.
    pub struct_size: usize,
    /// Messages that were handed to the operating system.
    pub messages_sent: u64,
    /// Messages that came.
    pub messages_received: u64,
    /// Bytes of the messages and pings that were handed to the operating system, before compression, framing not counted.
    pub bytes_sent: u64,
    /// Bytes of the messages that came, after decompression, framing not counted.
    pub bytes_received: u64,
    /// Microseconds from the last `socket_task_ping` that was answered to its pong; -1 for none.
    pub rtt: i64,
    /// How many connections were opened after the first; see `socket_task_set_reconnect`.
    pub reconnects: u64,
}

/// The size of `socket_task_stats` before `reconnects` came.
const FIRST_STATS_SIZE: usize = offset_of!(socket_task_stats, reconnects);

/// Tells what a connection has carried so far, for diagnostics. It waits for no connection, and can be called often. Before
/// `socket_task_connect` `rtt` is -1, and everything else 0.
///
/// `size` is `sizeof(socket_task_stats)` of the program: fields that the program does not know are not written.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `stats` is NULL or `size` was never its size, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `stats` is NULL or points to `size` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_get_stats(
    handle: socket_task_handle,
    stats: *mut socket_task_stats,
    size: usize,
) -> socket_task_status {
    with_entry(handle, |entry| {
        let known = size_of::<socket_task_stats>();
        if stats.is_null() {
            return Err(Failure::argument("stats is NULL"));
        }
        if size < known && size != FIRST_STATS_SIZE {
            return Err(Failure::argument(format!("{size} was never the size of socket_task_stats")));
        }
        let now = entry.started().map(Socket::stats).unwrap_or_default();
        let filled = socket_task_stats {
            struct_size: size.min(known),
            messages_sent: now.messages_sent,
            messages_received: now.messages_received,
            bytes_sent: now.bytes_sent,
            bytes_received: now.bytes_received,
            rtt: now.rtt.map_or(-1, |rtt| i64::try_from(rtt.as_micros()).unwrap_or(i64::MAX)),
            reconnects: now.reconnects,
        };
        // SAFETY: the caller's promise: as many bytes are written as the program knows, and none past them.
        unsafe {
            ptr::copy_nonoverlapping((&raw const filled).cast::<u8>(), stats.cast::<u8>(), size.min(known));
        }
        Ok(())
    })
}

/// Copies the sub-protocol that the server chose, with a NUL behind it, into `buffer` of `capacity`
/// bytes, and tells its length without the NUL in `length`. The length is 0 for none, and before the
/// connection is open.
///
/// `buffer` may be NULL with capacity 0, to ask for the length; `length` may be NULL.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when `buffer` is too small (`length` is told all the same),
/// or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `buffer` points to `capacity` writable bytes, or is NULL with capacity 0; `length` is NULL or points
/// to a writable `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_get_protocol(
    handle: socket_task_handle,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> socket_task_status {
    with_entry(handle, |entry| {
        let protocol = entry.started().and_then(Socket::protocol).unwrap_or_default();
        // SAFETY: the caller's promise.
        unsafe { copy_out(&protocol, buffer, capacity, length) }
    })
}

/// Copies `url` as the URL Standard serializes it, with a NUL behind it, into `buffer` of `capacity` bytes, and tells its length
/// without the NUL in `written`: scheme and host in lower case, no default port, dot segments resolved, percent-encoded, user
/// name and password included. It is what `socket_task_create` makes of the same text.
///
/// `buffer` may be NULL with capacity 0, to ask for the length; `written` may be NULL.
///
/// Returns `SOCKET_TASK_INVALID_URL`, `SOCKET_TASK_INVALID_UTF8`, or `SOCKET_TASK_INVALID_ARGUMENT` for a `url` that is NULL and when
/// `buffer` is too small (`written` is told all the same).
///
/// # Safety
/// `url` points to `length` bytes; `buffer` points to `capacity` writable bytes, or is NULL with capacity 0; `written` is NULL
/// or points to a writable `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_serialize_url(
    url: *const c_char,
    length: usize,
    buffer: *mut c_char,
    capacity: usize,
    written: *mut usize,
) -> socket_task_status {
    enter(|| {
        // SAFETY: the caller's promise.
        let url = Url::parse(unsafe { text(url, length, "url")? })?;
        // SAFETY: the caller's promise.
        unsafe { copy_out(&url.serialization(), buffer, capacity, written) }
    })
}

/// Copies `text` and a NUL into `buffer`, and tells its length.
///
/// # Safety
/// `buffer` points to `capacity` writable bytes, or is NULL; `length` is NULL or points to a writable `size_t`.
unsafe fn copy_out(
    text: &str,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    if let Some(length) = unsafe { length.as_mut() } {
        *length = text.len();
    }
    if buffer.is_null() {
        return if capacity == 0 { Ok(()) } else { Err(Failure::argument("buffer is NULL")) };
    }
    if capacity <= text.len() {
        return Err(Failure::argument(format!("buffer needs {} bytes", text.len() + 1)));
    }
    // SAFETY: the caller's promise, and the text and its NUL fit.
    unsafe {
        ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast(), text.len());
        buffer.add(text.len()).write(0);
    }
    Ok(())
}

/// Lets go of the connection. The handle is invalid at once; no callback begins any more but
/// `on_release`, which is called exactly once, on the library's thread, when the contexts can be freed.
///
/// A connection on its way is aborted; an open one is closed with code 1001 in the background, after
/// the messages queued; one that is closing goes on to close.
///
/// Returns `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_release(handle: socket_task_handle) -> socket_task_status {
    enter(|| {
        let entry = handle::remove(handle)?;
        let mut new = entry.new.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(New { callbacks, .. }) = new.take() {
            release_unconnected(handle, callbacks);
        }
        drop(new);
        if let Some(socket) = entry.socket.get() {
            socket.release();
        }
        Ok(())
    })
}

/// What was never started has no thread to be called on; the library's own serves all the same.
fn release_unconnected(handle: socket_task_handle, callbacks: Callbacks) {
    if !callbacks.wants_release() {
        return;
    }
    let mut listener = CListener { handle, callbacks };
    if runtime::start().is_ok() {
        let _ = runtime::spawn(async move { listener.on_release() });
    } else {
        listener.on_release();
    }
}
