//! The byte stream under a WebSocket.

use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use rustls::{ClientConnection, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::tcp::Tcp;
use super::tls;
use super::tls::records::{Records, overhead};

/// A TCP connection, or TLS over another stream: over TCP, or over the TLS connection to a proxy.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Tcp),
    Tls(Box<Tls>),
}

/// A TLS session, and what becomes of the bytes that it takes.
#[derive(Debug)]
pub(crate) struct Tls {
    stream: TlsStream<Stream>,
    /// Bytes that were written to it.
    taken: u64,
    records: Records,
    /// How much longer a record is than what it carries.
    overhead: usize,
}

impl Stream {
    /// The session after its handshake.
    pub(super) fn tls(stream: TlsStream<Stream>) -> Stream {
        let overhead = overhead(stream.get_ref().1);
        Stream::Tls(Box::new(Tls { stream, taken: 0, records: Records::default(), overhead }))
    }

    /// Bytes that were written to it.
    fn taken(&self) -> u64 {
        match self {
            Stream::Plain(tcp) => tcp.written(),
            Stream::Tls(tls) => tls.taken,
        }
    }

    /// Of the bytes that were written, how many were not handed to the operating system yet, as far as the peer needs them to
    /// read any.
    pub(crate) fn held(&self) -> usize {
        match self {
            Stream::Plain(_) => 0,
            Stream::Tls(tls) => tls.records.behind(tls.stream.get_ref().0.handed_on()),
        }
    }

    /// Of the bytes that were written, how many were handed to the operating system.
    fn handed_on(&self) -> u64 {
        self.taken() - self.held() as u64
    }

    /// Whether TLS has something that it has not handed on, of its own too.
    pub(crate) fn is_holding(&self) -> bool {
        match self {
            Stream::Plain(_) => false,
            Stream::Tls(tls) => {
                let (below, session) = tls.stream.get_ref();
                session.wants_write() || below.is_holding()
            }
        }
    }

    /// Whether TLS 1.2 has something to say by itself. While nothing else is sent, that is a refusal to renegotiate.
    pub(super) fn owes_refusal(&self) -> bool {
        match self {
            Stream::Plain(_) => false,
            Stream::Tls(tls) => {
                let session = tls.stream.get_ref().1;
                session.wants_write() && session.protocol_version() == Some(ProtocolVersion::TLSv1_2)
            }
        }
    }

    /// Bytes that TCP has taken, TLS and proxies counted, and how many of them the peer has not acknowledged.
    pub(crate) fn sent(&self) -> (u64, u64) {
        match self {
            Stream::Plain(tcp) => (tcp.written(), tcp.unacknowledged()),
            Stream::Tls(tls) => tls.stream.get_ref().0.sent(),
        }
    }
}

impl Tls {
    /// What tokio-rustls does, and keeps the records of it.
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let (below, session) = self.stream.get_mut();
        let mut taken = 0;
        while taken < bytes.len() {
            if !session.wants_write() {
                self.records.begin_at(below.taken());
            }
            let count = session.writer().write(&bytes[taken..])?;
            taken += count;
            self.taken += count as u64;
            let flows = write_records(below, session, cx)?;
            if !flows || below.held() > 0 {
                self.records.make(count, self.overhead);
                self.records.hand_on(below.handed_on());
            }
            if !flows {
                return if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) };
            }
        }
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.records.hand_on(self.stream.get_ref().0.handed_on());
        flushed
    }
}

/// Writes what the session has for the peer. False when that is not all of it.
fn write_records(
    below: &mut Stream,
    session: &mut ClientConnection,
    cx: &mut Context<'_>,
) -> io::Result<bool> {
    while session.wants_write() {
        match session.write_tls(&mut Ready { stream: below, cx }) {
            Ok(0) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Writes what is taken now.
struct Ready<'a, 'b> {
    stream: &'a mut Stream,
    cx: &'a mut Context<'b>,
}

impl Write for Ready<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now(Pin::new(&mut *self.stream).poll_write(self.cx, bytes))
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        now(Pin::new(&mut *self.stream).poll_write_vectored(self.cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        now(Pin::new(&mut *self.stream).poll_flush(self.cx))
    }
}

fn now<T>(result: Poll<io::Result<T>>) -> io::Result<T> {
    match result {
        Poll::Ready(result) => result,
        Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(tls) => Pin::new(&mut tls.stream).poll_read(cx, buf).map_err(tls::in_words),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(tls) => tls.poll_write(cx, buf).map_err(tls::in_words),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Stream::Tls(tls) => {
                let first = bufs.iter().find(|bytes| !bytes.is_empty()).map_or(&[][..], |bytes| bytes);
                tls.poll_write(cx, first).map_err(tls::in_words)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(_) => false,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(tls) => tls.poll_flush(cx).map_err(tls::in_words),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(&mut tls.stream).poll_shutdown(cx).map_err(tls::in_words),
        }
    }
}
