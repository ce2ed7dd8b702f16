//! How long a connection goes on before the others of its thread get their turn.

use tokio::time::Instant;

/// The time that a turn has, callbacks included, in microseconds.
const TURN: u64 = 1_000;

/// How many steps there are before the first look at the clock, which costs about as much as a small message.
const FIRST_LOOK: u32 = 4;

/// The most steps between two looks.
const MOST_STEPS: u32 = 128;

/// A turn of a connection. Its steps are the messages that it delivers, and the parts of those that take long.
#[derive(Debug)]
pub(super) struct Turn {
    /// Known since the first look.
    began: Option<Instant>,
    /// Steps since then, those before the next look included.
    steps: u32,
    /// Steps until the next look.
    left: u32,
    is_over: bool,
}

impl Turn {
    pub fn new() -> Turn {
        Turn { began: None, steps: 0, left: FIRST_LOOK, is_over: false }
    }

    /// Begins a step. True when the turn is over instead.
    #[inline]
    pub fn step(&mut self) -> bool {
        self.left -= 1;
        self.left == 0 && self.look(now())
    }

    /// Something was done that takes about as long as a look is worth. True when the turn is over.
    #[cold]
    pub fn work(&mut self) -> bool {
        self.look(now())
    }

    /// Whether the others are to get their turn now.
    #[inline]
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    #[cold]
    #[inline(never)]
    fn look(&mut self, now: Instant) -> bool {
        let taken = (now - *self.began.get_or_insert(now)).as_micros() as u64;
        self.is_over = taken >= TURN;
        // No more steps than fit into the rest, if they are as slow as those before.
        let rest = TURN.saturating_sub(taken) * u64::from(self.steps);
        let fit = rest.checked_div(taken).unwrap_or(u64::from(self.steps));
        self.left = u32::try_from(fit).unwrap_or(MOST_STEPS).clamp(1, MOST_STEPS);
        self.steps += self.left;
        self.is_over
    }
}

#[cfg(not(test))]
#[inline]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
use pretended::now;
#[cfg(test)]
pub(super) use pretended::pretend_to_work;

/// Work for tests under paused time, where none takes any.
#[cfg(test)]
mod pretended {
    use std::cell::Cell;
    use std::time::Duration;

    use tokio::time::Instant;

    thread_local! {
        static WORKED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    pub(super) fn now() -> Instant {
        Instant::now() + WORKED.get()
    }

    /// A listener takes so long.
    pub(crate) fn pretend_to_work(time: Duration) {
        WORKED.set(WORKED.get() + time);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// How many steps of this length a turn has.
    fn steps(length: Duration) -> u32 {
        let start = Instant::now();
        let mut turn = Turn::new();
        for step in 1.. {
            turn.left -= 1;
            if turn.left == 0 {
                turn.look(start + length * step);
            }
            if turn.is_over() {
                return step;
            }
        }
        unreachable!("a turn ends")
    }

    #[test]
    fn ends_after_its_time_however_long_the_steps_are() {
        for micros in [1, 2, 10, 50, 100, 300, 1_000, 5_000] {
            let steps = steps(Duration::from_micros(micros));
            let fair = 1_000 / micros as u32;
            assert!((fair..=fair + FIRST_LOOK + 2).contains(&steps), "{steps} steps of {micros} µs");
        }
    }
}
