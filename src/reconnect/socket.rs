//! What Rust programs hold, and the C ABI and the addon with them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::relay::Relay;
use super::shared::Shared;
use super::supervisor::Supervisor;
use crate::error::Refused;
use crate::options::Options;
use crate::socket::{CONTROL_LIMIT, Link, Listener, ReadyState, Stats, check_close};
use crate::wire::{MessageKind, is_valid_utf8};
use crate::{platform, runtime};

/// A connection, usable from every thread; with [`Options::reconnect`] one connection after another. Clones are the same
/// connection; dropping the last one is [`Socket::release`].
#[derive(Clone)]
pub struct Socket {
    line: Line,
}

#[derive(Clone)]
enum Line {
    /// One connection.
    Single(Link),
    /// One after another.
    Series(Arc<Series>),
}

/// Dropping it lets go.
struct Series {
    shared: Arc<Shared>,
}

impl Drop for Series {
    fn drop(&mut self) {
        self.shared.release();
    }
}

/// Longer texts take longer to be checked than to ask whether there is room for them.
const LONG_TEXT: usize = 16 << 10;

impl Socket {
    /// The longest payload of a ping and of a close reason with its code (RFC 6455, section 5.5), in
    /// bytes.
    pub const CONTROL_LIMIT: usize = CONTROL_LIMIT;

    /// Starts to connect, or adopts a connection that [`prewarm`](crate::prewarm) has opened. The outcome comes to
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
    pub(crate) fn connect_validated(
        mut options: Options,
        listener: impl Listener,
    ) -> Result<Socket, Refused> {
        let Some(reconnect) = options.reconnect.take() else {
            return Ok(Socket { line: Line::Single(Link::connect(options, listener)?) });
        };
        let shared = Arc::new(Shared::new(options.max_buffered_amount, reconnect.queue));
        let supervisor =
            Supervisor::new(Arc::clone(&shared), options, *reconnect, platform::watch(), Box::new(link));
        runtime::spawn_aside(supervisor.run(Box::new(listener)))?;
        Ok(Socket { line: Line::Series(Arc::new(Series { shared })) })
    }

    fn send(&self, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        match &self.line {
            Line::Single(link) => link.send(kind, payload),
            Line::Series(series) => series.shared.send(kind, payload),
        }
    }

    /// Queues what is a text message if it is UTF-8, for callers who have it from elsewhere. A long text is not looked at while
    /// there is no room for it. Errors as in [`Socket::send_text`], and [`Refused::InvalidUtf8`].
    pub(crate) fn send_unchecked_text(&self, text: &[u8]) -> Result<(), Refused> {
        if text.len() > LONG_TEXT
            && let Line::Single(link) = &self.line
        {
            link.check_send(text.len())?;
        }
        if !is_valid_utf8(text) {
            return Err(Refused::InvalidUtf8);
        }
        self.send(MessageKind::Text, text)
    }

    /// Queues a text message.
    ///
    /// # Errors
    /// [`Refused::InvalidState`] when the connection is not open, [`Refused::BufferFull`] when the
    /// queue has no room for the message now, [`Refused::MessageTooBig`] when it never has. Nothing is queued then.
    pub fn send_text(&self, text: &str) -> Result<(), Refused> {
        self.send(MessageKind::Text, text.as_bytes())
    }

    /// Queues a binary message. Errors as in [`Socket::send_text`].
    pub fn send_binary(&self, data: &[u8]) -> Result<(), Refused> {
        self.send(MessageKind::Binary, data)
    }

