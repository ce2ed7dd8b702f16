//! Close frames and their codes (RFC 6455, sections 5.5.1 and 7.4).

use super::header::MAX_CONTROL_PAYLOAD;
use super::{CloseFrame, Fault};

/// The longest reason that fits beside a code, in bytes of UTF-8.
pub const MAX_REASON: usize = MAX_CONTROL_PAYLOAD - 2;

/// Tells whether `code` may stand in a Close frame: the codes of the IANA registry that are not reserved,
/// and the ranges for frameworks and applications (RFC 6455, section 7.4.2).
///
/// tungstenite's `CloseCode::is_allowed` is not used: it refuses 1014 (Bad Gateway), registered since.
pub fn is_valid_close_code_on_wire(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Tells whether an application may close with `code`: 1000, or 3000 to 4999, as in the WHATWG standard.
pub fn is_sendable_close_code(code: u16) -> bool {
    matches!(code, 1000 | 3000..=4999)
}

/// Reads the payload of a Close frame.
pub(super) fn parse(payload: &[u8]) -> Result<CloseFrame, Fault> {
    let (code, reason) = match payload.split_first_chunk() {
        Some((code, reason)) => (u16::from_be_bytes(*code), reason),
        None if payload.is_empty() => return Ok(CloseFrame { code: None, reason: String::new() }),
        None => return Err(Fault::protocol("a Close frame's payload is a single byte")),
    };
    if !is_valid_close_code_on_wire(code) {
        return Err(Fault::protocol("a Close frame has a code that may not be sent"));
    }
    match str::from_utf8(reason) {
        Ok(reason) => Ok(CloseFrame { code: Some(code), reason: reason.to_owned() }),
        Err(_) => Err(Fault::invalid_utf8("the reason of a Close frame is not valid UTF-8")),
    }
}
