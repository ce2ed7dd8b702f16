//! tokio-websockets, with SIMD and without a cryptographic source of masking keys.

use std::io;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio_websockets::{ClientBuilder, Message, WebSocketStream};

use super::peer::{Connection, Library, Stream};

pub enum Kind {}

impl Library for Kind {
    type Connection<S: Stream> = WebSocketStream<S>;

    async fn take_over<S: Stream>(stream: S, _: bool) -> WebSocketStream<S> {
        ClientBuilder::new().take_over(stream)
    }
}

impl<S: Stream> Connection for WebSocketStream<S> {
    type Template = Message;
    type Message = Message;

    fn template(is_text: bool, payload: &[u8]) -> io::Result<Message> {
        let payload = Bytes::copy_from_slice(payload);
        Ok(if is_text { Message::text(payload) } else { Message::binary(payload) })
    }

    fn message(template: &Message) -> Message {
        template.clone()
    }

    fn content(message: &Message) -> &[u8] {
        message.as_payload()
    }

    async fn receive(&mut self) -> io::Result<Message> {
        self.next().await.ok_or(io::ErrorKind::UnexpectedEof)?.map_err(io::Error::other)
    }

    async fn send(&mut self, message: Message) -> io::Result<()> {
        self.feed(message).await.map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        SinkExt::flush(self).await.map_err(io::Error::other)
    }
}
