//! What the app's threads do with a connection.

use std::sync::MutexGuard;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::adoption::Adoption;
use super::mailbox::{Mailbox, lock, wake};
use super::{Interest, Shared};
use crate::error::Refused;
use crate::socket::listener::Listener;
use crate::socket::queue::{Queue, Segment};
use crate::socket::ready_state::ReadyState;
use crate::socket::spares;
use crate::wire::MessageKind;
use crate::wire::writer::Writer;

/// Messages up to this size are encoded under the mailbox's lock, straight into the queue. Larger ones
/// are encoded before, so that the task never waits for a long copy.
const ENCODE_IN_PLACE: usize = 16 << 10;

/// Close code of a connection that the app let go of (RFC 6455, section 7.4.1: "going away").
const GOING_AWAY: u16 = 1001;

/// Why a message or a ping was not queued.
const NOT_OPEN: Refused = Refused::InvalidState("nothing was sent: the connection is not open");

impl Shared {
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
        mailbox.framed += encode_into(queue, writer, kind, payload);
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
            mailbox.framed += encode_into(&mut mailbox.queue, writer, kind, payload);
        } else {
            drop(mailbox);
            let mut bytes = spares::buffer(bound);
            writer.message(kind, payload, &mut bytes);
            mailbox = lock(&self.mailbox);
            self.check_open().inspect_err(|_| {
                self.buffered.fetch_sub(payload.len(), Ordering::Relaxed);
            })?;
            mailbox.framed += bytes.len();
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
        let before = segment.bytes.len();
        writer.ping(data, &mut segment.bytes);
        segment.payload += data.len();
        let framed = segment.bytes.len() - before;
        mailbox.framed += framed;
        self.buffered.fetch_add(data.len(), Ordering::Relaxed);
        mailbox.pings.add(data);
        wake(mailbox);
        Ok(())
    }

    pub fn close(&self, code: Option<u16>, reason: &str) {
        let mut encoder = lock(&self.encoder);
        let mailbox = lock(&self.mailbox);
        self.begin_closing(encoder.take(), mailbox, Interest::End, code, reason);
    }

    pub fn release(&self) {
        let mut encoder = lock(&self.encoder);
        let mailbox = lock(&self.mailbox);
        self.begin_closing(encoder.take(), mailbox, Interest::Nothing, Some(GOING_AWAY), "");
    }

    /// The app wants the connection to end. Queues the Close frame if there is somebody to send it to.
    fn begin_closing(
        &self,
        writer: Option<Writer>,
        mut mailbox: MutexGuard<'_, Mailbox>,
        interest: Interest,
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
        self.lose_interest(interest);
        wake(mailbox);
    }

    /// Takes over a connection that was opened in advance. Gives the listener back when it is too late for that.
    pub fn adopt(&self, listener: Box<dyn Listener>) -> Result<(), Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        let is_alive = matches!(self.ready_state(), ReadyState::Connecting | ReadyState::Open);
        if !is_alive || !matches!(mailbox.adoption, Adoption::Open) {
            return Err(listener);
        }
        mailbox.adoption = Adoption::Found(listener);
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

    #[inline]
    fn check_room(&self, mailbox: &mut Mailbox, length: usize) -> Result<(), Refused> {
        let (buffered, limit) = (self.buffered_amount(), self.max_buffered_amount);
        // Small messages are mostly header, and empty ones altogether.
        if length > limit.saturating_sub(buffered) || mailbox.framed >= limit {
            return Err(no_room(mailbox, buffered, limit, length));
        }
        Ok(())
    }
}

#[cold]
fn no_room(mailbox: &mut Mailbox, buffered: usize, limit: usize, length: usize) -> Refused {
    if length > limit {
        return Refused::MessageTooBig { limit, length };
    }
    mailbox.starved = true;
    Refused::BufferFull { buffered, limit, length }
}

/// Puts a message behind what is queued, and tells how large its frame is.
#[inline]
fn encode_into(queue: &mut Queue, writer: &mut Writer, kind: MessageKind, payload: &[u8]) -> usize {
    let segment = queue.room(Writer::max_frame_size(payload.len()));
    let before = segment.bytes.len();
    writer.message(kind, payload, &mut segment.bytes);
    segment.payload += payload.len();
    segment.messages += 1;
    segment.bytes.len() - before
}
