//! Passes the events of one connection on, and gives the listener back when that is over.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::shared::Shared;
use crate::error::Error;
use crate::options::Loss;
use crate::socket::{Close, Listener, Open};
use crate::wire::Message;

/// What has become of a connection.
pub(super) struct Returned {
    pub listener: Box<dyn Listener>,
    /// None: the app has let go of it, or it was never begun.
    pub loss: Option<Loss>,
    /// How long it was open, if it was.
    pub open: Option<Duration>,
}

pub(super) struct Relay {
    shared: Arc<Shared>,
    attempt: u32,
    /// None once it was given back.
    listener: Option<Box<dyn Listener>>,
    back: Option<oneshot::Sender<Returned>>,
    opened: Option<Instant>,
    error: Option<Error>,
}

impl Relay {
    pub fn new(
        shared: Arc<Shared>,
        attempt: u32,
        listener: Box<dyn Listener>,
    ) -> (Relay, oneshot::Receiver<Returned>) {
        let (sender, receiver) = oneshot::channel();
        let relay = Relay {
            shared,
            attempt,
            listener: Some(listener),
            back: Some(sender),
            opened: None,
            error: None,
        };
        (relay, receiver)
    }

    fn give_back(&mut self, loss: Option<Loss>) {
        if let (Some(listener), Some(back)) = (self.listener.take(), self.back.take()) {
            // Otherwise it may have been refused, by one who holds the lock.
            if self.opened.is_some() {
                self.shared.set_ended();
            }
            let open = self.opened.map(|opened| opened.elapsed());
            let _ = back.send(Returned { listener, loss, open });
        }
    }
}

impl Listener for Relay {
    fn on_open(&mut self, open: &Open) {
        self.opened = Some(Instant::now());
        self.shared.set_open();
        if let Some(listener) = &mut self.listener {
            listener.on_open(&Open { attempt: self.attempt, ..open.clone() });
        }
    }

    #[inline]
    fn on_message(&mut self, message: Message<'_>) {
        if let Some(listener) = &mut self.listener {
            listener.on_message(message);
        }
    }

    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        if let Some(listener) = &mut self.listener {
            listener.on_pong(data, rtt);
        }
    }

    fn on_drain(&mut self, sent: u64) {
        let sent = self.shared.handed_over(sent);
        if let Some(listener) = &mut self.listener {
            listener.on_drain(sent);
        }
    }

    fn on_suspect(&mut self, silent: Duration) {
        if let Some(listener) = &mut self.listener {
            listener.on_suspect(silent);
        }
    }

    fn on_alive(&mut self) {
        if let Some(listener) = &mut self.listener {
            listener.on_alive();
        }
    }

    fn on_error(&mut self, error: &Error) {
        self.error = Some(error.clone());
    }

    fn on_close(&mut self, close: &Close) {
        let Close { code, reason, was_clean } = close.clone();
        let error = self.error.take();
        self.give_back(Some(Loss { code, reason, was_clean, error }));
    }

    fn on_release(&mut self) {
        self.give_back(None);
    }
}

/// One that was refused, or lost with its task, comes back, too.
impl Drop for Relay {
    fn drop(&mut self) {
        self.give_back(None);
    }
}
