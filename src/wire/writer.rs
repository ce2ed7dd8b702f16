//! What goes out: messages to bytes.

use super::MessageKind;
use super::close::MAX_REASON;
use super::deflate::Deflater;
use super::header::{self, MAX_CONTROL_PAYLOAD, MAX_MASKED_SIZE, Opcode};
use super::mask::{MaskKeys, extend_masked};

/// Turns messages into the bytes of a client's masked frames.
pub struct Writer {
    keys: MaskKeys,
    deflater: Option<Deflater>,
}

impl Writer {
    /// A writer at the beginning of the data phase. `deflater` when permessage-deflate was negotiated.
    pub fn new(deflater: Option<Deflater>) -> Writer {
        Writer { keys: MaskKeys::new(), deflater }
    }

    /// Whether it may compress messages, each of which then depends on the ones before it.
    pub fn compresses(&self) -> bool {
        self.deflater.is_some()
    }

    /// The most bytes that a message with `length` bytes of payload adds, compressed or not.
    pub const fn max_frame_size(length: usize) -> usize {
        length.saturating_add(MAX_MASKED_SIZE)
    }

    /// Appends a whole message as one frame to `out`. The payload of a text must be UTF-8. Not to be called
    /// after [`Writer::close`].
    pub fn message(&mut self, kind: MessageKind, payload: &[u8], out: &mut Vec<u8>) {
        let opcode = match kind {
            MessageKind::Text => Opcode::Text,
            MessageKind::Binary => Opcode::Binary,
        };
        if let Some(deflater) = &mut self.deflater
            && let Some(compressed) = deflater.compress(payload)
        {
            frame(&mut self.keys, opcode, true, compressed, out);
            deflater.clear();
            return;
        }
        frame(&mut self.keys, opcode, false, payload, out);
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
        frame(&mut self.keys, opcode, false, payload, out);
    }
}

#[inline]
fn frame(keys: &mut MaskKeys, opcode: Opcode, rsv1: bool, payload: &[u8], out: &mut Vec<u8>) {
    let key = keys.next_key();
    out.reserve(Writer::max_frame_size(payload.len()));
    header::write(opcode, rsv1, payload.len(), key, out);
    extend_masked(out, payload, key);
}

#[cfg(test)]
mod tests;
