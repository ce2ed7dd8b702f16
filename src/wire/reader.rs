//! What comes in: bytes to events.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::carry::{Carry, Completed};
use super::deflate::Inflater;
use super::header::{Header, Opcode};
use super::incoming::Incoming;
use super::message::Message;
use super::utf8;
use super::{CloseFrame, Fault, MessageKind, close};

/// What a [`Reader`] accepts.
#[derive(Clone, Copy, Debug)]
pub struct ReaderLimits {
    /// The largest message, in bytes, after decompression.
    pub max_message_size: usize,
}

/// What came in.
#[derive(Debug)]
pub enum Event<'a> {
    /// A whole message.
    Message(Message<'a>),
    /// A Ping and its payload, which the Pong that answers it has to carry.
    Ping(&'a [u8]),
    /// A Pong and its payload.
    Pong(&'a [u8]),
    /// The peer's Close frame. Nothing comes after it.
    Close(CloseFrame),
    /// Nothing yet: some of a compressed message was decompressed, and what was given holds more of it.
    Working,
}

/// While so much of a frame is missing, the socket is offered the message's buffer to read into. With less to
/// come, a read into a block takes the following frames along.
const DIRECT_FROM: u64 = 8 << 10;

/// How much to read into a block.
const BLOCK: usize = 64 << 10;

/// The same behind a frame of [`LARGE_FRAME`] bytes or more. Where one was, another may follow, and what a block has of
/// its beginning has to be copied into the message's buffer.
const BLOCK_AFTER_LARGE_FRAME: usize = 4 << 10;

/// See [`BLOCK_AFTER_LARGE_FRAME`].
const LARGE_FRAME: u64 = 32 << 10;

/// Turns the bytes of a server into events.
///
/// Give it a block with [`push`](Reader::push), then take events with [`next`](Reader::next) until that gives
/// `None`. No call takes long: a compressed message that is large comes out in [several](Event::Working). A message that lies in one frame in one block is a slice of that block; only what is spread over
/// frames or blocks is put together elsewhere.
pub struct Reader {
    max_message_size: usize,
    block: Bytes,
    /// Where the unread bytes of `block` begin.
    at: usize,
    block_size: usize,
    state: State,
    carry: Carry,
    incoming: Incoming,
    /// The kind of the message in the block that was found last.
    kind: MessageKind,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Before a frame, or within its header or the payload of a control frame; see [`Carry`].
    Header,
    /// Within the payload of a data frame.
    Payload,
    /// Before a frame, and the buffers still hold the message handed over last.
    Delivered,
    /// After a Close frame or a fault.
    Ended,
}

/// An event's place. (Events borrow the reader, which must stay free until one is found.)
enum Found {
    Nothing,
    /// A message in the block.
    InBlock(Range<usize>),
    /// The message that has come together.
    Incoming,
    Ping(Place),
    Pong(Place),
    Close(CloseFrame),
    Working,
}

enum Place {
    Block(Range<usize>),
    Carry(Range<usize>),
}

impl Reader {
    /// A reader at the beginning of the data phase. `inflater` when permessage-deflate was negotiated.
    pub fn new(limits: ReaderLimits, inflater: Option<Inflater>) -> Reader {
        Reader {
            max_message_size: limits.max_message_size,
            block: Bytes::new(),
            at: 0,
            block_size: BLOCK,
            state: State::Header,
            carry: Carry::new(),
            incoming: Incoming::new(limits.max_message_size, inflater),
            kind: MessageKind::Binary,
        }
    }

    /// Gives the next bytes from the peer. To be called only after [`Reader::next`] has returned `None`.
    pub fn push(&mut self, block: Bytes) {
        debug_assert!(self.at >= self.block.len(), "the block before has not been read to its end");
        if self.state != State::Payload {
            self.block_size = BLOCK;
        }
        if self.state != State::Ended {
            self.block = block;
            self.at = 0;
        }
    }

    /// How many bytes the next block should have at most.
    pub fn block_size(&self) -> usize {
        self.block_size
    }

    /// Whether [`Reader::next`] has given all that it can, and nothing was pushed since.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.state == State::Header && self.block.is_empty()
    }

    /// The next event in the bytes given so far; `None` when it needs more of them.
    ///
    /// After a fault or a Close event everything that the peer sends is ignored: it gives `None` for ever.
    // Not an iterator: the events borrow the reader.
    #[allow(clippy::should_implement_trait)]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Fault> {
        if self.state == State::Delivered {
            self.incoming.forget();
            self.state = State::Header;
        }
        if self.at >= self.block.len() && self.state == State::Header {
            self.forget_block();
            return Ok(None);
        }
        if let Some(range) = self.short_message() {
            let message = Message::within(self.kind, &self.block[range], &self.block);
            return Ok(Some(Event::Message(message)));
        }
        let found = match self.advance() {
            Ok(found) => found,
            Err(fault) => {
                self.end();
                return Err(fault);
            }
        };
        Ok(Some(match found {
            Found::Nothing => {
                self.forget_block();
                return Ok(None);
            }
            Found::InBlock(range) => {
                Event::Message(Message::within(self.kind, &self.block[range], &self.block))
            }
            Found::Incoming => Event::Message(self.incoming.message()),
            Found::Ping(place) => Event::Ping(self.at_place(place)),
            Found::Pong(place) => Event::Pong(self.at_place(place)),
            Found::Close(frame) => {
                self.end();
                Event::Close(frame)
            }
            Found::Working => Event::Working,
        }))
    }

    /// The buffer of the message under way, for the socket to read into without a copy, and how many bytes
    /// may be appended to it, all of which it has room for.
    ///
    /// `None` unless much of a large uncompressed frame is still to come and all bytes pushed are used up.
    pub fn direct(&mut self) -> Option<(&mut BytesMut, usize)> {
        if self.state != State::Payload || self.at < self.block.len() {
            return None;
        }
        self.incoming.direct(DIRECT_FROM)
    }

    /// Tells that `n` bytes were appended to the buffer of [`Reader::direct`]. [`Reader::next`] goes on.
    pub fn direct_filled(&mut self, n: usize) {
        self.incoming.direct_filled(n);
    }

    /// Bytes that wait here for [`Reader::next`], and those that the message under way is known to become.
    pub fn announced(&self) -> u64 {
        self.incoming.announced().saturating_add((self.block.len() - self.at) as u64)
    }

    /// Nobody wants messages any more: those that would take time or room are passed over, and not checked.
    pub fn discard_messages(&mut self) {
        self.incoming.discard();
    }

    /// What most frames are, found with a fraction of the instructions: a whole, uncompressed message of less
    /// than 64 KiB in the block. `None` when it is anything else, or something is wrong with it, which
    /// [`Reader::advance`] tells.
    #[inline]
    fn short_message(&mut self) -> Option<Range<usize>> {
        let (first, length, rest) = match self.block[self.at..] {
            [first @ (0x81 | 0x82), length @ 0..=125, ref rest @ ..] => (first, usize::from(length), rest),
            [first @ (0x81 | 0x82), 126, high, low, ref rest @ ..] => {
                let length = u16::from_be_bytes([high, low]);
                (first, (length > 125).then_some(length.into())?, rest)
            }
            _ => return None,
        };
        let between_messages =
            self.state == State::Header && self.carry.is_empty() && !self.incoming.is_under_way();
        if !between_messages || length > self.max_message_size {
            return None;
        }
        let payload = rest.get(..length)?;
        self.kind = if first == 0x82 { MessageKind::Binary } else { MessageKind::Text };
        if self.kind == MessageKind::Text && utf8::check_whole(payload).is_err() {
            return None;
        }
        let start = self.block.len() - rest.len();
        self.at = start + length;
        Some(start..self.at)
    }

    fn forget_block(&mut self) {
        self.block = Bytes::new();
        self.at = 0;
    }

    fn at_place(&self, place: Place) -> &[u8] {
        match place {
            Place::Block(range) => &self.block[range],
            Place::Carry(range) => &self.carry.bytes()[range],
        }
    }

    // Not inlined: the loop around `short_message` would lose registers to it.
    #[inline(never)]
    fn advance(&mut self) -> Result<Found, Fault> {
        loop {
            match self.state {
                State::Header if self.carry.is_empty() => {
                    let rest = &self.block[self.at..];
                    let Some(header) = Header::parse(rest)? else {
                        self.carry.keep(rest);
                        return Ok(Found::Nothing);
                    };
                    if header.opcode.is_control() {
                        return self.control_in_block(&header);
                    }
                    self.at += header.size;
                    if let Some(found) = self.begin_data(&header)? {
                        return Ok(found);
                    }
                }
                State::Header => match self.carry.complete(&self.block, &mut self.at)? {
                    Some(Completed::Control(opcode, payload)) => {
                        let place = Place::Carry(payload.clone());
                        return control(opcode, place, &self.carry.bytes()[payload]);
                    }
                    Some(Completed::Header(header)) => {
                        if let Some(found) = self.begin_data(&header)? {
                            return Ok(found);
                        }
                    }
                    None => return Ok(Found::Nothing),
                },
                State::Payload => {
                    self.at += self.incoming.read(&self.block[self.at..])?;
                    if self.incoming.has_more() {
                        return Ok(Found::Working);
                    }
                    if !self.incoming.is_frame_complete() {
                        return Ok(Found::Nothing);
                    }
                    if self.incoming.end_message()? {
                        self.state = State::Delivered;
                        return Ok(Found::Incoming);
                    }
                    self.state = State::Header;
                }
                State::Delivered | State::Ended => return Ok(Found::Nothing),
            }
        }
    }

    /// Begins a data frame whose header has just been passed. A message of one frame that lies in the block
    /// as a whole needs no more than that.
    #[inline]
    fn begin_data(&mut self, header: &Header) -> Result<Option<Found>, Fault> {
        let kind = self.incoming.check_frame(header)?;
        let left = self.block.len() - self.at;
        let is_whole = header.fin && !header.rsv1 && !self.incoming.is_under_way();
        if is_whole && header.length <= left as u64 {
            let range = self.at..self.at + header.length as usize;
            if kind == MessageKind::Text {
                utf8::check_whole(&self.block[range.clone()])?;
            }
            self.kind = kind;
            self.at = range.end;
            return Ok(Some(Found::InBlock(range)));
        }
        self.incoming.begin_frame(header);
        if self.incoming.is_direct(LARGE_FRAME) {
            self.block_size = BLOCK_AFTER_LARGE_FRAME;
        }
        self.state = State::Payload;
        Ok(None)
    }

    /// A control frame that begins in the block; when it does not end there, its beginning is kept.
    fn control_in_block(&mut self, header: &Header) -> Result<Found, Fault> {
        let rest = &self.block[self.at..];
        let size = header.size + header.length as usize;
        if rest.len() < size {
            self.carry.keep(rest);
            return Ok(Found::Nothing);
        }
        let payload = self.at + header.size..self.at + size;
        self.at = payload.end;
        control(header.opcode, Place::Block(payload.clone()), &self.block[payload])
    }

    /// Ignores everything from now on, and gives all memory back.
    #[cold]
    fn end(&mut self) {
        self.state = State::Ended;
        self.block = Bytes::new();
        self.at = 0;
        self.incoming = Incoming::new(self.max_message_size, None);
    }
}

fn control(opcode: Opcode, place: Place, payload: &[u8]) -> Result<Found, Fault> {
    Ok(match opcode {
        Opcode::Ping => Found::Ping(place),
        Opcode::Pong => Found::Pong(place),
        _ => Found::Close(close::parse(payload)?),
    })
}

#[cfg(test)]
mod tests;
