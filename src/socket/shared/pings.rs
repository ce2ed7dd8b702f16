//! The app's pings that wait for their pong.

use std::collections::VecDeque;

use tokio::time::Instant;

/// How many are remembered. Later ones push the oldest out.
const REMEMBERED: usize = 16;

/// When each was queued, and what it carries; the oldest first.
#[derive(Default)]
pub(super) struct Pings(VecDeque<(Instant, Box<[u8]>)>);

impl Pings {
    /// A ping is queued now.
    pub fn add(&mut self, data: &[u8]) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((Instant::now(), data.into()));
    }

    /// When the ping that a pong with `data` answers was queued. It and the ones before it are forgotten.
    pub fn take(&mut self, data: &[u8]) -> Option<Instant> {
        let at = self.0.iter().position(|(_, sent)| **sent == *data)?;
        self.0.drain(..=at).next_back().map(|(queued, _)| queued)
    }
}
