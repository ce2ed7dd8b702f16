//! The open connection: what is read is delivered, what is queued is written, and it is closed as RFC
//! 6455, section 7 wants it.

mod liveness;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::delivery::Delivery;
use super::ending::Ending;
use super::incoming::Incoming;
use super::keepalive::{Keepalive, after};
use super::outgoing::{Outgoing, Written};
use super::pace::Pace;
use super::phase::{PeerSide, Phase};
use super::progress::Progress;
use super::ready_state::ReadyState;
use super::shared::{GOING_AWAY, News, Shared};
use super::timer::Timer;
use super::transport::Transport;
use super::turn::Turn;
use crate::error::{self, Error, ErrorCode};
use crate::options::Options;
use crate::runtime;
use crate::wire::deflate::Inflater;
use crate::wire::reader::Event;
use crate::wire::{CloseFrame, Fault};

/// Reads in one go before the other connections of the thread get their turn.
const READS_PER_TURN: usize = 32;

pub(super) struct Connection<T> {
    shared: Arc<Shared>,
    transport: T,
    incoming: Incoming,
    outgoing: Outgoing,
    phase: Phase,
    keepalive: Keepalive,
    close_timeout: Duration,
    /// Until when what the peer sends puts off the end of the closing handshake.
    sending_counts_until: Instant,
    progress: Progress,
    /// The deadline that has passed without a look at what has arrived before it, and when that look is.
    passed: Option<(Instant, Instant)>,
    late_reads: usize,
    /// How long the device had slept when that was last looked at.
    slept: Duration,
    pace: Pace,
    timer: Timer,
    turn: Turn,
    /// Messages that the app has sent are being compressed, and follow what is queued.
    compressing: bool,
    /// The app waits for room in the queue, and was not told that there is some.
    has_room: bool,
}

impl<T: Transport> Connection<T> {
    /// `rest` is what the peer has sent so far.
    pub fn new(
        shared: Arc<Shared>,
        transport: T,
        rest: Bytes,
        inflater: Option<Inflater>,
        options: &Options,
    ) -> Connection<T> {
        runtime::look_for_sleep();
        Connection {
            shared,
            transport,
            incoming: Incoming::new(options.max_message_size, inflater, rest),
            outgoing: Outgoing::new(),
            phase: Phase::Open,
            keepalive: Keepalive::new(options.ping_interval, options.pong_timeout),
            close_timeout: options.close_timeout,
            sending_counts_until: Instant::now(),
            progress: Progress::default(),
            passed: None,
            late_reads: 0,
            slept: runtime::slept(),
            pace: Pace::default(),
            timer: Timer::default(),
            turn: Turn::new(),
            compressing: false,
            has_room: false,
        }
    }

    /// Goes on until nothing more can be done now. Ready when the connection is over.
    pub fn poll(&mut self, cx: &mut Context<'_>, delivery: &mut Delivery) -> Poll<Ending> {
        self.turn = Turn::new();
        self.notice_sleep();
        for _ in 0..READS_PER_TURN {
            self.tell_sign(delivery);
            let delivered = self.incoming.is_empty() || self.deliver(delivery);
            self.collect(delivery);
            self.poll_write(cx);
            self.look(cx, delivery);
            delivery.bound_parked(self.incoming.announced());
            if self.turn.is_over() {
                break;
            }
            match self.poll_read(cx, delivered) {
                Poll::Ready(Ok(())) => match self.heard() {
                    Some(ending) => return Poll::Ready(self.end(delivery, ending)),
                    None => continue,
                },
                Poll::Ready(Err(lost)) => {
                    let ending = self.lost(lost);
                    return Poll::Ready(self.end(delivery, ending));
                }
                Poll::Pending => {}
            }
            if self.outgoing.is_idle() {
                self.pace.look();
            }
            match self.poll_timer(cx) {
                Poll::Ready(Some(ending)) => return Poll::Ready(self.end(delivery, ending)),
                Poll::Ready(None) => continue,
                Poll::Pending => {}
            }
            self.tell_sent(delivery);
            if self.park(cx) {
                self.outgoing.queue().shrink();
                return Poll::Pending;
            }
        }
        self.tell_sent(delivery);
        // Once the runtime has seen to the network and to timers; woken here, the task would go on before.
        let _ = pin!(tokio::task::yield_now()).poll(cx);
        Poll::Pending
    }

    /// Whether there is nothing to do before the task is woken.
    fn park(&mut self, cx: &Context<'_>) -> bool {
        let is_blocked = !self.outgoing.is_idle() && self.phase.can_write();
        if is_blocked || self.pace.until().is_some() {
            return self.shared.gather(cx.waker(), is_blocked);
        }
        self.shared.park(cx.waker())
    }

    /// Tells what has left, once a turn.
    fn tell_sent(&mut self, delivery: &mut Delivery) {
        if self.outgoing.has_news() || self.has_room {
            self.has_room = false;
            delivery.drain(self.outgoing.tell_sent());
        }
    }

    /// Takes what the app has left.
    fn collect(&mut self, delivery: &mut Delivery) {
        let Some(News { closing, compressing, probe }) = self.shared.collect(self.outgoing.queue()) else {
            return;
        };
        self.compressing = compressing;
        delivery.hand_over();
        if closing {
            self.begin_closing();
            if self.shared.closed_by_app() {
                self.incoming.discard_messages();
            }
        }
        if let Some(deadline) = probe {
            self.look_for_sleep();
            self.keepalive.probe(deadline);
            self.ping();
        }
        if self.shared.released() {
            delivery.release();
        }
    }

