//! When messages gather before they are written.
//!
//! The library's thread writes what there is as soon as there is something. While an app sends short messages one after the
//! other as fast as it can, that is a few dozen at a time, and each write costs as much as a hundred of them. Where the app
//! has gone on like that for a while, so much that a network would hardly take it, more of them leave together: those that
//! follow wait until they are worth a write, and for [`PATIENCE`] at most.

use std::time::Duration;

use tokio::time::Instant;

use super::shared::GATHERED;

/// How long the app has to send without a pause, before anything waits for anything.
const SUSTAINED: Duration = Duration::from_millis(1);

/// How many bytes it has to send in each such time.
const MUCH: usize = 64 << 10;

/// How long messages wait for others at most. A timer adds up to a millisecond to it.
const PATIENCE: Duration = Duration::from_millis(1);

/// For how long nothing gathers after messages have waited in vain, at first and at most: each time twice as long. An app may send
/// the next message only when it was told that the last one has left.
const REST: Duration = Duration::from_millis(64);
const LONGEST_REST: Duration = Duration::from_secs(8);

/// The pace of one connection's app.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Since when bytes are counted, and how many were written since. The clock is asked once for [`MUCH`], not for each message.
    counted: Option<(Instant, usize)>,
    /// Until when messages gather.
    until: Option<Instant>,
    /// Until when they do not, and how long that was.
    rest: Option<(Instant, Duration)>,
}

impl Pace {
    /// So many bytes were written.
    #[inline]
    pub fn wrote(&mut self, bytes: usize) {
        match &mut self.counted {
            Some((_, sum)) => *sum = sum.saturating_add(bytes),
            None => self.counted = Some((Instant::now(), bytes)),
        }
        if bytes >= GATHERED && self.until.is_some() {
            self.rest = None;
        }
    }

    /// All was written. Messages gather from now on if the app is that fast.
    #[inline]
    pub fn look(&mut self) {
        if let Some((began, bytes)) = self.counted
            && bytes >= MUCH
        {
            self.judge(began, bytes);
        }
    }

    #[cold]
    fn judge(&mut self, began: Instant, bytes: usize) {
        let now = Instant::now();
        let time = now - began;
        if time < SUSTAINED {
            return;
        }
        if time.as_micros() * (MUCH as u128) > SUSTAINED.as_micros() * (bytes as u128) {
            // Slow, or there was a pause: what comes next is counted anew.
            self.counted = None;
            self.until = None;
        } else if self.rest.is_none_or(|(end, _)| now >= end) {
            self.until = Some(now + PATIENCE);
        }
    }

    /// The time for messages to gather is over, and they were not enough.
    pub fn waited_in_vain(&mut self) {
        let rest = self.rest.map_or(REST, |(_, rest)| (2 * rest).min(LONGEST_REST));
        *self = Pace { rest: Some((Instant::now() + rest, rest)), ..Pace::default() };
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

    /// What was written in so much time.
    fn written(bytes: usize, time: Duration) -> Pace {
        let mut pace = Pace::default();
        pace.wrote(bytes);
        pace.counted.as_mut().expect("it counts").0 -= time;
        pace.look();
        pace
    }

    #[test]
    fn only_a_long_and_heavy_burst_makes_messages_wait() {
        on_one_thread(async {
            let ms = Duration::from_millis;
            for (bytes, time, gathers) in [
                (3 * MUCH, ms(2), true),
                (200 * MUCH, ms(100), true),
                // A short one, a light one, a slow one.
                (100 * MUCH, ms(0), false),
                (MUCH - 1, ms(1), false),
                (50 * MUCH, ms(100), false),
            ] {
                assert_eq!(written(bytes, time).until().is_some(), gathers, "{bytes} bytes in {time:?}");
            }
        });
    }

    #[test]
    fn what_comes_after_a_pause_is_counted_anew() {
        on_one_thread(async {
            let mut pace = written(MUCH, Duration::from_secs(1));
            for _ in 0..3 {
                assert_eq!(pace.until(), None);
                pace.wrote(MUCH);
                pace.look();
            }
            pace.counted.as_mut().expect("it counts").0 -= SUSTAINED;
            pace.look();
            assert!(pace.until().is_some());
        });
    }

    #[test]
    fn who_waits_for_each_message_to_leave_waits_seldom_for_others() {
        on_one_thread(async {
            let mut pace = Pace::default();
            let mut rests = Vec::new();
            for _ in 0..10 {
                pace = Pace { rest: pace.rest, ..written(10 * MUCH, SUSTAINED) };
                assert!(pace.until().is_some());
                pace.wrote(GATHERED - 1);
                pace.waited_in_vain();
                let (end, rest) = pace.rest.expect("it rests");
                rests.push(rest);
                pace.counted = Some((Instant::now() - SUSTAINED, 10 * MUCH));
                pace.look();
                assert_eq!(pace.until(), None);
                pace.rest = Some((end - rest, rest));
                pace.look();
                assert!(pace.until().is_some());
            }
            assert_eq!((rests[0], rests[1], rests[9]), (REST, 2 * REST, LONGEST_REST));
            pace.wrote(GATHERED);
            assert_eq!(pace.rest, None, "this was worth it");
        });
    }
}
