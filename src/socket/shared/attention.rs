//! Whether the task has to be woken for what callers leave.

use crate::sync::atomic::{AtomicU8, Ordering};

/// What the task knows of the mailbox. Changes under its lock only, but for [`unpark`](Attention::unpark); the task may look at it
/// without, and sees then what is or was.
#[derive(Default)]
pub(super) struct Attention(AtomicU8);

/// All: nothing has changed since it looked. It runs, or was woken.
const UP_TO_DATE: u8 = 0;
/// Messages have come since. It runs, or was woken, and will look before it parks, unless they are to gather.
pub(super) const MORE: u8 = 1;
/// Something else has changed since. It runs, or was woken, and will look before it parks.
pub(super) const BEHIND: u8 = 2;
/// All, and it waits to be woken.
pub(super) const PARKED: u8 = 3;
/// It waits to be woken, though not for messages that can wait for others.
pub(super) const GATHERING: u8 = 4;
/// It waits to be woken, though not for messages: the network takes nothing.
pub(super) const BLOCKED: u8 = 5;

impl Attention {
    #[inline]
    pub fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    pub fn is(&self, state: u8) -> bool {
        self.get() == state
    }

    #[inline]
    pub fn set(&self, state: u8) {
        self.0.store(state, Ordering::Relaxed);
    }

    /// Something has changed that the task has not looked at.
    #[inline]
    pub fn is_behind(&self) -> bool {
        !self.is(UP_TO_DATE) && !self.is(PARKED)
    }

    #[inline]
    pub fn is_parked(&self) -> bool {
        self.get() >= PARKED
    }

    /// The task looks.
    pub fn look(&self) {
        self.set(UP_TO_DATE);
    }

    /// The task goes on without having looked. To be called without the lock, too: who has found it parked wakes it, and then
    /// leaves its own state behind.
    pub fn unpark(&self) {
        if self.is(PARKED) {
            let _ = self.0.compare_exchange(PARKED, UP_TO_DATE, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// The task has looked before it could see to what there was, and has to look again.
    pub fn fall_behind(&self) {
        self.set(BEHIND);
    }
}
