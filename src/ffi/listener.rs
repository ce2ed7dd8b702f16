//! The events that C is told of, and the listener that passes them on.

use std::ffi::c_void;
use std::ptr;
use std::time::Duration;

use super::error::{socket_task_error, with_c_error};
use super::message::{socket_task_message, with_c_message};
use super::types::{socket_task_handle, socket_task_header, socket_task_span, socket_task_text};
use crate::error::Error;
use crate::options::Loss;
use crate::socket::{Close, Listener, Open, Reconnecting};
use crate::wire::Message;

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
    /// Which attempt in a row this was; 0 for the first. See `socket_task_set_reconnect`.
    pub attempt: u32,
}

/// How a connection ended, as it was on the wire. Valid during the callback.
#[repr(C)]
pub struct socket_task_close_event {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015
    /// when the TLS handshake itself failed (RFC 6455, section 7.4.1), not the network under it.
    pub code: u16,
    /// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
    pub was_clean: bool,
    /// The peer's reason; empty for none.
    pub reason: socket_task_text,
}

/// How a connection was lost, or why it could not be made. Valid during the call.
#[repr(C)]
pub struct socket_task_loss {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// As in `socket_task_close_event`.
    pub code: u16,
    /// As in `socket_task_close_event`.
    pub was_clean: bool,
    /// As in `socket_task_close_event`.
    pub reason: socket_task_text,
    /// Why it failed; NULL where a Close frame of the server has ended it.
    pub error: *const socket_task_error,
}

/// Calls `give` with what C is told of `loss`.
pub(super) fn with_c_loss<T>(loss: &Loss, give: impl FnOnce(&socket_task_loss) -> T) -> T {
    let with = |error: *const socket_task_error| socket_task_loss {
        struct_size: size_of::<socket_task_loss>(),
        code: loss.code,
        was_clean: loss.was_clean,
        reason: socket_task_text::new(loss.reason.as_bytes()),
        error,
    };
    match &loss.error {
        Some(error) => with_c_error(error, |error| give(&with(error))),
        None => give(&with(ptr::null())),
    }
}

/// A connection was lost or could not be made, and another attempt follows. Valid during the callback.
#[repr(C)]
pub struct socket_task_reconnecting {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// Which attempt in a row comes now; 1 after a connection that was open long enough.
    pub attempt: u32,
    /// How long until then, in milliseconds, unless the network or the app's coming to the foreground brings it nearer, or
    /// their absence puts it off.
    pub delay_ms: u32,
    /// What has happened.
    pub loss: *const socket_task_loss,
    /// How many of the messages that were accepted and not handed to the operating system are kept, the oldest.
    pub kept: usize,
    /// How many of them, those that were accepted later, have failed.
    pub failed: usize,
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

/// The peer is suspect: it has sent nothing in `silent_ms` milliseconds, half of the time that it has for an answer.
pub type socket_task_suspect_callback =
    Option<unsafe extern "C" fn(handle: socket_task_handle, silent_ms: u32, context: *mut c_void)>;

/// The peer that was suspect lives.
pub type socket_task_alive_callback =
    Option<unsafe extern "C" fn(handle: socket_task_handle, context: *mut c_void)>;

/// The connection was lost, and another attempt follows.
pub type socket_task_reconnecting_callback = Option<
    unsafe extern "C" fn(
        handle: socket_task_handle,
        reconnecting: *const socket_task_reconnecting,
        context: *mut c_void,
    ),
>;

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
pub(super) struct Callback<F> {
    pub function: F,
    pub context: *mut c_void,
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
    pub open: Callback<socket_task_open_callback>,
    pub message: Callback<socket_task_message_callback>,
    pub pong: Callback<socket_task_pong_callback>,
    pub drain: Callback<socket_task_drain_callback>,
    pub suspect: Callback<socket_task_suspect_callback>,
    pub alive: Callback<socket_task_alive_callback>,
    pub reconnecting: Callback<socket_task_reconnecting_callback>,
    pub error: Callback<socket_task_error_callback>,
    pub close: Callback<socket_task_close_callback>,
    pub release: Callback<socket_task_release_callback>,
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
            attempt: open.attempt,
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

    fn on_suspect(&mut self, silent: Duration) {
        let Callback { function: Some(function), context } = self.callbacks.suspect else { return };
        let silent = u32::try_from(silent.as_millis()).unwrap_or(u32::MAX);
        // SAFETY: see above.
        unsafe { function(self.handle, silent, context) };
    }

    fn on_alive(&mut self) {
        let Callback { function: Some(function), context } = self.callbacks.alive else { return };
        // SAFETY: see above.
        unsafe { function(self.handle, context) };
    }

    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        let Callback { function: Some(function), context } = self.callbacks.reconnecting else { return };
        with_c_loss(&reconnecting.loss, |loss| {
            let event = socket_task_reconnecting {
                struct_size: size_of::<socket_task_reconnecting>(),
                attempt: reconnecting.attempt,
                delay_ms: u32::try_from(reconnecting.delay.as_millis()).unwrap_or(u32::MAX),
                loss,
                kept: reconnecting.kept,
                failed: reconnecting.failed,
            };
            // SAFETY: see above.
            unsafe { function(self.handle, &event, context) };
        });
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
