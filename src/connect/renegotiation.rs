//! Servers of TLS 1.2 that renegotiate (RFC 5246, section 7.4.1.1), as IIS does for a client's certificate once it has seen
//! the request. rustls makes a refusal for them, which would go out with the next message only.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stream::Stream;
use crate::error::{Error, ErrorCode};

/// Whether the server has asked.
#[derive(Debug, Default)]
pub(super) struct Renegotiation(AtomicBool);

impl Renegotiation {
    /// The connection during the opening handshake.
    pub(super) fn watch<'a>(&'a self, stream: &'a mut Stream) -> Watched<'a> {
        Watched { stream, asked: &self.0 }
    }

    /// Tells it in the place of the failure that came of it, or with the HTTP status.
    pub(super) fn explain(&self, error: Error) -> Error {
        const REASON: &str = "the server wants to renegotiate TLS 1.2, which is not supported: if it is for a client \
                              certificate, it must ask for that at the beginning";
        if !self.0.load(Ordering::Relaxed) {
            return error;
        }
        let message = match error.code {
            ErrorCode::HttpStatus | ErrorCode::TimedOut => format!("{}; {REASON}", error.message),
            _ => REASON.to_owned(),
        };
        Error { message, ..error }
    }
}

pub(super) struct Watched<'a> {
    stream: &'a mut Stream,
    asked: &'a AtomicBool,
}

impl AsyncRead for Watched<'_> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = Pin::new(&mut *this.stream).poll_read(cx, buf);
        if this.stream.owes_refusal() {
            this.asked.store(true, Ordering::Relaxed);
            // If it fails, so does what is read.
            let _ = Pin::new(&mut *this.stream).poll_flush(cx);
        }
        read
    }
}

impl AsyncWrite for Watched<'_> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().stream).poll_shutdown(cx)
    }
}
