//! The look-up of a name that takes its time.
//!
//! The resolver of this test program is the system's, but for the name `slow.test`, which it finds on this machine
//! after [`SLOWNESS`]: `getaddrinfo` of a program comes before that of the C library.

use std::time::Duration;

use socket_task::{ErrorCode, Phase};

use crate::closing::assert_aborts;
use crate::recording::Recording;
use crate::release::assert_releases;
use crate::servers::{options, options_with_timeout, ws};

const SLOWNESS: Duration = Duration::from_millis(500);

/// An echo server's URL whose host is found slowly.
pub fn slow() -> String {
    ws("/").replace("127.0.0.1", "slow.test")
}

#[test]
fn opens_in_the_end() {
    let mut recording = Recording::connect(options(&slow()));
    let profile = recording.opened().profile;
    assert!(profile.dns.duration() >= SLOWNESS, "{profile:?}");
    recording.finish();
}

#[test]
fn timeout_while_looking_up() {
    let timeout = Duration::from_millis(100);
    let outcome = Recording::connect(options_with_timeout(&slow(), timeout)).run();
    outcome.assert_failed(Phase::Dns, ErrorCode::TimedOut, 1006);
}

#[test]
fn close_while_looking_up() {
    assert_aborts(&slow(), Duration::from_millis(50));
}

#[test]
fn no_event_when_the_name_is_found_after_close() {
    let mut recording = Recording::connect(options(&slow()));
    recording.socket.close(None, "").expect("allowed in any state");
    recording.closed();
    assert!(recording.is_quiet_for(SLOWNESS * 2));
    recording.finish();
}

#[test]
fn release_while_looking_up() {
    assert_releases(&slow(), Duration::from_millis(50));
}

#[test]
fn other_connections_do_not_wait() {
    let mut slow = Recording::connect(options(&slow()));
    let mut other = Recording::connect(options(&ws("/")));
    other.opened();
    other.socket.send_text("meanwhile").expect("open");
    assert_eq!(other.text(), "meanwhile");
    assert!(slow.is_quiet_for(Duration::ZERO));
    other.finish();
    slow.opened();
    slow.finish();
}

#[allow(unsafe_code)]
mod resolver {
    use std::ffi::{CStr, c_char, c_int, c_void};
    use std::mem::transmute;

    use libc::{EAI_FAIL, RTLD_NEXT, addrinfo, dlsym};

    type GetAddrInfo =
        unsafe extern "C" fn(*const c_char, *const c_char, *const addrinfo, *mut *mut addrinfo) -> c_int;

    /// POSIX `getaddrinfo`.
    ///
    /// # Safety
    /// As the C library's.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn getaddrinfo(
        node: *const c_char,
        service: *const c_char,
        hints: *const addrinfo,
        result: *mut *mut addrinfo,
    ) -> c_int {
        // SAFETY: a NUL-terminated name and a constant that dlsym knows.
        let next: *mut c_void = unsafe { dlsym(RTLD_NEXT, c"getaddrinfo".as_ptr()) };
        if next.is_null() {
            return EAI_FAIL;
        }
        // SAFETY: the C library's function of this name has this type.
        let next: GetAddrInfo = unsafe { transmute(next) };
        // SAFETY: the caller gives a NUL-terminated name or null.
        let slow = !node.is_null() && unsafe { CStr::from_ptr(node) } == c"slow.test";
        let node = if slow {
            std::thread::sleep(super::SLOWNESS);
            c"127.0.0.1".as_ptr()
        } else {
            node
        };
        // SAFETY: the caller's arguments, and a name that lives for ever.
        unsafe { next(node, service, hints, result) }
    }
}
