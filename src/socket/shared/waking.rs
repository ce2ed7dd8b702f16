//! How callers wake the connection's task, and how it waits for that.

use std::task::Waker;

use super::Shared;
use super::attention::{BEHIND, BLOCKED, GATHERING, MORE, PARKED};
use super::mailbox::Mailbox;
use crate::sync::MutexGuard;

/// So many bytes of frames wait for no others.
pub const GATHERED: usize = 32 << 10;

impl Shared {
    /// Lets the mailbox go, in which something has changed, and wakes the task if it is parked.
    #[inline]
    pub(super) fn wake(&self, mailbox: MutexGuard<'_, Mailbox>) {
        self.notify(mailbox, BEHIND);
    }

    /// The same where it is a message that has come.
    #[inline(always)]
    pub(super) fn wake_for_message(&self, mailbox: MutexGuard<'_, Mailbox>) {
        match self.attention.get() {
            BLOCKED | MORE | BEHIND => {}
            GATHERING if self.gathers() => {}
            _ => self.notify(mailbox, MORE),
        }
    }

    #[inline]
    fn notify(&self, mut mailbox: MutexGuard<'_, Mailbox>, state: u8) {
        let waker = if self.attention.is_parked() { mailbox.waker.take() } else { None };
        self.attention.set(state);
        drop(mailbox);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether what waits can wait for more, and nobody for its room.
    fn gathers(&self) -> bool {
        self.waiting.framed() < GATHERED.min(self.waiting.limit() / 2) && !self.waiting.is_starved()
    }

    /// A message was refused. If that is for lack of room, what waits has waited long enough.
    #[cold]
    pub(super) fn hurry(&self, mailbox: MutexGuard<'_, Mailbox>) {
        if self.attention.is(GATHERING) {
            self.wake(mailbox);
        }
    }

    /// The task is about to wait, and leaves word of how to wake it. False when it has to look first.
    pub(super) fn leave_word(&self, mailbox: &mut Mailbox, waker: &Waker) -> bool {
        if self.attention.is_behind() {
            return false;
        }
        self.park_as(PARKED, mailbox, waker);
        true
    }

    /// The same where messages are to gather first, and where none can be written.
    pub(super) fn leave_word_to_gather(
        &self,
        mailbox: &mut Mailbox,
        waker: &Waker,
        is_blocked: bool,
    ) -> bool {
        if self.attention.is(BEHIND) || !(is_blocked || self.gathers()) {
            return false;
        }
        self.park_as(if is_blocked { BLOCKED } else { GATHERING }, mailbox, waker);
        true
    }

    fn park_as(&self, state: u8, mailbox: &mut Mailbox, waker: &Waker) {
        self.attention.set(state);
        if !mailbox.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            mailbox.waker = Some(waker.clone());
        }
    }
}
