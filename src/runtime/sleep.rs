//! The device's sleep, in which the clock of deadlines stands still: a phone that has slept for an hour would else wait for the
//! rest of a ping interval, of a close timeout, of the time to open.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Shorter sleeps change nothing, and might be none: two clocks are never read at once.
const SHORTEST: Duration = Duration::from_millis(100);

/// In milliseconds; since it was first looked for.
static SLEPT: AtomicU64 = AtomicU64::new(0);

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

/// Looks whether the device has slept, and tells whether it has since the last time.
pub(crate) fn look_for_sleep() -> bool {
    static AT_FIRST: std::sync::OnceLock<Duration> = std::sync::OnceLock::new();
    let Some(behind) = clock::behind() else { return false };
    let slept = behind.saturating_sub(*AT_FIRST.get_or_init(|| behind));
    if slept < noticed() + SHORTEST {
        return false;
    }
    SLEPT.store(slept.as_millis() as u64, Ordering::Relaxed);
    true
}

pub(crate) use watch::next_wake;

#[cfg(any(target_os = "android", target_os = "linux", target_vendor = "apple"))]
#[allow(unsafe_code)]
mod clock {
    use std::time::Duration;

    #[cfg(not(target_vendor = "apple"))]
    use libc::{CLOCK_BOOTTIME as GOES_ON, CLOCK_MONOTONIC as STOPS};
    #[cfg(target_vendor = "apple")]
    use libc::{CLOCK_MONOTONIC_RAW as GOES_ON, CLOCK_UPTIME_RAW as STOPS};

    /// By how much the clock that stops is behind the one that goes on while the device sleeps.
    pub fn behind() -> Option<Duration> {
        // With a pause between the two looks it is less, and the next look finds the rest.
        let goes_on = read(GOES_ON)?;
        Some(goes_on.saturating_sub(read(STOPS)?))
    }

    fn read(clock: libc::clockid_t) -> Option<Duration> {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: it writes one timespec.
        let result = unsafe { libc::clock_gettime(clock, &raw mut time) };
        let seconds = u64::try_from(time.tv_sec).ok()?;
        (result == 0).then(|| Duration::new(seconds, time.tv_nsec as u32))
    }
}

#[cfg(not(any(target_os = "android", target_os = "linux", target_vendor = "apple")))]
mod clock {
    pub fn behind() -> Option<std::time::Duration> {
        None
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
#[allow(unsafe_code)]
mod watch {
    use std::future::pending;
    use std::io;
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// Waits until the device has woken up, or its clock was set. For ever where the system does not tell.
    pub(crate) async fn next_wake() {
        if told().await.is_err() {
            pending().await
        }
    }

    async fn told() -> io::Result<()> {
        // SAFETY: the descriptor is the same, and open, for as long as it is owned, which it is until it was deregistered.
        let timer = unsafe { AsyncFd::register_with_interest(timer()?, Interest::READABLE)? };
        // What it reads is that the timer is void, because the clock was set: so it is when the device wakes up.
        timer.readable().await.map(|_| ())
    }

    /// A timer that never fires.
    fn timer() -> io::Result<OwnedFd> {
        // SAFETY: it takes no pointer.
        let descriptor =
            unsafe { libc::timerfd_create(libc::CLOCK_REALTIME, libc::TFD_NONBLOCK | libc::TFD_CLOEXEC) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just made, and belongs to nobody else.
        let timer = unsafe { OwnedFd::from_raw_fd(descriptor) };
        let never = libc::timespec { tv_sec: libc::time_t::MAX, tv_nsec: 0 };
        let once =
            libc::itimerspec { it_interval: libc::timespec { tv_sec: 0, tv_nsec: 0 }, it_value: never };
        let flags = libc::TFD_TIMER_ABSTIME | libc::TFD_TIMER_CANCEL_ON_SET;
        // SAFETY: the descriptor is open, it reads one itimerspec, and writes none.
        let result =
            unsafe { libc::timerfd_settime(timer.as_raw_fd(), flags, &raw const once, std::ptr::null_mut()) };
        if result == 0 { Ok(timer) } else { Err(io::Error::last_os_error()) }
    }

    #[cfg(test)]
    mod tests {
        use std::time::Duration;

        use super::*;

        #[tokio::test]
        async fn the_system_takes_the_timer_and_tells_of_no_wake_while_there_is_none() {
            let told = tokio::time::timeout(Duration::from_millis(50), told()).await;
            assert!(told.is_err(), "{told:?}");
        }
    }
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
mod watch {
    /// The platform's half tells when the app comes to the foreground, which is when it runs again.
    pub(crate) async fn next_wake() {
        std::future::pending().await
    }
}

#[cfg(test)]
pub(crate) use pretended::{pretend_to_sleep, slept};

/// Sleep for tests: each has a thread of its own.
#[cfg(test)]
mod pretended {
    use std::cell::Cell;
    use std::time::Duration;

    thread_local! {
        static SLEPT: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    pub(crate) fn slept() -> Duration {
        SLEPT.get()
    }

    pub(crate) fn pretend_to_sleep(time: Duration) {
        SLEPT.set(SLEPT.get() + time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_does_not_sleep_while_it_tests() {
        look_for_sleep();
        let before = noticed();
        for _ in 0..1_000 {
            assert!(!look_for_sleep());
        }
        assert_eq!(noticed(), before);
    }
}
