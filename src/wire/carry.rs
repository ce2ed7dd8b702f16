//! What a block ended in: the beginning of a header, or of a whole control frame.

use std::ops::Range;

use super::Fault;
use super::header::{Header, MAX_CONTROL_PAYLOAD, Opcode};

/// The beginning of a frame whose header, or whose payload if it is a control frame, is not complete. The
/// payload of a data frame goes elsewhere.
pub(super) struct Carry {
    bytes: [u8; 2 + MAX_CONTROL_PAYLOAD],
    length: usize,
}

/// What has been completed. The carry is empty then.
pub(super) enum Completed {
    /// The header of a data frame.
    Header(Header),
    /// A control frame, whose payload is at this place in [`Carry::bytes`].
    Control(Opcode, Range<usize>),
}

impl Carry {
    pub(super) fn new() -> Carry {
        Carry { bytes: [0; 2 + MAX_CONTROL_PAYLOAD], length: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Keeps `rest`, in which a block ends.
    pub(super) fn keep(&mut self, rest: &[u8]) {
        self.bytes[..rest.len()].copy_from_slice(rest);
        self.length = rest.len();
    }

    /// Completes the frame with the bytes of `block` from `at` on, and moves `at` past the ones taken. `None`
    /// when they are too few.
    #[cold]
    pub(super) fn complete(&mut self, block: &[u8], at: &mut usize) -> Result<Option<Completed>, Fault> {
        loop {
            let missing = match Header::parse(&self.bytes[..self.length])? {
                // How long the header is can change with each byte of it.
                None => 1,
                Some(header) if header.opcode.is_control() => {
                    let size = header.size + header.length as usize;
                    if self.length == size {
                        self.length = 0;
                        return Ok(Some(Completed::Control(header.opcode, header.size..size)));
                    }
                    size - self.length
                }
                Some(header) => {
                    self.length = 0;
                    return Ok(Some(Completed::Header(header)));
                }
            };
            let rest = &block[*at..];
            if rest.is_empty() {
                return Ok(None);
            }
            let part = &rest[..missing.min(rest.len())];
            let end = self.length + part.len();
            self.bytes[self.length..end].copy_from_slice(part);
            self.length = end;
            *at += part.len();
        }
    }
}
