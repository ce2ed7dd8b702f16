//! One connection, from `connect` to its close event.
//!
//! ```text
//!   any thread                        the library's thread
//!   ──────────                        ────────────────────
//!   Socket ──── Shared ────────────── task: opening → Connection → ending
//!    send: frame and mask ─ Queue ──▶   writes, reads, calls the Listener (Delivery)
//! ```
//!
//! Callers encode their frames themselves, into the queue that the connection's task drains: one copy,
//! on the thread that has the time. A task that is running sees the queue before it parks, so only a
//! parked one is woken.

mod connection;
mod delivery;
mod keepalive;
pub(crate) mod live;
mod prewarm;
mod queue;
mod shared;
mod spares;
mod task;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::connect::timing::Profile;
use crate::error::{Error, Refused};
use crate::options::Options;
use crate::runtime;
use crate::wire::{Message, MessageKind, close};
pub use prewarm::prewarm;
use shared::Shared;

/// Where in its life a connection is (WHATWG's `readyState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ReadyState {
    /// On the way: from the DNS look-up to the opening handshake.
    Connecting = 0,
    /// Messages go both ways.
    Open = 1,
    /// The closing handshake has begun, from either side, or the connection is failing.
    Closing = 2,
    /// Over. The close event was delivered, or is about to be.
    Closed = 3,
}

/// What the server said when it opened the WebSocket.
#[derive(Clone, Debug)]
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
}

/// How a connection ended, as it was on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015
    /// when TLS failed (RFC 6455, section 7.4.1).
    pub code: u16,
    /// The peer's reason.
    pub reason: String,
    /// Whether both sides sent a Close frame (RFC 6455, section 7.1.4).
    pub was_clean: bool,
}

/// What a connection tells. Every call comes on the library's thread, one at a time and in order.
///
/// A call must not block: the other connections wait for it. Every function of [`Socket`] may be called
/// from inside one. A panic is contained and logged. The listener is dropped after its last call.
pub trait Listener: Send + 'static {
    /// The connection is open. At most once, and first.
    fn on_open(&mut self, open: &Open) {
        let _ = open;
    }

    /// A whole message came.
    fn on_message(&mut self, message: Message<'_>) {
        let _ = message;
    }

    /// A pong came. `rtt` is the time since the [`Socket::ping`] that it answers, if it answers one.
    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        let _ = (data, rtt);
    }

    /// The send queue has drained: to zero, or to half of its limit after a send was refused for being
    /// over it. `sent` counts the messages that were handed to the operating system so far. Called once
    /// more before [`Listener::on_close`] if `sent` grew since.
    fn on_drain(&mut self, sent: u64) {
        let _ = sent;
    }

    /// The connection failed. At most once, and always followed by [`Listener::on_close`].
    ///
    /// Not called for a connection that the app itself closed.
    fn on_error(&mut self, error: &Error) {
        let _ = error;
    }

    /// The connection is over. Exactly once, unless [`Socket::release`] was called before.
    fn on_close(&mut self, close: &Close) {
        let _ = close;
    }

    /// [`Socket::release`] was called, and no other call will follow. Exactly once, and last.
    fn on_release(&mut self) {}
}

/// A connection, usable from every thread. Clones are the same connection; dropping the last one is
/// [`Socket::release`].
#[derive(Clone)]
pub struct Socket {
    owner: Arc<Owner>,
}

/// The app's share in a connection.
struct Owner {
    shared: Arc<Shared>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.release();
    }
}

impl Socket {
    /// The longest payload of a ping and of a close reason with its code (RFC 6455, section 5.5), in
    /// bytes.
    pub const CONTROL_LIMIT: usize = 125;

    /// Starts to connect, or adopts a connection that [`prewarm`] has opened. The outcome comes to
    /// `listener`.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for headers or sub-protocols that are not acceptable,
    /// [`Refused::Resource`] when the library's thread cannot be started. The listener is dropped
    /// uncalled.
    pub fn connect(options: Options, listener: impl Listener) -> Result<Socket, Refused> {
        options.validate()?;
        prewarm::adopt(&options, Box::new(listener))
            .or_else(|listener| Socket::start(options, Some(listener)))
    }

