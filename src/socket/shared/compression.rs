//! Messages that are compressed: one after the other, since each depends on those before it, and never under a lock.
//!
//! A short one is compressed by the thread that sends it. A longer one, and whatever is sent meanwhile, waits for a thread
//! of the library's, which takes turns among all connections.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, MutexGuard};

use super::Shared;
use super::backlog::Message;
use super::mailbox::{Mailbox, lock};
use crate::error::Refused;
use crate::runtime::{Job, Pool};
use crate::socket::queue::Segment;
use crate::socket::ready_state::ReadyState;
use crate::wire::MessageKind;
use crate::wire::deflate::{Deflater, Step};
use crate::wire::writer::{FrameKey, Writer};

/// Messages up to this size are compressed by their sender: at most some hundred microseconds at the default level.
const AT_ONCE: usize = 4 << 10;

static COMPRESSORS: Pool = Pool::new("socket-task-zip", 2);

impl Shared {
    /// Sends a message that is to be compressed.
    #[cold]
    pub(super) fn compress(
        self: &Arc<Self>,
        mut mailbox: MutexGuard<'_, Mailbox>,
        kind: MessageKind,
        payload: &[u8],
    ) -> Result<(), Refused> {
        let key = self.accept(&mut mailbox, payload.len())?;
        if payload.len() <= AT_ONCE
            && let Some(mut deflater) = mailbox.begin_compressing()
        {
            drop(mailbox);
            let step = compress(&mut deflater, payload);
            let mut mailbox = lock(&self.mailbox);
            if mailbox.compression.is_none() {
                // The connection has ended meanwhile, and the message with it.
                return Ok(());
            }
            let segment = mailbox.queue.room(Writer::max_frame_size(payload.len()));
            let before = segment.bytes.len();
            frame(kind, key, payload, step, &mut deflater, &mut segment.bytes);
            segment.payload += payload.len();
            segment.messages += 1;
            let framed = segment.bytes.len() - before;
            self.uncount_spared(payload.len(), framed);
            self.end_compressing(mailbox, deflater);
            return Ok(());
        }
        drop(mailbox);
        let message = Message { kind, payload: payload.to_vec(), key };
        let mut mailbox = self.lock_to_queue(payload.len())?;
        let deflater = mailbox.begin_compressing();
        match (deflater, &mut mailbox.compression) {
            (Some(deflater), _) => {
                drop(mailbox);
                Work { shared: Arc::clone(self), deflater, message }.start();
            }
            (None, Some(compression)) => compression.push(message),
            (None, None) => {}
        }
        Ok(())
    }

    /// A message was compressed and queued. What was sent behind it leaves, too, as far as that is not to be compressed.
    fn end_compressing(self: &Arc<Self>, mut mailbox: MutexGuard<'_, Mailbox>, deflater: Box<Deflater>) {
        let next = mailbox.end_compressing(deflater);
        self.wake_for_message(mailbox);
        if let Some((deflater, message)) = next {
            Work { shared: Arc::clone(self), deflater, message }.start();
        }
    }
}

impl Mailbox {
    /// The compressor, if there is one and it is free.
    fn begin_compressing(&mut self) -> Option<Box<Deflater>> {
        self.compression.as_mut()?.begin()
    }

    /// Gives the next message to compress.
    fn end_compressing(&mut self, deflater: Box<Deflater>) -> Option<(Box<Deflater>, Message)> {
        // None when the connection has ended.
        self.compression.as_mut()?.end(deflater, &mut self.queue)
    }
}

/// Appends the frame of a message, after the last step.
fn frame(
    kind: MessageKind,
    key: FrameKey,
    payload: &[u8],
    step: Step,
    deflater: &mut Deflater,
    bytes: &mut Vec<u8>,
) {
    match step {
        Step::Compressed => key.compressed(kind, deflater.output(), bytes),
        _ => key.message(kind, payload, bytes),
    }
    deflater.clear();
}

/// Compresses a short message as a whole.
fn compress(deflater: &mut Deflater, payload: &[u8]) -> Step {
    loop {
        match step(deflater, payload) {
            Step::More => {}
            last => return last,
        }
    }
}

/// [`Deflater::step`]. A panic, which would be a fault of the compressor's, costs no more than the compression.
fn step(deflater: &mut Deflater, payload: &[u8]) -> Step {
    catch_unwind(AssertUnwindSafe(|| deflater.step(payload))).unwrap_or_else(|_| {
        log::error!("a fault of the compressor: a message is sent as it is");
        deflater.forget();
        Step::AsItIs
    })
}

/// A message that is compressed by the library's threads.
struct Work {
    shared: Arc<Shared>,
    deflater: Box<Deflater>,
    message: Message,
}

impl Work {
    fn start(self) {
        let mut left = COMPRESSORS.run(Box::new(self)).err().unwrap_or_default();
        // Without any thread there is nobody else to do it.
        while let Some(job) = left.pop_front() {
            left.extend(job.run());
        }
    }
}

impl Job for Work {
    fn run(mut self: Box<Self>) -> Option<Box<dyn Job>> {
        if !self.is_wanted() {
            return None;
        }
        let step = step(&mut self.deflater, &self.message.payload);
        if step == Step::More {
            return Some(self);
        }
        let Work { shared, mut deflater, message: Message { kind, payload, key } } = *self;
        let mut bytes = Vec::new();
        frame(kind, key, &payload, step, &mut deflater, &mut bytes);
        let mut mailbox = lock(&shared.mailbox);
        // None when the connection has ended, and the message with it.
        mailbox.compression.as_ref()?;
        shared.uncount_spared(payload.len(), bytes.len());
        mailbox.queue.push(Segment { bytes, payload: payload.len(), messages: 1, ..Segment::default() });
        shared.end_compressing(mailbox, deflater);
        None
    }

    fn is_wanted(&self) -> bool {
        self.shared.ready_state() != ReadyState::Closed
    }
}
