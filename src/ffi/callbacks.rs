//! Which function C is told by: one for each event, set before `connect`.

use std::ffi::c_void;

use super::handle::configure;
use super::listener::{
    Callback, Callbacks, socket_task_alive_callback, socket_task_close_callback, socket_task_drain_callback,
    socket_task_error_callback, socket_task_message_callback, socket_task_open_callback,
    socket_task_pong_callback, socket_task_reconnecting_callback, socket_task_release_callback,
    socket_task_suspect_callback,
};
use super::status::socket_task_status;
use super::types::socket_task_handle;

fn register(handle: socket_task_handle, set: impl FnOnce(&mut Callbacks)) -> socket_task_status {
    configure(handle, |new| {
        set(&mut new.callbacks);
        Ok(())
    })
}

/// Sets the function that is called when the connection is open. At most once, and before any other
/// event but an error; with `socket_task_set_reconnect` at each opening.
///
/// This holds for all callbacks. They are set before `socket_task_connect`; NULL removes one. They are
/// called on a thread of the library, one at a time for each handle, in order, and with the `context`
/// that was set with them, which may be NULL and must stay valid until `on_release` was called. Inside
/// a callback every function of the library may be called. A callback must not block, since other
/// connections wait for it, and must not throw a C++ exception. After `socket_task_release` no callback
/// begins but `on_release`; one that the library's thread is about to enter at that moment may still
/// run.
///
/// Returns `SOCKET_TASK_INVALID_HANDLE`, or `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`.
///
/// # Safety
/// `callback` may be called with `context` on another thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_open(
    handle: socket_task_handle,
    callback: socket_task_open_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.open = Callback { function: callback, context })
}

/// Sets the function that is called for each message. None comes before `on_open`, after
/// `socket_task_close`, or after `on_close`; but one that the library's thread is about to deliver while
/// another calls `socket_task_close` may still come.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_message(
    handle: socket_task_handle,
    callback: socket_task_message_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.message = Callback { function: callback, context })
}

/// Sets the function that is called for each pong that answers no ping of the library's own.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_pong(
    handle: socket_task_handle,
    callback: socket_task_pong_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.pong = Callback { function: callback, context })
}

/// Sets the function that is called when messages were handed to the operating system, once for all that
/// were at the same time, and when the send queue has room again after a send got
/// `SOCKET_TASK_BUFFER_FULL`: half of its limit. It is called once more before `on_close` if messages were
/// handed over since.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_drain(
    handle: socket_task_handle,
    callback: socket_task_drain_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.drain = Callback { function: callback, context })
}

/// Sets the function that is called when half of the time for an answer to a ping of the library's own
/// (`socket_task_set_ping_interval`, `socket_task_probe`, `socket_task_probe_all`) has passed and nothing
/// has come from the peer. At most once until `on_alive`, which follows when the peer lives; `on_error`
/// follows when the rest of the time passes, too. Not called for a connection that is closing.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_suspect(
    handle: socket_task_handle,
    callback: socket_task_suspect_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.suspect = Callback { function: callback, context })
}

/// Sets the function that is called after `on_suspect` when the peer has sent something, or has
/// acknowledged what was sent before the ping.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_alive(
    handle: socket_task_handle,
    callback: socket_task_alive_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.alive = Callback { function: callback, context })
}

/// Sets the function that is called when the connection was lost or could not be made and another attempt follows, in the
/// place of `on_error` and `on_close`. See `socket_task_set_reconnect`.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_reconnecting(
    handle: socket_task_handle,
    callback: socket_task_reconnecting_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.reconnecting = Callback { function: callback, context })
}

/// Sets the function that is called when the connection fails: at most once, and always followed by
/// `on_close`. Not called for a connection that the app itself closed.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_error(
    handle: socket_task_handle,
    callback: socket_task_error_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.error = Callback { function: callback, context })
}

/// Sets the function that is called when the connection is over: exactly once for each successful
/// `socket_task_connect`, unless `socket_task_release` came before.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_close(
    handle: socket_task_handle,
    callback: socket_task_close_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.close = Callback { function: callback, context })
}

/// Sets the function that is called after `socket_task_release`: exactly once, and last. The handle is
/// invalid by then; it is given to tell which one it was. Now the contexts of all callbacks can be
/// freed.
///
/// For the rest see `socket_task_on_open`.
///
/// # Safety
/// As for `socket_task_on_open`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_on_release(
    handle: socket_task_handle,
    callback: socket_task_release_callback,
    context: *mut c_void,
) -> socket_task_status {
    register(handle, |callbacks| callbacks.release = Callback { function: callback, context })
}
