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
    /// How to wake the task. Kept while it is awake, since it mostly parks with the same one.
    pub waker: Option<Waker>,
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
}

/// A lock whose holder panicked is as good as any: every change under these locks is whole at each
/// step.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
