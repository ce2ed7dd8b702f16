//! Random times.

use std::time::Duration;

use rand::RngExt;

/// A time from nothing to `bound`, all alike likely.
pub(super) fn up_to(bound: Duration) -> Duration {
    bound.mul_f64(rand::rng().random())
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
