//! What the peer acknowledges, followed while a connection would be given up without it.

use std::time::Duration;

use tokio::time::Instant;

use super::keepalive::{after, before};
use super::transport::Sent;

/// How often to look in the time that the peer has. The system does not tell when something was acknowledged.
const LOOKS: u32 = 4;

/// The least time between two looks.
const SHORTEST: Duration = Duration::from_millis(1);

#[derive(Debug, Default)]
pub(super) struct Progress {
    acknowledged: u64,
    next: Option<Instant>,
}

impl Progress {
    /// Whether the peer, which has `time` for it, has acknowledged something since the look before.
    pub fn look(&mut self, sent: &Sent, time: Duration) -> bool {
        self.next = Some(after((time / LOOKS).max(SHORTEST)));
        let is_more = sent.acknowledged > self.acknowledged;
        self.acknowledged = self.acknowledged.max(sent.acknowledged);
        is_more
    }

    /// The device has slept for `time`, in which the clock stood still.
    pub fn has_slept(&mut self, time: Duration) {
        self.next = self.next.map(|next| before(next, time));
    }

    /// When to look again.
    pub fn next(&self) -> Option<Instant> {
        self.next
    }
}
