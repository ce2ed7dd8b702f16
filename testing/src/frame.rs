//! WebSocket frames (RFC 6455, section 5.2), right and wrong ones, written and read by hand.

use std::io::{self, Read};

/// Opcodes of RFC 6455, section 11.8.
#[allow(missing_docs)]
pub mod opcode {
    pub const CONTINUATION: u8 = 0x0;
    pub const TEXT: u8 = 0x1;
    pub const BINARY: u8 = 0x2;
    pub const CLOSE: u8 = 0x8;
    pub const PING: u8 = 0x9;
    pub const PONG: u8 = 0xA;
}

/// RSV1, the bit that marks a compressed message (RFC 7692, section 6).
pub const RSV1: u8 = 0b100;

/// A frame. Its parts are not checked, so that a test can send what it must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Whether it is the last of its message.
    pub fin: bool,
    /// RSV1, RSV2 and RSV3, as the bits 4, 2 and 1.
    pub rsv: u8,
    /// One of [`opcode`], or a reserved one.
    pub opcode: u8,
    /// The payload, unmasked.
    pub payload: Vec<u8>,
}

impl Frame {
    /// A final frame.
    pub fn new(opcode: u8, payload: impl Into<Vec<u8>>) -> Frame {
        Frame { fin: true, rsv: 0, opcode, payload: payload.into() }
    }

    /// A text message in one frame.
    pub fn text(payload: impl Into<Vec<u8>>) -> Frame {
        Frame::new(opcode::TEXT, payload)
    }

    /// A binary message in one frame.
    pub fn binary(payload: impl Into<Vec<u8>>) -> Frame {
        Frame::new(opcode::BINARY, payload)
    }

    /// The last frame of a fragmented message.
    pub fn continuation(payload: impl Into<Vec<u8>>) -> Frame {
        Frame::new(opcode::CONTINUATION, payload)
    }

    /// A Ping.
    pub fn ping(payload: impl Into<Vec<u8>>) -> Frame {
        Frame::new(opcode::PING, payload)
    }

    /// A Pong.
    pub fn pong(payload: impl Into<Vec<u8>>) -> Frame {
        Frame::new(opcode::PONG, payload)
    }

    /// A Close with code and reason.
    pub fn close(code: u16, reason: &str) -> Frame {
        Frame::new(opcode::CLOSE, [&code.to_be_bytes()[..], reason.as_bytes()].concat())
    }

    /// A Close without payload.
    pub fn close_empty() -> Frame {
        Frame::new(opcode::CLOSE, [])
    }

    /// The same without FIN: more frames of the message follow.
    pub fn not_final(mut self) -> Frame {
        self.fin = false;
        self
    }

    /// The same with these reserved bits.
    pub fn with_rsv(mut self, rsv: u8) -> Frame {
        self.rsv = rsv;
        self
    }

    /// The code of a Close frame.
    pub fn close_code(&self) -> Option<u16> {
        let code = self.payload.first_chunk::<2>()?;
        (self.opcode == opcode::CLOSE).then(|| u16::from_be_bytes(*code))
    }

    /// The bytes that a server sends.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.header(0);
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    /// The bytes that a client sends.
    pub fn encode_masked(&self, mask: [u8; 4]) -> Vec<u8> {
        let mut bytes = self.header(0x80);
        bytes.extend_from_slice(&mask);
        bytes.extend(self.payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
        bytes
    }

    fn header(&self, mask_bit: u8) -> Vec<u8> {
        let mut bytes = vec![u8::from(self.fin) << 7 | (self.rsv & 7) << 4 | self.opcode & 0xF];
        match self.payload.len() {
            length @ 0..=125 => bytes.push(mask_bit | length as u8),
            length @ 126..=0xFFFF => {
                bytes.push(mask_bit | 126);
                bytes.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                bytes.push(mask_bit | 127);
                bytes.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        bytes
    }

    /// Reads a client's frame and unmasks it.
    ///
    /// # Panics
    /// When the frame is not masked, or its length is not in the shortest form: a client must do both.
    pub fn read(mut from: impl Read) -> io::Result<Frame> {
        let [first, second] = read_array(&mut from)?;
        assert!(second & 0x80 != 0, "the client sent an unmasked frame");
        let length = match second & 0x7F {
            126 => {
                let length = u64::from(u16::from_be_bytes(read_array(&mut from)?));
                assert!(length > 125, "16 bits for a length of {length}");
                length
            }
            127 => {
                let length = u64::from_be_bytes(read_array(&mut from)?);
                assert!(length > 0xFFFF, "64 bits for a length of {length}");
                length
            }
            short => u64::from(short),
        };
        let mask: [u8; 4] = read_array(&mut from)?;
        let mut payload = Vec::new();
        if from.take(length).read_to_end(&mut payload)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, key)| *byte ^= key);
        Ok(Frame { fin: first & 0x80 != 0, rsv: first >> 4 & 7, opcode: first & 0xF, payload })
    }
}

/// The bytes of several frames, one behind the other.
pub fn encode_all(frames: &[Frame]) -> Vec<u8> {
    frames.iter().flat_map(Frame::encode).collect()
}

fn read_array<const N: usize>(mut from: impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_the_examples_of_rfc_6455_section_5_7() {
        assert_eq!(Frame::text("Hello").encode(), b"\x81\x05Hello");
        assert_eq!(
            Frame::text("Hello").encode_masked([0x37, 0xfa, 0x21, 0x3d]),
            b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
        );
        assert_eq!(Frame::text("Hel").not_final().encode(), b"\x01\x03Hel");
        assert_eq!(Frame::binary([0; 256]).encode()[..4], [0x82, 126, 1, 0]);
        assert_eq!(Frame::binary([0; 65536]).encode()[..10], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn reads_what_a_client_writes() {
        for length in [0, 1, 125, 126, 65535, 65536] {
            let frame = Frame::binary(vec![7; length]).not_final().with_rsv(RSV1);
            assert_eq!(Frame::read(&frame.encode_masked([1, 2, 3, 4])[..]).unwrap(), frame);
        }
        assert_eq!(Frame::close(4001, "bye").close_code(), Some(4001));
        assert_eq!(Frame::close_empty().close_code(), None);
    }
}
