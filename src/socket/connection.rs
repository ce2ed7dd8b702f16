//! The open connection: what is read is delivered, what is queued is written, and it is closed as RFC
//! 6455, section 7 wants it.

use std::cell::RefCell;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::time::Sleep;

use super::delivery::Delivery;
use super::ending::Ending;
use super::keepalive::{Due, Keepalive, after};
use super::listener::Close;
use super::queue::{Queue, Segment};
use super::ready_state::ReadyState;
use super::shared::{News, Shared};
use super::spares;
use crate::connect::Stream;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::Options;
use crate::wire::deflate::Inflater;
use crate::wire::reader::{Event, Reader, ReaderLimits};
use crate::wire::writer::Writer;
use crate::wire::{CloseFrame, Fault};

/// Size of the buffer that is read into, one for all connections of a thread.
const READ_BUFFER: usize = 64 << 10;

/// With less room than this left in the buffer, the next read gets a fresh one.
const READ_MINIMUM: usize = 16 << 10;

/// Reads in one go before the other connections of the thread get their turn.
const READS_PER_TURN: usize = 32;

/// Unsent pongs kept while the network takes nothing, in bytes. Past it only the newest is kept, as RFC
/// 6455, section 5.5.3 allows.
const PONGS_KEPT: usize = 4 << 10;

/// What the TLS layer holds back at most before it stops taking more, in bytes.
const TLS_BUFFER: usize = 64 << 10;

/// No code was in the Close frame (RFC 6455, section 7.1.5).
const NO_STATUS_RECEIVED: u16 = 1005;

