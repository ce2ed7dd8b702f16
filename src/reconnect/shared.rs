//! What callers' threads, the supervisor and the relay of the connection that there is share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use super::kept::{ENTRY_COST, Kept, Lost};
use crate::error::Refused;
use crate::socket::{Interest, Link, NOT_OPEN, ReadyState, Stats};
use crate::wire::MessageKind;

/// How many bytes are passed on to the link in one go, so that nobody is kept for long: neither a caller nor the library's
/// thread. The rest follows when those were handed over.
const PASSED_AT_ONCE: usize = 256 << 10;

pub(super) struct Shared {
    max_buffered_amount: usize,
    /// The app has said that it is not to be seen.
    hidden: watch::Sender<bool>,
    /// Held briefly: nothing is sent or copied under it, and no function of the app's is called.
    inner: Mutex<Inner>,
}

struct Inner {
    interest: Interest,
    /// `on_close` was called, or is about to be.
    is_over: bool,
    link: Option<Link>,
    /// The link was told to be open.
    is_open: bool,
    /// It was, or an earlier one.
    was_open: bool,
    /// Tells one link from the next.
    generation: u64,
    paused: bool,
    kept: Kept,
    /// Somebody passes messages on to the link.
    is_passing: bool,
    /// Handed over on the link that there is.
    sent: u64,
    /// What earlier links have carried.
    before: Stats,
    waker: Option<Waker>,
}

