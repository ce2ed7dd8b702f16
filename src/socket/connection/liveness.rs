//! How long the connection waits for its peer: signs of life, progress, and what happens when there is none.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::Connection;
use crate::error::{self, Error, ErrorCode};
use crate::runtime;
use crate::socket::delivery::Delivery;
use crate::socket::ending::Ending;
use crate::socket::keepalive::{Due, after, before};
use crate::socket::phase::Phase;
use crate::socket::transport::Transport;

/// How many reads there are after a deadline for what may have arrived before it: as much as a system's buffer holds.
const LATE_READS: usize = 128;

/// A timer that fires later than this after its time has waited for something, a stopped process perhaps. The system tells
/// of time then before it tells of what has arrived meanwhile.
const ON_TIME: Duration = Duration::from_millis(5);

/// How long after that to look what has arrived.
const LATE: Duration = Duration::from_millis(1);

/// How long after a sleep to look for what would have come meanwhile: the device's radio sleeps longer than the device.
const LATE_AFTER_SLEEP: Duration = Duration::from_millis(500);

/// For how many times the close timeout a peer that goes on to send puts off the end, unless it also takes bytes.
const SENDING_COUNTS: u32 = 5;

impl<T: Transport> Connection<T> {
    /// Lets the device's sleep count: what was to be done meanwhile is done now. Nothing is given up before a look at what
    /// has come.
    #[inline]
    pub(super) fn notice_sleep(&mut self) {
        let slept = runtime::slept();
        if slept != self.slept {
            self.has_slept(slept.saturating_sub(self.slept));
            self.slept = slept;
        }
    }

    /// Before a time begins: it is not to be charged with a sleep that is over.
    pub(super) fn look_for_sleep(&mut self) {
        runtime::look_for_sleep();
        self.notice_sleep();
    }

    #[cold]
    fn has_slept(&mut self, time: Duration) {
        if self.keepalive.has_slept(time) {
            self.ping();
        }
        self.progress.has_slept(time);
        self.sending_counts_until = before(self.sending_counts_until, time);
        if let Some(deadline) = self.phase.deadline_mut() {
            *deadline = before(*deadline, time);
        }
        self.passed = self
            .phase
            .deadline()
            .filter(|deadline| *deadline <= Instant::now())
            .map(|deadline| (deadline, after(LATE_AFTER_SLEEP)));
    }

    pub(super) fn begin_closing(&mut self) {
        self.look_for_sleep();
        if !self.phase.is_closing() {
            self.phase.close(after(self.close_timeout));
            self.sending_counts_until = after(self.close_timeout.saturating_mul(SENDING_COUNTS));
        }
    }

    /// The peer has sent something, which is a sign of life. Some, when its time is up all the same: a peer that always
    /// has more to send does not keep the connection.
    #[inline]
    pub(super) fn heard(&mut self) -> Option<Ending> {
        self.keepalive.heard();
        if self.phase.is_open() { None } else { self.heard_late() }
    }

    #[cold]
    fn heard_late(&mut self) -> Option<Ending> {
        let now = Instant::now();
        let counts = after(self.close_timeout).min(self.sending_counts_until);
        self.phase.heard(counts);
        if self.phase.deadline().is_none_or(|deadline| now < deadline) {
            self.late_reads = 0;
            return None;
        }
        self.late_reads += 1;
        if self.late_reads > LATE_READS { self.time_out() } else { None }
    }

    /// Tells the app what has become of its peer.
    #[inline]
    pub(super) fn tell_sign(&mut self, delivery: &mut Delivery) {
        if let Some(sign) = self.keepalive.take_sign()
            && self.phase.is_open()
        {
            delivery.sign(sign);
        }
    }

    /// How long the peer may make no progress, where progress counts.
    #[inline]
    fn time_for_progress(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Open => self.keepalive.is_behind().then(|| self.keepalive.waiting()),
            phase if phase.is_closing() && phase.can_write() => Some(self.close_timeout),
            _ => None,
        }
    }

    /// Sees whether the peer has acknowledged something, where that counts.
    #[inline]
    pub(super) fn look(&mut self, cx: &mut Context<'_>, delivery: &mut Delivery) {
        if let Some(time) = self.time_for_progress() {
            self.look_for_progress(cx, time);
            self.tell_sign(delivery);
        }
    }

    #[cold]
    fn look_for_progress(&mut self, cx: &mut Context<'_>, time: Duration) {
        let sent = self.transport.sent();
        let is_more = self.progress.look(&sent, time);
        if self.phase.is_open() {
            self.keepalive.looked(is_more, self.outgoing.has_ping(), &sent);
            return;
        }
        let (close_timeout, counts_until) = (self.close_timeout, &mut self.sending_counts_until);
        // The time that a message takes to compress is not the peer's.
        let (is_more, is_all) = (is_more || self.compressing, self.outgoing.is_idle() && !self.compressing);
        self.phase.wrote(is_more, is_all, || {
            *counts_until = after(close_timeout.saturating_mul(SENDING_COUNTS));
            after(close_timeout)
        });
        if self.phase.wants_shutdown() && self.transport.poll_shutdown(cx).is_ready() {
            self.phase.shut_down();
        }
    }

    /// Ready when a time has run out: that of the connection, or none and there is something to write.
    pub(super) fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<Option<Ending>> {
        loop {
            let deadline = match self.phase.deadline() {
                Some(deadline) => Some(deadline),
                None if self.paused() => {
                    self.keepalive.suspend();
                    None
                }
                None => self.keepalive.next(),
            };
            let late = self.passed.and_then(|(passed, late)| (deadline == Some(passed)).then_some(late));
            let look = deadline.and(self.time_for_progress()).and(self.progress.next());
            let (spares, gathered) = (&mut self.outgoing.spares, self.pace.until());
            let Some(next) = [late.or(deadline), look, spares.due(), gathered].into_iter().flatten().min()
            else {
                self.timer.stop();
                return Poll::Pending;
            };
            ready!(self.timer.poll_until(cx, next));
            if spares.due() == Some(next) {
                spares.tidy();
            } else if gathered == Some(next) {
                self.pace.waited_in_vain();
                return Poll::Ready(None);
            } else if late.or(deadline) != Some(next) {
                return Poll::Ready(None);
            } else if late.is_none() && self.gives_up_next() && next.elapsed() > ON_TIME {
                self.passed = deadline.map(|deadline| (deadline, after(LATE)));
            } else {
                return Poll::Ready(self.time_out());
            }
        }
    }

    /// Whether the connection is over when its time runs out.
    fn gives_up_next(&self) -> bool {
        !self.phase.is_open() || self.keepalive.is_waiting()
    }

    /// The time that [`Connection::poll_timer`] waits for has run out.
    fn time_out(&mut self) -> Option<Ending> {
        self.timer.stop();
        match std::mem::take(&mut self.phase) {
            Phase::Open => {
                self.look_for_sleep();
                if self.keepalive.deadline().is_some_and(|deadline| deadline > Instant::now()) {
                    self.keepalive.doubt();
                    return None;
                }
            }
            Phase::WriteFailed { cause, .. } => return Some(self.lost(cause)),
            closing => return Some(closing.into_ending()),
        }
        match self.keepalive.due() {
            Due::Ping => {
                self.ping();
                None
            }
            Due::Dead => {
                let waited = self.keepalive.waiting().as_millis();
                Some(Ending::Failed(Error::new(
                    error::Phase::Timeout,
                    ErrorCode::PongTimeout,
                    format!("the peer did not answer a ping within {waited} ms"),
                )))
            }
        }
    }
}
