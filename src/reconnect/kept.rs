//! Messages that were accepted and not handed to the operating system, for the next connection.
//!
//! ```text
//!   handed over │ passed on to the link │ waiting          ◀ push
//!               └─ kept up to the limit ┘
//! ```
//!
//! Of what was passed on, so much is kept as the app has asked for, the oldest first; after the first that is not, none is,
//! so that what a loss leaves is in order and without a gap.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::wire::MessageKind;

/// What an entry takes beside its bytes.
pub(super) const ENTRY_COST: usize = 64;

/// What has become of the messages that were not handed over at a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// So many, the oldest, go to the next connection.
    pub kept: usize,
    /// The others have failed.
    pub failed: usize,
}

pub(super) struct Kept {
    limit: usize,
    entries: VecDeque<Entry>,
    /// How many entries, from the front, the link has.
    passed: usize,
    /// What the entries cost, those that the link alone has included.
    cost: usize,
    /// What those cost that the link has and that are kept.
    kept_cost: usize,
    /// How many the link alone has.
    gone: usize,
    /// Bytes of the entries' messages.
    payload: usize,
}

struct Entry {
    kind: MessageKind,
    length: usize,
    /// None: the link alone has it.
    bytes: Option<Bytes>,
}

impl Entry {
    fn cost(&self) -> usize {
        self.length.saturating_add(ENTRY_COST)
    }
}

impl Kept {
    pub fn new(limit: usize) -> Kept {
        Kept { limit, entries: VecDeque::new(), passed: 0, cost: 0, kept_cost: 0, gone: 0, payload: 0 }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    pub fn payload(&self) -> usize {
        self.payload
    }

    /// Whether one more message can wait for a connection.
    pub fn has_room(&self, length: usize) -> bool {
        self.cost.saturating_add(length).saturating_add(ENTRY_COST) <= self.limit
    }

    /// Whether one more message can wait while there is a connection, which takes `bound` bytes.
    pub fn has_room_within(&self, length: usize, bound: usize) -> bool {
        length <= bound.saturating_sub(self.payload) && self.entries.len() < bound.div_ceil(ENTRY_COST)
    }

    pub fn push(&mut self, kind: MessageKind, bytes: Bytes) {
        let entry = Entry { kind, length: bytes.len(), bytes: Some(bytes) };
        self.cost += entry.cost();
        self.payload += entry.length;
        self.entries.push_back(entry);
    }

    /// The next one for the link, which has it from now on.
    pub fn pass(&mut self) -> Option<(MessageKind, Bytes)> {
        let entry = self.entries.get_mut(self.passed)?;
        let bytes = entry.bytes.clone()?;
        self.passed += 1;
        let kept_cost = self.kept_cost.saturating_add(entry.cost());
        if self.gone == 0 && kept_cost <= self.limit {
            self.kept_cost = kept_cost;
        } else {
            entry.bytes = None;
            self.gone += 1;
        }
        Some((entry.kind, bytes))
    }

    /// The link did not take the one that was passed on last.
    pub fn take_back(&mut self, bytes: Bytes) {
        let Some(entry) = self.passed.checked_sub(1).and_then(|last| self.entries.get_mut(last)) else {
            return;
        };
        self.passed -= 1;
        if entry.bytes.replace(bytes).is_some() {
            self.kept_cost -= entry.cost();
        } else {
            self.gone -= 1;
        }
    }

    /// So many more were handed to the operating system.
    pub fn hand_over(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(self.passed);
        for entry in self.entries.drain(..count) {
            self.cost -= entry.cost();
            self.payload -= entry.length;
            if entry.bytes.is_some() {
                self.kept_cost -= entry.cost();
            } else {
                self.gone -= 1;
            }
        }
        self.passed -= count;
    }

    /// The link is lost: what is kept goes to the next one, and the rest has failed.
    pub fn lose(&mut self) -> Lost {
        let mut cost = 0_usize;
        let stay = self.entries.iter().take_while(|entry| {
            cost = cost.saturating_add(entry.cost());
            entry.bytes.is_some() && cost <= self.limit
        });
        let kept = stay.count();
        let failed = self.entries.len() - kept;
        self.entries.truncate(kept);
        self.cost = self.entries.iter().map(Entry::cost).sum();
        self.payload = self.entries.iter().map(|entry| entry.length).sum();
        self.passed = 0;
        self.kept_cost = 0;
        self.gone = 0;
        Lost { kept, failed }
    }
}

#[cfg(test)]
mod tests;
