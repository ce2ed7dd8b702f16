//! Random times.

use std::time::Duration;

#[cfg(not(test))]
use rand::RngExt;

/// A time from nothing to `bound`, all alike likely.
pub(super) fn up_to(bound: Duration) -> Duration {
    bound.mul_f64(part())
}

#[cfg(not(test))]
fn part() -> f64 {
    rand::rng().random()
}

#[cfg(test)]
use pretended::part;
#[cfg(test)]
pub(super) use pretended::seed;

/// Chance for tests that want to see the same again: each has a thread of its own.
#[cfg(test)]
mod pretended {
    use std::cell::RefCell;

    use rand::RngExt;
    use socket_task_testing::chaos::Random;

    thread_local! {
        static SEEDED: RefCell<Option<Random>> = const { RefCell::new(None) };
    }

    /// From now on a seed decides.
    pub(in crate::reconnect) fn seed(random: Random) {
        SEEDED.set(Some(random));
    }

    pub(super) fn part() -> f64 {
        const PARTS: u64 = 1 << 32;
        SEEDED.with_borrow_mut(|seeded| match seeded {
            Some(random) => random.within(0..PARTS) as f64 / PARTS as f64,
            None => rand::rng().random(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_spread_over_all_of_its_range() {
        const BOUND: Duration = Duration::from_secs(10);
        let mut tenths = [0; 10];
        for _ in 0..10_000 {
            let time = up_to(BOUND);
            assert!(time <= BOUND);
            tenths[time.as_secs().min(9) as usize] += 1;
        }
        assert!(tenths.iter().all(|&count| (700..1300).contains(&count)), "{tenths:?}");
        assert_eq!(up_to(Duration::ZERO), Duration::ZERO);
    }
}
