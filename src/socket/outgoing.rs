//! What is to leave: frames that are queued, bytes on their way, and the count of both.

use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll};

use super::queue::{Queue, Segment};
use super::spares;
use super::transport::Transport;
use crate::wire::writer::Writer;

/// Unsent pongs kept while the network takes nothing, in bytes. Past it only the newest is kept, as RFC
/// 6455, section 5.5.3 allows.
const PONGS_KEPT: usize = 4 << 10;

pub(super) struct Outgoing {
    /// For control frames of our own; the app's frames come encoded.
    control: Writer,
    queue: Queue,
    /// Pongs that are not in the queue yet.
    pongs: Vec<u8>,
    /// Pongs are in the queue and not yet written.
    pongs_queued: bool,
    /// So is a ping of our own.
    ping_queued: bool,
    /// The transport has taken bytes that it was not able to flush.
    flushing: bool,
    /// Bytes that the transport has taken.
    taken: u64,
    /// What the transport has taken and may hold.
    held: VecDeque<Piece>,
    /// Bytes of the app's messages that were handed to the operating system and not told by [`Outgoing::write`].
    handed_over: usize,
    /// Messages handed to the operating system, and how many of them the app was told of.
    sent: u64,
    sent_told: u64,
    pub spares: spares::Giver,
}

/// What counts as handed over once the transport has handed over so many bytes of what it has taken.
struct Piece {
    end: u64,
    /// Bytes of the app's messages, as counted in `buffered_amount`: more than were taken where they were compressed.
    payload: usize,
    /// A message ends here.
    is_message: bool,
}

/// What [`Outgoing::write`] has done.
pub(super) struct Written {
    /// Bytes of the app's frames that the transport has taken.
    pub framed: usize,
    /// Bytes of the app's messages that were handed to the operating system.
    pub handed_over: usize,
}

impl Outgoing {
    pub fn new() -> Outgoing {
        Outgoing {
            control: Writer::new(),
            queue: Queue::default(),
            pongs: Vec::new(),
            pongs_queued: false,
            ping_queued: false,
            flushing: false,
            taken: 0,
            held: VecDeque::new(),
            handed_over: 0,
            sent: 0,
            sent_told: 0,
            spares: spares::Giver::default(),
        }
    }

    /// The queue, for the app's frames to be put behind.
    pub fn queue(&mut self) -> &mut Queue {
        &mut self.queue
    }

    /// There is nothing to write, nor to flush, nor to answer.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.is_idle() && self.pongs.is_empty()
    }

    /// All that is queued was handed over.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && !self.flushing
    }

    /// A ping of ours waits in the queue.
    pub fn has_ping(&self) -> bool {
        self.ping_queued
    }

    /// Queues a ping of ours, to leave before the app's frames.
    pub fn ping(&mut self, payload: &[u8]) {
        let mut frame = Vec::with_capacity(Writer::max_frame_size(payload.len()));
        self.control.ping(payload, &mut frame);
        self.queue.push_urgent(Segment { is_ping: true, ..Segment::control(frame) });
        self.ping_queued = true;
    }

    /// Answers a ping, before the app's frames.
    #[inline(never)]
    pub fn pong(&mut self, data: &[u8]) {
        if self.pongs.len() > PONGS_KEPT {
            self.pongs.clear();
        }
        self.control.pong(data, &mut self.pongs);
    }

    /// The pongs that are not queued. Only a Close frame excuses from answering a ping (RFC 6455, section 5.5.2).
    pub fn take_pongs(&mut self) -> Option<Segment> {
        (!self.pongs.is_empty()).then(|| Segment::control(std::mem::take(&mut self.pongs)))
    }

    /// A Close frame of our own.
    pub fn close_frame(&mut self, code: Option<u16>) -> Segment {
        let mut frame = Vec::with_capacity(Writer::max_frame_size(2));
        self.control.close(code, "", &mut frame);
        Segment::control(frame)
    }

    /// Writes what is queued, as far as the transport takes it. Pongs leave only if `answers` is set.
    pub fn write(
        &mut self,
        transport: &mut impl Transport,
        cx: &mut Context<'_>,
        answers: bool,
    ) -> io::Result<Written> {
        let framed = self.fill(transport, cx, answers)?;
        if self.flushing
            && let Poll::Ready(flushed) = transport.poll_flush(cx)
        {
            flushed?;
            self.flushing = false;
        }
        if !self.held.is_empty() {
            self.let_go(if self.flushing { transport.held() } else { 0 });
        }
        Ok(Written { framed, handed_over: std::mem::take(&mut self.handed_over) })
    }

    /// Counts what was handed over of that which the transport has held: all but its last `held` bytes.
    #[cold]
    fn let_go(&mut self, held: usize) {
        let left = self.taken.saturating_sub(held as u64);
        while let Some(piece) = self.held.front()
            && piece.end <= left
        {
            self.handed_over += piece.payload;
            self.sent += u64::from(piece.is_message);
            self.held.pop_front();
        }
        if self.held.is_empty() {
            self.held = VecDeque::new();
        }
    }

    fn fill(
        &mut self,
        transport: &mut impl Transport,
        cx: &mut Context<'_>,
        answers: bool,
    ) -> io::Result<usize> {
        let mut framed = 0;
        loop {
            if answers && !self.pongs.is_empty() && !self.pongs_queued {
                let pongs = Segment::control(std::mem::take(&mut self.pongs));
                self.queue.push_urgent(Segment { is_pongs: true, ..pongs });
                self.pongs_queued = true;
            }
            let Some(segment) = self.queue.front() else { return Ok(framed) };
            let written = match transport.poll_write(cx, segment.unwritten()) {
                Poll::Pending => return Ok(framed),
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(written) => written?,
            };
            let waiting = segment.waiting();
            segment.written += written;
            framed += if segment.is_control { 0 } else { written };
            let payload = waiting - segment.waiting();
            self.taken += written as u64;
            self.flushing = true;
            if self.held.is_empty() && transport.held() == 0 {
                self.handed_over += payload;
                self.sent += segment.take_written();
            } else {
                let begin = self.taken - segment.written as u64;
                segment.take_ends(|end| {
                    self.held.push_back(Piece { end: begin + end as u64, payload: 0, is_message: true });
                });
                if payload > 0 {
                    self.held.push_back(Piece { end: self.taken, payload, is_message: false });
                }
            }
            if segment.unwritten().is_empty() {
                let is_pongs = segment.is_pongs;
                self.pongs_queued &= !is_pongs;
                self.ping_queued &= !segment.is_ping;
                if let Some(segment) = self.queue.pop() {
                    self.spares.give(segment.bytes);
                }
            }
        }
    }

    /// Nothing can be written any more: what is queued is dropped.
    pub fn discard(&mut self) {
        self.queue = Queue::default();
        self.pongs = Vec::new();
    }

    /// The app was not told of all messages that were handed over.
    #[inline]
    pub fn has_news(&self) -> bool {
        self.sent > self.sent_told
    }

    /// How many messages were handed over so far.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many messages were handed over so far. The app is told now.
    pub fn tell_sent(&mut self) -> u64 {
        self.sent_told = self.sent;
        self.sent
    }
}
