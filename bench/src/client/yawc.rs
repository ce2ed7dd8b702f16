//! yawc, the only other one with permessage-deflate.

use std::io;

use futures_util::{SinkExt, StreamExt};
use yawc::{DeflateOptions, Frame, Options, Role, WebSocket};

use super::peer::{Connection, Library, Stream};
use crate::case::MOST;
use crate::server::EXTENSION;

pub enum Kind {}

impl Library for Kind {
    type Connection<S: Stream> = WebSocket<S>;

    async fn take_over<S: Stream>(stream: S, deflate: bool) -> WebSocket<S> {
        // It refuses what reaches the limit. As the others, it is to check the text of messages.
        let mut options = Options::default().with_limits(MOST + 1, MOST + 1).with_utf8();
        options.compression = deflate.then(DeflateOptions::default);
        WebSocket::from_stream_with_extensions(stream, Role::Client, deflate.then_some(EXTENSION), options)
            .expect("the extension is its own")
    }
}

impl<S: Stream> Connection for WebSocket<S> {
    type Template = Frame;
    type Message = Frame;

    fn template(is_text: bool, payload: &[u8]) -> io::Result<Frame> {
        Ok(if is_text { Frame::text(payload.to_vec()) } else { Frame::binary(payload.to_vec()) })
    }

    fn message(template: &Frame) -> Frame {
        template.clone()
    }

    fn content(message: &Frame) -> &[u8] {
        message.payload()
    }

    async fn receive(&mut self) -> io::Result<Frame> {
        self.next().await.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    async fn send(&mut self, message: Frame) -> io::Result<()> {
        self.feed(message).await.map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        SinkExt::flush(self).await.map_err(io::Error::other)
    }
}
