//! The byte stream under a WebSocket.

use std::ffi::c_int;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// A TCP connection, or TLS over another stream: over TCP, or over the TLS connection to a proxy.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
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
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => poll_send_vectored(stream, cx, bufs),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    /// TLS writes the records of a large message by this in one go.
    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(_) => true,
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Makes an error of what would else be SIGPIPE, which ends a program that does not ignore it. Where there is no such
/// flag, sockets have an option for it, which is set when they are made.
#[cfg(any(target_os = "android", target_os = "linux"))]
const NO_SIGNAL: c_int = libc::MSG_NOSIGNAL;
#[cfg(not(any(target_os = "android", target_os = "linux")))]
const NO_SIGNAL: c_int = 0;

/// As `writev`, which is what tokio does, but without SIGPIPE.
fn poll_send_vectored(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    bufs: &[IoSlice<'_>],
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(cx))?;
        let send = || SockRef::from(stream).send_vectored_with_flags(bufs, NO_SIGNAL);
        match stream.try_io(Interest::WRITABLE, send) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            sent => return Poll::Ready(sent),
        }
    }
}
