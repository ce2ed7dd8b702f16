//! The bytes under a connection.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::BufMut;
use tokio::io::{AsyncReadExt, AsyncWrite};

use crate::connect::Stream;

#[cfg(test)]
pub(crate) mod memory;

/// What carries a connection: TCP, TLS over it, or in tests a network in memory. What is pending wakes the task when it
/// can go on.
pub(super) trait Transport {
    /// Reads what is there, as far as `buffer` has room. 0 is the end of the stream.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut impl BufMut) -> Poll<io::Result<usize>>;

    /// Takes some of `bytes`, and tells how many.
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>>;

    /// Hands everything that was taken to the operating system.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Tells the peer that nothing follows. It can still be read from.
    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Of the bytes that were taken, how many were not handed to the operating system yet, those that are of no use to the peer
    /// without them included.
    fn held(&self) -> usize;

    /// What has become of the bytes that were taken.
    fn sent(&self) -> Sent;
}

/// What has become of the bytes that a transport has taken, counted as they are on the wire.
#[derive(Debug)]
pub(super) struct Sent {
    /// Bytes that have reached the peer, as far as the system tells. Where it tells nothing, those that it has taken.
    pub acknowledged: u64,
    /// Bytes that the system has taken.
    pub written: u64,
    /// Not even the system has taken all.
    pub is_held: bool,
}

impl Sent {
    pub fn has_arrived(&self) -> bool {
        self.acknowledged == self.written && !self.is_held
    }
}

impl Transport for Stream {
    #[inline]
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut impl BufMut) -> Poll<io::Result<usize>> {
        pin!(self.read_buf(buffer)).poll(cx)
    }

    #[inline]
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // Not vectored: what is written together is as much as is worth a system call.
        AsyncWrite::poll_write(Pin::new(self), cx, bytes)
    }

    #[inline]
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_flush(Pin::new(self), cx)
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_shutdown(Pin::new(self), cx)
    }

    fn held(&self) -> usize {
        Stream::held(self)
    }

    fn sent(&self) -> Sent {
        let (written, unacknowledged) = Stream::sent(self);
        Sent { acknowledged: written - unacknowledged, written, is_held: self.is_holding() }
    }
}