impl Shared {
    pub fn new(max_buffered_amount: usize, queue: usize) -> Shared {
        let inner = Inner {
            interest: Interest::Everything,
            is_over: false,
            link: None,
            is_open: false,
            was_open: false,
            generation: 0,
            paused: false,
            kept: Kept::new(queue),
            is_passing: false,
            sent: 0,
            before: Stats::default(),
            waker: None,
        };
        Shared { max_buffered_amount, hidden: watch::Sender::new(false), inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- callers' threads ----

    /// Accepted messages are counted here, also those that the link alone has: so a loss can tell how many have failed.
    pub fn send(&self, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        let bytes = Bytes::copy_from_slice(payload);
        let mut inner = self.lock();
        let takes = inner.is_open || inner.kept.limit() > 0;
        if inner.interest > Interest::Everything || inner.is_over || !takes {
            return Err(NOT_OPEN);
        }
        let (length, buffered) = (payload.len(), inner.kept.payload());
        if length > self.max_buffered_amount {
            return Err(Refused::MessageTooBig { limit: self.max_buffered_amount, length });
        }
        if inner.is_open {
            if !inner.kept.has_room_within(length, self.max_buffered_amount) {
                return Err(Refused::BufferFull { buffered, limit: self.max_buffered_amount, length });
            }
        } else if !inner.kept.has_room(length) {
            return Err(Refused::BufferFull { buffered, limit: inner.kept.limit(), length });
        }
        inner.kept.push(kind, bytes);
        drop(inner);
        self.pass_on();
        Ok(())
    }

    /// Passes on to the link what waits for it. Whoever comes while somebody does leaves it to that one.
    pub fn pass_on(&self) {
        let mut budget = PASSED_AT_ONCE;
        let mut inner = self.lock();
        if inner.is_passing {
            return;
        }
        inner.is_passing = true;
        while let (true, Some(link)) = (inner.is_open && budget > 0, inner.link.clone()) {
            let Some((kind, bytes)) = inner.kept.pass() else { break };
            let generation = inner.generation;
            drop(inner);
            budget = budget.saturating_sub(bytes.len() + ENTRY_COST);
            let taken = link.send(kind, &bytes);
            // Not with the lock held: it may be the last one of an earlier link.
            drop(link);
            inner = self.lock();
            if taken.is_err() {
                if inner.generation != generation {
                    continue;
                }
                // It has no room, and tells when it has; or it is open no more.
                inner.kept.take_back(bytes);
                break;
            }
        }
        inner.is_passing = false;
    }

    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        self.link().ok_or(NOT_OPEN)?.ping(data)
    }

    pub fn close(&self, code: Option<u16>, reason: &str) {
        if let Some(link) = self.lose_interest(Interest::End) {
            link.close(code, reason);
        }
    }

    pub fn release(&self) {
        if let Some(link) = self.lose_interest(Interest::Nothing) {
            link.release();
        }
    }

    /// Returns the link that has to know of it.
    fn lose_interest(&self, interest: Interest) -> Option<Link> {
        let mut inner = self.lock();
        inner.interest = inner.interest.max(interest);
        let (link, waker) = (inner.link.clone(), inner.waker.take());
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
        link
    }

    pub fn set_paused(&self, paused: bool) {
        let link = {
            let mut inner = self.lock();
            inner.paused = paused;
            inner.link.clone()
        };
        if let Some(link) = link {
            link.set_paused(paused);
        }
    }

    /// A link that there is closes when `grace` is over, and another one is made when the app is seen again.
    pub fn hide(&self, grace: Duration) -> Result<(), Refused> {
        self.hidden.send_replace(true);
        self.link().map_or(Ok(()), |link| link.hide(grace))
    }

    pub fn show(&self) {
        self.hidden.send_replace(false);
        if let Some(link) = self.link() {
            link.show();
        }
    }

    /// Whether the app is hidden, and when that changes.
    pub fn hidden(&self) -> watch::Receiver<bool> {
        self.hidden.subscribe()
    }

    pub fn link(&self) -> Option<Link> {
        self.lock().link.clone()
    }

    pub fn ready_state(&self) -> ReadyState {
        let inner = self.lock();
        let is_ending = inner.interest > Interest::Everything;
        match inner.link.as_ref().map(Link::ready_state) {
            _ if inner.is_over => ReadyState::Closed,
            // Another one follows.
            None | Some(ReadyState::Closed) if !is_ending => ReadyState::Connecting,
            None | Some(ReadyState::Closed) => ReadyState::Closing,
            Some(state) => state,
        }
    }

    pub fn buffered_amount(&self) -> usize {
        self.lock().kept.payload()
    }

    pub fn stats(&self) -> Stats {
        let inner = self.lock();
        match &inner.link {
            Some(link) => inner.before.and_then(&link.stats()),
            None => inner.before,
        }
    }

    // ---- the supervisor ----

    pub fn interest(&self) -> Interest {
        self.lock().interest
    }

    /// Ready when the app wants an end.
    pub fn poll_lost_interest(&self, cx: &Context<'_>, interest: Interest) -> Poll<()> {
        let mut inner = self.lock();
        if inner.interest >= interest {
            return Poll::Ready(());
        }
        inner.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Makes the next link, unless the app wants an end.
    pub fn begin(&self, connect: impl FnOnce() -> Result<Link, Refused>) -> Option<Result<(), Refused>> {
        let mut inner = self.lock();
        if inner.interest > Interest::Everything {
            return None;
        }
        // Its relay waits for the lock before it tells anything.
        Some(connect().map(|link| {
            link.set_paused(inner.paused);
            inner.link = Some(link);
        }))
    }

    /// The link is lost. Returns what has become of the messages that it had not handed over.
    pub fn lose(&self) -> Lost {
        let mut inner = self.lock();
        let link = inner.link.take();
        if let Some(link) = &link {
            inner.before = inner.before.and_then(&link.stats());
        }
        inner.generation += 1;
        inner.is_open = false;
        inner.sent = 0;
        let lost = inner.kept.lose();
        drop(inner);
        drop(link);
        lost
    }

    pub fn set_over(&self) {
        self.lock().is_over = true;
    }

    // ---- the relay ----

    /// The link is open.
    pub fn set_open(&self) {
        let mut inner = self.lock();
        inner.is_open = true;
        inner.before.reconnects += u64::from(inner.was_open);
        inner.was_open = true;
        drop(inner);
        self.pass_on();
    }

    /// The link is over; the supervisor is about to learn of it.
    pub fn set_ended(&self) {
        self.lock().is_open = false;
    }

    /// The link has handed over so many messages. Returns how many all links have.
    pub fn handed_over(&self, sent: u64) -> u64 {
        let mut inner = self.lock();
        let more = sent.saturating_sub(inner.sent);
        inner.sent = sent;
        inner.kept.hand_over(more);
        let all = inner.before.messages_sent + sent;
        drop(inner);
        self.pass_on();
        all
    }
}