thread_local! {
    static SCRATCH: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

pub(super) struct Connection {
    shared: Arc<Shared>,
    stream: Stream,
    reader: Reader,
    /// For control frames of our own; the app's frames come encoded.
    control: Writer,
    queue: Queue,
    /// Pongs that are not in the queue yet.
    pongs: Vec<u8>,
    /// Pongs are in the queue and not yet written.
    pongs_queued: bool,
    /// So is a ping of our own.
    ping_queued: bool,
    /// Written into the stream, perhaps not yet handed to the operating system.
    flushing: bool,
    /// Bytes and messages of the app that are `flushing`.
    unflushed: usize,
    unflushed_messages: u64,
    /// Messages handed to the operating system, and how many of them the app was told of.
    sent: u64,
    sent_told: u64,
    /// Nothing can be written any more, for this reason. What the peer sent before, its Close frame
    /// perhaps, can still be read.
    write_error: Option<WriteError>,
    closing: Option<Closing>,
    peer_close: Option<CloseFrame>,
    keepalive: Keepalive,
    close_timeout: Duration,
    spares: spares::Giver,
    timer: Option<Pin<Box<Sleep>>>,
}

struct WriteError {
    cause: io::Error,
    /// When to stop reading.
    deadline: Instant,
}

/// The closing handshake is under way: our Close frame is queued or written.
struct Closing {
    /// When to give up, unless there is progress.
    deadline: Instant,
    /// The peer broke the protocol: nothing follows our Close frame.
    failed: Option<Error>,
    /// All that we had to write was written, the Close frame last.
    flushed: bool,
    /// The sending direction of the TCP connection was shut down.
    shut_down: bool,
}

impl Connection {
    pub fn new(
        shared: Arc<Shared>,
        stream: Stream,
        rest: Bytes,
        inflater: Option<Inflater>,
        options: &Options,
    ) -> Connection {
        let mut reader = Reader::new(ReaderLimits { max_message_size: options.max_message_size }, inflater);
        if !rest.is_empty() {
            reader.push(rest);
        }
        Connection {
            shared,
            stream,
            reader,
            control: Writer::new(None),
            queue: Queue::default(),
            pongs: Vec::new(),
            pongs_queued: false,
            ping_queued: false,
            flushing: false,
            unflushed: 0,
            unflushed_messages: 0,
            sent: 0,
            sent_told: 0,
            write_error: None,
            closing: None,
            peer_close: None,
            keepalive: Keepalive::new(options.ping_interval, options.pong_timeout),
            close_timeout: options.close_timeout,
            spares: spares::Giver::default(),
            timer: None,
        }
    }

    /// Goes on until nothing more can be done now. Ready when the connection is over.
    pub fn poll(&mut self, cx: &mut Context<'_>, delivery: &mut Delivery) -> Poll<Ending> {
        for _ in 0..READS_PER_TURN {
            let delivered = self.deliver(delivery);
            self.collect(delivery);
            self.poll_write(cx, delivery);
            // What the peer has sent is a sign of life, so only a closing handshake is timed before it is read.
            if self.closing.is_some()
                && let Poll::Ready(Some(ending)) = self.poll_timer(cx)
            {
                return Poll::Ready(self.end(delivery, ending));
            }
            match self.poll_read(cx, delivered) {
                Poll::Ready(Ok(())) => continue,
                Poll::Ready(Err(lost)) => {
                    let ending = self.lost(lost);
                    return Poll::Ready(self.end(delivery, ending));
                }
                Poll::Pending => {}
            }
            match self.poll_timer(cx) {
                Poll::Ready(Some(ending)) => return Poll::Ready(self.end(delivery, ending)),
                Poll::Ready(None) => continue,
                Poll::Pending => {}
            }
            if self.shared.park(cx.waker()) {
                self.queue.shrink();
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Takes what the app has left.
    fn collect(&mut self, delivery: &mut Delivery) {
        let Some(News { closing, probe }) = self.shared.collect(&mut self.queue) else { return };
        delivery.hand_over();
        if closing {
            self.set_closing(None);
        }
        if let Some(deadline) = probe {
            self.keepalive.probe(deadline);
            self.ping();
        }
        if self.shared.released() {
            delivery.release();
        }
    }

    fn set_closing(&mut self, failed: Option<Error>) {
        let deadline = after(self.close_timeout);
        let closing =
            self.closing.get_or_insert(Closing { deadline, failed: None, flushed: false, shut_down: false });
        closing.failed = closing.failed.take().or(failed);
    }

    fn ping(&mut self) {
        if self.closing.is_none() {
            let payload = self.keepalive.payload();
            let mut frame = Vec::with_capacity(Writer::max_frame_size(payload.len()));
            self.control.ping(&payload, &mut frame);
            self.queue.push_urgent(Segment { is_ping: true, ..Segment::control(frame) });
            self.ping_queued = true;
        }
    }

    // ---- reading ----

    /// Nothing is to be read: the app asked for a pause. To close, or to learn how a connection was
    /// lost that takes no more bytes, reading goes on all the same.
    fn paused(&self) -> bool {
        self.shared.paused() && self.closing.is_none() && self.write_error.is_none()
    }

    /// Delivers what was read. False when a pause left some of it.
    fn deliver(&mut self, delivery: &mut Delivery) -> bool {
        while !self.paused() {
            match self.reader.next() {
                Ok(None) => return true,
                Ok(Some(Event::Message(message))) => {
                    if self.shared.ready_state() == ReadyState::Open {
                        delivery.message(message);
                    }
                }
                Ok(Some(Event::Ping(data))) => {
                    if self.pongs.len() > PONGS_KEPT {
                        self.pongs.clear();
                    }
                    self.control.pong(data, &mut self.pongs);
                }
                Ok(Some(Event::Pong(data))) => {
                    if !Keepalive::is_ours(data) {
                        let rtt = self.shared.take_ping(data).map(|sent| sent.elapsed());
                        delivery.pong(data, rtt);
                    }
                }
                Ok(Some(Event::Close(frame))) => {
                    if self.shared.set_closing() {
                        self.shared.take_frames(&mut self.queue);
                        self.queue_close(frame.code);
                    }
                    self.peer_close = Some(frame);
                    self.set_closing(None);
                }
                Err(fault) => self.fail(fault, delivery),
            }
        }
        false
    }

    /// The peer broke the protocol: it is told so behind what the app has sent so far, perhaps in answer to what
    /// came before the fault, and nothing else any more (RFC 6455, section 7.1.7).
    fn fail(&mut self, fault: Fault, delivery: &mut Delivery) {
        let Fault { close_code, code, message } = fault;
        let error = Error::new(Phase::Protocol, code, message);
        if self.shared.set_closing() {
            delivery.error(&error);
            self.shared.take_frames(&mut self.queue);
            // Only a Close frame excuses from answering a ping (RFC 6455, section 5.5.2).
            if !self.pongs.is_empty() {
                self.queue.push(Segment::control(std::mem::take(&mut self.pongs)));
            }
            self.queue_close(Some(close_code));
        }
        self.set_closing(Some(error));
    }

    /// Puts our Close frame behind what is queued.
    fn queue_close(&mut self, code: Option<u16>) {
        let mut frame = Vec::with_capacity(Writer::max_frame_size(2));
        self.control.close(code, "", &mut frame);
        self.queue.push(Segment::control(frame));
    }

    /// Ready when there is something to deliver; an error when nothing more can come.
    fn poll_read(&mut self, cx: &mut Context<'_>, delivered: bool) -> Poll<io::Result<()>> {
        if self.paused() {
            return Poll::Pending;
        }
        // A pause has just ended.
        if !delivered {
            return Poll::Ready(Ok(()));
        }
        let read = match self.reader.direct() {
            Some((message, limit)) => {
                let read = ready!(poll_read_buf(&mut self.stream, cx, &mut message.limit(limit)))?;
                self.reader.direct_filled(read);
                read
            }
            None => {
                let limit = self.reader.block_size();
                let block = ready!(SCRATCH.with_borrow_mut(|scratch| {
                    if scratch.capacity() - scratch.len() < READ_MINIMUM {
                        scratch.reserve(READ_BUFFER);
                    }
                    let read = poll_read_buf(&mut self.stream, cx, &mut scratch.limit(limit));
                    read.map_ok(|_| scratch.split().freeze())
                }))?;
                let read = block.len();
                self.reader.push(block);
                read
            }
        };
        if read == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.keepalive.heard();
        Poll::Ready(Ok(()))
    }

    // ---- writing ----

    /// Writes what is queued, as far as the operating system takes it.
    fn poll_write(&mut self, cx: &mut Context<'_>, delivery: &mut Delivery) {
        if self.write_error.is_some() {
            return;
        }
        let progress = match self.try_write(cx) {
            Ok(progress) => progress,
            Err(cause) => {
                self.queue = Queue::default();
                self.pongs = Vec::new();
                self.write_error = Some(WriteError { cause, deadline: after(self.close_timeout) });
                return;
            }
        };
        if progress && self.ping_queued {
            self.keepalive.postpone();
        }
        let mut has_room = false;
        let handed_over =
            if self.flushing { self.unflushed.saturating_sub(TLS_BUFFER) } else { self.unflushed };
        if handed_over > 0 {
            self.unflushed -= handed_over;
            has_room = self.shared.handed_over(handed_over);
        }
        if !self.flushing {
            self.sent += std::mem::take(&mut self.unflushed_messages);
        }
        let idle = self.queue.is_empty() && !self.flushing;
        if has_room || (idle && self.sent > self.sent_told) {
            self.tell_sent(delivery);
        }
        self.close_progress(cx, progress, idle);
    }

    fn try_write(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        let mut progress = false;
        loop {
            if !self.pongs.is_empty() && !self.pongs_queued && self.closing.is_none() {
                self.queue.push_urgent(Segment::control(std::mem::take(&mut self.pongs)));
                self.pongs_queued = true;
            }
            let Some(segment) = self.queue.front() else { break };
            // Not vectored: a segment is as much as is worth a system call.
            match Pin::new(&mut self.stream).poll_write(cx, segment.unwritten()) {
                Poll::Pending => break,
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(written)) => {
                    let waiting = segment.waiting();
                    segment.written += written;
                    self.unflushed += waiting - segment.waiting();
                    progress = true;
                    self.flushing = true;
                    if segment.unwritten().is_empty() {
                        let is_pongs = segment.payload == 0 && segment.messages == 0;
                        self.unflushed_messages += segment.messages;
                        self.pongs_queued &= !is_pongs;
                        self.ping_queued &= !segment.is_ping;
                        if let Some(segment) = self.queue.pop() {
                            self.spares.give(segment.bytes);
                        }
                    }
                }
                Poll::Ready(Err(error)) => return Err(error),
            }
        }
        if self.flushing
            && let Poll::Ready(flushed) = Pin::new(&mut self.stream).poll_flush(cx)
        {
            flushed?;
            self.flushing = false;
        }
        Ok(progress)
    }

    fn tell_sent(&mut self, delivery: &mut Delivery) {
        self.sent_told = self.sent;
        delivery.drain(self.sent);
    }

    /// Follows the closing handshake while bytes leave.
    fn close_progress(&mut self, cx: &mut Context<'_>, progress: bool, idle: bool) {
        let Some(closing) = &mut self.closing else { return };
        if idle && !closing.flushed {
            closing.flushed = true;
            closing.deadline = after(self.close_timeout);
        } else if progress && closing.failed.is_none() {
            closing.deadline = after(self.close_timeout);
        }
        // Nobody will answer a peer that broke the protocol: our FIN tells it that the Close frame was the last.
        // The connection is kept until its own comes, since closing with bytes unread would reset it
        // and could take the Close frame away from the peer.
        if closing.flushed && closing.failed.is_some() && !closing.shut_down {
            closing.shut_down = Pin::new(&mut self.stream).poll_shutdown(cx).is_ready();
        }
    }

    // ---- the end ----

    /// Nothing more can be read.
    fn lost(&mut self, cause: io::Error) -> Ending {
        if self.shared.ready_state() != ReadyState::Open {
            return self.closed();
        }
        // Why writing failed tells more than that nothing more can be read.
        let cause = self.write_error.take().map_or(cause, |error| error.cause);
        Ending::Failed(match cause.kind() {
            io::ErrorKind::UnexpectedEof => Error::new(
                Phase::Closed,
                ErrorCode::ConnectionEnded,
                "the connection ended without a Close frame",
            ),
            _ => Error::from_io(Phase::Closed, &cause, "the connection was lost"),
        })
    }

    /// The closing handshake is over, one way or another.
    fn closed(&mut self) -> Ending {
        let closing = self.closing.take();
        let flushed = closing.as_ref().is_some_and(|closing| closing.flushed) && self.write_error.is_none();
        match (self.peer_close.take(), closing.and_then(|closing| closing.failed)) {
            (Some(CloseFrame { code, reason }), None) => {
                Ending::Close(Close { code: code.unwrap_or(NO_STATUS_RECEIVED), reason, was_clean: flushed })
            }
            _ => Ending::Dropped,
        }
    }

    /// The last calls before the close event.
    fn end(&mut self, delivery: &mut Delivery, ending: Ending) -> Ending {
        self.shared.set_closing();
        if self.sent > self.sent_told {
            self.tell_sent(delivery);
        }
        ending
    }

    /// Ready when a time has run out: that of the connection, or none and there is something to write.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<Option<Ending>> {
        loop {
            let deadline = match (&self.closing, &self.write_error) {
                (Some(closing), _) => Some(closing.deadline),
                (None, Some(error)) => Some(error.deadline),
                _ if self.paused() => {
                    self.keepalive.suspend();
                    None
                }
                _ => self.keepalive.next(),
            };
            let next = [deadline, self.spares.due()].into_iter().flatten().min();
            let Some(next) = next.map(tokio::time::Instant::from_std) else {
                self.timer = None;
                return Poll::Pending;
            };
            let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(next)));
            // One that is due earlier may stay: it is set anew when it fires.
            if timer.deadline() > next {
                timer.as_mut().reset(next);
            }
            ready!(timer.as_mut().poll(cx));
            let now = tokio::time::Instant::now();
            if self.spares.due().is_some_and(|due| due <= now.into_std()) {
                self.spares.tidy();
            } else if next <= now {
                return Poll::Ready(self.time_out());
            } else {
                timer.as_mut().reset(next);
            }
        }
    }

    /// The time that [`Connection::poll_timer`] waits for has run out.
    fn time_out(&mut self) -> Option<Ending> {
        self.timer = None;
        if self.closing.is_some() {
            return Some(self.closed());
        }
        if let Some(WriteError { cause, .. }) = self.write_error.take() {
            return Some(self.lost(cause));
        }
        match self.keepalive.due() {
            Due::Ping => {
                self.ping();
                None
            }
            Due::Dead => {
                let waited = self.keepalive.waiting().as_millis();
                Some(Ending::Failed(Error::new(
                    Phase::Timeout,
                    ErrorCode::PongTimeout,
                    format!("the peer did not answer a ping within {waited} ms"),
                )))
            }
        }
    }
}

fn poll_read_buf(
    stream: &mut Stream,
    cx: &mut Context<'_>,
    buffer: &mut impl BufMut,
) -> Poll<io::Result<usize>> {
    pin!(stream.read_buf(buffer)).poll(cx)
}
