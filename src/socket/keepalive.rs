//! Signs of life: pings of our own, and what to do when nothing answers.

use std::time::Duration;

use tokio::time::Instant;

use super::transport::Sent;

/// Marks our pings, so that their pongs are told from those to the app's.
const MARK: &[u8] = b"socket-task keepalive ";

/// What is to be done after a silence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Send a ping with [`Keepalive::payload`].
    Ping,
    /// The peer did not answer in time.
    Dead,
}

/// What the app is told of the peer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// No answer has come in half of the time that there is, which is this long.
    Suspect(Duration),
    /// The peer lives after all.
    Alive,
}

#[derive(Debug)]
pub(super) struct Keepalive {
    interval: Option<Duration>,
    timeout: Duration,
    /// When the peer was last heard.
    heard: Instant,
    /// When an answer is due at the latest.
    deadline: Option<Instant>,
    /// How long that answer may take.
    waiting: Duration,
    /// When it was asked for.
    asked: Instant,
    /// When the peer becomes suspect, half of the way to the deadline.
    doubt: Option<Instant>,
    /// It has become so.
    is_suspect: bool,
    /// What the app has not been told yet.
    sign: Option<Sign>,
    /// The ping has bytes before it that the peer has not acknowledged.
    is_behind: bool,
    /// Where it ends in all that was written, once it was.
    ping_end: Option<u64>,
    /// Nothing was read since this was set.
    suspended: bool,
    sent: u32,
}

/// A time that is out of reach, for those that no clock can tell.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// The instant `time` from now.
pub(super) fn after(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + FAR)
}

/// The instant `time` before `instant`.
pub(super) fn before(instant: Instant, time: Duration) -> Instant {
    // One that the clock cannot tell has passed all the same.
    instant.checked_sub(time).unwrap_or_else(Instant::now)
}

impl Keepalive {
    pub fn new(interval: Option<Duration>, timeout: Duration) -> Keepalive {
        // Capped, since it is added to the time at which the peer was heard: that sum must not overflow.
        let interval = interval.map(|interval| interval.min(FAR));
        let heard = Instant::now();
        Keepalive {
            interval,
            timeout,
            heard,
            deadline: None,
            waiting: timeout,
            asked: heard,
            doubt: None,
            is_suspect: false,
            sign: None,
            is_behind: false,
            ping_end: None,
            suspended: false,
            sent: 0,
        }
    }

    /// Something came from the peer. Whatever it is, the peer lives.
    #[inline]
    pub fn heard(&mut self) {
        if self.interval.is_some() || self.deadline.is_some() {
            self.heard = Instant::now();
            self.deadline = None;
            self.doubt = None;
            self.is_behind = false;
            if self.is_suspect {
                self.revive();
            }
        }
    }

    #[cold]
    fn revive(&mut self) {
        self.is_suspect = false;
        // Nobody needs to know of both.
        self.sign = self.sign.take().is_none().then_some(Sign::Alive);
    }

    /// What the app is to be told.
    #[inline]
    pub fn take_sign(&mut self) -> Option<Sign> {
        self.sign.take()
    }

    /// The peer is suspect from now on, if it is time for that.
    pub fn doubt(&mut self) {
        if self.doubt.is_some_and(|doubt| doubt <= Instant::now()) {
            self.doubt = None;
            self.is_suspect = true;
            self.sign = Some(Sign::Suspect(self.asked.elapsed()));
        }
    }

    /// The device has slept for `time`, in which the clock stood still. True if the peer is to be asked anew, with all the
    /// time to answer: its answer was due while nothing could be heard, and comes late to a device that joins its network
    /// again.
    #[must_use]
    pub fn has_slept(&mut self, time: Duration) -> bool {
        self.heard = before(self.heard, time);
        self.asked = before(self.asked, time);
        self.deadline = self.deadline.map(|deadline| before(deadline, time));
        self.doubt = self.doubt.map(|doubt| before(doubt, time));
        let is_overdue = self.deadline.is_some_and(|deadline| deadline <= Instant::now());
        if is_overdue {
            self.is_behind = false;
            self.postpone();
        }
        is_overdue
    }

    /// When an answer is due at the latest, if one is awaited.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Nothing is read for now, so that silence means nothing. It counts anew from the next [`Keepalive::next`] on.
    pub fn suspend(&mut self) {
        self.suspended = true;
    }

    /// The ping that is about to leave has bytes before it that the peer has not acknowledged. As long as it goes on to
    /// acknowledge some, it lives, though it cannot have seen the ping.
    pub fn queue_behind(&mut self) {
        self.is_behind = self.deadline.is_some();
        self.ping_end = None;
    }

    /// Whether an answer is awaited.
    pub fn is_waiting(&self) -> bool {
        self.deadline.is_some()
    }

    /// Whether progress of the peer counts as an answer.
    #[inline]
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// The peer was looked at, and has acknowledged something if there is `progress`. What follows the ping counts no more
    /// once that has arrived: it may be a proxy that takes it, for a server that is gone.
    pub fn looked(&mut self, progress: bool, ping_is_queued: bool, sent: &Sent) {
        if progress {
            self.postpone();
            if self.is_suspect {
                self.revive();
            }
        }
        if !ping_is_queued && !sent.is_held {
            self.is_behind &= sent.acknowledged < *self.ping_end.get_or_insert(sent.written);
        }
    }

    fn postpone(&mut self) {
        if self.deadline.is_some() {
            self.deadline = Some(after(self.waiting));
            self.expect();
        }
    }

    /// An answer is awaited from now on.
    fn expect(&mut self) {
        if !self.is_suspect {
            self.asked = Instant::now();
            self.doubt = Some(after(self.waiting / 2));
        }
    }

    /// Wants an answer within `deadline`, if none is awaited sooner. A ping is to be sent.
    pub fn probe(&mut self, deadline: Duration) {
        let due = after(deadline);
        if self.deadline.is_none_or(|pending| due < pending) {
            self.deadline = Some(due);
            self.waiting = deadline;
            self.expect();
        }
    }

    /// When [`Keepalive::due`] is to be asked, unless something comes from the peer before.
    #[inline]
    pub fn next(&mut self) -> Option<Instant> {
        if std::mem::take(&mut self.suspended) {
            self.heard = Instant::now();
            self.postpone();
        }
        self.doubt.or(self.deadline).or_else(|| self.interval.map(|interval| self.heard + interval))
    }

    /// What is to be done when the time of [`Keepalive::next`] has come.
    pub fn due(&mut self) -> Due {
        if self.deadline.is_some() {
            return Due::Dead;
        }
        self.probe(self.timeout);
        Due::Ping
    }

    /// The payload of the next ping.
    pub fn payload(&mut self) -> Vec<u8> {
        self.sent = self.sent.wrapping_add(1);
        [MARK, &self.sent.to_be_bytes()].concat()
    }

    /// Whether a pong answers one of our pings.
    pub fn is_ours(pong: &[u8]) -> bool {
        pong.len() == MARK.len() + size_of::<u32>() && pong.starts_with(MARK)
    }

    /// How long the answer that did not come could have taken.
    pub fn waiting(&self) -> Duration {
        self.waiting
    }
}
