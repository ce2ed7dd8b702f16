//! What waits for the compressor.

use std::collections::VecDeque;

use crate::socket::queue::Queue;
use crate::wire::MessageKind;
use crate::wire::deflate::Deflater;
use crate::wire::writer::FrameKey;

pub(super) struct Compression {
    /// None while it works on a message.
    deflater: Option<Box<Deflater>>,
    /// The length from which on messages are compressed.
    threshold: usize,
    /// What was sent meanwhile.
    backlog: VecDeque<Waiting>,
}

enum Waiting {
    /// To be compressed.
    Message(Message),
    /// What follows as it is.
    Frames(Queue),
}

/// One that was accepted: it was counted, and has its key.
pub(super) struct Message {
    pub kind: MessageKind,
    pub payload: Vec<u8>,
    pub key: FrameKey,
}

impl Compression {
    pub fn new(deflater: Deflater) -> Compression {
        let threshold = deflater.threshold();
        Compression { deflater: Some(Box::new(deflater)), threshold, backlog: VecDeque::new() }
    }

    /// Whether a message of this length is to be compressed.
    #[inline]
    pub fn wants(&self, length: usize) -> bool {
        length >= self.threshold
    }

    /// Whether messages are being compressed. What is sent then goes to [`Compression::tail`].
    #[inline]
    pub fn is_busy(&self) -> bool {
        self.deflater.is_none()
    }

    /// The queue behind all that waits.
    pub fn tail(&mut self) -> &mut Queue {
        if !matches!(self.backlog.back(), Some(Waiting::Frames(_))) {
            self.backlog.push_back(Waiting::Frames(Queue::default()));
        }
        match self.backlog.back_mut() {
            Some(Waiting::Frames(frames)) => frames,
            _ => unreachable!("they were put there"),
        }
    }

    /// The compressor, if it is free.
    pub fn begin(&mut self) -> Option<Box<Deflater>> {
        self.deflater.take()
    }

    /// A message to be compressed after those that wait.
    pub fn push(&mut self, message: Message) {
        self.backlog.push_back(Waiting::Message(message));
    }

    /// Gives the next message to compress; what comes before it goes into `queue`.
    pub fn end(&mut self, deflater: Box<Deflater>, queue: &mut Queue) -> Option<(Box<Deflater>, Message)> {
        loop {
            match self.backlog.pop_front() {
                Some(Waiting::Frames(mut frames)) => queue.append(&mut frames),
                Some(Waiting::Message(message)) => return Some((deflater, message)),
                None => {
                    self.deflater = Some(deflater);
                    return None;
                }
            }
        }
    }
}
