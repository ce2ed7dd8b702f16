//! What a connection asks JavaScript when it is lost: through the session's queue, and the answer comes from there.

use std::sync::Arc;

use socket_task::options::{Answer, Loss, Question, Refresh, Refreshed, ShouldReconnect};

use crate::event::Event;
use crate::listener::QueueListener;

/// The questions of one connection.
pub struct Questions {
    listener: QueueListener,
    refresh: Question<Refreshed>,
    should_reconnect: Question<bool>,
}

impl Questions {
    pub fn new(listener: QueueListener) -> Arc<Questions> {
        Arc::new(Questions { listener, refresh: Question::default(), should_reconnect: Question::default() })
    }

    /// Nobody may wait for it any more. `None`: there is nothing to connect with.
    pub fn answer_refresh(&self, ticket: u64, refreshed: Option<Refreshed>) {
        if let (Some(answer), Some(refreshed)) = (self.refresh.answer(ticket), refreshed) {
            answer.give(refreshed);
        }
    }

    pub fn answer_should_reconnect(&self, ticket: u64, should: bool) {
        if let Some(answer) = self.should_reconnect.answer(ticket) {
            answer.give(should);
        }
    }
}

impl Refresh for Questions {
    fn refresh(&self, attempt: u32, loss: &Loss, answer: Answer<Refreshed>) {
        let ticket = self.refresh.ask(answer);
        self.listener.push(Event::AskRefresh(ticket, attempt, Box::new(loss.clone())));
    }
}

impl ShouldReconnect for Questions {
    fn should_reconnect(&self, loss: &Loss, would: bool, answer: Answer<bool>) {
        let ticket = self.should_reconnect.ask(answer);
        self.listener.push(Event::AskReconnect(ticket, would, Box::new(loss.clone())));
    }
}
