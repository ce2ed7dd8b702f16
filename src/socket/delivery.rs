//! The one place from which a [`Listener`] is called: in order, contained, and never after release.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::shared::Shared;
use super::{Close, Listener, Open};
use crate::error::Error;
use crate::wire::Message;

pub(super) struct Delivery {
    /// Host and port, for the log.
    peer: String,
    shared: Arc<Shared>,
    /// None after its last call.
    listener: Option<Box<dyn Listener>>,
    failed: bool,
    closed: bool,
}

impl Delivery {
    pub fn new(peer: String, shared: Arc<Shared>, listener: Box<dyn Listener>) -> Delivery {
        Delivery { peer, shared, listener: Some(listener), failed: false, closed: false }
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
        self.call("on_open", |listener| listener.on_open(open));
    }

    #[inline]
    pub fn message(&mut self, message: Message<'_>) {
        self.call("on_message", |listener| listener.on_message(message));
    }

    pub fn pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        self.call("on_pong", |listener| listener.on_pong(data, rtt));
    }

    pub fn drain(&mut self, sent: u64) {
        self.call("on_drain", |listener| listener.on_drain(sent));
    }

    pub fn error(&mut self, error: &Error) {
        if !std::mem::replace(&mut self.failed, true) {
            log::info!("{}: failed in phase {}: {:?}", self.peer, error.phase.name(), error.code);
            self.call("on_error", |listener| listener.on_error(error));
        }
    }

    pub fn close(&mut self, close: &Close) {
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

fn contain(event: &str, call: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(call)).is_err() {
        log::error!("a listener panicked in {event}");
    }
}
