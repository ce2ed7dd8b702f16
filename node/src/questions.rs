//! What a connection asks JavaScript when it is lost: through the session's queue, and the answer comes from there.

use std::sync::{Arc, Mutex};

use socket_task::options::{Answer, Loss, Refresh, Refreshed, ShouldReconnect};

use crate::event::Event;
use crate::listener::QueueListener;
use crate::lock::lock;

/// The questions of one connection.
pub struct Questions {
    listener: QueueListener,
    refresh: Mutex<Question<Refreshed>>,
    should_reconnect: Mutex<Question<bool>>,
}

/// The last one alone can be answered.
struct Question<T> {
    ticket: u32,
    answer: Option<Answer<T>>,
}

impl<T> Question<T> {
    fn new() -> Mutex<Question<T>> {
        Mutex::new(Question { ticket: 0, answer: None })
    }
}

fn ask<T>(question: &Mutex<Question<T>>, answer: Answer<T>) -> u32 {
    let mut question = lock(question);
    question.ticket = question.ticket.wrapping_add(1);
    question.answer = Some(answer);
    question.ticket
}

fn answered<T>(question: &Mutex<Question<T>>, ticket: u32) -> Option<Answer<T>> {
    let mut question = lock(question);
    if question.ticket == ticket { question.answer.take() } else { None }
}

impl Questions {
    pub fn new(listener: QueueListener) -> Arc<Questions> {
        let (refresh, should_reconnect) = (Question::new(), Question::new());
        Arc::new(Questions { listener, refresh, should_reconnect })
    }

    /// Nobody may wait for it any more. `None`: there is nothing to connect with.
    pub fn answer_refresh(&self, ticket: u32, refreshed: Option<Refreshed>) {
        if let (Some(answer), Some(refreshed)) = (answered(&self.refresh, ticket), refreshed) {
            answer.give(refreshed);
        }
    }

    pub fn answer_should_reconnect(&self, ticket: u32, should: bool) {
        if let Some(answer) = answered(&self.should_reconnect, ticket) {
            answer.give(should);
        }
    }
}

impl Refresh for Questions {
    fn refresh(&self, attempt: u32, loss: &Loss, answer: Answer<Refreshed>) {
        let ticket = ask(&self.refresh, answer);
        self.listener.push(Event::AskRefresh(ticket, attempt, Box::new(loss.clone())));
    }
}

impl ShouldReconnect for Questions {
    fn should_reconnect(&self, loss: &Loss, would: bool, answer: Answer<bool>) {
        let ticket = ask(&self.should_reconnect, answer);
        self.listener.push(Event::AskReconnect(ticket, would, Box::new(loss.clone())));
    }
}
