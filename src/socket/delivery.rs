//! The one place from which a [`Listener`] is called: in order, contained, and never after release.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::keepalive::Sign;
use super::listener::{Close, Listener, Open};
use super::shared::Shared;
use crate::error::Error;
use crate::wire::{Message, MessageKind};

/// What messages may take, in bytes. A connection without a listener is not read from any more before they take more.
const PARKED_LIMIT: u64 = 256 << 10;

pub(super) struct Delivery {
    /// Host and port, for the log.
    peer: String,
    shared: Arc<Shared>,
    /// None after its last call, and while the connection waits for one.
    listener: Option<Box<dyn Listener>>,
    parked: Option<Box<Parked>>,
    failed: bool,
    closed: bool,
    /// The listener was told that its peer is suspect, and of nothing better since.
    suspected: bool,
}

/// What has come and was not delivered: the connection waits for a listener, or its listener paused before it had all.
#[derive(Default)]
struct Parked {
    open: Option<Open>,
    messages: VecDeque<(MessageKind, Bytes)>,
    /// Bytes that `messages` take.
    size: usize,
}

impl Delivery {
    pub fn new(peer: String, shared: Arc<Shared>, listener: Option<Box<dyn Listener>>) -> Delivery {
        let parked = listener.is_none().then(Box::default);
        Delivery { peer, shared, listener, parked, failed: false, closed: false, suspected: false }
    }

    /// Looks whether somebody has adopted the connection, and delivers what has come before.
    pub fn hand_over(&mut self) {
        self.unpark(false);
    }

    /// `last`: the connection ends; whoever has adopted it gets all, and nobody can adopt it any more.
    fn unpark(&mut self, last: bool) {
        let Some(mut parked) = self.parked.take() else { return };
        if self.listener.is_none() {
            self.listener = self.shared.take_adopter(last);
            if self.listener.is_none() {
                self.parked = (!last).then_some(parked);
                return;
            }
            if let Some(open) = parked.open.take() {
                self.call("on_open", |listener| listener.on_open(&open));
            }
        }
        while let Some((kind, bytes)) = parked.messages.pop_front() {
            if self.shared.closed_by_app() {
                return;
            }
            if self.shared.paused() && !last {
                parked.messages.push_front((kind, bytes));
                self.parked = Some(parked);
                return;
            }
            self.call("on_message", |listener| listener.on_message(Message::whole(kind, &bytes)));
        }
    }

    #[cold]
    fn park_message(&mut self, message: &Message<'_>) {
        if let Some(parked) = &mut self.parked {
            // An empty one takes room, too.
            parked.size += message.as_bytes().len() + size_of::<(MessageKind, Bytes)>();
            parked.messages.push_back((message.kind(), message.to_bytes()));
        }
    }

    /// Sees to it that a connection without a listener is not read from any more, when what is `announced` is more than can
    /// be kept for one.
    #[inline]
    pub fn bound_parked(&self, announced: u64) {
        if let Some(parked) = &self.parked
            && announced.saturating_add(parked.size as u64) > PARKED_LIMIT
        {
            self.shared.pause_parked();
        }
    }

    fn call(&mut self, event: &str, call: impl FnOnce(&mut dyn Listener)) {
        if self.shared.released() {
            return;
        }
        if let Some(listener) = &mut self.listener {
            contain(event, || call(listener.as_mut()));
        }
    }

    pub fn open(&mut self, open: &Open) {
        log::info!("{}: open", self.peer);
        self.hand_over();
        if let Some(parked) = &mut self.parked {
            parked.open = Some(open.clone());
        }
        self.call("on_open", |listener| listener.on_open(open));
    }

    #[inline]
    pub fn message(&mut self, message: &Message<'_>) {
        if self.parked.is_some() {
            return self.park_message(message);
        }
        self.call("on_message", |listener| listener.on_message(*message));
    }

    #[inline(never)]
    pub fn pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        self.call("on_pong", |listener| listener.on_pong(data, rtt));
    }

    pub fn drain(&mut self, sent: u64) {
        self.call("on_drain", |listener| listener.on_drain(sent));
    }

    /// Who adopts a connection is not told that a peer lives of which it did not know that it was suspect.
    #[cold]
    pub fn sign(&mut self, sign: Sign) {
        let was_suspected =
            std::mem::replace(&mut self.suspected, self.listener.is_some() && sign != Sign::Alive);
        match sign {
            Sign::Suspect(silent) => self.call("on_suspect", |listener| listener.on_suspect(silent)),
            Sign::Alive if was_suspected => self.call("on_alive", |listener| listener.on_alive()),
            Sign::Alive => {}
        }
    }

    pub fn error(&mut self, error: &Error) {
        self.unpark(true);
        if !std::mem::replace(&mut self.failed, true) {
            log::info!("{}: failed in phase {}: {:?}", self.peer, error.phase.name(), error.code);
            self.call("on_error", |listener| listener.on_error(error));
        }
    }

    pub fn close(&mut self, close: &Close) {
        self.unpark(true);
        if !std::mem::replace(&mut self.closed, true) {
            let unclean = if close.was_clean { "" } else { ", not cleanly" };
            log::info!("{}: closed with {}{unclean}", self.peer, close.code);
            self.shared.set_closed();
            self.call("on_close", |listener| listener.on_close(close));
        }
    }

    /// The last call, when the app has let go of the connection.
    pub fn release(&mut self) {
        if let Some(mut listener) = self.listener.take() {
            contain("on_release", || {
                listener.on_release();
                drop(listener);
            });
        }
    }
}

/// Calls a listener.
pub(crate) fn contain(event: &str, call: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(call)).is_err() {
        log::error!("a listener panicked in {event}");
    }
}
