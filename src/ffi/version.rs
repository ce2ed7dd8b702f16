//! Which library a program has, and whether it is one for the header that it was compiled with.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use super::entry::enter;
use super::status::{Failure, socket_task_status};
use crate::VERSION;

/// The library's version, "1.2.3": NUL-terminated, valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_version() -> *const c_char {
    static TERMINATED: OnceLock<CString> = OnceLock::new();
    TERMINATED.get_or_init(|| CString::new(VERSION).unwrap_or_default()).as_ptr()
}

/// Asks whether this library is one for a program that was compiled with another header. Call it with
/// `SOCKET_TASK_VERSION_NUMBER`, where a library that the program finds at run time may be too old, or too new.
///
/// A library serves the headers of its own major version, up to its own minor version. While the major version is 0,
/// only those of its own minor version. The third number never matters.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when it is not; the text of the failure has both versions.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_check_version(header_version: u32) -> socket_task_status {
    enter(|| {
        let header = [header_version >> 16, header_version >> 8 & 0xFF, header_version & 0xFF];
        if serves(numbers(VERSION), header) {
            return Ok(());
        }
        let [major, minor, patch] = header;
        Err(Failure::argument(format!(
            "the program was compiled with the header of version {major}.{minor}.{patch}, and the library is {VERSION}"
        )))
    })
}

fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = version.split(['.', '-', '+']).map(|number| number.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

fn serves(library: [u32; 3], header: [u32; 3]) -> bool {
    library[0] == header[0] && if library[0] == 0 { library[1] == header[1] } else { library[1] >= header[1] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_serves_its_own_line_of_versions() {
        assert!(serves([0, 1, 0], [0, 1, 7]));
        assert!(!serves([0, 2, 0], [0, 1, 0]));
        assert!(!serves([0, 1, 9], [0, 2, 0]));
        assert!(serves([1, 4, 0], [1, 4, 3]));
        assert!(serves([1, 4, 0], [1, 0, 0]));
        assert!(!serves([1, 4, 0], [1, 5, 0]));
        assert!(!serves([2, 4, 0], [1, 4, 0]));
        assert_eq!(numbers("1.22.333-rc.1"), [1, 22, 333]);
    }
}
