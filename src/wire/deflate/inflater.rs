use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};

use super::{MAX_WINDOW_BITS, MIN_ZLIB_WINDOW_BITS, TAIL};
use crate::wire::Fault;

/// What is reserved at first for a message.
const FIRST_RESERVE: usize = 1 << 10;
/// A larger buffer is given back after its message.
const MAX_KEPT: usize = 4 << 10;

/// Decompresses one message after the other: [`push`](Inflater::push) each part as it comes,
/// [`finish`](Inflater::finish), use the [`output`](Inflater::output), [`clear`](Inflater::clear).
///
/// After a fault it is not to be used any more.
#[derive(Debug)]
pub struct Inflater {
    /// Window and tables; `None` until needed, and between messages without context takeover.
    stream: Option<Decompress>,
    window_bits: u8,
    context_takeover: bool,
    /// Some of the message has come.
    begun: bool,
    /// The last block was marked as final and nothing has come after it.
    at_stream_end: bool,
    output: Vec<u8>,
}

impl Inflater {
    /// `window_bits` is the largest window of the peer's compressor; a larger one than that does no harm.
    pub(super) fn new(window_bits: u8, context_takeover: bool) -> Inflater {
        Inflater {
            stream: None,
            window_bits: window_bits.clamp(MIN_ZLIB_WINDOW_BITS, MAX_WINDOW_BITS),
            context_takeover,
            begun: false,
            at_stream_end: false,
            output: Vec::new(),
        }
    }

    /// Decompresses the next part of a message that may have `limit` bytes in all. Stops as soon as it has more.
    pub fn push(&mut self, part: &[u8], limit: usize) -> Result<(), Fault> {
        if part.is_empty() {
            return Ok(());
        }
        self.begun = true;
        let bits = self.window_bits;
        let stream = self.stream.get_or_insert_with(|| Decompress::new_with_window_bits(false, bits));
        let mut rest = part;
        loop {
            if self.at_stream_end {
                if rest.is_empty() {
                    return Ok(());
                }
                // A block marked as final ends the stream but not the message: what follows is another stream
                // (RFC 7692, section 7.2.3.4).
                stream.reset(false);
                self.at_stream_end = false;
            }
            let (in_before, out_before) = (stream.total_in(), stream.total_out());
            let full = self.output.len() >= limit;
            let status = if full {
                // The message may still be complete; a single byte more is too much.
                stream.decompress(rest, &mut [0], FlushDecompress::Sync)
            } else {
                make_room(&mut self.output, rest.len(), limit);
                stream.decompress_vec(rest, &mut self.output, FlushDecompress::Sync)
            };
            let (used, made) = (stream.total_in() - in_before, stream.total_out() - out_before);
            if self.output.len() > limit || (full && made > 0) {
                self.output.truncate(limit);
                return Err(Fault::too_big(limit));
            }
            let Ok(status) = status else { return Err(corrupt()) };
            rest = &rest[used as usize..];
            if status == Status::StreamEnd {
                self.at_stream_end = true;
            } else if rest.is_empty() && (full || self.output.len() < self.output.capacity()) {
                return Ok(());
            } else if used == 0 && made == 0 {
                return Err(corrupt());
            }
        }
    }

    /// Ends the message, by the bytes that its sender left out (RFC 7692, section 7.2.2).
    pub fn finish(&mut self) -> Result<(), Fault> {
        // Not for a message without any byte: there is no block to end. Section 7.2.3.6 asks for one, but
        // zlib gives nothing when it is flushed twice, and senders exist that pass this on.
        let begun = std::mem::take(&mut self.begun);
        if let (true, false, Some(stream)) = (begun, self.at_stream_end, &mut self.stream) {
            let (in_before, out_before) = (stream.total_in(), stream.total_out());
            let status = stream.decompress(&TAIL, &mut [0], FlushDecompress::Sync);
            let (used, made) = (stream.total_in() - in_before, stream.total_out() - out_before);
            // Within a block that was cut off, these bytes are more of its content.
            if !matches!(status, Ok(Status::Ok)) || used != TAIL.len() as u64 || made != 0 {
                return Err(corrupt());
            }
        }
        if !self.context_takeover {
            self.stream = None;
            self.at_stream_end = false;
        }
        Ok(())
    }

    /// What has been decompressed of the message.
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// Takes the output, to be kept.
    pub fn take(&mut self) -> Bytes {
        let mut output = std::mem::take(&mut self.output);
        output.shrink_to_fit();
        output.into()
    }

    /// Forgets the output, before the next message.
    pub fn clear(&mut self) {
        self.output.clear();
        self.output.shrink_to(MAX_KEPT);
    }
}

#[cold]
fn corrupt() -> Fault {
    Fault::bad_compression("a compressed message does not decompress")
}

/// Makes some room for the output of `input` bytes, but none beyond `limit`.
fn make_room(output: &mut Vec<u8>, input: usize, limit: usize) {
    if output.len() == output.capacity() {
        let target = FIRST_RESERVE.max(input.saturating_mul(2)).max(output.capacity().saturating_mul(2));
        output.reserve_exact(target.min(limit) - output.len());
    }
}

#[cfg(test)]
impl Inflater {
    /// Whether the window is allocated, and the output buffer's size.
    pub(super) fn footprint(&self) -> (bool, usize) {
        (self.stream.is_some(), self.output.capacity())
    }
}
