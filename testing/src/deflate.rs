//! permessage-deflate (RFC 7692) on the server's side: on flate2, message by message.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// What ends a flushed block, and is not sent (RFC 7692, section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xFF, 0xFF];

/// What server and client agree on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// The server compresses each message by itself.
    pub server_no_context_takeover: bool,
    /// The client compresses each message by itself.
    pub client_no_context_takeover: bool,
    /// The server's window: 9 to 15, and 15 when it is not told.
    pub server_max_window_bits: Option<u8>,
    /// The client's window: 9 to 15, and 15 when it is not told.
    pub client_max_window_bits: Option<u8>,
}

impl Parameters {
    /// The value of `Sec-WebSocket-Extensions` in the response.
    pub fn answer(&self) -> String {
        let mut answer = "permessage-deflate".to_owned();
        if self.server_no_context_takeover {
            answer.push_str("; server_no_context_takeover");
        }
        if self.client_no_context_takeover {
            answer.push_str("; client_no_context_takeover");
        }
        if let Some(bits) = self.server_max_window_bits {
            answer.push_str(&format!("; server_max_window_bits={bits}"));
        }
        if let Some(bits) = self.client_max_window_bits {
            answer.push_str(&format!("; client_max_window_bits={bits}"));
        }
        answer
    }
}

/// The server's compressor and decompressor of one connection.
pub struct Deflate {
    parameters: Parameters,
    compress: Compress,
    decompress: Decompress,
}

impl Deflate {
    /// At the beginning of a connection.
    pub fn new(parameters: Parameters) -> Deflate {
        let level = Compression::default();
        Deflate {
            parameters,
            compress: Compress::new_with_window_bits(
                level,
                false,
                parameters.server_max_window_bits.unwrap_or(15),
            ),
            // As small as agreed: a client that looks back further than it may is found out.
            decompress: Decompress::new_with_window_bits(
                false,
                parameters.client_max_window_bits.unwrap_or(15),
            ),
        }
    }

    /// The payload of a compressed message.
    pub fn compress(&mut self, message: &[u8]) -> Vec<u8> {
        if self.parameters.server_no_context_takeover {
            self.compress.reset();
        }
        let mut output = Vec::with_capacity(message.len() / 2 + 64);
        let mut rest = message;
        loop {
            let before = self.compress.total_in();
            let status =
                self.compress.compress_vec(rest, &mut output, FlushCompress::Sync).expect("valid state");
            rest = &rest[(self.compress.total_in() - before) as usize..];
            assert_ne!(status, Status::StreamEnd);
            // Room that is left over means that all is flushed.
            if rest.is_empty() && output.len() < output.capacity() {
                break;
            }
            output.reserve(output.capacity().max(64));
        }
        assert!(output.ends_with(&TAIL));
        output.truncate(output.len() - TAIL.len());
        output
    }

    /// The message of a compressed payload.
    ///
    /// # Panics
    /// When the payload is not what the parameters allow.
    pub fn decompress(&mut self, payload: &[u8]) -> Vec<u8> {
        if self.parameters.client_no_context_takeover {
            self.decompress =
                Decompress::new_with_window_bits(false, self.parameters.client_max_window_bits.unwrap_or(15));
        }
        let input = [payload, &TAIL].concat();
        let mut rest = &input[..];
        let mut output = Vec::with_capacity(payload.len() * 4 + 64);
        loop {
            let before = self.decompress.total_in();
            self.decompress
                .decompress_vec(rest, &mut output, FlushDecompress::Sync)
                .expect("the client's compressed data are valid");
            rest = &rest[(self.decompress.total_in() - before) as usize..];
            if rest.is_empty() && output.len() < output.capacity() {
                return output;
            }
            output.reserve(output.capacity().max(64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7692_section_7_2_3_2() {
        let mut deflate = Deflate::new(Parameters::default());
        assert_eq!(deflate.compress(b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        assert_eq!(deflate.compress(b"Hello"), [0xf2, 0x00, 0x11, 0x00, 0x00]);
        assert_eq!(deflate.decompress(&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]), b"Hello");
        assert_eq!(deflate.decompress(&[0xf2, 0x00, 0x11, 0x00, 0x00]), b"Hello");
    }

    #[test]
    fn long_and_empty_messages() {
        let mut deflate = Deflate::new(Parameters::default());
        for message in [vec![], vec![7; 1_000_000], (0..200_000_u32).flat_map(u32::to_le_bytes).collect()] {
            let payload = deflate.compress(&message);
            assert!(deflate.decompress(&payload) == message);
        }
    }
}
