//! The client's side of the opening handshake (RFC 6455, section 4.1).
//!
//! tokio-tungstenite makes the key, writes the request and checks the answer to it.
//! [`HeadStream`] stands between it and the connection: it adds the application's header fields as
//! they were given, keeps the response as it came, and keeps what follows it for the open connection.

pub(crate) mod head;
mod head_stream;
pub(crate) mod rejected_response;

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::error::{Error as HandshakeError, ProtocolError, SubProtocolError};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::http;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::tls;
use crate::error::{Error, ErrorCode, HttpResponse, Phase};
use crate::options::{Field, Options, Url};
use crate::wire::deflate::Negotiated;
use crate::wire::extensions;
pub(crate) use head::Head;
use head_stream::HeadStream;

/// What the server agreed to.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) head: Head,
    pub(crate) protocol: Option<String>,
    pub(crate) deflate: Option<Negotiated>,
    /// Bytes that came behind the response: the first frames.
    pub(crate) rest: Bytes,
}

/// How the handshake ended when nothing failed.
#[derive(Debug)]
pub(crate) enum Answer {
    /// With the WebSocket open.
    Accepted(Accepted),
    /// With another status than 101. With it, the part of the body that came together with the head.
    Refused(Head, Bytes),
}

/// Makes the opening handshake for `url` over `stream`. `fields` are sent as they are given.
pub(crate) async fn handshake<S>(
    stream: &mut S,
    url: &Url,
    fields: &[Field],
    options: &Options,
) -> Result<Answer, Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let offer =
        options.per_message_deflate.as_ref().map(|deflate| ("Sec-WebSocket-Extensions", deflate.offer()));
    let lines = head::write_fields(
        fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose().as_str()))
            .chain(offer.iter().map(|(name, value)| (*name, value.as_str()))),
    );
    let mut stream = HeadStream::new(stream, url.is_secure(), lines);
    let request = request(url, &options.protocols)?;
    let checked = tokio_tungstenite::client_async_with_config(request, &mut stream, Some(no_buffer())).await;
    let checked = checked.map(|_| ());
    let Some((head, rest)) = stream.take_response() else {
        return Err(match checked {
            Err(HandshakeError::Io(error)) => failure(error, url),
            Err(error) => bad(error.to_string()),
            Ok(()) => bad("the server's response is missing"),
        });
    };
    if head.status != 101 {
        return Ok(Answer::Refused(head, rest));
    }
    match accept(checked, &head, options) {
        Ok((protocol, deflate)) => Ok(Answer::Accepted(Accepted { head, protocol, deflate, rest })),
        Err(error) => {
            let response = HttpResponse { status: head.status, headers: head.fields, body: Vec::new() };
            Err(error.with_response(response))
        }
    }
}

/// tungstenite makes the buffers for its data phase, 128 KiB, at the end of the handshake. We drop it there.
fn no_buffer() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(0).write_buffer_size(0)
}

/// The request for tungstenite, which puts the fields into the order of RFC 6455's example. The URI's
/// authority is not sent: it only has to be one that the `http` crate can read, and a zone is not.
fn request(url: &Url, protocols: &[String]) -> Result<http::Request<()>, Error> {
    let mut request = http::Request::builder()
        .uri(format!("ws://host{}", url.request_target()))
        .header("Host", url.host_header())
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", generate_key());
    if !protocols.is_empty() {
        request = request.header("Sec-WebSocket-Protocol", protocols.join(", "));
    }
    request.body(()).map_err(|error| bad(format!("the request cannot be written: {error}")))
}

/// Turns tungstenite's verdict on a 101 into ours, and checks what it does not.
fn accept(
    checked: Result<(), HandshakeError>,
    head: &Head,
    options: &Options,
) -> Result<(Option<String>, Option<Negotiated>), Error> {
    // RFC 6455, section 4.2.2: no such field says that there is none; an empty one is not legal.
    for (chosen, code) in [
        ("Sec-WebSocket-Protocol", ErrorCode::BadProtocol),
        ("Sec-WebSocket-Extensions", ErrorCode::BadExtension),
    ] {
        if head.values(chosen).any(<[u8]>::is_empty) {
            let message = format!("{chosen} in the server's response is empty");
            return Err(Error::new(Phase::Handshake, code, message));
        }
    }
    match checked {
        Ok(()) => {}
        // A server may pick no sub-protocol. This check is tungstenite's last one.
        Err(HandshakeError::Protocol(ProtocolError::SecWebSocketSubProtocolError(
            SubProtocolError::NoSubProtocol,
        ))) => {}
        Err(HandshakeError::Protocol(ProtocolError::SecWebSocketSubProtocolError(_))) => {
            // Which, the response tells: a server that repeats all that were offered repeats tokens in them.
            let several = head.text("Sec-WebSocket-Protocol").is_some_and(|chosen| chosen.contains(','));
            let message = match options.protocols.is_empty() {
                true => "the server chose a sub-protocol, but none was offered",
                false if several => "the server chose several sub-protocols, of which it may choose one",
                false => "the server chose a sub-protocol that was not offered",
            };
            return Err(Error::new(Phase::Handshake, ErrorCode::BadProtocol, message));
        }
        Err(HandshakeError::Protocol(ProtocolError::SecWebSocketAcceptKeyMismatch)) => {
            let message = match head.text("Sec-WebSocket-Accept") {
                Some(_) => {
                    "Sec-WebSocket-Accept in the server's response does not match the key that was sent"
                }
                None => "the server's response has no Sec-WebSocket-Accept",
            };
            return Err(Error::new(Phase::Handshake, ErrorCode::AcceptMismatch, message));
        }
        Err(HandshakeError::Protocol(ProtocolError::MissingUpgradeWebSocketHeader)) => {
            return Err(bad("the server's response does not have Upgrade: websocket"));
        }
        Err(HandshakeError::Protocol(ProtocolError::MissingConnectionUpgradeHeader)) => {
            return Err(bad("the server's response does not have Connection: Upgrade"));
        }
        Err(error) => return Err(bad(format!("the server's response is not valid: {error}"))),
    }
    for once in ["Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"] {
        if head.values(once).count() > 1 {
            return Err(bad(format!("the server's response has {once} more than once")));
        }
    }
    let extensions: Vec<&str> = head
        .values("Sec-WebSocket-Extensions")
        .map(std::str::from_utf8)
        .collect::<Result<_, _>>()
        .map_err(|_| bad("Sec-WebSocket-Extensions in the server's response is not valid"))?;
    let deflate = extensions::negotiate(options.per_message_deflate.as_ref(), &extensions)
        .map_err(|reason| Error::new(Phase::Handshake, ErrorCode::BadExtension, reason))?;
    Ok((head.text("Sec-WebSocket-Protocol").map(str::to_owned), deflate))
}

/// The error of the stream: of [`HeadStream`] itself, of TLS, or of TCP.
fn failure(error: io::Error, url: &Url) -> Error {
    error.downcast::<Error>().unwrap_or_else(|error| {
        // TLS tells an end without its close_notify so, which many servers leave out.
        if error.kind() == io::ErrorKind::UnexpectedEof {
            let message = "the server closed the connection before its response";
            return Error::new(Phase::Handshake, ErrorCode::ConnectionEnded, message);
        }
        tls::late_failure(&error, url.host())
            .unwrap_or_else(|| Error::from_io(Phase::Handshake, &error, "the opening handshake failed"))
    })
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Phase::Handshake, ErrorCode::BadHandshake, message)
}

#[cfg(test)]
mod tests;
