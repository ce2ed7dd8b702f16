//! What comes in: bytes to events.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::deflate::Inflater;
use super::header::{Header, MAX_CONTROL_PAYLOAD, Opcode};
use super::message::{Assembly, Message, SHARE_FROM};
use super::utf8::{self, Utf8Progress};
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
}

/// While so much of a frame is missing, the socket is offered the message's buffer to read into. With less to
/// come, a read into a block takes the following frames along.
const DIRECT_FROM: u64 = 8 << 10;

/// Turns the bytes of a server into events.
///
/// Give it a block with [`push`](Reader::push), then take events with [`next`](Reader::next) until that gives
/// `None`. A message that lies in one frame in one block is a slice of that block; only what is spread over
/// frames or blocks is put together elsewhere.
pub struct Reader {
    limits: ReaderLimits,
    inflater: Option<Inflater>,
    block: Bytes,
    /// Where the unread bytes of `block` begin.
    at: usize,
    state: State,
    carry: Carry,
    /// Bytes of the current data frame that have not come yet.
    remaining: u64,
    /// The current data frame is its message's last one.
    fin: bool,
    /// A message has begun whose last frame has not.
    fragmented: bool,
    kind: MessageKind,
    /// The current message is compressed.
    compressed: bool,
    assembly: Assembly,
    utf8: Utf8Progress,
    /// The message handed over last, when it was put together and may be shared.
    owned: Bytes,
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

/// The beginning of a header, or of a whole control frame, that a block ended in.
struct Carry {
    bytes: [u8; 2 + MAX_CONTROL_PAYLOAD],
    length: usize,
}

/// An event's place. (Events borrow the reader, which must stay free until one is found.)
enum Found {
    Nothing,
    /// A message in the block.
    InBlock(Range<usize>),
    /// A message in `assembly`.
    Assembled,
    /// A message in the inflater.
    Inflated,
    /// A message in `owned`.
    Owned,
    Ping(Place),
    Pong(Place),
    Close(CloseFrame),
}

enum Place {
    Block(Range<usize>),
    Carry(Range<usize>),
}

impl Reader {
    /// A reader at the beginning of the data phase. `inflater` when permessage-deflate was negotiated.
    pub fn new(limits: ReaderLimits, inflater: Option<Inflater>) -> Reader {
        Reader {
            limits,
            inflater,
            block: Bytes::new(),
            at: 0,
            state: State::Header,
            carry: Carry { bytes: [0; 2 + MAX_CONTROL_PAYLOAD], length: 0 },
            remaining: 0,
            fin: false,
            fragmented: false,
            kind: MessageKind::Binary,
            compressed: false,
            assembly: Assembly::new(),
            utf8: Utf8Progress::default(),
            owned: Bytes::new(),
        }
    }

    /// Gives the next bytes from the peer. To be called only after [`Reader::next`] has returned `None`.
    pub fn push(&mut self, block: Bytes) {
        debug_assert!(self.at >= self.block.len(), "the block before has not been read to its end");
        if self.state != State::Ended {
            self.block = block;
            self.at = 0;
        }
    }

    /// The next event in the bytes given so far; `None` when it needs more of them.
    ///
    /// After a fault or a Close event everything that the peer sends is ignored: it gives `None` for ever.
    // Not an iterator: the events borrow the reader.
    #[allow(clippy::should_implement_trait)]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Fault> {
        if self.state == State::Delivered {
            self.forget_delivered();
        }
        if let Some(range) = self.short_message() {
            let message = Message::new(self.kind, &self.block[range], Some(&self.block));
            return Ok(Some(Event::Message(message)));
        }
        let found = match self.advance() {
            Ok(found) => found,
            Err(fault) => {
                self.end();
                return Err(fault);
            }
        };
        let kind = self.kind;
        Ok(Some(match found {
            Found::Nothing => {
                self.block = Bytes::new();
                self.at = 0;
                return Ok(None);
            }
            Found::InBlock(range) => {
                Event::Message(Message::new(kind, &self.block[range], Some(&self.block)))
            }
            Found::Assembled => Event::Message(Message::new(kind, self.assembly.as_slice(), None)),
            Found::Inflated => {
                let bytes = self.inflater.as_ref().map_or(&[][..], Inflater::output);
                Event::Message(Message::new(kind, bytes, None))
            }
            Found::Owned => Event::Message(Message::new(kind, &self.owned, Some(&self.owned))),
            Found::Ping(place) => Event::Ping(self.at_place(place)),
            Found::Pong(place) => Event::Pong(self.at_place(place)),
            Found::Close(frame) => {
                self.end();
                Event::Close(frame)
            }
        }))
    }

