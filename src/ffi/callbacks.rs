//! What C is told, and by which function.

use std::ffi::c_void;
use std::ptr;
use std::time::Duration;

use super::entry::with_entry;
use super::error::{socket_task_error, socket_task_status, with_c_error};
use super::handle::{New, socket_task_handle};
use super::message::{socket_task_message, with_c_message};
use crate::error::Error;
use crate::socket::{Close, Listener, Open};
use crate::wire::Message;

/// A text with its length: UTF-8 where nothing else is said, not NUL-terminated.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_text {
    /// The bytes; never NULL.
    pub data: *const u8,
    /// How many they are.
    pub length: usize,
}

impl socket_task_text {
    pub(super) fn new(text: &[u8]) -> socket_task_text {
        socket_task_text { data: text.as_ptr(), length: text.len() }
    }
}

/// A header field of a response, in the server's spelling. Values are bytes: RFC 9110 knows no
/// encoding.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_header {
    /// The field's name.
    pub name: socket_task_text,
    /// The field's value.
    pub value: socket_task_text,
}

impl socket_task_header {
    pub(super) fn list(headers: &[(String, Vec<u8>)]) -> Vec<socket_task_header> {
        let header = |(name, value): &(String, Vec<u8>)| socket_task_header {
            name: socket_task_text::new(name.as_bytes()),
            value: socket_task_text::new(value),
        };
        headers.iter().map(header).collect()
    }
}

/// When a phase began and ended, in microseconds since `socket_task_connect`. Both are the same for a
/// phase that was not needed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_span {
    /// When it began.
    pub start_us: u64,
    /// When it ended.
    pub end_us: u64,
}

impl From<crate::connect::timing::Span> for socket_task_span {
    fn from(span: crate::connect::timing::Span) -> socket_task_span {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        socket_task_span { start_us: micros(span.start), end_us: micros(span.end) }
    }
}

/// What the server said when it opened the WebSocket, and how long that took. Valid during the
/// callback.
#[repr(C)]
pub struct socket_task_open {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// HTTP status: 101.
    pub http_status: i32,
    /// Whether an earlier TLS session was resumed.
    pub tls_resumed: bool,
    /// Header fields of the response, in their order; repeated ones are not joined.
    pub headers: *const socket_task_header,
    /// How many they are.
    pub header_count: usize,
    /// The sub-protocol that the server chose; empty for none.
    pub protocol: socket_task_text,
    /// The extensions in use, as in `Sec-WebSocket-Extensions`; empty for none.
    pub extensions: socket_task_text,
    /// The peer's address and port, `192.0.2.1:443` or `[2001:db8::1]:443`.
    pub remote_address: socket_task_text,
    /// `TLSv1.2` or `TLSv1.3`; empty without TLS.
    pub tls_version: socket_task_text,
    /// The cipher suite in IANA's spelling; empty without TLS.
    pub tls_cipher: socket_task_text,
    /// Resolving the host name.
    pub dns: socket_task_span,
    /// Opening the TCP connection.
    pub tcp: socket_task_span,
    /// Asking the proxy for the connection, with the TLS handshake with the proxy.
    pub proxy: socket_task_span,
    /// The TLS handshake with the server.
    pub tls: socket_task_span,
    /// The opening handshake.
    pub handshake: socket_task_span,
}

/// How a connection ended, as it was on the wire. Valid during the callback.
#[repr(C)]
pub struct socket_task_close_event {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015
    /// when TLS failed (RFC 6455, section 7.4.1).
    pub code: u16,
    /// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
    pub was_clean: bool,
    /// The peer's reason; empty for none.
    pub reason: socket_task_text,
}

/// The connection is open.
pub type socket_task_open_callback = Option<
    unsafe extern "C" fn(handle: socket_task_handle, open: *const socket_task_open, context: *mut c_void),
>;

/// A message came.
pub type socket_task_message_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        message: *const socket_task_message,
        context: *mut c_void,
    ),
>;

/// A pong came. `data` is never NULL. `rtt_us` is the time since the `socket_task_ping` that it
/// answers, in microseconds; -1 when it answers none.
pub type socket_task_pong_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        data: *const u8,
        length: usize,
        rtt_us: i64,
        context: *mut c_void,
    ),
>;

/// The send queue has drained. `sent` counts the messages handed to the operating system so far.
pub type socket_task_drain_callback =
    Option<unsafe extern "C" fn(handle: socket_task_handle, sent: u64, context: *mut c_void)>;

/// The connection failed.
pub type socket_task_error_callback = Option<
    unsafe extern "C" fn(handle: socket_task_handle, error: *const socket_task_error, context: *mut c_void),
>;

/// The connection is over.
pub type socket_task_close_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        close: *const socket_task_close_event,
        context: *mut c_void,
    ),
>;

/// Nothing follows; the context can be freed.
pub type socket_task_release_callback =
    Option<unsafe extern "C" fn(handle: socket_task_handle, context: *mut c_void)>;

/// A function of C with its context.
#[derive(Clone, Copy)]
struct Callback<F> {
    function: F,
    context: *mut c_void,
}

impl<F: Default> Default for Callback<F> {
    fn default() -> Self {
        Callback { function: F::default(), context: ptr::null_mut() }
    }
}

