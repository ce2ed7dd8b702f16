//! What an application is told.

use std::fmt;
use std::time::Duration;

use crate::connect::timing::Profile;
use crate::error::{Error, FieldNames};
use crate::options::{Loss, Secret};
use crate::wire::Message;

/// What the server said when it opened the WebSocket.
///
/// [`Debug`](fmt::Debug) leaves the values of the header fields and the sub-protocol out: apps hand tokens to servers in it.
#[derive(Clone)]
pub struct Open {
    /// HTTP status: 101.
    pub status: u16,
    /// The response's header fields in the order and spelling in which they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The sub-protocol that the server chose.
    pub protocol: Option<String>,
    /// The extensions in use, as in `Sec-WebSocket-Extensions`; empty for none.
    pub extensions: String,
    /// How long each phase took.
    pub profile: Profile,
    /// Which attempt in a row this was, with [`Options::reconnect`](crate::Options::reconnect): 0 for the first.
    pub attempt: u32,
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open")
            .field("status", &self.status)
            .field("headers", &FieldNames(&self.headers))
            .field("protocol", &self.protocol.as_ref().map(Secret::new))
            .field("extensions", &self.extensions)
            .field("profile", &self.profile)
            .field("attempt", &self.attempt)
            .finish()
    }
}

/// How a connection ended, as it was on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015
    /// when the TLS handshake itself failed (RFC 6455, section 7.4.1), not the network under it.
    pub code: u16,
    /// The peer's reason.
    pub reason: String,
    /// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
    pub was_clean: bool,
}

/// A connection was lost or could not be made, and another one will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconnecting {
    /// Which attempt in a row comes now; 1 after a connection that was open long enough.
    pub attempt: u32,
    /// How long until then, unless the network or the app's coming to the foreground brings it nearer, or their absence puts it
    /// off.
    pub delay: Duration,
    /// What has happened.
    pub loss: Loss,
    /// How many of the messages that were accepted and not handed to the operating system are kept, the oldest.
    pub kept: usize,
    /// How many of them, those that were accepted later, have failed.
    pub failed: usize,
}

/// What a connection tells. Every call comes on the library's thread, one at a time and in order.
///
/// A call must not block: the other connections wait for it. Every function of [`Socket`](crate::Socket) may be called
/// from inside one. A panic is contained and logged. The listener is dropped after its last call.
pub trait Listener: Send + 'static {
    /// The connection is open. At most once, and first; with [`Options::reconnect`](crate::Options::reconnect) once for each.
    fn on_open(&mut self, open: &Open) {
        let _ = open;
    }

    /// A whole message came.
    fn on_message(&mut self, message: Message<'_>) {
        let _ = message;
    }

    /// A pong came. `rtt` is the time since the [`Socket::ping`](crate::Socket::ping) that it answers, if it answers one.
    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        let _ = (data, rtt);
    }

    /// Messages were handed to the operating system, `sent` so far; once for all that were at the same time. Or the send
    /// queue has room again, half of its limit, after a send was refused for being over it. Called once more before [`Listener::on_close`] if `sent` grew since.
    fn on_drain(&mut self, sent: u64) {
        let _ = sent;
    }

    /// An answer to a ping of the library's own or to a [`Socket::probe`](crate::Socket::probe) has been awaited for `silent`, which is
    /// half of the time that there is for it, and nothing has come from the peer. At most once before
    /// [`Listener::on_alive`] or the end.
    fn on_suspect(&mut self, silent: Duration) {
        let _ = silent;
    }

    /// The peer that was suspect lives: it has sent something, or acknowledged what was sent before the question.
    fn on_alive(&mut self) {}

    /// The connection was lost or could not be made, which [`Options::reconnect`](crate::Options::reconnect) mends. In the place
    /// of [`Listener::on_error`] and [`Listener::on_close`].
    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        let _ = reconnecting;
    }

    /// The connection failed. At most once, and always followed by [`Listener::on_close`].
    ///
    /// Not called for a connection that the app itself closed.
    fn on_error(&mut self, error: &Error) {
        let _ = error;
    }

    /// The connection is over. Exactly once, unless [`Socket::release`](crate::Socket::release) was called before.
    fn on_close(&mut self, close: &Close) {
        let _ = close;
    }

    /// [`Socket::release`](crate::Socket::release) was called, and no other call will follow. Exactly once, and last.
    fn on_release(&mut self) {}
}
