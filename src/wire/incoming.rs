//! A data message while it comes in, unless it lies in a block as a whole.

use bytes::{Bytes, BytesMut};

use super::deflate::Inflater;
use super::header::{Header, Opcode};
use super::message::{Assembly, Message, SHARE_FROM};
use super::utf8::Utf8Progress;
use super::{Fault, MessageKind};

/// The message under way, and the one put together last until it is forgotten.
pub(super) struct Incoming {
    max_message_size: usize,
    inflater: Option<Inflater>,
    kind: MessageKind,
    compressed: bool,
    /// A frame of the message has begun and the last one has not ended.
    under_way: bool,
    /// Nobody wants messages any more.
    discards: bool,
    /// The current frame is the message's last one.
    fin: bool,
    /// Bytes of the current frame that have not come yet.
    remaining: u64,
    assembly: Assembly,
    utf8: Utf8Progress,
    /// The message put together last, when it may be shared.
    owned: Bytes,
}

impl Incoming {
    pub(super) fn new(max_message_size: usize, inflater: Option<Inflater>) -> Incoming {
        Incoming {
            max_message_size,
            inflater,
            kind: MessageKind::Binary,
            compressed: false,
            under_way: false,
            discards: false,
            fin: false,
            remaining: 0,
            assembly: Assembly::new(),
            utf8: Utf8Progress::default(),
            owned: Bytes::new(),
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.under_way
    }

    /// The kind that a frame with this header has: its own, or that of the message it continues. Checks that
    /// it may follow what came before it, and the limit (RFC 6455, section 5.4; RFC 7692, section 6).
    #[inline]
    pub(super) fn check_frame(&mut self, header: &Header) -> Result<MessageKind, Fault> {
        if header.opcode == Opcode::Continuation {
            if !self.under_way {
                return Err(Fault::protocol("a continuation frame has no message to continue"));
            }
            if header.rsv1 {
                return Err(Fault::protocol("a continuation frame has a reserved bit set"));
            }
        } else {
            if self.under_way {
                return Err(Fault::protocol("a message begins before the one before it has ended"));
            }
            if header.rsv1 && self.inflater.is_none() {
                return Err(Fault::protocol("a reserved bit is set without an extension that uses it"));
            }
            self.compressed = header.rsv1;
            self.kind = match header.opcode {
                Opcode::Text => MessageKind::Text,
                _ => MessageKind::Binary,
            };
        }
        // How much a compressed frame will hold, its length does not tell.
        let room = self.max_message_size.saturating_sub(self.assembly.as_slice().len());
        if !self.compressed && header.length > room as u64 {
            return Err(Fault::too_big(self.max_message_size));
        }
        Ok(self.kind)
    }

    /// Begins a frame that has passed [`Incoming::check_frame`].
    pub(super) fn begin_frame(&mut self, header: &Header) {
        self.under_way = true;
        self.fin = header.fin;
        self.remaining = header.length;
    }

    /// Takes what `rest` has of the current frame, or some of it, and tells how many bytes that is.
    pub(super) fn read(&mut self, rest: &[u8]) -> Result<usize, Fault> {
        let part = &rest[..usize::try_from(self.remaining).map_or(rest.len(), |n| n.min(rest.len()))];
        let is_text = self.kind == MessageKind::Text;
        let taken = match &mut self.inflater {
            _ if self.discards => part.len(),
            Some(inflater) if self.compressed => {
                let pushed = inflater.push(part, self.max_message_size);
                // What came out before a fault of the compression comes first in the message too.
                if is_text {
                    self.utf8.advance(inflater.output())?;
                }
                pushed?
            }
            _ => {
                self.assembly.append(part, self.remaining);
                if is_text {
                    self.utf8.advance(self.assembly.as_slice())?;
                }
                part.len()
            }
        };
        self.remaining -= taken as u64;
        Ok(taken)
    }

    /// Whether [`Incoming::read`] has not done with what it was given, though it may have taken all of it.
    pub(super) fn has_more(&self) -> bool {
        self.compressed && !self.discards && self.inflater.as_ref().is_some_and(Inflater::has_more)
    }

    pub(super) fn is_frame_complete(&self) -> bool {
        self.remaining == 0 && !self.has_more()
    }

    /// Ends the message if the frame just completed is its last one, and tells whether it is.
    pub(super) fn end_message(&mut self) -> Result<bool, Fault> {
        if !self.fin {
            return Ok(false);
        }
        self.under_way = false;
        if self.discards {
            return Ok(false);
        }
        if let (true, Some(inflater)) = (self.compressed, &mut self.inflater) {
            inflater.finish()?;
        }
        if self.kind == MessageKind::Text {
            self.utf8.finish(self.content().len())?;
        }
        if self.content().len() >= SHARE_FROM {
            self.owned = match &mut self.inflater {
                Some(inflater) if self.compressed => inflater.take(),
                _ => self.assembly.take(),
            };
        }
        Ok(true)
    }

    /// The message that has ended.
    pub(super) fn message(&self) -> Message<'_> {
        match self.owned.is_empty() {
            true => Message::passing(self.kind, self.content()),
            false => Message::whole(self.kind, &self.owned),
        }
    }

    /// What there is of the message, compressed or not.
    fn content(&self) -> &[u8] {
        match &self.inflater {
            Some(inflater) if self.compressed => inflater.output(),
            _ => self.assembly.as_slice(),
        }
    }

    /// Forgets the message that has ended.
    pub(super) fn forget(&mut self) {
        self.owned = Bytes::new();
        self.assembly.clear();
        if let Some(inflater) = &mut self.inflater {
            inflater.clear();
        }
    }

    /// Bytes that the message under way holds, and that its frame is known to add.
    pub(super) fn announced(&self) -> u64 {
        let remaining = if self.under_way && !self.compressed { self.remaining } else { 0 };
        remaining.saturating_add(self.content().len() as u64)
    }

    /// From now on messages are passed over, the one under way included.
    pub(super) fn discard(&mut self) {
        self.discards = true;
        self.owned = Bytes::new();
        self.assembly = Assembly::new();
        if let Some(inflater) = &mut self.inflater {
            inflater.free();
        }
    }

    /// Tells whether at least `from` bytes of the frame have yet to come and go into the buffer as they are.
    pub(super) fn is_direct(&self, from: u64) -> bool {
        !self.compressed && !self.discards && self.remaining >= from
    }

    /// The buffer, when at least `from` bytes of the frame have yet to come and go there as they are, and how
    /// many of them it has room for.
    pub(super) fn direct(&mut self, from: u64) -> Option<(&mut BytesMut, usize)> {
        if !self.is_direct(from) {
            return None;
        }
        let buffer = self.assembly.with_room(self.remaining);
        let room = buffer.capacity() - buffer.len();
        let limit = usize::try_from(self.remaining).map_or(room, |remaining| remaining.min(room));
        Some((buffer, limit))
    }

    /// Tells that `n` bytes were appended to the buffer of [`Incoming::direct`].
    pub(super) fn direct_filled(&mut self, n: usize) {
        debug_assert!(n as u64 <= self.remaining, "more bytes appended than the frame has");
        self.remaining = self.remaining.saturating_sub(n as u64);
    }

    /// How much is allocated beyond what has come.
    #[cfg(test)]
    pub(super) fn spare(&self) -> usize {
        self.assembly.spare()
    }
}
