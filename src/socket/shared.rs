//! What callers' threads and the connection's task share.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::listener::Listener;
use super::queue::{Queue, Segment};
use super::ready_state::ReadyState;
use super::spares;
use crate::error::Refused;
use crate::options::Options;
use crate::wire::MessageKind;
use crate::wire::writer::Writer;

/// Messages up to this size are encoded under the mailbox's lock, straight into the queue. Larger ones
/// are encoded before, so that the task never waits for a long copy.
const ENCODE_IN_PLACE: usize = 16 << 10;

/// How many pings of the app can wait for their pong. Later ones push the oldest out.
const PINGS_REMEMBERED: usize = 16;

/// Close code of a connection that the app let go of (RFC 6455, section 7.4.1: "going away").
const GOING_AWAY: u16 = 1001;

/// Why a message or a ping was not queued.
const NOT_OPEN: Refused = Refused::InvalidState("nothing was sent: the connection is not open");

/// Whether somebody can adopt the connection.
#[derive(Default)]
enum Parking {
    /// It has its listener.
    #[default]
    Over,
    /// It waits for one.
    Free,
    /// This one was found, and the task has not noticed yet.
    Taken(Box<dyn Listener>),
}

/// Locks are taken in the order of the fields: encoder, then mailbox.
pub(super) struct Shared {
    /// Large messages, and all of a connection that compresses, are encoded here. Held for as long as a message takes
    /// to encode.
    encoder: Mutex<Option<Writer>>,
    /// Held briefly, since the task takes it too.
    mailbox: Mutex<Mailbox>,
    /// A [`ReadyState`]; changes only under the mailbox's lock.
    state: AtomicU8,
    buffered: AtomicUsize,
    max_buffered_amount: usize,
    paused: AtomicBool,
    /// `close` or `release` was called.
    closed_by_app: AtomicBool,
    released: AtomicBool,
    protocol: OnceLock<String>,
}

/// What callers leave for the task.
#[derive(Default)]
struct Mailbox {
    queue: Queue,
    /// Encodes small messages that are not compressed, so that these take no other lock.
    writer: Option<Writer>,
    probe: Option<Duration>,
    /// When the app's pings were queued, and what they carry.
    pings: VecDeque<(Instant, Box<[u8]>)>,
    parking: Parking,
    /// A send was refused for lack of room.
    starved: bool,
    /// Something changed since the task last looked.
    news: bool,
    /// The task is running, or was woken: it will look at `news` before it parks.
    awake: bool,
    waker: Option<Waker>,
}

impl Mailbox {
    /// Notes that there are news. Returns the waker to be called once the lock is gone.
    #[must_use]
    fn notify(&mut self) -> Option<Waker> {
        self.news = true;
        if self.awake {
            return None;
        }
        self.awake = true;
        self.waker.take()
    }

    /// Leaves word of how to wake the task, if there are no news. Returns whether the task may park.
    fn park(&mut self, waker: &Waker) -> bool {
        if self.news {
            return false;
        }
        self.awake = false;
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
        true
    }
}

/// What changed since the task last looked, beside the queue.
pub(super) struct News {
    pub closing: bool,
    pub probe: Option<Duration>,
}

impl Shared {
    /// `parked`: the connection waits for a listener that adopts it.
    pub fn new(options: &Options, parked: bool) -> Shared {
        let parking = if parked { Parking::Free } else { Parking::Over };
        Shared {
            encoder: Mutex::new(None),
            mailbox: Mutex::new(Mailbox { awake: true, parking, ..Mailbox::default() }),
            state: AtomicU8::new(ReadyState::Connecting as u8),
            buffered: AtomicUsize::new(0),
            max_buffered_amount: options.max_buffered_amount,
            paused: AtomicBool::new(false),
            closed_by_app: AtomicBool::new(false),
            released: AtomicBool::new(false),
            protocol: OnceLock::new(),
        }
    }

    // ---- callers' side ----

    pub fn send(&self, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        if Writer::max_frame_size(payload.len()) > ENCODE_IN_PLACE {
            return self.send_from_encoder(kind, payload);
        }
        let mut mailbox = lock(&self.mailbox);
        self.check_open()?;
        self.check_room(&mut mailbox, payload.len())?;
        let Mailbox { writer: Some(writer), queue, .. } = &mut *mailbox else {
            drop(mailbox);
            return self.send_from_encoder(kind, payload);
        };
        encode_into(queue, writer, kind, payload);
        self.buffered.fetch_add(payload.len(), Ordering::Relaxed);
        wake(mailbox);
        Ok(())
    }

