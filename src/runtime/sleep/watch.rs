//! What the system tells when the device wakes up.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// How long until the next attempt where the system does not tell: it may have had no descriptor to spare.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until the device has woken up, or its clock was set. Where the system does not tell, it may have after a minute.
pub(crate) async fn next_wake() {
    let told = told().await;
    if !is_wake(&told) {
        tokio::time::sleep(PATIENCE).await;
    }
}

/// It also tells so when it takes the timer.
fn is_wake(told: &io::Result<()>) -> bool {
    told.as_ref().err().is_none_or(|error| error.raw_os_error() == Some(libc::ECANCELED))
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
    // Deprecated for musl, where its width will change: MAX goes with it.
    #[allow(deprecated)]
    let never = libc::timespec { tv_sec: libc::time_t::MAX, tv_nsec: 0 };
    let once = libc::itimerspec { it_interval: libc::timespec { tv_sec: 0, tv_nsec: 0 }, it_value: never };
    let flags = libc::TFD_TIMER_ABSTIME | libc::TFD_TIMER_CANCEL_ON_SET;
    // SAFETY: the descriptor is open, it reads one itimerspec, and writes none.
    let result =
        unsafe { libc::timerfd_settime(timer.as_raw_fd(), flags, &raw const once, std::ptr::null_mut()) };
    if result == 0 { Ok(timer) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_no_wake_unless_it_is_that_the_clock_was_set() {
        let failed = |error| Err(io::Error::from_raw_os_error(error));
        assert!(is_wake(&Ok(())) && is_wake(&failed(libc::ECANCELED)));
        assert!(!is_wake(&failed(libc::EMFILE)));
    }

    #[tokio::test]
    async fn the_system_takes_the_timer_and_tells_of_no_wake_while_there_is_none() {
        let told = tokio::time::timeout(Duration::from_millis(50), told()).await;
        assert!(told.is_err(), "{told:?}");
    }
}
