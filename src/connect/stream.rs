//! The byte stream under a WebSocket.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use rustls::ProtocolVersion;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::client::TlsStream;

use super::tcp::Tcp;
use super::tls;

/// A TCP connection, or TLS over another stream: over TCP, or over the TLS connection to a proxy.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Tcp),
    Tls(Box<TlsStream<Stream>>),
}

/// What the TLS layer holds back at most before it stops taking more, in bytes.
const TLS_BUFFER: usize = 64 << 10;

impl Stream {
    /// Of the bytes that were written, how many may not have been handed to the operating system yet.
    pub(crate) fn held(&self) -> usize {
        match self {
            Stream::Plain(_) => 0,
            Stream::Tls(stream) => {
                let (below, session) = stream.get_ref();
                below.held() + if session.wants_write() { TLS_BUFFER } else { 0 }
            }
        }
    }

    /// Whether TLS 1.2 has something to say by itself. While nothing else is sent, that is a refusal to renegotiate.
    pub(super) fn owes_refusal(&self) -> bool {
        match self {
            Stream::Plain(_) => false,
            Stream::Tls(stream) => {
                let session = stream.get_ref().1;
                session.wants_write() && session.protocol_version() == Some(ProtocolVersion::TLSv1_2)
            }
        }
    }

    /// Bytes that TCP has taken, TLS and proxies counted, and how many of them the peer has not acknowledged.
    pub(crate) fn sent(&self) -> (u64, u64) {
        match self {
            Stream::Plain(tcp) => (tcp.written(), tcp.unacknowledged()),
            Stream::Tls(stream) => stream.get_ref().0.sent(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf).map_err(tls::in_words),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf).map_err(tls::in_words),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs).map_err(tls::in_words),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx).map_err(tls::in_words),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx).map_err(tls::in_words),
        }
    }
}
