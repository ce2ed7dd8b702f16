//! UTF-8 of a text message, checked while it comes in (RFC 6455, section 8.1).

use super::Fault;

/// How far into a message its text is known to be valid.
#[derive(Debug, Default)]
pub(super) struct Utf8Progress {
    /// Up to here the message consists of whole, valid characters.
    checked: usize,
}

impl Utf8Progress {
    /// Checks what `message` has more than at the last call. A character cut at the end is left for the next
    /// call, unless the part of it that is there cannot become a valid one.
    pub(super) fn advance(&mut self, message: &[u8]) -> Result<(), Fault> {
        match simdutf8::compat::from_utf8(&message[self.checked..]) {
            Ok(_) => self.checked = message.len(),
            Err(error) if error.error_len().is_none() => self.checked += error.valid_up_to(),
            Err(_) => return Err(invalid()),
        }
        Ok(())
    }

    /// Ends the message of `length` bytes, all of which were given to [`Utf8Progress::advance`].
    pub(super) fn finish(&mut self, length: usize) -> Result<(), Fault> {
        match std::mem::take(&mut self.checked) == length {
            true => Ok(()),
            false => Err(invalid()),
        }
    }
}

/// Checks a text that is there as a whole.
#[inline]
pub(super) fn check_whole(text: &[u8]) -> Result<(), Fault> {
    if is_valid(text) { Ok(()) } else { Err(invalid()) }
}

/// Tells whether `text` is UTF-8.
// Always, since every short message passes here.
#[inline(always)]
pub(crate) fn is_valid(text: &[u8]) -> bool {
    is_short_ascii(text) || simdutf8::basic::from_utf8(text).is_ok()
}

/// Tells whether `text` is short and all ASCII, as most messages are. For these the set-up of the SIMD check
/// costs more than the check.
#[inline(always)]
fn is_short_ascii(text: &[u8]) -> bool {
    if text.len() >= 128 {
        return false;
    }
    let (words, rest) = text.as_chunks();
    // The last word may overlap the one before it, which is quicker than to look at each byte of the rest.
    let rest = match text.last_chunk() {
        Some(last) => u64::from_ne_bytes(*last),
        None => rest.iter().fold(0, |bits, byte| bits | u64::from(*byte)),
    };
    let bits = words.iter().fold(rest, |bits, word| bits | u64::from_ne_bytes(*word));
    bits & 0x8080_8080_8080_8080 == 0
}

#[cold]
fn invalid() -> Fault {
    Fault::invalid_utf8("a text message is not valid UTF-8")
}
