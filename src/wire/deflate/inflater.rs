use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};

use super::{MAX_WINDOW_BITS, MIN_ZLIB_WINDOW_BITS, TAIL};
use crate::wire::Fault;

/// What is reserved at first for a message.
const FIRST_RESERVE: usize = 1 << 10;
/// A larger buffer is given back after its message.
const MAX_KEPT: usize = 4 << 10;

/// What is decompressed in one go, in bytes. However little the peer sends for it, the others wait no longer.
const STEP: usize = 64 << 10;

/// Decompresses one message after the other: [`push`](Inflater::push) each part as it comes until it is taken as a whole and
/// nothing of it [is left](Inflater::has_more), [`finish`](Inflater::finish), use the [`output`](Inflater::output),
/// [`clear`](Inflater::clear).
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
    /// What was taken in has not come out as a whole.
    has_more: bool,
    /// The output, and behind it zeros to be written over.
    output: Vec<u8>,
    filled: usize,
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
            has_more: false,
            output: Vec::new(),
            filled: 0,
        }
    }

    /// Decompresses some of the next part of a message that may have `limit` bytes in all, and tells how many bytes it has
    /// taken. Stops as soon as the message has more than it may.
    pub fn push(&mut self, part: &[u8], limit: usize) -> Result<usize, Fault> {
        if part.is_empty() && !self.has_more {
            return Ok(0);
        }
        self.begun = true;
        self.has_more = false;
        let bits = self.window_bits;
        let mut stream = self.stream.take().unwrap_or_else(|| Decompress::new_with_window_bits(false, bits));
        let taken = self.step(&mut stream, part, limit);
        self.stream = Some(stream);
        taken
    }

    fn step(&mut self, stream: &mut Decompress, part: &[u8], limit: usize) -> Result<usize, Fault> {
        let mut rest = part;
        let stop = self.filled.saturating_add(STEP);
        loop {
            if self.at_stream_end {
                if rest.is_empty() {
                    return Ok(part.len());
                }
                // A block marked as final ends the stream but not the message: what follows is another stream
                // (RFC 7692, section 7.2.3.4).
                stream.reset(false);
                self.at_stream_end = false;
            }
            if self.filled == stop {
                self.has_more = true;
                return Ok(part.len() - rest.len());
            }
            let (in_before, out_before) = (stream.total_in(), stream.total_out());
            let full = self.filled >= limit;
            let mut one_more = [0];
            let room = match full {
                // The message may still be complete; a single byte more is too much.
                true => &mut one_more[..],
                false => self.room(rest.len(), limit, stop),
            };
            let size = room.len();
            let status = stream.decompress(rest, room, FlushDecompress::Sync);
            let (used, made) = (stream.total_in() - in_before, stream.total_out() - out_before);
            if full && made > 0 {
                return Err(Fault::too_big(limit));
            }
            self.filled += made as usize;
            let Ok(status) = status else { return Err(corrupt()) };
            rest = &rest[used as usize..];
            if status == Status::StreamEnd {
                self.at_stream_end = true;
            } else if rest.is_empty() && (made as usize) < size {
                return Ok(part.len());
            } else if used == 0 && made == 0 {
                return Err(corrupt());
            }
        }
    }

    /// Room for some of the output of `input` bytes, but none beyond `limit` or `stop`.
    fn room(&mut self, input: usize, limit: usize, stop: usize) -> &mut [u8] {
        if self.filled == self.output.capacity() {
            let target = FIRST_RESERVE.max(input.saturating_mul(2)).max(self.filled.saturating_mul(2));
            self.output.reserve_exact(target.min(limit) - self.output.len());
        }
        let end = self.output.capacity().min(limit).min(stop);
        if self.output.len() < end {
            self.output.resize(end, 0);
        }
        &mut self.output[self.filled..end]
    }

    /// Whether what was taken in has more to come out. To be pushed on, with whatever follows or nothing.
    pub fn has_more(&self) -> bool {
        self.has_more
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
        &self.output[..self.filled]
    }

    /// Takes the output, to be kept.
    pub fn take(&mut self) -> Bytes {
        let mut output = std::mem::take(&mut self.output);
        output.truncate(std::mem::take(&mut self.filled));
        output.shrink_to_fit();
        output.into()
    }

    /// Frees all memory. It is not to be used any more.
    pub fn free(&mut self) {
        self.stream = None;
        self.output = Vec::new();
        self.filled = 0;
    }

    /// Forgets the output, before the next message.
    pub fn clear(&mut self) {
        self.filled = 0;
        if self.output.capacity() > MAX_KEPT {
            self.output = Vec::new();
        }
    }
}

#[cold]
fn corrupt() -> Fault {
    Fault::bad_compression("a compressed message does not decompress")
}

#[cfg(test)]
impl Inflater {
    /// Whether the window is allocated, and the output buffer's size.
    pub(super) fn footprint(&self) -> (bool, usize) {
        (self.stream.is_some(), self.output.capacity())
    }
}
