//! The device's sleep, in which the clock of deadlines stands still: a phone that has slept for an hour would otherwise wait
//! for the rest of a ping interval, of a close timeout, of the time to open.

#[cfg(any(target_os = "android", target_os = "linux", target_vendor = "apple"))]
mod clock;
#[cfg(any(target_os = "android", target_os = "linux"))]
mod watch;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

#[cfg(any(target_os = "android", target_os = "linux", target_vendor = "apple"))]
use clock::behind;
#[cfg(any(target_os = "android", target_os = "linux"))]
pub(crate) use watch::next_wake;

/// Shorter sleeps change nothing, and might be none: two clocks are never read at once.
const SHORTEST: Duration = Duration::from_millis(100);

/// In milliseconds; since it was first looked for.
static SLEPT: AtomicU64 = AtomicU64::new(0);

static FOUND: Notify = Notify::const_new();

/// How long the device has slept, as far as [`look_for_sleep`] has found.
#[cfg(not(test))]
#[inline]
pub(crate) fn slept() -> Duration {
    noticed()
}

#[inline]
fn noticed() -> Duration {
    Duration::from_millis(SLEPT.load(Ordering::Relaxed))
}

/// Looks whether the device has slept. To be called before a time begins, which would be charged with a sleep before it
/// otherwise, once that is found.
#[cfg(not(test))]
pub(crate) fn look_for_sleep() {
    look();
}

/// Waits until a sleep was found, by whoever has looked. For one waiter: it learns of those, too, that were found before it
/// came.
pub(crate) async fn found_sleep() {
    FOUND.notified().await;
}

fn look() {
    static AT_FIRST: std::sync::OnceLock<Duration> = std::sync::OnceLock::new();
    let Some(behind) = behind() else { return };
    let slept = behind.saturating_sub(*AT_FIRST.get_or_init(|| behind));
    if slept < noticed() + SHORTEST {
        return;
    }
    // Another thread may have found more meanwhile.
    SLEPT.fetch_max(slept.as_millis() as u64, Ordering::Relaxed);
    FOUND.notify_one();
}

#[cfg(not(any(target_os = "android", target_os = "linux", target_vendor = "apple")))]
fn behind() -> Option<Duration> {
    None
}

/// The platform's half tells when the app comes to the foreground, which is when it runs again.
#[cfg(not(any(target_os = "android", target_os = "linux")))]
pub(crate) async fn next_wake() {
    std::future::pending().await
}

#[cfg(test)]
pub(crate) use pretended::{look_for_sleep, pretend_to_sleep, slept};

/// Sleep for tests: each has a thread of its own.
#[cfg(test)]
mod pretended {
    use std::cell::Cell;
    use std::time::Duration;

    thread_local! {
        static SLEPT: Cell<Duration> = const { Cell::new(Duration::ZERO) };
        static NOTICED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    pub(crate) fn slept() -> Duration {
        NOTICED.get()
    }

    pub(crate) fn look_for_sleep() {
        NOTICED.set(SLEPT.get());
    }

    /// Nobody has noticed yet.
    pub(crate) fn pretend_to_sleep(time: Duration) {
        SLEPT.set(SLEPT.get() + time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_does_not_sleep_while_it_tests() {
        look();
        let before = noticed();
        for _ in 0..1_000 {
            look();
        }
        assert_eq!(noticed(), before);
    }
}
