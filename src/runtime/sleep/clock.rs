//! The two clocks of a system, one of which stands still while the device sleeps.
#![allow(unsafe_code)]

use std::time::Duration;

#[cfg(not(target_vendor = "apple"))]
use libc::{CLOCK_BOOTTIME as GOES_ON, CLOCK_MONOTONIC as STOPS};
#[cfg(target_vendor = "apple")]
use libc::{CLOCK_MONOTONIC_RAW as GOES_ON, CLOCK_UPTIME_RAW as STOPS};

/// By how much the clock that stops is behind the one that goes on while the device sleeps.
pub(super) fn behind() -> Option<Duration> {
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
