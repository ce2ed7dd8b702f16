//! The library's sources, and as much around them as they need.

// Some of it only the library uses.
#![allow(dead_code)]

#[path = "../../src/socket/shared/attention.rs"]
mod attention;
mod mailbox;
#[path = "../../src/socket/shared/waiting.rs"]
mod waiting;
#[path = "../../src/socket/shared/waking.rs"]
mod waking;

use std::task::Waker;

use crate::error::Refused;
use crate::sync::Mutex;
use attention::Attention;
use mailbox::Mailbox;
use waiting::Waiting;

pub struct Shared {
    mailbox: Mutex<Mailbox>,
    attention: Attention,
    waiting: Waiting,
}

/// How a task waits.
#[derive(Clone, Copy, PartialEq)]
pub enum Sleep {
    Parked,
    Gathering,
    Blocked,
}

/// Every frame has a header of so many bytes.
pub const HEADER: usize = 6;

impl Shared {
    pub fn new(limit: usize) -> Shared {
        Shared {
            mailbox: Mutex::new(Mailbox::default()),
            attention: Attention::default(),
            waiting: Waiting::new(limit),
        }
    }

    /// As `send` in callers.rs.
    pub fn send(&self, length: usize) -> Result<(), Refused> {
        let mut mailbox = self.mailbox.lock().unwrap();
        if let Err(refused) = self.waiting.check(length) {
            self.hurry(mailbox);
            return Err(refused);
        }
        mailbox.messages.push(length);
        self.waiting.accept(length, length + HEADER);
        self.wake_for_message(mailbox);
        Ok(())
    }

    /// As `begin_closing` in callers.rs.
    pub fn close(&self) {
        let mut mailbox = self.mailbox.lock().unwrap();
        mailbox.closing = true;
        self.wake(mailbox);
    }

    /// As `collect` in task.rs: the messages, and whether the connection is to be closed.
    pub fn collect(&self) -> Option<(Vec<usize>, bool)> {
        if !self.attention.is_behind() {
            self.attention.unpark();
            return None;
        }
        let mut mailbox = self.mailbox.lock().unwrap();
        self.attention.look();
        Some((std::mem::take(&mut mailbox.messages), mailbox.closing))
    }

    /// As `handed_over` in task.rs.
    pub fn hand_over(&self, messages: &[usize]) -> bool {
        let length: usize = messages.iter().sum();
        self.waiting.hand_over(length, length + messages.len() * HEADER)
    }

    /// As `park` and `gather` in task.rs.
    pub fn park(&self, waker: &Waker, sleep: Sleep) -> bool {
        match sleep {
            Sleep::Parked => {
                !self.attention.is_behind() && self.leave_word(&mut self.mailbox.lock().unwrap(), waker)
            }
            _ => self.leave_word_to_gather(&mut self.mailbox.lock().unwrap(), waker, sleep == Sleep::Blocked),
        }
    }

    pub fn waits(&self) -> usize {
        self.waiting.bytes()
    }
}
