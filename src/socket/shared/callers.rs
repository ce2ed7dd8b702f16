//! What the app's threads do with a connection.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use super::adoption::Adoption;
use super::mailbox::{Mailbox, lock};
use super::{Interest, Shared};
use crate::error::Refused;
use crate::runtime;
use crate::socket::listener::Listener;
use crate::socket::queue::Segment;
use crate::socket::ready_state::ReadyState;
use crate::socket::spares;
use crate::wire::MessageKind;
use crate::wire::writer::{FrameKey, Writer};

/// Messages up to this size are encoded under the mailbox's lock, straight into the queue. Larger ones
/// are encoded before, so that nobody waits for a long copy.
const ENCODE_IN_PLACE: usize = 16 << 10;

/// Close code of a connection that the app let go of (RFC 6455, section 7.4.1: "going away").
pub(in crate::socket) const GOING_AWAY: u16 = 1001;

/// Why a message or a ping was not queued.
pub(crate) const NOT_OPEN: Refused = Refused::InvalidState("nothing was sent: the connection is not open");

impl Shared {
    /// Whether a message of `length` bytes would be accepted. When there is no room for it, the app is told of room later.
    pub fn check_send(&self, length: usize) -> Result<(), Refused> {
        self.lock_to_send(length).map(drop)
    }

