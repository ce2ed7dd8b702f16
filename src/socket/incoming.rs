//! What comes in: bytes read, for the events that are in them.

use std::cell::RefCell;
use std::io;
use std::task::{Context, Poll, ready};

use bytes::{BufMut, Bytes, BytesMut};

use super::transport::Transport;
use crate::wire::Fault;
use crate::wire::deflate::Inflater;
use crate::wire::reader::{Event, Reader, ReaderLimits};

/// Size of the buffer that is read into, one for all connections of a thread.
const READ_BUFFER: usize = 64 << 10;

/// With less room than this left in the buffer, the next read gets a fresh one.
const READ_MINIMUM: usize = 16 << 10;

thread_local! {
    static SCRATCH: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

pub(super) struct Incoming {
    reader: Reader,
}

impl Incoming {
    /// `rest` is what the peer has sent so far.
    pub fn new(max_message_size: usize, inflater: Option<Inflater>, rest: Bytes) -> Incoming {
        let mut reader = Reader::new(ReaderLimits { max_message_size }, inflater);
        if !rest.is_empty() {
            reader.push(rest);
        }
        Incoming { reader }
    }

    /// Whether [`Incoming::next`] has given all that was read.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.reader.is_idle()
    }

    /// The next event in what was read; see [`Reader::next`].
    #[inline]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Fault> {
        self.reader.next()
    }

    /// Bytes that were read and not given, and those that the message under way is known to become.
    pub fn announced(&self) -> u64 {
        self.reader.announced()
    }

    /// Nobody wants messages any more; see [`Reader::discard_messages`].
    pub fn discard_messages(&mut self) {
        self.reader.discard_messages();
    }

    /// Reads once, when all events were taken. An error when nothing more can come.
    pub fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        transport: &mut impl Transport,
    ) -> Poll<io::Result<()>> {
        let read = match self.reader.direct() {
            Some((message, limit)) => {
                let read = ready!(transport.poll_read(cx, &mut message.limit(limit)))?;
                self.reader.direct_filled(read);
                read
            }
            None => {
                let limit = self.reader.block_size();
                let block = ready!(SCRATCH.with_borrow_mut(|scratch| {
                    if scratch.capacity() - scratch.len() < READ_MINIMUM {
                        scratch.reserve(READ_BUFFER);
                    }
                    let read = transport.poll_read(cx, &mut scratch.limit(limit));
                    read.map_ok(|_| scratch.split().freeze())
                }))?;
                let read = block.len();
                self.reader.push(block);
                read
            }
        };
        Poll::Ready(if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) })
    }
}