    /// Queues a ping. Its pong comes to [`Listener::on_pong`]. It does not wait for messages that are still being
    /// compressed, and is not kept for another connection.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for more than 125 bytes, [`Refused::InvalidState`] when the
    /// connection is not open, [`Refused::BufferFull`] and [`Refused::MessageTooBig`] as for a message.
    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        if data.len() > CONTROL_LIMIT {
            return Err(Refused::InvalidArgument(format!(
                "a ping carries at most {CONTROL_LIMIT} bytes, not {}",
                data.len()
            )));
        }
        match &self.line {
            Line::Single(link) => link.ping(data),
            Line::Series(series) => series.shared.ping(data),
        }
    }

    /// Closes the connection: after the queued messages when it is open, at once when it is not open
    /// yet. No other one follows.
    ///
    /// `None` sends a Close frame without a code; a reason needs a code. No message is delivered any
    /// more. On a connection that is closing or closed already, nothing happens.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for a code that may not be sent (RFC 6455, section 7.4) or a reason
    /// of more than 123 bytes. The connection stays as it was.
    pub fn close(&self, code: Option<u16>, reason: &str) -> Result<(), Refused> {
        check_close(code, reason)?;
        match &self.line {
            Line::Single(link) => link.close(code, reason),
            Line::Series(series) => series.shared.close(code, reason),
        }
        Ok(())
    }

    /// The app is not to be seen any more: the connection is closed with 1001 when `grace` is over, after the queued messages when
    /// it is open, unless [`Socket::show`] is called before. Each call begins anew. With [`Options::reconnect`] another one is made
    /// once the app is seen again.
    ///
    /// # Errors
    /// [`Refused::Resource`] when the library's thread cannot be started.
    pub fn hide(&self, grace: Duration) -> Result<(), Refused> {
        match &self.line {
            Line::Single(link) => link.hide(grace),
            Line::Series(series) => series.shared.hide(grace),
        }
    }

    /// The app is seen again: what [`Socket::hide`] has announced does not happen.
    pub fn show(&self) {
        match &self.line {
            Line::Single(link) => link.show(),
            Line::Series(series) => series.shared.show(),
        }
    }

    /// Stops reading from the network, so that a peer that sends too fast is slowed down. A message
    /// that is being delivered is still delivered. Pings of the peer stay unanswered meanwhile.
    pub fn pause(&self) {
        self.set_paused(true);
    }

    /// Reads on after [`Socket::pause`].
    pub fn resume(&self) {
        self.set_paused(false);
    }

    fn set_paused(&self, paused: bool) {
        match &self.line {
            Line::Single(link) => link.set_paused(paused),
            Line::Series(series) => series.shared.set_paused(paused),
        }
    }

    /// Asks an open connection for a sign of life: when nothing comes from the peer within `deadline`,
    /// it has failed (phase `timeout`, close code 1006). While it acknowledges bytes that were sent before the question, it
    /// is alive. To be called when the app comes to the
    /// foreground or the network changed.
    pub fn probe(&self, deadline: Duration) {
        match &self.line {
            Line::Single(link) => link.probe(deadline),
            Line::Series(series) => {
                if let Some(link) = series.shared.link() {
                    link.probe(deadline);
                }
            }
        }
    }

    /// Where in its life the connection is; connecting while there is none and another one follows.
    pub fn ready_state(&self) -> ReadyState {
        match &self.line {
            Line::Single(link) => link.ready_state(),
            Line::Series(series) => series.shared.ready_state(),
        }
    }

    /// Bytes of messages that were accepted and not yet handed to the operating system, framing not
    /// counted.
    pub fn buffered_amount(&self) -> usize {
        match &self.line {
            Line::Single(link) => link.buffered_amount(),
            Line::Series(series) => series.shared.buffered_amount(),
        }
    }

    /// What it has carried so far.
    pub fn stats(&self) -> Stats {
        match &self.line {
            Line::Single(link) => link.stats(),
            Line::Series(series) => series.shared.stats(),
        }
    }

    /// The sub-protocol that the server chose; `None` before the connection is open, too.
    pub fn protocol(&self) -> Option<String> {
        match &self.line {
            Line::Single(link) => link.protocol().map(Into::into),
            Line::Series(series) => series.shared.link().and_then(|link| link.protocol().map(Into::into)),
        }
    }

    /// Ends the connection for the app: nothing is delivered any more but [`Listener::on_release`].
    ///
    /// A connection on its way is aborted; an open one is closed with code 1001, in the background and
    /// after the messages queued; one that is closing goes on to close.
    pub fn release(&self) {
        match &self.line {
            Line::Single(link) => link.release(),
            Line::Series(series) => series.shared.release(),
        }
    }
}

/// What was opened in advance is for the first attempt only: another one of it may be as old as the one that was lost.
fn link(options: Options, relay: Relay, is_first: bool) -> Result<Link, Refused> {
    if is_first { Link::connect(options, relay) } else { Link::connect_anew(options, relay) }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("ready_state", &self.ready_state())
            .field("buffered_amount", &self.buffered_amount())
            .finish_non_exhaustive()
    }
}