    /// Connects. Without a listener the connection waits for one that adopts it.
    fn start(options: Options, listener: Option<Box<dyn Listener>>) -> Result<Socket, Refused> {
        let shared = Arc::new(Shared::new(&options, listener.is_none()));
        runtime::spawn(task::run(Arc::clone(&shared), Box::new(options), listener))?;
        Ok(Socket { owner: Arc::new(Owner { shared }) })
    }

    /// Queues a text message.
    ///
    /// # Errors
    /// [`Refused::InvalidState`] when the connection is not open, [`Refused::BufferFull`] when the
    /// queue has no room for the message. Nothing is queued then.
    pub fn send_text(&self, text: &str) -> Result<(), Refused> {
        self.owner.shared.send(MessageKind::Text, text.as_bytes())
    }

    /// Queues a binary message. Errors as in [`Socket::send_text`].
    pub fn send_binary(&self, data: &[u8]) -> Result<(), Refused> {
        self.owner.shared.send(MessageKind::Binary, data)
    }

    /// Queues a ping. Its pong comes to [`Listener::on_pong`].
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for more than 125 bytes, [`Refused::InvalidState`] when the
    /// connection is not open.
    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        if data.len() > Self::CONTROL_LIMIT {
            return Err(Refused::InvalidArgument(format!(
                "a ping carries at most {} bytes, not {}",
                Self::CONTROL_LIMIT,
                data.len()
            )));
        }
        self.owner.shared.ping(data)
    }

    /// Closes the connection: after the queued messages when it is open, at once when it is not open
    /// yet.
    ///
    /// `None` sends a Close frame without a code; a reason needs a code. No message is delivered any
    /// more. On a connection that is closing or closed already, nothing happens.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for a code that may not be sent (RFC 6455, section 7.4) or a reason
    /// of more than 123 bytes. The connection stays as it was.
    pub fn close(&self, code: Option<u16>, reason: &str) -> Result<(), Refused> {
        check_close(code, reason)?;
        self.owner.shared.close(code, reason);
        Ok(())
    }

    /// Stops reading from the network, so that a peer that sends too fast is slowed down. A message
    /// that is being delivered is still delivered. Pings of the peer stay unanswered meanwhile.
    pub fn pause(&self) {
        self.owner.shared.set_paused(true);
    }

    /// Reads on after [`Socket::pause`].
    pub fn resume(&self) {
        self.owner.shared.set_paused(false);
    }

    /// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline`,
    /// it has failed (phase `timeout`, close code 1006). To be called when the app comes to the
    /// foreground or the network changed.
    pub fn probe(&self, deadline: Duration) {
        self.owner.shared.probe(deadline);
    }

    /// Where in its life the connection is.
    pub fn ready_state(&self) -> ReadyState {
        self.owner.shared.ready_state()
    }

    /// Bytes of messages that were accepted and not yet handed to the operating system, framing not
    /// counted.
    pub fn buffered_amount(&self) -> usize {
        self.owner.shared.buffered_amount()
    }

    /// The sub-protocol that the server chose; `None` before the connection is open, too.
    pub fn protocol(&self) -> Option<&str> {
        self.owner.shared.protocol()
    }

    /// Ends the connection for the app: nothing is delivered any more but [`Listener::on_release`].
    ///
    /// A connection on its way is aborted; an open one is closed with code 1001, in the background and
    /// after the messages queued; one that is closing goes on to close.
    pub fn release(&self) {
        self.owner.shared.release();
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("ready_state", &self.ready_state())
            .field("buffered_amount", &self.buffered_amount())
            .finish_non_exhaustive()
    }
}

/// Checks what an application wants to close with.
fn check_close(code: Option<u16>, reason: &str) -> Result<(), Refused> {
    match code {
        None if reason.is_empty() => Ok(()),
        None => Err(Refused::InvalidArgument("a close reason needs a close code".into())),
        Some(code) if !close::is_valid_close_code_on_wire(code) => {
            Err(Refused::InvalidArgument(format!("{code} is no close code that may be sent")))
        }
        Some(_) if reason.len() > Socket::CONTROL_LIMIT - 2 => Err(Refused::InvalidArgument(format!(
            "a close reason has at most {} bytes, not {}",
            Socket::CONTROL_LIMIT - 2,
            reason.len()
        ))),
        Some(_) => Ok(()),
    }
}