    /// The buffer of the message under way, for the socket to read into without a copy, and how many bytes
    /// may be appended to it, all of which it has room for.
    ///
    /// `None` unless much of a large uncompressed frame is still to come and all bytes pushed are used up.
    pub fn direct(&mut self) -> Option<(&mut BytesMut, usize)> {
        let offered = self.state == State::Payload
            && !self.compressed
            && self.remaining >= DIRECT_FROM
            && self.at >= self.block.len();
        if !offered {
            return None;
        }
        let buffer = self.assembly.with_room(self.remaining);
        let room = buffer.capacity() - buffer.len();
        let limit = usize::try_from(self.remaining).map_or(room, |remaining| remaining.min(room));
        Some((buffer, limit))
    }

    /// Tells that `n` bytes were appended to the buffer of [`Reader::direct`]. [`Reader::next`] goes on.
    pub fn direct_filled(&mut self, n: usize) {
        debug_assert!(n as u64 <= self.remaining, "more bytes appended than the frame has");
        self.remaining = self.remaining.saturating_sub(n as u64);
    }

    /// What most frames are, found with a fraction of the instructions: a whole, short, uncompressed message in
    /// the block. `None` when it is anything else, or something is wrong with it, which [`Reader::advance`] tells.
    #[inline]
    fn short_message(&mut self) -> Option<Range<usize>> {
        let &[first @ (0x81 | 0x82), length @ 0..=125, ref rest @ ..] = &self.block[self.at..] else {
            return None;
        };
        let between_messages = self.state == State::Header && self.carry.length == 0 && !self.fragmented;
        if !between_messages || usize::from(length) > self.limits.max_message_size {
            return None;
        }
        let payload = rest.get(..usize::from(length))?;
        self.kind = if first == 0x82 { MessageKind::Binary } else { MessageKind::Text };
        if self.kind == MessageKind::Text && utf8::check_whole(payload).is_err() {
            return None;
        }
        let start = self.at + 2;
        self.at = start + payload.len();
        Some(start..self.at)
    }

    fn at_place(&self, place: Place) -> &[u8] {
        match place {
            Place::Block(range) => &self.block[range],
            Place::Carry(range) => &self.carry.bytes[range],
        }
    }

