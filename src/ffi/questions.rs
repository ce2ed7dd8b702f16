//! What connections wait for the program to answer.

use std::sync::{Mutex, PoisonError};

use super::status::Failure;
use crate::options::{Answer, Refreshed};

/// What a connection waits for the program to answer.
#[derive(Default)]
pub(super) struct Questions {
    pub refresh: Mutex<Question<Refreshed>>,
    pub should_reconnect: Mutex<Question<bool>>,
}

/// The last one alone can be answered.
pub(super) struct Question<T> {
    ticket: u64,
    answer: Option<Answer<T>>,
}

impl<T> Default for Question<T> {
    fn default() -> Self {
        Question { ticket: 0, answer: None }
    }
}

/// Puts a question in the place of the last one, and gives its ticket.
pub(super) fn ask<T>(question: &Mutex<Question<T>>, answer: Answer<T>) -> u64 {
    let mut question = question.lock().unwrap_or_else(PoisonError::into_inner);
    question.ticket += 1;
    question.answer = Some(answer);
    question.ticket
}

/// The way to answer the question with this ticket.
pub(super) fn answer<T>(question: &Mutex<Question<T>>, ticket: u64) -> Result<Answer<T>, Failure> {
    let mut question = question.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = if question.ticket == ticket { question.answer.take() } else { None };
    answer.filter(Answer::is_awaited).ok_or_else(|| Failure::state("nobody waits for this answer any more"))
}
