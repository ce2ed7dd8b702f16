//! Signs of life: pings of our own, and what to do when nothing answers.

use std::time::{Duration, Instant};

/// Marks our pings, so that their pongs are told from those to the app's.
const MARK: &[u8] = b"socket-task keepalive ";

/// What is to be done after a silence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Send a ping with [`Keepalive::payload`].
    Ping,
    /// The peer did not answer in time.
    Dead,
}

#[derive(Debug)]
pub(super) struct Keepalive {
    interval: Option<Duration>,
    timeout: Duration,
    /// When the peer was last heard.
    heard: Instant,
    /// When an answer is due at the latest.
    deadline: Option<Instant>,
    /// How long that answer may take, for the error's text.
    waiting: Duration,
    sent: u32,
}

impl Keepalive {
    pub fn new(interval: Option<Duration>, timeout: Duration) -> Keepalive {
        Keepalive { interval, timeout, heard: Instant::now(), deadline: None, waiting: timeout, sent: 0 }
    }

    /// Something came from the peer. Whatever it is, the peer lives.
    #[inline]
    pub fn heard(&mut self) {
        if self.interval.is_some() || self.deadline.is_some() {
            self.heard = Instant::now();
            self.deadline = None;
        }
    }

    /// Nothing is read for now, so that silence means nothing.
    pub fn suspend(&mut self) {
        self.heard = Instant::now();
        self.deadline = None;
    }

    /// Wants an answer within `deadline`, if none is awaited sooner. A ping is to be sent.
    pub fn probe(&mut self, deadline: Duration) {
        let due = Instant::now() + deadline;
        if self.deadline.is_none_or(|pending| due < pending) {
            self.deadline = Some(due);
            self.waiting = deadline;
        }
    }

    /// When [`Keepalive::due`] is to be asked, unless something comes from the peer before.
    pub fn next(&self) -> Option<Instant> {
        self.deadline.or_else(|| self.interval.map(|interval| self.heard + interval))
    }

    /// What is to be done when the time of [`Keepalive::next`] has come.
    pub fn due(&mut self) -> Due {
        if self.deadline.is_some() {
            return Due::Dead;
        }
        self.probe(self.timeout);
        Due::Ping
    }

    /// The payload of the next ping.
    pub fn payload(&mut self) -> Vec<u8> {
        self.sent = self.sent.wrapping_add(1);
        [MARK, &self.sent.to_be_bytes()].concat()
    }

    /// Whether a pong answers one of our pings.
    pub fn is_ours(pong: &[u8]) -> bool {
        pong.len() == MARK.len() + size_of::<u32>() && pong.starts_with(MARK)
    }

    /// How long the answer that did not come could have taken.
    pub fn waiting(&self) -> Duration {
        self.waiting
    }
}
