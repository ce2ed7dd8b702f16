//! DEFLATE decompression by miniz_oxide, in a window that is no larger than agreed.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// What a sender leaves out (RFC 7692, section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];

pub struct Decoder {
    stream: Box<DecompressorOxide>,
    /// The last bytes of the output, in a ring: all that a match can reach.
    window: Vec<u8>,
    at: usize,
    takeover: bool,
}

impl Decoder {
    /// With a window of 2 to the power of `window_bits`, kept over messages or not.
    pub fn new(window_bits: u8, takeover: bool) -> Decoder {
        Decoder { stream: Box::default(), window: vec![0; 1 << window_bits], at: 0, takeover }
    }

    /// The message of a compressed payload; `None` when it is none. One that looks back past the window gives another
    /// message, if any.
    pub fn message(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        if !self.takeover {
            *self = Decoder::new(self.window.len().ilog2() as u8, false);
        }
        let input = [payload, &TAIL].concat();
        let mut rest = &input[..];
        let mut message = Vec::new();
        loop {
            let (status, used, made) =
                decompress(&mut self.stream, rest, &mut self.window, self.at, TINFL_FLAG_HAS_MORE_INPUT);
            rest = &rest[used..];
            message.extend_from_slice(&self.window[self.at..self.at + made]);
            self.at = (self.at + made) % self.window.len();
            match status {
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput if rest.is_empty() => return Some(message),
                _ => return None,
            }
        }
    }
}
