//! The stream under the opening handshake.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head::{Head, HeadBuffer, write_fields};
use crate::error::{Error, Phase};

/// Stands between tungstenite and the connection during the opening handshake.
///
/// - Writing: puts the application's header fields before the blank line of tungstenite's request;
///   tungstenite itself would change their case and order.
/// - Reading: hands over the whole head of the response at once, reduced to what tungstenite checks, and
///   never a byte from behind it. tungstenite gives up on heads in many small pieces, and knows
///   only one spelling of `Connection`.
pub(super) struct HeadStream<'a, S> {
    stream: &'a mut S,
    fields: Vec<u8>,
    request: Vec<u8>,
    written: usize,
    received: HeadBuffer,
    /// Whether there is TLS below.
    secure: bool,
    response: Option<(Head, Bytes)>,
    /// The reduced head, and how much of it was handed over.
    reduced: Vec<u8>,
    handed: usize,
}

impl<'a, S> HeadStream<'a, S> {
    pub(super) fn new(stream: &'a mut S, secure: bool, fields: Vec<u8>) -> HeadStream<'a, S> {
        HeadStream {
            stream,
            fields,
            request: Vec::new(),
            written: 0,
            received: HeadBuffer::new(Phase::Handshake, "the server"),
            secure,
            response: None,
            reduced: Vec::new(),
            handed: 0,
        }
    }

    /// The response's head and the bytes behind it.
    pub(super) fn take_response(&mut self) -> Option<(Head, Bytes)> {
        self.response.take()
    }

    fn hand_over(&mut self, buf: &mut ReadBuf<'_>) {
        let left = &self.reduced[self.handed..];
        let count = left.len().min(buf.remaining());
        buf.put_slice(&left[..count]);
        self.handed += count;
    }
}

/// Makes tungstenite stop; it hands the error through.
fn failed(error: Error) -> Poll<io::Result<()>> {
    Poll::Ready(Err(io::Error::other(error)))
}

/// The head with only the fields that tungstenite checks, in the form in which it expects them.
fn reduce(head: &Head) -> Vec<u8> {
    // A body or a list of any length is of no use to it.
    let connection = head.lists("Connection", "Upgrade").then_some(("Connection", "Upgrade"));
    let fields = ["Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"]
        .into_iter()
        .filter_map(|name| head.text(name).map(|value| (name, value)))
        .chain(connection);
    // Servers of HTTP/1.0 answer with their own version to a client that speaks a later one (RFC 9110, section 2.5).
    let mut reduced = format!("HTTP/1.1 {} -\r\n", head.status).into_bytes();
    reduced.extend(write_fields(fields));
    reduced.extend_from_slice(b"\r\n");
    reduced
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadStream<'_, S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let mut space = [0; 4096];
        while this.response.is_none() {
            let mut piece = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut *this.stream).poll_read(cx, &mut piece))?;
            if piece.filled().is_empty() {
                let mut error = this.received.ended();
                // Many servers of TLS do so without a word.
                if !this.secure && this.received.is_empty() {
                    error.message += "; is this a port for wss or https?";
                }
                return failed(error);
            }
            this.received.push(piece.filled());
            match this.received.take() {
                Ok(Some((head, rest))) => {
                    this.reduced = reduce(&head);
                    this.response = Some((head, rest.into()));
                }
                Ok(None) => {}
                Err(error) => return failed(error),
            }
        }
        this.hand_over(buf);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadStream<'_, S> {
    /// Collects the request. It goes out with [`AsyncWrite::poll_flush`], with which tungstenite ends it.
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().request.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.fields.is_empty() {
            let blank_line = this.request.len().saturating_sub(2);
            this.request.splice(blank_line..blank_line, this.fields.drain(..));
        }
        while this.written < this.request.len() {
            let left = &this.request[this.written..];
            match ready!(Pin::new(&mut *this.stream).poll_write(cx, left)) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(count) => this.written += count,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Pin::new(&mut *this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().stream).poll_shutdown(cx)
    }
}
