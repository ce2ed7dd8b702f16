//! What goes out: messages to bytes.

use super::MessageKind;
use super::close::MAX_REASON;
use super::header::{self, MAX_CONTROL_PAYLOAD, MAX_MASKED_SIZE, Opcode};
use super::mask::{MaskKeys, extend_masked};

/// Turns messages into the bytes of a client's masked frames.
pub struct Writer {
    keys: MaskKeys,
}

/// What a frame that is made later, perhaps on another thread, takes of the [`Writer`]: its masking key.
pub struct FrameKey([u8; 4]);

impl Writer {
    /// A writer at the beginning of the data phase.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Writer {
        Writer { keys: MaskKeys::new() }
    }

    /// The most bytes that a message with `length` bytes of payload adds, compressed or not.
    pub const fn max_frame_size(length: usize) -> usize {
        length.saturating_add(MAX_MASKED_SIZE)
    }

    /// Draws the key of one frame.
    #[inline]
    pub fn draw_key(&mut self) -> FrameKey {
        FrameKey(self.keys.next_key())
    }

    /// Appends a whole message as one frame to `out`. The payload of a text must be UTF-8. Not to be called
    /// after [`Writer::close`].
    #[inline]
    pub fn message(&mut self, kind: MessageKind, payload: &[u8], out: &mut Vec<u8>) {
        self.draw_key().message(kind, payload, out);
    }

    /// Appends a Ping. Of a payload longer than 125 bytes only so much is sent (RFC 6455, section 5.5).
    pub fn ping(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.control(Opcode::Ping, payload, out);
    }

    /// Appends a Pong, with the payload of the Ping that it answers.
    pub fn pong(&mut self, payload: &[u8], out: &mut Vec<u8>) {
        self.control(Opcode::Pong, payload, out);
    }

    /// Appends a Close frame. Without a code it is empty, and without `reason`; of a reason longer than
    /// [`MAX_REASON`] bytes, whole characters up to there are sent.
    pub fn close(&mut self, code: Option<u16>, reason: &str, out: &mut Vec<u8>) {
        let mut payload = [0; MAX_CONTROL_PAYLOAD];
        let mut length = 0;
        if let Some(code) = code {
            let mut end = reason.len().min(MAX_REASON);
            while !reason.is_char_boundary(end) {
                end -= 1;
            }
            length = 2 + end;
            payload[..2].copy_from_slice(&code.to_be_bytes());
            payload[2..length].copy_from_slice(&reason.as_bytes()[..end]);
        }
        self.control(Opcode::Close, &payload[..length], out);
    }

    fn control(&mut self, opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
        let payload = &payload[..payload.len().min(MAX_CONTROL_PAYLOAD)];
        frame(self.draw_key(), opcode, false, payload, out);
    }
}

impl FrameKey {
    /// As [`Writer::message`].
    #[inline]
    pub fn message(self, kind: MessageKind, payload: &[u8], out: &mut Vec<u8>) {
        frame(self, opcode(kind), false, payload, out);
    }

    /// The same for a message that permessage-deflate has compressed.
    pub fn compressed(self, kind: MessageKind, payload: &[u8], out: &mut Vec<u8>) {
        frame(self, opcode(kind), true, payload, out);
    }
}

#[inline]
fn opcode(kind: MessageKind) -> Opcode {
    match kind {
        MessageKind::Text => Opcode::Text,
        MessageKind::Binary => Opcode::Binary,
    }
}

#[inline]
fn frame(FrameKey(key): FrameKey, opcode: Opcode, rsv1: bool, payload: &[u8], out: &mut Vec<u8>) {
    out.reserve(Writer::max_frame_size(payload.len()));
    header::write(opcode, rsv1, payload.len(), key, out);
    extend_masked(out, payload, key);
}

#[cfg(test)]
mod tests;
