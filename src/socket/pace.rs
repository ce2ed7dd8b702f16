//! When messages gather before they are written.
//!
//! The library's thread writes what there is as soon as there is something. While an app sends short messages one after the
//! other as fast as it can, that is a few dozen at a time, and each write costs as much as a hundred of them. Where the app
//! has gone on like that for a while, so much that a network would hardly take it, more of them leave together: those that
//! follow wait until they are worth a write, and for [`PATIENCE`] at most.

use std::time::Duration;

use tokio::time::Instant;

/// How long the app has to send without a pause, before anything waits for anything.
const SUSTAINED: Duration = Duration::from_millis(1);

/// A shorter time without a message is no pause: the app's thread may have waited for a processor, or for room in the queue.
const PAUSE: Duration = Duration::from_micros(250);

/// How many bytes it has to send in each such time.
const MUCH: usize = 64 << 10;

/// How long messages wait for others at most. A timer adds up to a millisecond to it.
const PATIENCE: Duration = Duration::from_millis(1);

/// For how long nothing gathers after messages have waited in vain, at first and at most: each time twice as long. An app may send
/// the next message only when it was told that the last one has left.
const REST: Duration = Duration::from_millis(64);
const LONGEST_REST: Duration = Duration::from_secs(8);

/// What is written at once when messages have gathered is so many bytes at least.
const ENOUGH: usize = 32 << 10;

/// The pace of one connection's app.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Since when it has sent without a pause, and how many bytes.
    burst: Option<(Instant, usize)>,
    /// Since when all is written and nothing has come.
    idle: Option<Instant>,
    /// Until when messages gather.
    until: Option<Instant>,
    /// Until when they do not, and how long that was.
    rest: Option<(Instant, Duration)>,
}

impl Pace {
    /// So many bytes were written.
    #[inline]
    pub fn wrote(&mut self, bytes: usize) {
        if let Some((_, sum)) = &mut self.burst {
            *sum = sum.saturating_add(bytes);
        }
        if bytes >= ENOUGH && self.until.is_some() {
            self.rest = None;
        }
    }

    /// There is something to write.
    #[inline]
    pub fn goes_on(&mut self) {
        if self.idle.take().is_some_and(|since| since.elapsed() > PAUSE) {
            self.pause();
        }
        if self.burst.is_none() {
            self.burst = Some((Instant::now(), 0));
        }
    }

    /// There is nothing to write.
    pub fn idle(&mut self) {
        self.idle = self.burst.map(|_| Instant::now());
    }

    /// The app is slower than it was.
    fn pause(&mut self) {
        *self = Pace { rest: self.rest, ..Pace::default() };
    }

    /// The time for messages to gather is over, and they were not enough.
    pub fn waited_in_vain(&mut self) {
        let rest = self.rest.map_or(REST, |(_, rest)| (2 * rest).min(LONGEST_REST));
        self.rest = Some((Instant::now() + rest, rest));
        self.pause();
    }

    /// All was written. Messages gather from now on if the app is that fast.
    #[inline]
    pub fn look(&mut self) {
        if let Some((began, bytes)) = self.burst
            && bytes >= MUCH
        {
            let now = Instant::now();
            let time = now - began;
            let rests = self.rest.is_some_and(|(end, _)| now < end);
            let is_fast = time.as_micros() * (MUCH as u128) <= SUSTAINED.as_micros() * (bytes as u128);
            self.until = (time >= SUSTAINED && is_fast && !rests).then(|| now + PATIENCE);
        }
    }

    /// Until when messages gather, if they do.
    #[inline]
    pub fn until(&self) -> Option<Instant> {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::transport::memory::on_one_thread;

    fn sustained() -> Pace {
        let mut pace = Pace::default();
        pace.goes_on();
        pace.wrote(100 * MUCH);
        pace.burst.as_mut().expect("it goes on").0 -= SUSTAINED;
        pace.look();
        pace
    }

    #[test]
    fn who_waits_for_each_message_to_leave_waits_seldom_for_others() {
        on_one_thread(async {
            let mut pace = sustained();
            let mut rests = Vec::new();
            for _ in 0..10 {
                assert!(pace.until().is_some());
                pace.wrote(ENOUGH - 1);
                pace.waited_in_vain();
                let (end, rest) = pace.rest.expect("it rests");
                rests.push(rest);
                pace = Pace { rest: pace.rest, ..sustained() };
                pace.look();
                assert_eq!(pace.until(), None);
                pace.rest = Some((end - rest, rest));
                pace.look();
            }
            assert_eq!((rests[0], rests[1], rests[9]), (REST, 2 * REST, LONGEST_REST));
            pace.wrote(ENOUGH);
            assert_eq!(pace.rest, None, "this was worth it");
        });
    }

    /// What has begun so long ago, with so many bytes since.
    fn gathers(time: Duration, bytes: usize) -> bool {
        let mut pace = Pace::default();
        pace.goes_on();
        pace.wrote(bytes);
        pace.burst.as_mut().expect("it goes on").0 -= time;
        pace.look();
        pace.until().is_some()
    }

    #[test]
    fn only_a_long_and_heavy_burst_makes_messages_wait() {
        on_one_thread(async {
            let ms = Duration::from_millis;
            assert!(gathers(ms(2), 3 * MUCH));
            assert!(gathers(ms(100), 200 * MUCH));
            assert!(!gathers(ms(0), 100 * MUCH), "a short one");
            assert!(!gathers(ms(2), MUCH), "a light one");
            assert!(!gathers(ms(100), 50 * MUCH), "a slow one");
        });
    }

    #[test]
    fn a_pause_ends_it() {
        on_one_thread(async {
            for (time, ends) in [(PAUSE / 2, false), (2 * PAUSE, true)] {
                let mut pace = Pace::default();
                pace.goes_on();
                pace.wrote(100 * MUCH);
                pace.burst.as_mut().expect("it goes on").0 -= SUSTAINED;
                pace.idle();
                *pace.idle.as_mut().expect("it is idle") -= time;
                pace.goes_on();
                pace.look();
                assert_eq!(pace.until().is_none(), ends, "{time:?}");
            }
        });
    }
}
