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
//!
//! The task opens the connection (`task`), and carries it to its end (`connection`): what comes in (`incoming`), what is
//! to leave (`outgoing`), the phases on the way (`phase`) and signs of life (`keepalive`), over whatever carries the
//! bytes (`transport`). What it and the callers know of each other is in `shared`.

mod connection;
mod delivery;
mod ending;
mod incoming;
mod keepalive;
mod listener;
mod live;
mod outgoing;
mod owner;
mod phase;
mod prewarm;
mod progress;
mod queue;
mod ready_state;
mod shared;
mod spares;
mod task;
mod timer;
mod traffic;
mod transport;
mod turn;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Refused;
use crate::options::Options;
use crate::wire::{MessageKind, close};
pub use listener::{Close, Listener, Open};
pub use live::probe_all;
use owner::Owner;
pub use prewarm::prewarm;
pub use ready_state::ReadyState;
pub use traffic::Stats;

/// A connection, usable from every thread. Clones are the same connection; dropping the last one is
/// [`Socket::release`].
#[derive(Clone)]
pub struct Socket {
    owner: Arc<Owner>,
}

impl Socket {
    /// The longest payload of a ping and of a close reason with its code (RFC 6455, section 5.5), in
    /// bytes.
    pub const CONTROL_LIMIT: usize = 125;

    /// Starts to connect, or adopts a connection that [`prewarm()`] has opened. The outcome comes to
    /// `listener`.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for headers or sub-protocols that are not acceptable,
    /// [`Refused::Resource`] when the library's thread cannot be started. The listener is dropped
    /// uncalled.
    pub fn connect(options: Options, listener: impl Listener) -> Result<Socket, Refused> {
        options.validate()?;
        Socket::connect_validated(options, listener)
    }

    /// [`Socket::connect`] with options that [`Options::validate`] has accepted.
    pub(crate) fn connect_validated(options: Options, listener: impl Listener) -> Result<Socket, Refused> {
        prewarm::adopt(&options, Box::new(listener))
            .or_else(|listener| Owner::start(options, Some(listener)))
            .map(|owner| Socket { owner: Arc::new(owner) })
    }

    /// Queues a text message.
    ///
    /// # Errors
    /// [`Refused::InvalidState`] when the connection is not open, [`Refused::BufferFull`] when the
    /// queue has no room for the message now, [`Refused::MessageTooBig`] when it never has. Nothing is queued then.
    pub fn send_text(&self, text: &str) -> Result<(), Refused> {
        self.owner.shared().send(MessageKind::Text, text.as_bytes())
    }

    /// Queues a binary message. Errors as in [`Socket::send_text`].
    pub fn send_binary(&self, data: &[u8]) -> Result<(), Refused> {
        self.owner.shared().send(MessageKind::Binary, data)
    }

    /// Queues a ping. Its pong comes to [`Listener::on_pong`]. It does not wait for messages that are still being
    /// compressed.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for more than 125 bytes, [`Refused::InvalidState`] when the
    /// connection is not open, [`Refused::BufferFull`] and [`Refused::MessageTooBig`] as for a message.
    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        if data.len() > Self::CONTROL_LIMIT {
            return Err(Refused::InvalidArgument(format!(
                "a ping carries at most {} bytes, not {}",
                Self::CONTROL_LIMIT,
                data.len()
            )));
        }
        self.owner.shared().ping(data)
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
        self.owner.shared().close(code, reason);
        Ok(())
    }

    /// The app is not to be seen any more: the connection is closed with 1001 when `grace` is over, after the queued messages when
    /// it is open, unless [`Socket::show`] is called before. Each call begins anew.
    ///
    /// # Errors
    /// [`Refused::Resource`] when the library's thread cannot be started.
    pub fn hide(&self, grace: Duration) -> Result<(), Refused> {
        self.owner.shared().hide(grace)
    }

    /// The app is seen again: what [`Socket::hide`] has announced does not happen.
    pub fn show(&self) {
        self.owner.shared().show();
    }

    /// Stops reading from the network, so that a peer that sends too fast is slowed down. A message
    /// that is being delivered is still delivered. Pings of the peer stay unanswered meanwhile.
    pub fn pause(&self) {
        self.owner.shared().set_paused(true);
    }

    /// Reads on after [`Socket::pause`].
    pub fn resume(&self) {
        self.owner.shared().set_paused(false);
    }

    /// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline`,
    /// it has failed (phase `timeout`, close code 1006). While it acknowledges bytes that were sent before the question, it
    /// is alive. To be called when the app comes to the
    /// foreground or the network changed.
    pub fn probe(&self, deadline: Duration) {
        self.owner.shared().probe(deadline);
    }

    /// Where in its life the connection is.
    pub fn ready_state(&self) -> ReadyState {
        self.owner.shared().ready_state()
    }

    /// Bytes of messages that were accepted and not yet handed to the operating system, framing not
    /// counted.
    pub fn buffered_amount(&self) -> usize {
        self.owner.shared().buffered_amount()
    }

    /// What it has carried so far.
    pub fn stats(&self) -> Stats {
        self.owner.shared().traffic.stats()
    }

    /// The sub-protocol that the server chose; `None` before the connection is open, too.
    pub fn protocol(&self) -> Option<&str> {
        self.owner.shared().protocol()
    }

    /// Ends the connection for the app: nothing is delivered any more but [`Listener::on_release`].
    ///
    /// A connection on its way is aborted; an open one is closed with code 1001, in the background and
    /// after the messages queued; one that is closing goes on to close.
    pub fn release(&self) {
        self.owner.shared().release();
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
        Some(code) if !close::is_valid_close_code_on_wire(code) => Err(Refused::InvalidArgument(format!(
            "the close code {code} may not be sent; 1000 to 1003, 1007 to 1014 and 3000 to 4999 may"
        ))),
        Some(_) if reason.len() > Socket::CONTROL_LIMIT - 2 => Err(Refused::InvalidArgument(format!(
            "a close reason has at most {} bytes of UTF-8, and this one has {}",
            Socket::CONTROL_LIMIT - 2,
            reason.len()
        ))),
        Some(_) => Ok(()),
    }
}