    /// The mailbox, for a message of `length` bytes, if the connection is open and has room for it.
    // Always, as what the others below: every message passes here.
    #[inline(always)]
    fn lock_to_send(&self, length: usize) -> Result<MutexGuard<'_, Mailbox>, Refused> {
        let mailbox = lock(&self.mailbox);
        self.check_open()?;
        match self.waiting.check(length) {
            Ok(()) => Ok(mailbox),
            Err(refused) => {
                self.hurry(mailbox);
                Err(refused)
            }
        }
    }

    pub fn send(self: &Arc<Self>, kind: MessageKind, payload: &[u8]) -> Result<(), Refused> {
        let mut mailbox = self.lock_to_send(payload.len())?;
        if mailbox.compression.as_ref().is_some_and(|compression| compression.wants(payload.len())) {
            return self.compress(mailbox, kind, payload);
        }
        let bound = Writer::max_frame_size(payload.len());
        if bound > ENCODE_IN_PLACE {
            return self.send_large(mailbox, kind, payload);
        }
        let key = mailbox.writer.as_mut().ok_or(NOT_OPEN)?.draw_key();
        let segment = mailbox.tail().room(bound);
        let before = segment.bytes.len();
        key.message(kind, payload, &mut segment.bytes);
        segment.payload += payload.len();
        segment.messages += 1;
        self.waiting.accept(payload.len(), segment.bytes.len() - before);
        self.wake_for_message(mailbox);
        Ok(())
    }

    fn send_large(
        &self,
        mut mailbox: MutexGuard<'_, Mailbox>,
        kind: MessageKind,
        payload: &[u8],
    ) -> Result<(), Refused> {
        let key = self.accept(&mut mailbox, payload.len())?;
        drop(mailbox);
        let mut bytes = spares::buffer(Writer::max_frame_size(payload.len()));
        key.message(kind, payload, &mut bytes);
        let mut mailbox = self.lock_to_queue(payload.len())?;
        self.uncount_spared(payload.len(), bytes.len());
        mailbox.tail().push(Segment { bytes, payload: payload.len(), messages: 1, ..Segment::default() });
        self.wake_for_message(mailbox);
        Ok(())
    }

    /// Counts a message that is made without the lock, so that what others send meanwhile finds no room that is taken.
    /// [`Shared::lock_to_queue`] and [`Shared::uncount_spared`] follow.
    pub(super) fn accept(&self, mailbox: &mut Mailbox, length: usize) -> Result<FrameKey, Refused> {
        let key = mailbox.writer.as_mut().ok_or(NOT_OPEN)?.draw_key();
        self.waiting.accept(length, Writer::max_frame_size(length));
        Ok(key)
    }

    /// The mailbox, for a message that was [accepted](Shared::accept), unless the connection was closed meanwhile.
    pub(super) fn lock_to_queue(&self, length: usize) -> Result<MutexGuard<'_, Mailbox>, Refused> {
        let mailbox = lock(&self.mailbox);
        self.check_open().inspect_err(|_| self.waiting.uncount(length, Writer::max_frame_size(length)))?;
        Ok(mailbox)
    }

    /// The frame of a message that was counted in advance has this size. To be called with the mailbox locked.
    pub(super) fn uncount_spared(&self, length: usize, framed: usize) {
        self.waiting.uncount(0, Writer::max_frame_size(length) - framed);
    }

    pub fn ping(&self, data: &[u8]) -> Result<(), Refused> {
        let mut mailbox = self.lock_to_send(data.len())?;
        let Mailbox { writer: Some(writer), queue, .. } = &mut *mailbox else { return Err(NOT_OPEN) };
        let segment = queue.room(Writer::max_frame_size(data.len()));
        let before = segment.bytes.len();
        writer.ping(data, &mut segment.bytes);
        segment.payload += data.len();
        self.waiting.accept(data.len(), segment.bytes.len() - before);
        mailbox.pings.add(data);
        self.wake(mailbox);
        Ok(())
    }

    pub fn close(&self, code: Option<u16>, reason: &str) {
        self.begin_closing(Interest::End, code, reason);
    }

    /// The app is hidden: closes when `grace` is over, unless it is [shown](Shared::show) before.
    pub fn hide(self: &Arc<Self>, grace: Duration) -> Result<(), Refused> {
        let turn = self.hiding.begin();
        let shared = Arc::downgrade(self);
        runtime::spawn_aside(async move {
            tokio::time::sleep(grace).await;
            if let Some(shared) = shared.upgrade()
                && shared.hiding.is_still(turn)
            {
                shared.close(Some(GOING_AWAY), "");
            }
        })
    }

    pub fn show(&self) {
        self.hiding.end();
    }

    pub fn release(&self) {
        self.begin_closing(Interest::Nothing, Some(GOING_AWAY), "");
    }

    /// The app wants the connection to end. Queues the Close frame if there is somebody to send it to.
    fn begin_closing(&self, interest: Interest, code: Option<u16>, reason: &str) {
        let mut mailbox = lock(&self.mailbox);
        if let (ReadyState::Open, Some(mut writer)) = (self.ready_state(), mailbox.writer.take()) {
            let mut bytes = Vec::with_capacity(Writer::max_frame_size(reason.len() + 2));
            writer.close(code, reason, &mut bytes);
            mailbox.tail().push(Segment::control(bytes));
        }
        if matches!(self.ready_state(), ReadyState::Connecting | ReadyState::Open) {
            self.set_state(ReadyState::Closing);
        }
        self.lose_interest(interest);
        self.wake(mailbox);
    }

    /// Takes over a connection that was opened in advance. Gives the listener back when it is too late for that.
    pub fn adopt(&self, listener: Box<dyn Listener>) -> Result<(), Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        let is_alive = matches!(self.ready_state(), ReadyState::Connecting | ReadyState::Open);
        if !is_alive || !matches!(mailbox.adoption, Adoption::Open) {
            return Err(listener);
        }
        mailbox.adoption = Adoption::Found(listener);
        if self.asks_again.load(Ordering::Relaxed) {
            self.set_state(ReadyState::Connecting);
        }
        self.paused.store(false, Ordering::Relaxed);
        self.wake(mailbox);
        Ok(())
    }

    pub fn set_paused(&self, paused: bool) {
        let mailbox = lock(&self.mailbox);
        self.paused.store(paused, Ordering::Relaxed);
        self.wake(mailbox);
    }

    /// The device has slept: the connection sees to its deadlines.
    pub fn look_up(&self) {
        self.wake(lock(&self.mailbox));
    }

    pub fn probe(&self, deadline: Duration) {
        let mut mailbox = lock(&self.mailbox);
        if self.ready_state() == ReadyState::Open {
            mailbox.probe = Some(deadline);
            self.wake(mailbox);
        }
    }

    pub fn protocol(&self) -> Option<&str> {
        self.protocol.get().map(String::as_str)
    }

    fn check_open(&self) -> Result<(), Refused> {
        if self.ready_state() == ReadyState::Open { Ok(()) } else { Err(NOT_OPEN) }
    }
}
