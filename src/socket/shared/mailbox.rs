//! What callers leave for the connection's task, and how they wake it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use super::adoption::Adoption;
use super::backlog::Compression;
use super::pings::Pings;
use crate::socket::queue::Queue;
use crate::wire::writer::Writer;

#[derive(Default)]
pub(super) struct Mailbox {
    pub queue: Queue,
    /// While the connection is open for the app.
    pub writer: Option<Writer>,
    /// Where permessage-deflate was agreed on.
    pub compression: Option<Compression>,
    pub probe: Option<Duration>,
    pub pings: Pings,
    pub adoption: Adoption,
    /// The sub-protocol of a connection that is not for sure for who adopts it.
    pub unconfirmed: Option<String>,
    /// A send was refused for lack of room.
    pub starved: bool,
    /// Bytes of frames, headers included, that were not yet handed to the operating system, as far as the task has told.
    pub framed: usize,
    attention: Attention,
    /// How to wake the task. Kept while it is awake, since it mostly parks with the same one.
    waker: Option<Waker>,
}

/// What the task knows of the mailbox.
#[derive(Default, PartialEq, Eq)]
enum Attention {
    /// All: nothing has changed since it looked. It runs, or was woken.
    #[default]
    UpToDate,
    /// Something has changed since. It runs, or was woken, and will look before it parks.
    Behind,
    /// All, and it waits to be woken.
    Parked,
}

impl Mailbox {
    pub fn new(adoption: Adoption) -> Mailbox {
        Mailbox { adoption, ..Mailbox::default() }
    }

    pub fn is_compressing(&self) -> bool {
        self.compression.as_ref().is_some_and(Compression::is_busy)
    }

    /// Where what is sent now goes: behind all that was sent before.
    #[inline]
    pub fn tail(&mut self) -> &mut Queue {
        match &mut self.compression {
            Some(compression) if compression.is_busy() => compression.tail(),
            _ => &mut self.queue,
        }
    }

    /// The frame of a message that was counted in advance has this size.
    pub fn uncount_spared(&mut self, length: usize, framed: usize) {
        self.framed = self.framed.saturating_sub(Writer::max_frame_size(length) - framed);
    }

    /// Notes that something has changed. Returns the waker to be called once the lock is gone.
    #[must_use]
    fn notify(&mut self) -> Option<Waker> {
        let was_parked = self.attention == Attention::Parked;
        self.attention = Attention::Behind;
        if was_parked { self.waker.take() } else { None }
    }

    /// The task looks. Returns whether something has changed since it last did.
    pub fn look(&mut self) -> bool {
        std::mem::take(&mut self.attention) == Attention::Behind
    }

    /// The task goes on without having looked.
    pub fn unpark(&mut self) {
        if self.attention == Attention::Parked {
            self.attention = Attention::UpToDate;
        }
    }

    /// The task has looked before it could see to what there was, and has to look again.
    pub fn fall_behind(&mut self) {
        self.attention = Attention::Behind;
    }

    /// The task is about to wait, and leaves word of how to wake it. False when it has to look first.
    pub fn park(&mut self, waker: &Waker) -> bool {
        if self.attention == Attention::Behind {
            return false;
        }
        self.attention = Attention::Parked;
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
        true
    }
}

/// Lets the mailbox go and wakes the task if it is parked.
pub(super) fn wake(mut mailbox: MutexGuard<'_, Mailbox>) {
    let waker = mailbox.notify();
    drop(mailbox);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A lock whose holder panicked is as good as any: every change under these locks is whole at each
/// step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
