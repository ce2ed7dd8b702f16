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

/// The pace of one connection's app.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Since when it has sent without a pause, and how many bytes.
    burst: Option<(Instant, usize)>,
    /// Since when all is written and nothing has come.
    idle: Option<Instant>,
    /// Until when messages gather.
    until: Option<Instant>,
}

impl Pace {
    /// So many bytes were written.
    #[inline]
    pub fn wrote(&mut self, bytes: usize) {
        if let Some((_, sum)) = &mut self.burst {
            *sum = sum.saturating_add(bytes);
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
    #[inline]
    pub fn pause(&mut self) {
        *self = Pace::default();
    }

    /// All was written. Messages gather from now on if the app is that fast.
    #[inline]
    pub fn look(&mut self) {
        if let Some((began, bytes)) = self.burst
            && bytes >= MUCH
        {
            let now = Instant::now();
            let time = now - began;
            let is_fast = time.as_micros() * (MUCH as u128) <= SUSTAINED.as_micros() * (bytes as u128);
            self.until = (time >= SUSTAINED && is_fast).then(|| now + PATIENCE);
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
        let ms = Duration::from_millis;
        assert!(gathers(ms(2), 3 * MUCH));
        assert!(gathers(ms(100), 200 * MUCH));
        assert!(!gathers(ms(0), 100 * MUCH), "a short one");
        assert!(!gathers(ms(2), MUCH), "a light one");
        assert!(!gathers(ms(100), 50 * MUCH), "a slow one");
    }

    #[test]
    fn a_pause_ends_it() {
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
    }
}
