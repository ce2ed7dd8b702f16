//! What the models have of the mailbox.

use std::task::Waker;

#[derive(Default)]
pub struct Mailbox {
    pub messages: Vec<usize>,
    pub closing: bool,
    pub waker: Option<Waker>,
}
