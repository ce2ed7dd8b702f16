//! The frames that wait for the operating system.

use std::collections::VecDeque;

/// Frames are put together in segments of up to this size, so that a burst leaves in few writes.
const SEGMENT_TARGET: usize = 64 << 10;

/// Size of a segment that is begun behind others: a burst is under way.
const BURST_SEGMENT: usize = 16 << 10;

/// One or more whole frames, written in one go where the system takes them.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The frames.
    pub bytes: Vec<u8>,
    /// Bytes of `bytes` that were written.
    pub written: usize,
    /// Bytes of messages in the frames, as counted in `buffered_amount`.
    pub payload: usize,
    /// Messages in the frames.
    pub messages: u64,
}

impl Segment {
    /// A segment that holds no message, only control frames.
    pub fn control(bytes: Vec<u8>) -> Segment {
        Segment { bytes, ..Segment::default() }
    }

    /// What is not written yet.
    pub fn unwritten(&self) -> &[u8] {
        &self.bytes[self.written..]
    }

    /// The part of `payload` that counts as waiting: framing goes first, and so does what compression has
    /// saved, so that it is exact at both ends and never grows.
    pub fn waiting(&self) -> usize {
        if self.written == 0 { self.payload } else { self.payload.min(self.bytes.len() - self.written) }
    }
}

/// Segments in the order in which they are to leave.
#[derive(Debug, Default)]
pub(super) struct Queue {
    segments: VecDeque<Segment>,
}

impl Queue {
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// A segment with room for a frame of at most `bound` bytes.
    pub fn room(&mut self, bound: usize) -> &mut Segment {
        let fits = self.segments.back().is_some_and(|last| last.bytes.len() + bound <= SEGMENT_TARGET);
        if !fits {
            let capacity = if self.segments.is_empty() { bound } else { bound.max(BURST_SEGMENT) };
            self.push(Segment { bytes: Vec::with_capacity(capacity), ..Segment::default() });
        }
        // The queue is not empty: the line above saw to it.
        let last = self.segments.len() - 1;
        &mut self.segments[last]
    }

    /// Puts a segment behind the others.
    pub fn push(&mut self, segment: Segment) {
        self.segments.push_back(segment);
    }

    /// The segment that leaves next.
    pub fn front(&mut self) -> Option<&mut Segment> {
        self.segments.front_mut()
    }

    /// Takes the segment that leaves next away.
    pub fn pop(&mut self) -> Option<Segment> {
        self.segments.pop_front()
    }

    /// Moves all of `other` behind the others.
    pub fn append(&mut self, other: &mut Queue) {
        if self.segments.is_empty() {
            std::mem::swap(&mut self.segments, &mut other.segments);
        } else {
            self.segments.append(&mut other.segments);
        }
    }

    /// Puts control frames where they leave soonest: behind the segment that is partly written, if one
    /// is.
    pub fn push_urgent(&mut self, bytes: Vec<u8>) {
        let at = usize::from(self.segments.front().is_some_and(|first| first.written > 0));
        self.segments.insert(at, Segment::control(bytes));
    }

    /// Gives the memory of an empty queue back.
    pub fn shrink(&mut self) {
        if self.segments.is_empty() {
            self.segments = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_exact_at_both_ends_and_never_grows() {
        let (framed, compressed) = (106, 12);
        for size in [framed, compressed] {
            let mut segment = Segment { bytes: vec![0; size], payload: 100, messages: 1, written: 0 };
            let mut before = segment.waiting();
            assert_eq!(before, 100);
            while segment.written < size {
                segment.written += 1;
                assert!(segment.waiting() <= before, "{} of {size} written", segment.written);
                before = segment.waiting();
            }
            assert_eq!(before, 0);
        }
    }
}
