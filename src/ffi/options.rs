//! What is settled before `connect`: the opening handshake, times and limits.

use std::ffi::c_char;
use std::time::Duration;

use super::entry::{enter, fill, sized, text};
use super::handle::configure;
use super::status::socket_task_status;
use super::types::socket_task_handle;
use crate::options::{check, headers};
use crate::wire::deflate::DeflateOptions;

/// A number that lets the library choose, where a field of `socket_task_deflate_options` says so.
pub const SOCKET_TASK_DEFAULT: i32 = -1;

/// What to offer of permessage-deflate (RFC 7692). Fill it in with `socket_task_deflate_options_init`
/// first.
#[repr(C)]
pub struct socket_task_deflate_options {
    /// As much of the struct as is filled in, in bytes; set by `socket_task_deflate_options_init`.
    pub struct_size: usize,
    /// We forget the window after each message: less memory, worse compression.
    pub client_no_context_takeover: bool,
    /// Ask the server to do so.
    pub server_no_context_takeover: bool,
    /// Our window is 2 to the power of this, 8 to 15; `SOCKET_TASK_DEFAULT`: as the server wants.
    pub client_max_window_bits: i32,
    /// Ask the server for a window of this size, 8 to 15; `SOCKET_TASK_DEFAULT`: as it likes.
    pub server_max_window_bits: i32,
    /// 0 (none) to 9 (best); `SOCKET_TASK_DEFAULT`: a good balance.
    pub level: i32,
    /// Messages with fewer bytes are sent uncompressed.
    pub threshold: usize,
}

/// Adds a header field to the opening handshake. Fields are sent in the order, the spelling and the
/// number in which they were added.
///
/// `name` is a token (RFC 9110, section 5.6.2); `value` has no CR, LF, NUL or other control character.
/// `Host`, `Connection`, `Upgrade` and `Sec-WebSocket-…` are the library's own; `Content-Length`, `Transfer-Encoding`, `TE`,
/// `Trailer`, `Keep-Alive`, `Proxy-Connection` and `Expect` have no place in the handshake. An empty `User-Agent` sends none.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a field that is not acceptable,
/// `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `name` and `value` point to as many bytes as their lengths say, or are NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_header(
    handle: socket_task_handle,
    name: *const c_char,
    name_length: usize,
    value: *const c_char,
    value_length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let (name, value) =
            unsafe { (text(name, name_length, "name")?, text(value, value_length, "value")?) };
        headers::check(name, value)?;
        new.options.headers.push((name.into(), value.into()));
        Ok(())
    })
}

/// Offers a sub-protocol, the most wanted first. The server picks one or none.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for one that is no token (RFC 6455, section 4.1) or was
/// offered already, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `protocol` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_protocol(
    handle: socket_task_handle,
    protocol: *const c_char,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let protocol = unsafe { text(protocol, length, "protocol")? };
        new.options.protocols.push(protocol.into());
        headers::check_protocols(&new.options.protocols).map_err(|refused| {
            new.options.protocols.pop();
            refused.into()
        })
    })
}

/// Sets the whole time to open, in milliseconds, from `socket_task_connect` to the end of the opening
/// handshake. 60 000 by default.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_timeout(
    handle: socket_task_handle,
    milliseconds: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.timeout = check::timeout(Duration::from_millis(milliseconds.into()))?;
        Ok(())
    })
}

/// Sets how long the closing handshake may stand still, in milliseconds, before the connection is
/// dropped: 2 000 by default.
///
/// It stands still while the server neither acknowledges bytes nor sends any. What it sends counts for five
/// times this long, unless it acknowledges something meanwhile.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_close_timeout(
    handle: socket_task_handle,
    milliseconds: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.close_timeout = Duration::from_millis(milliseconds.into());
        Ok(())
    })
}

/// Sets the largest message to accept, in bytes after decompression: 64 MiB by default. A larger one
/// fails the connection with close code 1009.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_max_message_size(
    handle: socket_task_handle,
    bytes: usize,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.max_message_size = check::max_message_size(bytes)?;
        Ok(())
    })
}

