//! The header of a frame (RFC 6455, section 5.2).
//!
//! Written out here rather than taken from tungstenite's `FrameHeader`: that one neither checks that lengths
//! are minimal nor that their top bit is clear, so its result would have to be checked against the bytes
//! again, and at about a hundred instructions it costs as much as all the rest of a small message.

use super::Fault;

/// What a frame carries (RFC 6455, section 5.2, "Opcode"); the values are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    pub(super) fn is_control(self) -> bool {
        self as u8 & 0x8 != 0
    }
}

const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;
const RSV2_RSV3: u8 = 0x30;
const MASKED: u8 = 0x80;
/// The longest payload of a control frame (RFC 6455, section 5.5), and of a header without extended length.
pub(super) const MAX_CONTROL_PAYLOAD: usize = 125;

/// The header of a frame from a server.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) opcode: Opcode,
    /// The last frame of its message.
    pub(super) fin: bool,
    pub(super) rsv1: bool,
    /// Bytes of payload.
    pub(super) length: u64,
    /// Bytes of the header itself.
    pub(super) size: usize,
}

impl Header {
    /// Reads the header at the start of `bytes`; `None` when it does not end there. Checks all that can be
    /// checked without knowing the frames before it, as soon as the bytes that tell are there.
    #[inline]
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Header>, Fault> {
        let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
        if first & RSV2_RSV3 != 0 {
            return Err(Fault::protocol("a reserved bit is set without an extension that uses it"));
        }
        let opcode = match first & 0x0F {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return Err(Fault::protocol("the frame has a reserved opcode")),
        };
        if second & MASKED != 0 {
            return Err(Fault::protocol("the server masked a frame"));
        }
        let fin = first & FIN != 0;
        let rsv1 = first & RSV1 != 0;
        if opcode.is_control() {
            if !fin {
                return Err(Fault::protocol("a control frame is fragmented"));
            }
            if rsv1 {
                return Err(Fault::protocol("a control frame has a reserved bit set"));
            }
            if usize::from(second) > MAX_CONTROL_PAYLOAD {
                return Err(Fault::protocol("a control frame is longer than 125 bytes"));
            }
        }
        let (length, size) = match second {
            126 => {
                let Some(length) = rest.first_chunk() else { return Ok(None) };
                let length = u64::from(u16::from_be_bytes(*length));
                if length < 126 {
                    return Err(Fault::protocol("a frame's length is not in its shortest form"));
                }
                (length, 4)
            }
            127 => {
                let Some(length) = rest.first_chunk() else { return Ok(None) };
                let length = u64::from_be_bytes(*length);
                if length > i64::MAX as u64 {
                    return Err(Fault::protocol("the top bit of a frame's length is set"));
                }
                if length <= u64::from(u16::MAX) {
                    return Err(Fault::protocol("a frame's length is not in its shortest form"));
                }
                (length, 10)
            }
            _ => (u64::from(second), 2),
        };
        Ok(Some(Header { opcode, fin, rsv1, length, size }))
    }
}

/// The most bytes that a masked header has.
pub(super) const MAX_MASKED_SIZE: usize = 14;

/// Appends the header of a whole, masked message or control frame.
#[inline]
pub(super) fn write(opcode: Opcode, rsv1: bool, length: usize, key: [u8; 4], out: &mut Vec<u8>) {
    let first = FIN | if rsv1 { RSV1 } else { 0 } | opcode as u8;
    let [k0, k1, k2, k3] = key;
    if length <= MAX_CONTROL_PAYLOAD {
        out.extend_from_slice(&[first, MASKED | length as u8, k0, k1, k2, k3]);
    } else if let Ok(length) = u16::try_from(length) {
        let [l0, l1] = length.to_be_bytes();
        out.extend_from_slice(&[first, MASKED | 126, l0, l1, k0, k1, k2, k3]);
    } else {
        let [l0, l1, l2, l3, l4, l5, l6, l7] = (length as u64).to_be_bytes();
        out.extend_from_slice(&[first, MASKED | 127, l0, l1, l2, l3, l4, l5, l6, l7, k0, k1, k2, k3]);
    }
}

/// The frame at the start of `bytes`, which [`write`] has begun: whether it is a message, and how long it is, header included. None
/// when the bytes do not tell.
pub(crate) fn frame_at(bytes: &[u8]) -> Option<(bool, usize)> {
    let &[first, second, ref rest @ ..] = bytes else { return None };
    let (length, size) = match second & !MASKED {
        126 => (u16::from_be_bytes(*rest.first_chunk()?).into(), 4),
        127 => (usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?, 10),
        short => (short.into(), 2),
    };
    let is_message = first & 0x0F == Opcode::Text as u8 || first & 0x0F == Opcode::Binary as u8;
    let key = 4;
    Some((is_message, length.checked_add(size + key)?))
}
