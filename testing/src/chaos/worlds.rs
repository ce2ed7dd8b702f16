//! Runs what a seed decides, for many seeds or for one.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use super::Random;

/// What happens in a world, and what should not have.
#[derive(Default)]
pub struct Journal {
    start: Option<Instant>,
    /// What happened, line by line.
    pub trace: Vec<String>,
    /// The promises that were broken.
    violations: Vec<String>,
}

impl Journal {
    /// Time counts from now on.
    pub fn begin(&mut self) {
        self.start = Some(Instant::now());
    }

    /// Something has happened.
    pub fn note(&mut self, what: String) {
        let time = self.start.map_or(0, |start| start.elapsed().as_millis());
        self.trace.push(format!("{time:>7} ms  {what}"));
    }

    /// A promise was broken.
    pub fn broken(&mut self, how: impl Into<String>) {
        let how = how.into();
        self.note(format!("BROKEN: {how}"));
        self.violations.push(how);
    }

    /// A promise was broken unless this holds.
    pub fn check(&mut self, holds: bool, how: impl FnOnce() -> String) {
        if !holds {
            self.broken(how());
        }
    }
}

/// Does nothing for a while that a seed decides, or lets others go on.
pub async fn dawdle(random: &mut Random) {
    match random.within(0..4) {
        0 => {}
        1 => yield_now().await,
        2 => sleep(random.millis(0..100)).await,
        _ => sleep(random.millis(0..3_000)).await,
    }
}

/// What has come of a seed.
pub struct World<O> {
    /// What happened in it.
    pub journal: Journal,
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
        let Journal { trace, violations, .. } = world.journal;
        if is_one || !violations.is_empty() {
            println!("{}", trace.join("\n"));
        }
        assert!(violations.is_empty(), "{}\n{replay}", violations.join("\n"));
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
