//! What feeds a session's queue.

use std::sync::Arc;
use std::time::Duration;

use socket_task::wire::Message;
use socket_task::{Close, Error, Listener, Open, Reconnecting};

use crate::event::Event;
use crate::flow::Flow;
use crate::queue::EventQueue;

/// The listener of one connection.
#[derive(Clone)]
pub struct QueueListener {
    pub id: u32,
    pub queue: Arc<EventQueue>,
    pub flow: Arc<Flow>,
}

impl QueueListener {
    pub fn push(&self, event: Event) {
        self.queue.push(self.id, event, &self.flow);
    }
}

impl Listener for QueueListener {
    fn on_open(&mut self, open: &Open) {
        self.push(Event::Open(Box::new(open.clone())));
    }

    fn on_message(&mut self, message: Message<'_>) {
        let bytes = message.to_bytes();
        self.push(Event::Message(message.kind(), bytes));
    }

    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        self.push(Event::Pong(data.to_vec(), rtt));
    }

    fn on_drain(&mut self, sent: u64) {
        self.push(Event::Drain(sent));
    }

    fn on_suspect(&mut self, silent: Duration) {
        self.push(Event::Suspect(silent));
    }

    fn on_alive(&mut self) {
        self.push(Event::Alive);
    }

    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        self.push(Event::Reconnecting(Box::new(reconnecting.clone())));
    }

    fn on_error(&mut self, error: &Error) {
        self.push(Event::Error(Box::new(error.clone())));
    }

    fn on_close(&mut self, close: &Close) {
        self.push(Event::Close(close.clone()));
    }
}
