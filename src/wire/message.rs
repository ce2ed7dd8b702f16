//! Messages as they are handed over, and the buffer in which those in several parts come together.

use std::fmt;

use bytes::{Bytes, BytesMut};

use super::MessageKind;

/// From this length on a message that has come together in a buffer of its own gets to keep that.
pub(super) const SHARE_FROM: usize = 1024;

/// From this length on a message that lies in a block gets to keep that: half of what a block is read into, so that no
/// message keeps more than twice its length. Shorter ones are copied out, which costs 30 ns for 1 KiB, and 0.6 µs for the
/// longest: less than a tenth of what the operating system takes to receive them.
const SHARE_BLOCK_FROM: usize = 32 << 10;

/// A whole data message, valid until the next call to the [`Reader`](super::Reader) it came from.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    kind: MessageKind,
    bytes: &'a [u8],
    owner: Owner<'a>,
}

/// What a message lies in.
#[derive(Clone, Copy)]
enum Owner<'a> {
    /// What belongs to the reader.
    Reader,
    /// A block, with others perhaps.
    Block(&'a Bytes),
    /// A buffer of its own.
    Own(&'a Bytes),
}

impl<'a> Message<'a> {
    /// One that is gone with the next.
    pub(super) fn passing(kind: MessageKind, bytes: &'a [u8]) -> Message<'a> {
        Message { kind, bytes, owner: Owner::Reader }
    }

    /// One within a block.
    #[inline]
    pub(super) fn within(kind: MessageKind, bytes: &'a [u8], block: &'a Bytes) -> Message<'a> {
        Message { kind, bytes, owner: Owner::Block(block) }
    }

    /// One that was kept, or has a buffer of its own.
    pub(crate) fn whole(kind: MessageKind, bytes: &'a Bytes) -> Message<'a> {
        Message { kind, bytes, owner: Owner::Own(bytes) }
    }

    /// Text or binary. The bytes of a text are valid UTF-8.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The content.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The content, to be kept: without a copy where that keeps no more than twice its length alive. That is from 32 KiB on,
    /// and from 1 KiB on for a message in several pieces, or a compressed one.
    pub fn to_bytes(&self) -> Bytes {
        match self.owner {
            Owner::Block(block) if self.bytes.len() >= SHARE_BLOCK_FROM => block.slice_ref(self.bytes),
            Owner::Own(buffer) => buffer.clone(),
            _ => Bytes::copy_from_slice(self.bytes),
        }
    }
}

impl fmt::Debug for Message<'_> {
    /// Shows kind and length; the content belongs in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("kind", &self.kind).field("length", &self.bytes.len()).finish()
    }
}

/// The most that is reserved for a frame before its first byte, until the peer has sent larger messages.
const FIRST_RESERVE: usize = 64 << 10;
/// The most that is reserved because an earlier message was as large.
const MAX_FIRST_RESERVE: usize = 16 << 20;
/// The least room that is offered to read into, when the frame has as much left.
const MIN_ROOM: usize = 8 << 10;
/// A larger buffer is given back after its message.
const MAX_KEPT: usize = 4 << 10;

/// Where the parts of an uncompressed message come together.
#[derive(Debug)]
pub(super) struct Assembly {
    buffer: BytesMut,
    /// What to reserve at first for a large message: as much as the last large one had.
    first_reserve: usize,
}

impl Assembly {
    pub(super) fn new() -> Assembly {
        Assembly { buffer: BytesMut::new(), first_reserve: FIRST_RESERVE }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.buffer
    }

    /// Appends `part`, the beginning of the `announced` bytes that the frame still has.
    pub(super) fn append(&mut self, part: &[u8], announced: u64) {
        if self.spare() < part.len() {
            self.grow(part.len(), announced);
        }
        self.buffer.extend_from_slice(part);
    }

    /// The buffer, with room for some of the `announced` bytes that the frame still has.
    pub(super) fn with_room(&mut self, announced: u64) -> &mut BytesMut {
        // A read into the last few bytes would be a system call wasted.
        let wanted = usize::try_from(announced).map_or(MIN_ROOM, |announced| announced.min(MIN_ROOM));
        if self.spare() < wanted {
            self.grow(wanted, announced);
        }
        &mut self.buffer
    }

    pub(super) fn spare(&self) -> usize {
        self.buffer.capacity() - self.buffer.len()
    }

    /// Makes room for `needed` bytes at least and the `announced` ones at most, but for no more than about
    /// four times what has really come: an announcement alone is cheap for the peer. The steps are chosen so
    /// that the last one ends exactly at the message's length.
    #[cold]
    fn grow(&mut self, needed: usize, announced: u64) {
        let length = self.buffer.len();
        let total = length.saturating_add(usize::try_from(announced).unwrap_or(usize::MAX));
        let step = self.first_reserve.max(2 * self.buffer.capacity());
        let target = if total <= step.saturating_mul(2) { total } else { step };
        self.buffer.reserve(target.saturating_sub(length).max(needed));
    }

    /// Takes a message of at least [`SHARE_FROM`] bytes out.
    pub(super) fn take(&mut self) -> Bytes {
        let length = self.buffer.len();
        if length > FIRST_RESERVE {
            self.first_reserve = length.min(MAX_FIRST_RESERVE);
        }
        std::mem::take(&mut self.buffer).freeze()
    }

    /// Forgets the message.
    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        if self.buffer.capacity() > MAX_KEPT {
            self.buffer = BytesMut::new();
        }
    }
}
