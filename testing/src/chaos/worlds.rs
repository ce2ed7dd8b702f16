//! Runs what a seed decides, for many seeds or for one.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What has come of a seed.
pub struct World<O> {
    /// What happened in it, line by line.
    pub trace: Vec<String>,
    /// The promises that were broken.
    pub violations: Vec<String>,
    /// How it ended.
    pub outcomes: Vec<O>,
}

/// Runs `simulate` for so many seeds as `SIMULATION_SEEDS` says, or `usual`, or for that of `SIMULATION_SEED` alone, and says what
/// happens in it. `expected` are outcomes that some of the seeds must have: otherwise the worlds are too poor to say anything.
///
/// # Panics
/// When a promise is broken, with what shows it again.
pub fn run_worlds<O: Copy + Debug + Ord>(usual: u64, expected: &[O], simulate: impl Fn(u64) -> World<O>) {
    let (seeds, is_one) = match (number("SIMULATION_SEED"), number("SIMULATION_SEEDS")) {
        (Some(seed), _) => (seed..seed + 1, true),
        (None, seeds) => (0..seeds.unwrap_or(usual), false),
    };
    let mut outcomes = BTreeMap::<O, u64>::new();
    for seed in seeds {
        let replay =
            format!("to see it again: SIMULATION_SEED={seed} cargo test --lib simulation -- --nocapture");
        let Ok(world) = catch_unwind(AssertUnwindSafe(|| simulate(seed))) else { panic!("{replay}") };
        if is_one || !world.violations.is_empty() {
            println!("{}", world.trace.join("\n"));
        }
        assert!(world.violations.is_empty(), "{}\n{replay}", world.violations.join("\n"));
        for outcome in world.outcomes {
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    println!("{outcomes:?}");
    assert!(is_one || expected.iter().all(|outcome| outcomes.contains_key(outcome)), "{outcomes:?}");
}

fn number(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
