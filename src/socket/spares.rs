//! Buffers of frames that were written, kept for a moment for the next ones, of whichever connection.
//!
//! Memory that is new to the process costs more than masking a message into it: the system has to find and clear
//! each page, and takes it back when the buffer is freed. Sending at full speed would pay that for every byte.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Smaller buffers are left to the allocator, which keeps them itself.
const SMALLEST: usize = 16 << 10;

/// What is kept at most: a burst's worth, or the buffers of two large messages, one being written and one being made.
const MAX_COUNT: usize = 16;
const MAX_CAPACITY: usize = (32 << 20) + SMALLEST;

/// For how long nobody may have given a buffer before all are freed.
const KEPT: Duration = Duration::from_secs(1);

static SPARES: Mutex<Spares> = Mutex::new(Spares { buffers: Vec::new(), capacity: 0, given: None });

struct Spares {
    buffers: Vec<Vec<u8>>,
    /// Of all of them.
    capacity: usize,
    /// When the last one was given.
    given: Option<Instant>,
}

/// An empty buffer with room for `bound` bytes or more.
pub(super) fn buffer(bound: usize) -> Vec<u8> {
    let spare = if bound < SMALLEST { None } else { spares().take(bound) };
    spare.unwrap_or_else(|| Vec::with_capacity(bound))
}

/// The side of a connection that gives buffers back, and sees to it that none is kept for long.
#[derive(Debug, Default)]
pub(super) struct Giver {
    due: Option<Instant>,
}

impl Giver {
    /// Keeps the buffer, if it is of use to anybody.
    #[inline]
    pub fn give(&mut self, buffer: Vec<u8>) {
        if buffer.capacity() >= SMALLEST {
            let now = Instant::now();
            spares().give(buffer, now);
            self.due = Some(now + KEPT);
        }
    }

    /// When to call [`Giver::tidy`].
    #[inline]
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Frees all buffers, unless somebody has given one lately.
    pub fn tidy(&mut self) {
        self.due = None;
        let mut spares = spares();
        if spares.given.is_some_and(|given| given.elapsed() >= KEPT) {
            spares.clear();
        }
    }
}

/// A connection that has ended tidies nothing later on.
impl Drop for Giver {
    fn drop(&mut self) {
        if self.due.is_some() {
            spares().clear();
        }
    }
}

impl Spares {
    fn take(&mut self, bound: usize) -> Option<Vec<u8>> {
        // One much larger is for messages of its size.
        let fits = |buffer: &Vec<u8>| (bound..=bound.saturating_mul(4)).contains(&buffer.capacity());
        let at = self.buffers.iter().rposition(fits)?;
        let buffer = self.buffers.swap_remove(at);
        self.capacity -= buffer.capacity();
        Some(buffer)
    }

    fn give(&mut self, mut buffer: Vec<u8>, now: Instant) {
        self.given = Some(now);
        if self.buffers.len() < MAX_COUNT && self.capacity + buffer.capacity() <= MAX_CAPACITY {
            buffer.clear();
            self.capacity += buffer.capacity();
            self.buffers.push(buffer);
        }
    }

    fn clear(&mut self) {
        self.buffers = Vec::new();
        self.capacity = 0;
        self.given = None;
    }
}

/// Every change under the lock is whole at each step, so a holder that panicked has left nothing broken.
fn spares() -> MutexGuard<'static, Spares> {
    SPARES.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Spares {
        Spares { buffers: Vec::new(), capacity: 0, given: None }
    }

    #[test]
    fn takes_what_was_given_when_it_fits() {
        let mut spares = empty();
        for capacity in [20_000, 200_000] {
            spares.give(vec![1; capacity], Instant::now());
        }
        assert!(spares.take(300_000).is_none());
        assert!(spares.take(70_000).is_some_and(|buffer| buffer.is_empty() && buffer.capacity() == 200_000));
        assert!(spares.take(70_000).is_none());
        assert!(spares.take(SMALLEST).is_some_and(|buffer| buffer.capacity() == 20_000));
        assert_eq!((spares.buffers.len(), spares.capacity), (0, 0));
    }

    #[test]
    fn leaves_a_large_buffer_to_large_messages() {
        let mut spares = empty();
        spares.give(Vec::with_capacity(1 << 20), Instant::now());
        assert!(spares.take(SMALLEST).is_none());
    }

    #[test]
    fn keeps_neither_too_much_nor_too_many() {
        let mut spares = empty();
        spares.give(Vec::with_capacity(MAX_CAPACITY - SMALLEST), Instant::now());
        spares.give(Vec::with_capacity(SMALLEST + 1), Instant::now());
        assert_eq!(spares.buffers.len(), 1);
        spares.clear();
        for _ in 0..2 * MAX_COUNT {
            spares.give(Vec::with_capacity(SMALLEST), Instant::now());
        }
        assert_eq!((spares.buffers.len(), spares.capacity), (MAX_COUNT, MAX_COUNT * SMALLEST));
    }
}