    /// Sends what is large, or may be compressed.
    fn send_from_encoder(&self, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        let mut encoder = lock(&self.encoder);
        let mut mailbox = lock(&self.mailbox);
        self.check_open()?;
        self.check_room(&mut mailbox, payload.len())?;
        let writer = encoder.as_mut().ok_or(NOT_OPEN)?;
        // Counted at once, so that what others send meanwhile finds no room that is taken.
        self.buffered.fetch_add(payload.len(), Ordering::Relaxed);
        let bound = Writer::max_frame_size(payload.len());
        if bound <= ENCODE_IN_PLACE {
            encode_into(&mut mailbox.queue, writer, kind, payload);
        } else {
            drop(mailbox);
            let mut bytes = spares::buffer(bound);
            writer.message(kind, payload, &mut bytes);
            mailbox = lock(&self.mailbox);
            self.check_open().inspect_err(|_| {
                self.buffered.fetch_sub(payload.len(), Ordering::Relaxed);
            })?;
            mailbox.queue.push(Segment { bytes, payload: payload.len(), messages: 1, ..Segment::default() });
        }
        wake(mailbox);
        Ok(())
    }

    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        let mut encoder = lock(&self.encoder);
        let mut mailbox = lock(&self.mailbox);
        self.check_open()?;
        self.check_room(&mut mailbox, data.len())?;
        let writer = encoder.as_mut().ok_or(NOT_OPEN)?;
        let segment = mailbox.queue.room(Writer::max_frame_size(data.len()));
        writer.ping(data, &mut segment.bytes);
        segment.payload += data.len();
        self.buffered.fetch_add(data.len(), Ordering::Relaxed);
        if mailbox.pings.len() == PINGS_REMEMBERED {
            mailbox.pings.pop_front();
        }
        mailbox.pings.push_back((Instant::now(), data.into()));
        wake(mailbox);
        Ok(())
    }

    pub fn close(&self, code: Option<u16>, reason: &str) {
        let mut encoder = lock(&self.encoder);
        let mailbox = lock(&self.mailbox);
        self.begin_closing(encoder.take(), mailbox, code, reason);
    }

    pub fn release(&self) {
        let mut encoder = lock(&self.encoder);
        let mailbox = lock(&self.mailbox);
        self.released.store(true, Ordering::Release);
        self.begin_closing(encoder.take(), mailbox, Some(GOING_AWAY), "");
    }

    /// The app wants the connection to end. Queues the Close frame if there is somebody to send it to.
    fn begin_closing(
        &self,
        writer: Option<Writer>,
        mut mailbox: MutexGuard<'_, Mailbox>,
        code: Option<u16>,
        reason: &str,
    ) {
        if let (ReadyState::Open, Some(mut writer)) = (self.ready_state(), writer) {
            let mut bytes = Vec::with_capacity(Writer::max_frame_size(reason.len() + 2));
            writer.close(code, reason, &mut bytes);
            mailbox.queue.push(Segment::control(bytes));
        }
        if matches!(self.ready_state(), ReadyState::Connecting | ReadyState::Open) {
            self.set_state(ReadyState::Closing);
        }
        self.closed_by_app.store(true, Ordering::Relaxed);
        wake(mailbox);
    }

    /// Takes over a connection that was opened in advance. Gives the listener back when it is too late for that.
    pub fn adopt(&self, listener: Box<dyn Listener>) -> Result<(), Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        let is_alive = matches!(self.ready_state(), ReadyState::Connecting | ReadyState::Open);
        if !is_alive || !matches!(mailbox.parking, Parking::Free) {
            return Err(listener);
        }
        mailbox.parking = Parking::Taken(listener);
        self.paused.store(false, Ordering::Relaxed);
        wake(mailbox);
        Ok(())
    }

    pub fn set_paused(&self, paused: bool) {
        let mailbox = lock(&self.mailbox);
        self.paused.store(paused, Ordering::Relaxed);
        wake(mailbox);
    }

    pub fn probe(&self, deadline: Duration) {
        let mut mailbox = lock(&self.mailbox);
        if self.ready_state() == ReadyState::Open {
            mailbox.probe = Some(deadline);
            wake(mailbox);
        }
    }

    pub fn protocol(&self) -> Option<&str> {
        self.protocol.get().map(String::as_str)
    }

    fn check_open(&self) -> Result<(), Refused> {
        if self.ready_state() == ReadyState::Open { Ok(()) } else { Err(NOT_OPEN) }
    }

    fn check_room(&self, mailbox: &mut Mailbox, length: usize) -> Result<(), Refused> {
        let (buffered, limit) = (self.buffered_amount(), self.max_buffered_amount);
        if length > limit.saturating_sub(buffered) {
            mailbox.starved = true;
            return Err(Refused::BufferFull { buffered, limit, length });
        }
        Ok(())
    }

    // ---- both sides ----

    pub fn ready_state(&self) -> ReadyState {
        match self.state.load(Ordering::Acquire) {
            0 => ReadyState::Connecting,
            1 => ReadyState::Open,
            2 => ReadyState::Closing,
            _ => ReadyState::Closed,
        }
    }

    pub fn buffered_amount(&self) -> usize {
        self.buffered.load(Ordering::Relaxed)
    }

    pub fn paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    pub fn closed_by_app(&self) -> bool {
        self.closed_by_app.load(Ordering::Relaxed)
    }

    pub fn released(&self) -> bool {
        self.released.load(Ordering::Acquire)
    }

    /// To be called with the mailbox locked.
    fn set_state(&self, state: ReadyState) {
        self.state.store(state as u8, Ordering::Release);
    }

    // ---- the task's side ----

    /// Ready when the app wants the connection to end before it is open.
    pub fn poll_interrupted(&self, cx: &Context<'_>) -> Poll<()> {
        let mut mailbox = lock(&self.mailbox);
        mailbox.news = false;
        if self.ready_state() != ReadyState::Connecting {
            return Poll::Ready(());
        }
        mailbox.park(cx.waker());
        Poll::Pending
    }

    /// Ready when the app has let go of the connection.
    pub fn poll_released(&self, cx: &Context<'_>) -> Poll<()> {
        let mut mailbox = lock(&self.mailbox);
        mailbox.news = false;
        if self.released() {
            return Poll::Ready(());
        }
        mailbox.park(cx.waker());
        Poll::Pending
    }

    /// The opening handshake is done. False when the app wants the connection to end.
    pub fn set_open(&self, protocol: Option<String>, writer: Writer) -> bool {
        let mut encoder = lock(&self.encoder);
        let mut mailbox = lock(&self.mailbox);
        if self.ready_state() != ReadyState::Connecting {
            return false;
        }
        if let Some(protocol) = protocol {
            let _ = self.protocol.set(protocol);
        }
        mailbox.writer = (!writer.compresses()).then(|| Writer::new(None));
        *encoder = Some(writer);
        self.set_state(ReadyState::Open);
        mailbox.awake = true;
        true
    }

    /// Who has adopted the connection; at most once. With `last`, nobody can from now on.
    pub fn take_adopter(&self, last: bool) -> Option<Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        match std::mem::take(&mut mailbox.parking) {
            Parking::Taken(listener) => Some(listener),
            parking if !last => {
                mailbox.parking = parking;
                None
            }
            _ => None,
        }
    }

    /// Stops reading until somebody adopts the connection.
    pub fn pause_parked(&self) {
        let mailbox = lock(&self.mailbox);
        if matches!(mailbox.parking, Parking::Free) {
            self.paused.store(true, Ordering::Relaxed);
        }
    }

    /// The connection is ending for another reason than the app's wish. False when it was ending
    /// already.
    pub fn set_closing(&self) -> bool {
        let _mailbox = lock(&self.mailbox);
        let was_open = self.ready_state() == ReadyState::Open;
        if was_open {
            self.set_state(ReadyState::Closing);
        }
        was_open
    }

    /// The connection is over.
    pub fn set_closed(&self) {
        let mut mailbox = lock(&self.mailbox);
        self.set_state(ReadyState::Closed);
        mailbox.queue = Queue::default();
        mailbox.pings = VecDeque::new();
        drop(mailbox);
        // Its windows can be large. A caller that holds the lock finds the state changed and frees it with the rest.
        if let Ok(mut encoder) = self.encoder.try_lock() {
            *encoder = None;
        }
    }

    /// Takes what callers have left: frames go behind `queue`. None when there are no news.
    pub fn collect(&self, queue: &mut Queue) -> Option<News> {
        let mut mailbox = lock(&self.mailbox);
        mailbox.awake = true;
        if !mailbox.news {
            return None;
        }
        mailbox.news = false;
        queue.append(&mut mailbox.queue);
        Some(News { closing: self.ready_state() == ReadyState::Closing, probe: mailbox.probe.take() })
    }

    /// Takes the frames alone, behind `queue`; news stay news.
    pub fn take_frames(&self, queue: &mut Queue) {
        queue.append(&mut lock(&self.mailbox).queue);
    }

    /// Called before the task waits. False when there are news to collect first.
    pub fn park(&self, waker: &Waker) -> bool {
        lock(&self.mailbox).park(waker)
    }

    /// `amount` bytes of messages were handed to the operating system. True when the app waits for room
    /// and has it now.
    pub fn handed_over(&self, amount: usize) -> bool {
        let before = self.buffered.fetch_sub(amount, Ordering::Relaxed);
        if before - amount > self.max_buffered_amount / 2 {
            return false;
        }
        let mut mailbox = lock(&self.mailbox);
        std::mem::take(&mut mailbox.starved)
    }

    /// When the ping that `data` answers was queued. It and the ones before it are forgotten.
    pub fn take_ping(&self, data: &[u8]) -> Option<Instant> {
        let mut mailbox = lock(&self.mailbox);
        let at = mailbox.pings.iter().position(|(_, sent)| **sent == *data)?;
        mailbox.pings.drain(..=at).next_back().map(|(queued, _)| queued)
    }
}

/// Puts a message behind what is queued.
#[inline]
fn encode_into(queue: &mut Queue, writer: &mut Writer, kind: MessageKind, payload: &[u8]) {
    let segment = queue.room(Writer::max_frame_size(payload.len()));
    writer.message(kind, payload, &mut segment.bytes);
    segment.payload += payload.len();
    segment.messages += 1;
}

/// Lets the mailbox go and wakes the task if it is parked.
fn wake(mut mailbox: MutexGuard<'_, Mailbox>) {
    let waker = mailbox.notify();
    drop(mailbox);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A lock whose holder panicked is as good as any: every change under these locks is whole at each
/// step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