/// Sets how many bytes may wait to be sent: 64 MiB by default. A message that would take the queue past
/// it gets `SOCKET_TASK_BUFFER_FULL`, one that is larger than this `SOCKET_TASK_MESSAGE_TOO_BIG`. While the
/// frames that wait, headers included, take as much, nothing is accepted, not even an empty message.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_max_buffered_amount(
    handle: socket_task_handle,
    bytes: usize,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.max_buffered_amount = check::max_buffered_amount(bytes)?;
        Ok(())
    })
}

/// Sets whether small messages leave at once (`TCP_NODELAY`) instead of waiting for more: true by
/// default.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_tcp_no_delay(
    handle: socket_task_handle,
    no_delay: bool,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.tcp_no_delay = no_delay;
        Ok(())
    })
}

/// Pings the peer after this much silence from it, in milliseconds; 0, the default, sends no pings. The
/// connection is given up (phase timeout, close code 1006) when nothing comes within the time of
/// `socket_task_set_pong_timeout`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_ping_interval(
    handle: socket_task_handle,
    milliseconds: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.ping_interval = (milliseconds > 0).then(|| Duration::from_millis(milliseconds.into()));
        Ok(())
    })
}

/// Sets how long the peer has to answer such a ping, in milliseconds: 10 000 by default.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for 0, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_pong_timeout(
    handle: socket_task_handle,
    milliseconds: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.pong_timeout = check::pong_timeout(Duration::from_millis(milliseconds.into()))?;
        Ok(())
    })
}

/// Fills in the defaults. `size` is `sizeof` the struct in the program that calls: no byte behind it is
/// written, so that a program can be older or newer than the library.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for NULL, or a size that was never the struct's.
///
/// # Safety
/// `options` is NULL or points to `size` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_deflate_options_init(
    options: *mut socket_task_deflate_options,
    size: usize,
) -> socket_task_status {
    enter(|| {
        let defaults = DeflateOptions::default();
        let bits = |bits: Option<u8>| bits.map_or(SOCKET_TASK_DEFAULT, i32::from);
        let filled = socket_task_deflate_options {
            struct_size: size_of::<socket_task_deflate_options>(),
            client_no_context_takeover: defaults.client_no_context_takeover,
            server_no_context_takeover: defaults.server_no_context_takeover,
            client_max_window_bits: bits(defaults.client_max_window_bits),
            server_max_window_bits: bits(defaults.server_max_window_bits),
            level: SOCKET_TASK_DEFAULT,
            threshold: defaults.threshold,
        };
        // SAFETY: the caller's promise.
        unsafe { fill(options, size, "socket_task_deflate_options", filled) }
    })
}

/// Offers permessage-deflate (RFC 7692) to the server. Not offered by default. NULL offers it with the
/// defaults. Whether the server agreed is told in `extensions` of `socket_task_open`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a value out of range, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `options` is NULL or points to a struct that `socket_task_deflate_options_init` has filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_per_message_deflate(
    handle: socket_task_handle,
    options: *const socket_task_deflate_options,
) -> socket_task_status {
    configure(handle, |new| {
        let mut deflate = DeflateOptions::default();
        // SAFETY: the caller's promise; a struct of another size is not read past its first field.
        if let Some(options) = unsafe { sized(options, "socket_task_deflate_options_init")? } {
            deflate.client_no_context_takeover = options.client_no_context_takeover;
            deflate.server_no_context_takeover = options.server_no_context_takeover;
            deflate.client_max_window_bits = chosen(options.client_max_window_bits);
            deflate.server_max_window_bits = chosen(options.server_max_window_bits);
            deflate.level = chosen(options.level).unwrap_or(deflate.level);
            deflate.threshold = options.threshold;
        }
        check::deflate(&deflate)?;
        new.options.per_message_deflate = Some(deflate);
        Ok(())
    })
}

/// A field of `socket_task_deflate_options`; `None` leaves the choice to the library. A number that no
/// option can have becomes one that none allows.
fn chosen(value: i32) -> Option<u8> {
    (value != SOCKET_TASK_DEFAULT).then(|| u8::try_from(value).unwrap_or(u8::MAX))
}
