//! The frames that wait for the operating system.

use std::collections::VecDeque;

use super::spares;
use crate::wire::frame_at;

/// Frames are put together in segments of up to this size, so that a burst leaves in few writes.
const SEGMENT: usize = 64 << 10;

/// A segment begins with room for its first frame, and grows up to this size with those that follow. What goes beyond
/// it is a burst, and gets a segment of full size.
const FIRST_SEGMENT: usize = 4 << 10;

/// An empty queue with room for no more segments than these keeps it.
const SEGMENTS_KEPT: usize = 4;

/// One or more whole frames, written in one go where the system takes them.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The frames.
    pub bytes: Vec<u8>,
    /// Bytes of `bytes` that were written.
    pub written: usize,
    /// Bytes of messages in the frames, as counted in `buffered_amount`.
    pub payload: usize,
    /// Messages in the frames, those left out that [`Segment::take_ends`] has told.
    pub messages: u64,
    /// Where the first frame begins that was not told.
    pub told: usize,
    /// The frames are not the app's messages and pings.
    pub is_control: bool,
    /// A ping of the keepalive.
    pub is_ping: bool,
    /// Pongs that leave before the messages.
    pub is_pongs: bool,
}

impl Segment {
    /// A segment that holds no message, only control frames.
    pub fn control(bytes: Vec<u8>) -> Segment {
        Segment { bytes, is_control: true, ..Segment::default() }
    }

    /// Tells where each message ends that was written as a whole and was not told yet.
    pub fn take_ends(&mut self, mut tell: impl FnMut(usize)) {
        while self.messages > 0
            && let Some((is_message, length)) = frame_at(&self.bytes[self.told..])
            && self.told + length <= self.written
        {
            self.told += length;
            if is_message {
                self.messages -= 1;
                tell(self.told);
            }
        }
    }

    /// How many messages were written as a whole and were not told yet.
    #[inline]
    pub fn take_written(&mut self) -> u64 {
        if self.written == self.bytes.len() {
            return std::mem::take(&mut self.messages);
        }
        let mut messages = 0;
        self.take_ends(|_| messages += 1);
        messages
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
        let fits = |last: &Segment| {
            let end = last.bytes.len() + bound;
            end <= FIRST_SEGMENT || end <= last.bytes.capacity().min(SEGMENT)
        };
        if !self.segments.back().is_some_and(fits) {
            let capacity = if self.segments.is_empty() { bound } else { bound.max(SEGMENT) };
            self.push(Segment { bytes: spares::buffer(capacity), ..Segment::default() });
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

    /// Puts a segment of control frames where it leaves soonest: behind the segment that is partly written, if
    /// one is.
    pub fn push_urgent(&mut self, segment: Segment) {
        let at = usize::from(self.segments.front().is_some_and(|first| first.written > 0));
        self.segments.insert(at, segment);
    }

    /// Gives the memory of an empty queue back, if a burst has left it with much.
    pub fn shrink(&mut self) {
        if self.segments.is_empty() && self.segments.capacity() > SEGMENTS_KEPT {
            self.segments = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{MessageKind, Writer};

    #[test]
    fn messages_are_told_that_were_written_as_a_whole() {
        let mut writer = Writer::new();
        let mut bytes = Vec::new();
        let mut ends = Vec::new();
        for length in [0, 125, 126, 70_000] {
            writer.draw_key().message(MessageKind::Text, &vec![b'x'; length], &mut bytes);
            ends.push(bytes.len());
            writer.ping(b"?", &mut bytes);
        }
        let mut segment = Segment { bytes, messages: 4, ..Segment::default() };
        let mut told = Vec::new();
        for written in 0..=segment.bytes.len() {
            segment.written = written;
            segment.take_ends(|end| told.push((written, end)));
        }
        assert_eq!(told, ends.iter().map(|&end| (end, end)).collect::<Vec<_>>());
        assert_eq!((segment.messages, segment.take_written()), (0, 0));
    }

    #[test]
    fn a_burst_leaves_in_few_segments() {
        let mut queue = Queue::default();
        for _ in 0..2_000 {
            let segment = queue.room(100);
            segment.bytes.extend_from_slice(&[0; 100]);
        }
        let sizes: Vec<usize> = queue.segments.iter().map(|segment| segment.bytes.len()).collect();
        assert!(sizes[0] < 2 * FIRST_SEGMENT, "{sizes:?}");
        assert_eq!((sizes.len(), &sizes[1..3]), (4, &[65_500, 65_500][..]));
    }

    #[test]
    fn a_single_message_takes_no_more_than_it_needs() {
        let mut queue = Queue::default();
        assert_eq!(queue.room(10_000).bytes.capacity(), 10_000);
    }

    #[test]
    fn what_waits_is_exact_at_both_ends_and_never_grows() {
        let (framed, compressed) = (106, 12);
        for size in [framed, compressed] {
            let mut segment =
                Segment { bytes: vec![0; size], payload: 100, messages: 1, ..Segment::default() };
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
