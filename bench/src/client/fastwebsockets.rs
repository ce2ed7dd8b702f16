//! fastwebsockets. It writes each frame at once, so a buffer goes between it and the stream.

use std::io;

use fastwebsockets::{Frame, OpCode, Payload, Role, WebSocket};
use tokio::io::BufWriter;

use super::peer::{Connection, Library, Stream};

/// What a burst is gathered in.
const BUFFER: usize = 64 << 10;

pub enum Kind {}

impl Library for Kind {
    type Connection<S: Stream> = WebSocket<BufWriter<S>>;

    async fn take_over<S: Stream>(stream: S, _: bool) -> Self::Connection<S> {
        WebSocket::after_handshake(BufWriter::with_capacity(BUFFER, stream), Role::Client)
    }
}

impl<S: Stream> Connection for WebSocket<BufWriter<S>> {
    type Template = (OpCode, Vec<u8>);
    type Message = Frame<'static>;

    fn template(is_text: bool, payload: &[u8]) -> io::Result<Self::Template> {
        Ok((if is_text { OpCode::Text } else { OpCode::Binary }, payload.to_vec()))
    }

    fn message((opcode, payload): &Self::Template) -> Self::Message {
        // It masks in place.
        Frame::new(true, *opcode, None, Payload::Owned(payload.clone()))
    }

    fn content(message: &Self::Message) -> &[u8] {
        &message.payload
    }

    async fn receive(&mut self) -> io::Result<Self::Message> {
        self.read_frame().await.map_err(io::Error::other)
    }

    async fn send(&mut self, message: Self::Message) -> io::Result<()> {
        self.write_frame(message).await.map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        WebSocket::flush(self).await.map_err(io::Error::other)
    }
}
