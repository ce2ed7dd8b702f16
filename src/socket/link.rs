//! The app's side of one connection.

use std::sync::Arc;
use std::time::Duration;

use super::listener::Listener;
use super::owner::Owner;
use super::prewarm;
use super::ready_state::ReadyState;
use super::traffic::Stats;
#[cfg(test)]
use super::transport::memory;
#[cfg(test)]
use crate::connect::Opened;
#[cfg(test)]
use crate::error::Error;
use crate::error::Refused;
use crate::options::Options;
use crate::wire::{MessageKind, close};

/// The longest payload of a ping and of a close reason with its code (RFC 6455, section 5.5), in bytes.
pub(crate) const CONTROL_LIMIT: usize = 125;

/// One connection, usable from every thread. Clones are the same connection; dropping the last one is
/// [`Link::release`].
#[derive(Clone)]
pub(crate) struct Link {
    owner: Arc<Owner>,
}

impl Link {
    /// Starts to connect with options that [`Options::validate`] has accepted, or adopts a connection that [`prewarm()`]
    /// has opened.
    pub fn connect(options: Options, listener: impl Listener) -> Result<Link, Refused> {
        prewarm::adopt(&options, Box::new(listener))
            .or_else(|listener| Owner::start(options, Some(listener)))
            .map(|owner| Link { owner: Arc::new(owner) })
    }

    /// [`Link::connect`] that adopts none.
    pub fn connect_anew(options: Options, listener: impl Listener) -> Result<Link, Refused> {
        Owner::start(options, Some(Box::new(listener))).map(|owner| Link { owner: Arc::new(owner) })
    }

    /// Over a network in memory, on the thread that asks for it.
    #[cfg(test)]
    pub fn in_memory(
        options: Options,
        listener: impl Listener,
        opening: impl AsyncFnOnce(&Options) -> Result<Opened<memory::Client>, Error> + 'static,
    ) -> Link {
        Link { owner: Arc::new(Owner::in_memory(options, Box::new(listener), opening)) }
    }

    /// Refuses what [`Link::send`] would refuse, given `length` bytes.
    pub fn check_send(&self, length: usize) -> Result<(), Refused> {
        self.owner.shared().check_send(length)
    }

    /// See [`Socket::send_text`](crate::Socket::send_text). The payload of a text is UTF-8.
    pub fn send(&self, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        self.owner.shared().send(kind, payload)
    }

    /// See [`Socket::ping`](crate::Socket::ping).
    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        self.owner.shared().ping(data)
    }

    /// See [`Socket::close`](crate::Socket::close), with what [`check_close`] has accepted.
    pub fn close(&self, code: Option<u16>, reason: &str) {
        self.owner.shared().close(code, reason);
    }

    /// See [`Socket::hide`](crate::Socket::hide).
    pub fn hide(&self, grace: Duration) -> Result<(), Refused> {
        self.owner.shared().hide(grace)
    }

    /// See [`Socket::show`](crate::Socket::show).
    pub fn show(&self) {
        self.owner.shared().show();
    }

    /// See [`Socket::pause`](crate::Socket::pause) and [`Socket::resume`](crate::Socket::resume).
    pub fn set_paused(&self, paused: bool) {
        self.owner.shared().set_paused(paused);
    }

    /// See [`Socket::probe`](crate::Socket::probe).
    pub fn probe(&self, deadline: Duration) {
        self.owner.shared().probe(deadline);
    }

    pub fn ready_state(&self) -> ReadyState {
        self.owner.shared().ready_state()
    }

    pub fn buffered_amount(&self) -> usize {
        self.owner.shared().buffered_amount()
    }

    pub fn stats(&self) -> Stats {
        self.owner.shared().traffic.stats()
    }

    pub fn protocol(&self) -> Option<&str> {
        self.owner.shared().protocol()
    }

    /// See [`Socket::release`](crate::Socket::release).
    pub fn release(&self) {
        self.owner.shared().release();
    }
}

/// Checks what an application wants to close with.
pub(crate) fn check_close(code: Option<u16>, reason: &str) -> Result<(), Refused> {
    match code {
        None if reason.is_empty() => Ok(()),
        None => Err(Refused::InvalidArgument("a close reason needs a close code".into())),
        Some(code) if !close::is_valid_close_code_on_wire(code) => Err(Refused::InvalidArgument(format!(
            "the close code {code} may not be sent; 1000 to 1003, 1007 to 1014 and 3000 to 4999 may"
        ))),
        Some(_) if reason.len() > CONTROL_LIMIT - 2 => Err(Refused::InvalidArgument(format!(
            "a close reason has at most {} bytes of UTF-8, and this one has {}",
            CONTROL_LIMIT - 2,
            reason.len()
        ))),
        Some(_) => Ok(()),
    }
}