    #[inline]
    fn advance(&mut self) -> Result<Found, Fault> {
        loop {
            match self.state {
                State::Header if self.carry.length == 0 => {
                    let rest = &self.block[self.at..];
                    let Some(header) = Header::parse(rest)? else {
                        self.carry.bytes[..rest.len()].copy_from_slice(rest);
                        self.carry.length = rest.len();
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
                State::Header => match self.resume_carry()? {
                    Some(found) => return Ok(found),
                    None => continue,
                },
                State::Payload => {
                    if let Some(found) = self.read_payload()? {
                        return Ok(found);
                    }
                }
                State::Delivered | State::Ended => return Ok(Found::Nothing),
            }
        }
    }

    /// Begins a data frame whose header has just been passed. A message of one frame that lies in the block
    /// as a whole needs no more than that.
    #[inline]
    fn begin_data(&mut self, header: &Header) -> Result<Option<Found>, Fault> {
        if header.opcode == Opcode::Continuation {
            if !self.fragmented {
                return Err(Fault::protocol("a continuation frame has no message to continue"));
            }
            if header.rsv1 {
                return Err(Fault::protocol("a continuation frame has a reserved bit set"));
            }
        } else {
            if self.fragmented {
                return Err(Fault::protocol("a message begins before the one before it has ended"));
            }
            if header.rsv1 && self.inflater.is_none() {
                return Err(Fault::protocol("a reserved bit is set without an extension that uses it"));
            }
            self.kind = match header.opcode {
                Opcode::Text => MessageKind::Text,
                _ => MessageKind::Binary,
            };
            self.compressed = header.rsv1;
        }
        if !self.compressed {
            let limit = self.limits.max_message_size;
            let before = self.assembly.as_slice().len();
            if header.length > limit.saturating_sub(before) as u64 {
                return Err(Fault::too_big(limit));
            }
            let left = self.block.len() - self.at;
            if header.fin && !self.fragmented && header.length <= left as u64 {
                let range = self.at..self.at + header.length as usize;
                if self.kind == MessageKind::Text {
                    utf8::check_whole(&self.block[range.clone()])?;
                }
                self.at = range.end;
                return Ok(Some(Found::InBlock(range)));
            }
        }
        self.remaining = header.length;
        self.fin = header.fin;
        self.fragmented = true;
        self.state = State::Payload;
        Ok(None)
    }

    /// Takes what the block has of the current data frame; `None` when the frame ended and its message did not.
    fn read_payload(&mut self) -> Result<Option<Found>, Fault> {
        let rest = &self.block[self.at..];
        let part = &rest[..usize::try_from(self.remaining).map_or(rest.len(), |n| n.min(rest.len()))];
        self.at += part.len();
        if self.compressed {
            let Some(inflater) = &mut self.inflater else {
                return Err(Fault::bad_compression("compression was not negotiated"));
            };
            let pushed = inflater.push(part, self.limits.max_message_size);
            // What came out before a fault of the compression comes first in the message too.
            if self.kind == MessageKind::Text {
                self.utf8.advance(inflater.output())?;
            }
            pushed?;
        } else {
            self.assembly.append(part, self.remaining);
            if self.kind == MessageKind::Text {
                self.utf8.advance(self.assembly.as_slice())?;
            }
        }
        self.remaining -= part.len() as u64;
        if self.remaining > 0 {
            return Ok(Some(Found::Nothing));
        }
        if self.fin {
            return self.end_message().map(Some);
        }
        self.state = State::Header;
        Ok(None)
    }

    fn end_message(&mut self) -> Result<Found, Fault> {
        self.fragmented = false;
        self.state = State::Delivered;
        if let (true, Some(inflater)) = (self.compressed, &mut self.inflater) {
            inflater.finish()?;
            if self.kind == MessageKind::Text {
                self.utf8.finish(inflater.output())?;
            }
            if inflater.output().len() < SHARE_FROM {
                return Ok(Found::Inflated);
            }
            self.owned = inflater.take();
        } else {
            if self.kind == MessageKind::Text {
                self.utf8.finish(self.assembly.as_slice())?;
            }
            if self.assembly.as_slice().len() < SHARE_FROM {
                return Ok(Found::Assembled);
            }
            self.owned = self.assembly.take();
        }
        Ok(Found::Owned)
    }

    #[cold]
    fn forget_delivered(&mut self) {
        self.state = State::Header;
        self.owned = Bytes::new();
        self.assembly.clear();
        if let Some(inflater) = &mut self.inflater {
            inflater.clear();
        }
    }

    /// A control frame that begins in the block; when it does not end there, its beginning is kept.
    fn control_in_block(&mut self, header: &Header) -> Result<Found, Fault> {
        let rest = &self.block[self.at..];
        let size = header.size + header.length as usize;
        if rest.len() < size {
            self.carry.bytes[..rest.len()].copy_from_slice(rest);
            self.carry.length = rest.len();
            return Ok(Found::Nothing);
        }
        let payload = self.at + header.size..self.at + size;
        self.at = payload.end;
        control(header.opcode, Place::Block(payload.clone()), &self.block[payload])
    }

    /// Completes what the blocks before ended in: the header of a data frame (then `None`) or a control frame.
    #[cold]
    fn resume_carry(&mut self) -> Result<Option<Found>, Fault> {
        loop {
            let missing = match Header::parse(&self.carry.bytes[..self.carry.length])? {
                // How long the header is can change with each byte of it.
                None => 1,
                Some(header) if header.opcode.is_control() => {
                    let size = header.size + header.length as usize;
                    if self.carry.length == size {
                        self.carry.length = 0;
                        let payload = header.size..size;
                        let place = Place::Carry(payload.clone());
                        return control(header.opcode, place, &self.carry.bytes[payload]).map(Some);
                    }
                    size - self.carry.length
                }
                Some(header) => {
                    self.carry.length = 0;
                    return self.begin_data(&header);
                }
            };
            let rest = &self.block[self.at..];
            if rest.is_empty() {
                return Ok(Some(Found::Nothing));
            }
            let part = &rest[..missing.min(rest.len())];
            let end = self.carry.length + part.len();
            self.carry.bytes[self.carry.length..end].copy_from_slice(part);
            self.carry.length = end;
            self.at += part.len();
        }
    }

    /// Ignores everything from now on, and gives all memory back.
    #[cold]
    fn end(&mut self) {
        self.state = State::Ended;
        self.block = Bytes::new();
        self.at = 0;
        self.owned = Bytes::new();
        self.assembly = Assembly::new();
        self.inflater = None;
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
