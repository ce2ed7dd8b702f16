use flate2::{Compress, Compression, FlushCompress};

use super::{MIN_ZLIB_WINDOW_BITS, TAIL};

/// A larger buffer is given back after its message.
const MAX_KEPT: usize = 16 << 10;

/// How much of a message a [`Deflater::step`] takes, in bytes.
const STEP: usize = 64 << 10;

/// What has become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more of it to compress.
    More,
    /// It is in [`Deflater::output`].
    Compressed,
    /// It is to be sent as it is.
    AsItIs,
}

/// Compresses one message after the other: [`compress`](Deflater::compress), or [`step`](Deflater::step) by step, then
/// [`clear`](Deflater::clear).
#[derive(Debug)]
pub struct Deflater {
    /// Window and tables; `None` until needed, and between messages without context takeover.
    stream: Option<Compress>,
    window_bits: u8,
    context_takeover: bool,
    level: u8,
    threshold: usize,
    /// How much of the message it has compressed.
    taken: usize,
    /// The output, and behind it zeros to be written over.
    output: Vec<u8>,
    filled: usize,
}

impl Deflater {
    pub(super) fn new(window_bits: u8, context_takeover: bool, level: u8, threshold: usize) -> Deflater {
        Deflater {
            stream: None,
            window_bits,
            context_takeover,
            level,
            threshold,
            taken: 0,
            output: Vec::new(),
            filled: 0,
        }
    }

    /// The length from which on messages are to be compressed.
    pub fn threshold(&self) -> usize {
        let compresses = self.level > 0 && self.window_bits >= MIN_ZLIB_WINDOW_BITS;
        if compresses { self.threshold.max(1) } else { usize::MAX }
    }

    /// The payload of a message, compressed; `None` when the message is to be sent as it is.
    pub fn compress(&mut self, message: &[u8]) -> Option<&[u8]> {
        if message.len() < self.threshold() {
            return None;
        }
        loop {
            match self.step(message) {
                Step::More => {}
                Step::Compressed => return Some(self.output()),
                Step::AsItIs => return None,
            }
        }
    }

    /// Compresses some of a message that is long enough. To be called with the same one until it has ended.
    pub fn step(&mut self, message: &[u8]) -> Step {
        if self.taken == 0 {
            self.filled = 0;
        }
        let Some(is_compressed) = self.run(message) else {
            self.forget();
            return Step::AsItIs;
        };
        if !is_compressed {
            return Step::More;
        }
        self.taken = 0;
        if !self.context_takeover {
            self.stream = None;
        }
        Step::Compressed
    }

    /// The message that was compressed last.
    pub fn output(&self) -> &[u8] {
        &self.output[..self.filled]
    }

    /// Forgets what it has compressed. The peer will not see what the compressor has seen, so its window has to be
    /// forgotten, which a sender may do at any time.
    pub fn forget(&mut self) {
        self.taken = 0;
        self.stream = None;
        self.clear();
    }

    /// Compresses the next part of the message, and tells whether that was the last one; `None` when the output would be
    /// no smaller than the message.
    fn run(&mut self, message: &[u8]) -> Option<bool> {
        let (level, bits) = (Compression::new(self.level.into()), self.window_bits);
        let stream = self.stream.get_or_insert_with(|| Compress::new_with_window_bits(level, false, bits));
        let limit = message.len() + TAIL.len();
        let end = message.len().min(self.taken + STEP);
        let is_last = end == message.len();
        let flush = if is_last { FlushCompress::Sync } else { FlushCompress::None };
        loop {
            if self.filled == self.output.capacity() {
                let target = (message.len() / 4).max(2 * self.filled).clamp(64, limit.max(64));
                self.output.reserve_exact(target - self.output.len());
            }
            let room = self.output.capacity().min(self.filled + STEP);
            if self.output.len() < room {
                self.output.resize(room, 0);
            }
            let (in_before, out_before) = (stream.total_in(), stream.total_out());
            stream.compress(&message[self.taken..end], &mut self.output[self.filled..room], flush).ok()?;
            self.taken += (stream.total_in() - in_before) as usize;
            self.filled += (stream.total_out() - out_before) as usize;
            if self.taken == end && self.filled < room {
                break;
            }
            if self.filled >= limit {
                return None;
            }
        }
        if is_last {
            // An empty block follows each flush; most of it is not sent (RFC 7692, section 7.2.1).
            self.filled = self.output().strip_suffix(&TAIL)?.len();
            return (self.filled < message.len()).then_some(true);
        }
        Some(false)
    }

    /// Forgets the output, before the next message.
    pub fn clear(&mut self) {
        self.filled = 0;
        if self.output.capacity() > MAX_KEPT {
            self.output = Vec::new();
        }
    }
}

#[cfg(test)]
impl Deflater {
    /// Whether the window is allocated, and the output buffer's size.
    pub(super) fn footprint(&self) -> (bool, usize) {
        (self.stream.is_some(), self.output.capacity())
    }
}
