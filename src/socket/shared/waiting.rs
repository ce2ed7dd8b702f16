//! How much waits to be handed to the operating system, and whether there is room for more.
//!
//! Senders count what they put in, and the connection's task what it has taken out; neither waits for the other to count.

use crate::error::Refused;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};

/// The counters only grow, and wrap around.
pub(super) struct Waiting {
    limit: usize,
    /// Bytes of messages that were accepted. Changes under the mailbox's lock only.
    accepted: AtomicUsize,
    /// Bytes of their frames, headers included. Changes under the mailbox's lock only.
    framed: AtomicUsize,
    /// Of the accepted bytes, those that were handed over. Only the task changes it.
    gone: AtomicUsize,
    /// The same for their frames.
    framed_gone: AtomicUsize,
    /// A message was refused for lack of room, and nobody was told of room since.
    starved: AtomicBool,
}

impl Waiting {
    /// At most `limit` bytes wait.
    pub fn new(limit: usize) -> Waiting {
        Waiting {
            limit,
            accepted: AtomicUsize::new(0),
            framed: AtomicUsize::new(0),
            gone: AtomicUsize::new(0),
            framed_gone: AtomicUsize::new(0),
            starved: AtomicBool::new(false),
        }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Bytes of messages that were accepted and not handed over.
    #[inline]
    pub fn bytes(&self) -> usize {
        difference(&self.accepted, &self.gone)
    }

    /// Bytes of their frames.
    #[inline]
    pub fn framed(&self) -> usize {
        difference(&self.framed, &self.framed_gone)
    }

    /// Whether a message of `length` bytes fits. When it does not, the task tells when there is room, unless there never is.
    #[inline]
    pub fn check(&self, length: usize) -> Result<(), Refused> {
        if self.fits(length) { Ok(()) } else { self.starve(length) }
    }

    #[inline]
    fn fits(&self, length: usize) -> bool {
        // Small messages are mostly header, and empty ones altogether.
        length <= self.limit.saturating_sub(self.bytes()) && self.framed() < self.limit
    }

    #[cold]
    fn starve(&self, length: usize) -> Result<(), Refused> {
        let limit = self.limit;
        if length > limit {
            return Err(Refused::MessageTooBig { limit, length });
        }
        // The task counts before it looks whether somebody starves; here it is the other way round. So either it sees that, or
        // what it has counted is seen here.
        self.starved.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if self.fits(length) {
            return Ok(());
        }
        Err(Refused::BufferFull { buffered: self.bytes(), limit, length })
    }

    /// Whether somebody waits to be told of room. Exact with the mailbox locked.
    #[inline]
    pub fn is_starved(&self) -> bool {
        self.starved.load(Ordering::Relaxed)
    }

    /// Counts a message. To be called with the mailbox locked.
    #[inline]
    pub fn accept(&self, length: usize, framed: usize) {
        add(&self.accepted, length);
        add(&self.framed, framed);
    }

    /// Takes a part of what was counted back. To be called with the mailbox locked.
    #[inline]
    pub fn uncount(&self, length: usize, framed: usize) {
        add(&self.accepted, length.wrapping_neg());
        add(&self.framed, framed.wrapping_neg());
    }

    /// So much was handed over: `length` bytes of messages, in `framed` bytes of frames. True when somebody waits for room and
    /// has it now. To be called by the task.
    pub fn hand_over(&self, length: usize, framed: usize) -> bool {
        for (counter, more) in [(&self.gone, length), (&self.framed_gone, framed)] {
            counter.store(counter.load(Ordering::Relaxed).wrapping_add(more), Ordering::Release);
        }
        fence(Ordering::SeqCst);
        self.starved.load(Ordering::Relaxed) && self.has_room()
    }

    #[cold]
    fn has_room(&self) -> bool {
        let half = self.limit / 2;
        let has_room = self.bytes() <= half && self.framed() <= half;
        has_room && self.starved.swap(false, Ordering::Relaxed)
    }
}

/// What `gone` lacks to `all`. In this order, since nothing is gone that was not counted before.
#[inline]
fn difference(all: &AtomicUsize, gone: &AtomicUsize) -> usize {
    let gone = gone.load(Ordering::Acquire);
    all.load(Ordering::Relaxed).wrapping_sub(gone)
}

/// Only one thread at a time changes the counter.
#[inline]
fn add(counter: &AtomicUsize, more: usize) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_full(refused: Result<(), Refused>) -> bool {
        matches!(refused, Err(Refused::BufferFull { .. }))
    }

    #[test]
    fn has_room_again_when_half_is_gone() {
        let waiting = Waiting::new(100);
        for _ in 0..2 {
            assert!(waiting.check(50).is_ok());
            waiting.accept(50, 56);
        }
        assert_eq!((waiting.bytes(), is_full(waiting.check(1))), (100, true));
        assert!(!waiting.hand_over(30, 36), "70 wait");
        assert!(waiting.hand_over(20, 30), "50 wait");
        assert!(!waiting.hand_over(50, 46), "it was told");
        assert_eq!((waiting.bytes(), waiting.framed()), (0, 0));
    }

    #[test]
    fn frames_count_where_messages_are_small() {
        let waiting = Waiting::new(60);
        for _ in 0..10 {
            assert!(waiting.check(0).is_ok());
            waiting.accept(0, 6);
        }
        assert!(is_full(waiting.check(0)));
        assert!(waiting.hand_over(0, 60));
    }

    #[test]
    fn what_never_fits_makes_nobody_wait() {
        let waiting = Waiting::new(10);
        assert!(matches!(waiting.check(11), Err(Refused::MessageTooBig { limit: 10, length: 11 })));
        assert!(!waiting.hand_over(0, 0));
    }

    #[test]
    fn counters_wrap_around() {
        let waiting = Waiting::new(100);
        for counter in [&waiting.accepted, &waiting.gone, &waiting.framed, &waiting.framed_gone] {
            counter.store(usize::MAX - 5, Ordering::Relaxed);
        }
        waiting.accept(10, 20);
        assert_eq!((waiting.bytes(), waiting.framed()), (10, 20));
        waiting.uncount(1, 4);
        waiting.hand_over(8, 15);
        assert_eq!((waiting.bytes(), waiting.framed()), (1, 1));
    }

    /// One thread fills it and waits to be told of room, another empties it and tells: none waits for ever.
    #[test]
    fn whoever_starves_is_told() {
        use std::sync::mpsc::{channel, sync_channel};

        const MESSAGES: usize = if cfg!(miri) { 200 } else { 200_000 };
        let waiting = Waiting::new(64);
        let (put, taken) = channel();
        let (tell, told) = sync_channel(1);
        let task = &waiting;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for _ in 0..MESSAGES {
                    taken.recv().expect("there is one more");
                    if task.hand_over(8, 14) {
                        let _ = tell.try_send(());
                    }
                }
            });
            for _ in 0..MESSAGES {
                while waiting.check(8).is_err() {
                    told.recv_timeout(std::time::Duration::from_secs(20)).expect("there is room");
                }
                waiting.accept(8, 14);
                put.send(()).expect("the other one waits for it");
            }
        });
        assert_eq!(waiting.bytes(), 0);
    }
}
