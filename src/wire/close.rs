//! Close frames and their codes (RFC 6455, sections 5.5.1 and 7.4).

use super::header::MAX_CONTROL_PAYLOAD;
use super::{CloseFrame, Fault};

/// The longest reason that fits beside a code, in bytes of UTF-8.
pub const MAX_REASON: usize = MAX_CONTROL_PAYLOAD - 2;

/// No Close frame came (RFC 6455, section 7.1.5).
pub const ABNORMAL_CLOSURE: u16 = 1006;

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
        None => {
            let message =
                format!("the server's Close frame has one byte, {}, where a code has two", payload[0]);
            return Err(Fault::protocol(message));
        }
    };
    if !is_valid_close_code_on_wire(code) {
        let message = format!("the server's Close frame has the code {code}, which may not be sent");
        return Err(Fault::protocol(message));
    }
    match str::from_utf8(reason) {
        Ok(reason) => Ok(CloseFrame { code: Some(code), reason: reason.to_owned() }),
        // What it holds may be anybody's, and so is not told.
        Err(error) => Err(Fault::invalid_utf8(format!(
            "the server's Close frame has the code {code} and a reason that is not valid UTF-8: {} of its {} bytes are",
            error.valid_up_to(),
            reason.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_on_the_wire() {
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4999]
        {
            assert!(is_valid_close_code_on_wire(code), "{code}");
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
            assert!(!is_valid_close_code_on_wire(code), "{code}");
        }
    }

    #[test]
    fn codes_of_applications() {
        for code in 0..=u16::MAX {
            assert_eq!(is_sendable_close_code(code), code == 1000 || (3000..5000).contains(&code), "{code}");
        }
    }

    #[test]
    fn payloads() {
        let code_of = |payload: &[u8]| parse(payload).map_err(|fault| fault.close_code);
        let frame = |code, reason: &str| Ok(CloseFrame { code, reason: reason.to_owned() });
        assert_eq!(code_of(b""), frame(None, ""));
        assert_eq!(code_of(b"\x03\xE8"), frame(Some(1000), ""));
        assert_eq!(code_of(b"\x0F\xA0bye \xE2\x82\xAC"), frame(Some(4000), "bye €"));
        assert_eq!(code_of(b"\x03"), Err(1002), "a single byte");
        assert_eq!(code_of(b"\x03\xEE"), Err(1002), "1006");
        assert_eq!(code_of(b"\x03\xE8\xE2\x82"), Err(1007), "a cut character");
    }

    #[test]
    fn a_bad_one_is_told_with_its_code() {
        let told = |payload: &[u8]| parse(payload).map_err(|fault| fault.message.into_owned());
        let texts = [
            (&b"\x03"[..], "the server's Close frame has one byte, 3, where a code has two"),
            (b"\x03\xEEsecret", "the server's Close frame has the code 1006, which may not be sent"),
            (
                b"\x0F\xA0bye \xE2\x82",
                "the server's Close frame has the code 4000 and a reason that is not valid UTF-8: 4 of its 6 bytes are",
            ),
        ];
        for (payload, text) in texts {
            assert_eq!(told(payload), Err(text.to_owned()));
        }
    }
}
