//! tokio-tungstenite.

use std::io;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes, protocol::Role};

use super::peer::{Connection, Library, Stream};

pub enum Kind {}

impl Library for Kind {
    type Connection<S: Stream> = WebSocketStream<S>;

    async fn take_over<S: Stream>(stream: S, _: bool) -> WebSocketStream<S> {
        WebSocketStream::from_raw_socket(stream, Role::Client, None).await
    }
}

impl<S: Stream> Connection for WebSocketStream<S> {
    type Template = Message;
    type Message = Message;

    fn template(is_text: bool, payload: &[u8]) -> io::Result<Message> {
        let payload = Bytes::copy_from_slice(payload);
        if is_text {
            Ok(Message::Text(Utf8Bytes::try_from(payload).map_err(io::Error::other)?))
        } else {
            Ok(Message::Binary(payload))
        }
    }

    fn message(template: &Message) -> Message {
        template.clone()
    }

    fn content(message: &Message) -> &[u8] {
        match message {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(bytes) => bytes,
            _ => &[],
        }
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
