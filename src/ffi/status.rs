//! What a call returns, and why one failed.

use std::cell::RefCell;
use std::ffi::{CString, c_char};

use crate::error::Refused;

/// What a call returns. Anything but `SOCKET_TASK_OK` means that nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum socket_task_status {
    /// Done.
    SOCKET_TASK_OK = 0,
    /// The handle is 0, was released, or never was one.
    SOCKET_TASK_INVALID_HANDLE = 1,
    /// The connection's state does not allow the call.
    SOCKET_TASK_INVALID_STATE = 2,
    /// An argument is not acceptable.
    SOCKET_TASK_INVALID_ARGUMENT = 3,
    /// The URL is not acceptable.
    SOCKET_TASK_INVALID_URL = 4,
    /// A text is not UTF-8.
    SOCKET_TASK_INVALID_UTF8 = 5,
    /// The send queue has no room for the message; `on_drain` tells when to try again.
    SOCKET_TASK_BUFFER_FULL = 6,
    /// The system has no thread, memory or other resource left.
    SOCKET_TASK_OUT_OF_RESOURCES = 7,
    /// A fault of the library, contained.
    SOCKET_TASK_INTERNAL = 8,
    /// The message never fits into the send queue: it is larger than `max_buffered_amount`.
    SOCKET_TASK_MESSAGE_TOO_BIG = 9,
}

/// Why a call failed: its status, and the text for `socket_task_last_error_message`.
pub(super) struct Failure {
    pub status: socket_task_status,
    pub message: String,
}

impl Failure {
    pub fn argument(message: impl Into<String>) -> Failure {
        Failure { status: socket_task_status::SOCKET_TASK_INVALID_ARGUMENT, message: message.into() }
    }

    pub fn state(message: impl Into<String>) -> Failure {
        Failure { status: socket_task_status::SOCKET_TASK_INVALID_STATE, message: message.into() }
    }

    pub fn utf8(what: &str) -> Failure {
        let message = format!("{what} is not valid UTF-8");
        Failure { status: socket_task_status::SOCKET_TASK_INVALID_UTF8, message }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        let status = match refused {
            Refused::InvalidArgument(_) => socket_task_status::SOCKET_TASK_INVALID_ARGUMENT,
            Refused::InvalidUrl(_) => socket_task_status::SOCKET_TASK_INVALID_URL,
            Refused::InvalidState(_) => socket_task_status::SOCKET_TASK_INVALID_STATE,
            Refused::InvalidUtf8 => socket_task_status::SOCKET_TASK_INVALID_UTF8,
            Refused::BufferFull { .. } => socket_task_status::SOCKET_TASK_BUFFER_FULL,
            Refused::MessageTooBig { .. } => socket_task_status::SOCKET_TASK_MESSAGE_TOO_BIG,
            Refused::Resource(_) => socket_task_status::SOCKET_TASK_OUT_OF_RESOURCES,
        };
        Failure { status, message: refused.to_string() }
    }
}

thread_local! {
    static LAST: RefCell<CString> = RefCell::default();
}

/// Keeps a failure's text for this thread.
#[cold]
pub(super) fn remember(failure: Failure) -> socket_task_status {
    let text = failure.message.replace('\0', "\u{fffd}");
    // A thread that is being torn down has no place for it any more.
    let _ = LAST.try_with(|last| *last.borrow_mut() = CString::new(text).unwrap_or_default());
    failure.status
}

/// Why the last call failed that failed on this thread, for people: NUL-terminated UTF-8, never NULL,
/// empty when none has failed.
///
/// The library owns the text. It is valid until another call fails on this thread, or the thread ends.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_last_error_message() -> *const c_char {
    LAST.try_with(|last| last.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}
