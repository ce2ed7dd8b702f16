//! What connections wait for the program to answer.

use super::status::Failure;
use crate::options::{Answer, Question, Refreshed};

/// What a connection waits for the program to answer.
#[derive(Default)]
pub(super) struct Questions {
    pub refresh: Question<Refreshed>,
    pub should_reconnect: Question<bool>,
}

/// The way to answer the question with this ticket.
pub(super) fn answer<T>(question: &Question<T>, ticket: u64) -> Result<Answer<T>, Failure> {
    question.answer(ticket).ok_or_else(|| Failure::state("nobody waits for this answer any more"))
}
