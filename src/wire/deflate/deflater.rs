use flate2::{Compress, Compression, FlushCompress};

use super::{MIN_ZLIB_WINDOW_BITS, TAIL};

/// A larger buffer is given back after its message.
const MAX_KEPT: usize = 16 << 10;

/// Compresses one message after the other: [`compress`](Deflater::compress), [`clear`](Deflater::clear).
#[derive(Debug)]
pub struct Deflater {
    /// Window and tables; `None` until needed, and between messages without context takeover.
    stream: Option<Compress>,
    window_bits: u8,
    context_takeover: bool,
    level: u8,
    threshold: usize,
    output: Vec<u8>,
}

impl Deflater {
    pub(super) fn new(window_bits: u8, context_takeover: bool, level: u8, threshold: usize) -> Deflater {
        Deflater { stream: None, window_bits, context_takeover, level, threshold, output: Vec::new() }
    }

    /// The payload of a message, compressed; `None` when the message is to be sent as it is.
    pub fn compress(&mut self, message: &[u8]) -> Option<&[u8]> {
        let wanted = self.level > 0 && self.window_bits >= MIN_ZLIB_WINDOW_BITS;
        if !wanted || message.is_empty() || message.len() < self.threshold {
            return None;
        }
        self.output.clear();
        if self.run(message).is_none() {
            // The peer will not see what the compressor has seen, so its window has to be forgotten, which a
            // sender may do at any time.
            self.stream = None;
            self.clear();
            return None;
        }
        if !self.context_takeover {
            self.stream = None;
        }
        Some(&self.output)
    }

    /// Fills the output; `None` when it would be no smaller than the message.
    fn run(&mut self, message: &[u8]) -> Option<()> {
        let (level, bits) = (Compression::new(self.level.into()), self.window_bits);
        let stream = self.stream.get_or_insert_with(|| Compress::new_with_window_bits(level, false, bits));
        let limit = message.len() + TAIL.len();
        let mut rest = message;
        loop {
            if self.output.len() == self.output.capacity() {
                let target = (message.len() / 4).max(2 * self.output.capacity()).clamp(64, limit.max(64));
                self.output.reserve_exact(target - self.output.len());
            }
            let before = stream.total_in();
            stream.compress_vec(rest, &mut self.output, FlushCompress::Sync).ok()?;
            rest = &rest[(stream.total_in() - before) as usize..];
            if rest.is_empty() && self.output.len() < self.output.capacity() {
                break;
            }
            if self.output.len() >= limit {
                return None;
            }
        }
        // An empty block follows each flush; most of it is not sent (RFC 7692, section 7.2.1).
        let length = self.output.strip_suffix(&TAIL)?.len();
        self.output.truncate(length);
        (length < message.len()).then_some(())
    }

    /// Forgets the output, before the next message.
    pub fn clear(&mut self) {
        self.output.clear();
        self.output.shrink_to(MAX_KEPT);
    }
}

#[cfg(test)]
impl Deflater {
    /// Whether the window is allocated, and the output buffer's size.
    pub(super) fn footprint(&self) -> (bool, usize) {
        (self.stream.is_some(), self.output.capacity())
    }
}
