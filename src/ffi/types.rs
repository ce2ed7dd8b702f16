//! What several functions and structs of the header have in common.

use std::time::Duration;

use crate::connect::timing::Span;

/// A connection. 0 is none. A handle is valid until `socket_task_release`, and its number is never used
/// again.
pub type socket_task_handle = u64;

/// A text with its length: UTF-8 where nothing else is said, not NUL-terminated.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_text {
    /// The bytes; never NULL.
    pub data: *const u8,
    /// How many they are.
    pub length: usize,
}

impl socket_task_text {
    pub(super) fn new(text: &[u8]) -> socket_task_text {
        socket_task_text { data: text.as_ptr(), length: text.len() }
    }
}

/// A header field of a response, in the server's spelling. Values are bytes: RFC 9110 knows no
/// encoding.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_header {
    /// The field's name.
    pub name: socket_task_text,
    /// The field's value.
    pub value: socket_task_text,
}

impl socket_task_header {
    pub(super) fn list(headers: &[(String, Vec<u8>)]) -> Vec<socket_task_header> {
        let header = |(name, value): &(String, Vec<u8>)| socket_task_header {
            name: socket_task_text::new(name.as_bytes()),
            value: socket_task_text::new(value),
        };
        headers.iter().map(header).collect()
    }
}

/// When a phase began and ended, in microseconds since `socket_task_connect`. Both are the same for a
/// phase that was not needed.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct socket_task_span {
    /// When it began.
    pub start_us: u64,
    /// When it ended.
    pub end_us: u64,
}

impl From<Span> for socket_task_span {
    fn from(span: Span) -> socket_task_span {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        socket_task_span { start_us: micros(span.start), end_us: micros(span.end) }
    }
}