    fn ping(&mut self) {
        if !self.phase.is_closing() {
            if !self.outgoing.is_idle() || !self.transport.sent().has_arrived() {
                self.keepalive.queue_behind();
            }
            self.outgoing.ping(&self.keepalive.payload());
        }
    }

    // ---- reading ----

    /// Nothing is to be read: the app asked for a pause. To close, or to learn how a connection was
    /// lost that takes no more bytes, reading goes on all the same.
    fn paused(&self) -> bool {
        self.shared.paused() && self.phase.is_open()
    }

    /// Delivers what was read. False when a pause or the end of the turn left some of it.
    // Not inlined: the loop that every message passes needs the registers for itself.
    #[inline(never)]
    fn deliver(&mut self, delivery: &mut Delivery) -> bool {
        while !self.paused() {
            if self.turn.step() {
                return false;
            }
            match self.incoming.next() {
                Ok(None) => return true,
                Ok(Some(Event::Message(message))) => {
                    // Connecting, for one who adopts it and cannot be told yet.
                    if matches!(self.shared.ready_state(), ReadyState::Open | ReadyState::Connecting) {
                        self.shared.traffic.has_received(message.as_bytes().len());
                        delivery.message(&message);
                    }
                }
                Ok(Some(Event::Ping(data))) => self.outgoing.pong(data),
                Ok(Some(Event::Pong(data))) => {
                    if !Keepalive::is_ours(data) {
                        let rtt = self.shared.take_ping(data).map(|sent| sent.elapsed());
                        if let Some(rtt) = rtt {
                            self.shared.traffic.was_answered(rtt);
                        }
                        delivery.pong(data, rtt);
                    }
                }
                Ok(Some(Event::Close(frame))) => self.peer_closed(frame),
                Ok(Some(Event::Working)) => {
                    delivery.bound_parked(self.incoming.announced());
                    if self.turn.work() {
                        return false;
                    }
                }
                Err(fault) => self.fail(fault, delivery),
            }
        }
        false
    }

    /// The peer's Close frame is answered behind what the app has sent so far.
    #[cold]
    fn peer_closed(&mut self, frame: CloseFrame) {
        if self.shared.set_closing() {
            let last = self.outgoing.close_frame(frame.code);
            self.compressing = self.shared.take_frames(self.outgoing.queue(), None, last);
        }
        self.begin_closing();
        self.phase.peer_ended(PeerSide::Closed(frame), after(self.close_timeout));
    }

    /// The peer broke the protocol: it is told so behind what the app has sent so far, perhaps in answer to what
    /// came before the fault, and nothing else any more (RFC 6455, section 7.1.7).
    #[cold]
    fn fail(&mut self, fault: Fault, delivery: &mut Delivery) {
        let Fault { close_code, code, message } = fault;
        if self.shared.set_closing() {
            delivery.error(&Error::new(error::Phase::Protocol, code, message));
            let (pongs, last) = (self.outgoing.take_pongs(), self.outgoing.close_frame(Some(close_code)));
            self.compressing = self.shared.take_frames(self.outgoing.queue(), pongs, last);
        }
        self.begin_closing();
        self.phase.peer_ended(PeerSide::Broken, after(self.close_timeout));
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
        ready!(self.incoming.poll_read(cx, &mut self.transport))?;
        Poll::Ready(Ok(()))
    }

    // ---- writing ----

    /// Writes what is queued, as far as it is taken.
    fn poll_write(&mut self, cx: &mut Context<'_>) {
        let has_nothing_to_do = self.phase.is_open() && self.outgoing.is_empty();
        if has_nothing_to_do || !self.phase.can_write() {
            return;
        }
        let answers = !self.phase.is_closing();
        let Written { framed, handed_over } = match self.outgoing.write(&mut self.transport, cx, answers) {
            Ok(written) => written,
            Err(cause) => {
                self.outgoing.discard();
                self.look_for_sleep();
                self.phase.write_failed(cause, after(self.close_timeout));
                return;
            }
        };
        // What TLS has held may end with an empty message.
        if framed > 0 || handed_over > 0 || self.outgoing.has_news() {
            if framed > 0 {
                self.pace.wrote(framed);
            }
            self.shared.traffic.has_sent(self.outgoing.sent(), handed_over);
            self.has_room |= self.shared.handed_over(handed_over, framed);
        }
    }

    // ---- the end ----

    /// Neither side has begun to close it.
    pub fn is_open(&self) -> bool {
        self.phase.is_open()
    }

    /// Says farewell, if that leaves at once.
    pub fn poll_abandon(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let last = self.outgoing.close_frame(Some(GOING_AWAY));
        self.outgoing.queue().push(last);
        self.poll_write(cx);
        Poll::Ready(())
    }

    /// Nothing more can be read.
    fn lost(&mut self, cause: io::Error) -> Ending {
        if self.shared.ready_state() != ReadyState::Open {
            return self.closed();
        }
        // Why writing failed tells more than that nothing more can be read.
        let cause = match std::mem::take(&mut self.phase) {
            Phase::WriteFailed { cause, .. } => cause,
            _ => cause,
        };
        Ending::Failed(match cause.kind() {
            io::ErrorKind::UnexpectedEof => Error::new(
                error::Phase::Closed,
                ErrorCode::ConnectionEnded,
                "the connection ended without a Close frame",
            ),
            _ => Error::from_io(error::Phase::Closed, &cause, "the connection was lost"),
        })
    }

    /// The closing handshake is over, one way or another.
    fn closed(&mut self) -> Ending {
        std::mem::take(&mut self.phase).into_ending()
    }

    /// The last calls before the close event.
    fn end(&mut self, delivery: &mut Delivery, ending: Ending) -> Ending {
        self.shared.set_closing();
        self.has_room = false;
        self.tell_sent(delivery);
        ending
    }
}