// SAFETY: the library only passes the context on; whoever registers it promises that the callback may be called
// with it on the library's thread.
unsafe impl<F: Send> Send for Callback<F> {}

/// What was registered for one handle.
#[derive(Default)]
pub(super) struct Callbacks {
    open: Callback<socket_task_open_callback>,
    message: Callback<socket_task_message_callback>,
    pong: Callback<socket_task_pong_callback>,
    drain: Callback<socket_task_drain_callback>,
    error: Callback<socket_task_error_callback>,
    close: Callback<socket_task_close_callback>,
    release: Callback<socket_task_release_callback>,
}

impl Callbacks {
    /// Whether anybody wants to know of the release.
    pub fn wants_release(&self) -> bool {
        self.release.function.is_some()
    }
}

/// Passes a connection's events on to C.
pub(super) struct CListener {
    pub handle: socket_task_handle,
    pub callbacks: Callbacks,
}

// SAFETY of the calls below: whoever registers a callback promises (in socket_task_on_open's documentation, to which
// the others refer) that it may be called with its context on the library's thread until on_release.
impl Listener for CListener {
    fn on_open(&mut self, open: &Open) {
        let Callback { function: Some(function), context } = self.callbacks.open else { return };
        let headers = socket_task_header::list(&open.headers);
        let profile = &open.profile;
        let remote = profile.remote_address.map(|address| address.to_string()).unwrap_or_default();
        let event = socket_task_open {
            struct_size: size_of::<socket_task_open>(),
            http_status: open.status.into(),
            tls_resumed: profile.tls_resumed,
            headers: headers.as_ptr(),
            header_count: headers.len(),
            protocol: socket_task_text::new(open.protocol.as_deref().unwrap_or_default().as_bytes()),
            extensions: socket_task_text::new(open.extensions.as_bytes()),
            remote_address: socket_task_text::new(remote.as_bytes()),
            tls_version: socket_task_text::new(profile.tls_version.as_bytes()),
            tls_cipher: socket_task_text::new(profile.tls_cipher.as_bytes()),
            dns: profile.dns.into(),
            tcp: profile.tcp.into(),
            proxy: profile.proxy.into(),
            tls: profile.tls.into(),
            handshake: profile.handshake.into(),
        };
        // SAFETY: see above.
        unsafe { function(self.handle, &event, context) };
    }

    #[inline]
    fn on_message(&mut self, message: Message<'_>) {
        let Callback { function: Some(function), context } = self.callbacks.message else { return };
        // SAFETY: see above.
        with_c_message(&message, |message| unsafe { function(self.handle, message, context) });
    }

    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        let Callback { function: Some(function), context } = self.callbacks.pong else { return };
        let rtt = rtt.map_or(-1, |rtt| i64::try_from(rtt.as_micros()).unwrap_or(i64::MAX));
        // SAFETY: see above.
        unsafe { function(self.handle, data.as_ptr(), data.len(), rtt, context) };
    }

    fn on_drain(&mut self, sent: u64) {
        let Callback { function: Some(function), context } = self.callbacks.drain else { return };
        // SAFETY: see above.
        unsafe { function(self.handle, sent, context) };
    }

    fn on_error(&mut self, error: &Error) {
        let Callback { function: Some(function), context } = self.callbacks.error else { return };
        // SAFETY: see above.
        with_c_error(error, |error| unsafe { function(self.handle, error, context) });
    }

    fn on_close(&mut self, close: &Close) {
        let Callback { function: Some(function), context } = self.callbacks.close else { return };
        let event = socket_task_close_event {
            struct_size: size_of::<socket_task_close_event>(),
            code: close.code,
            was_clean: close.was_clean,
            reason: socket_task_text::new(close.reason.as_bytes()),
        };
        // SAFETY: see above.
        unsafe { function(self.handle, &event, context) };
    }

    fn on_release(&mut self) {
        let Callback { function: Some(function), context } = self.callbacks.release else { return };
        // SAFETY: see above.
        unsafe { function(self.handle, context) };
    }
}

fn register(handle: socket_task_handle, set: impl FnOnce(&mut New)) -> socket_task_status {
    with_entry(handle, |entry| {
        entry.configure(|new| {
            set(new);
            Ok(())
        })
    })
}

/// Sets the function that is called when the connection is open. At most once, and before any other
/// event but an error.
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
    register(handle, |new| new.callbacks.open = Callback { function: callback, context })
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
    register(handle, |new| new.callbacks.message = Callback { function: callback, context })
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
    register(handle, |new| new.callbacks.pong = Callback { function: callback, context })
}

/// Sets the function that is called when the send queue has drained: to zero, or to half of its limit
/// after a send got `SOCKET_TASK_BUFFER_FULL`. It is called once more before `on_close` if messages
/// were handed over since.
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
    register(handle, |new| new.callbacks.drain = Callback { function: callback, context })
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
    register(handle, |new| new.callbacks.error = Callback { function: callback, context })
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
    register(handle, |new| new.callbacks.close = Callback { function: callback, context })
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
    register(handle, |new| new.callbacks.release = Callback { function: callback, context })
}
