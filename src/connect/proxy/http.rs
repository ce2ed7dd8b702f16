//! HTTP `CONNECT`.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connect::handshake::head::{Head, HeadBuffer};
use crate::connect::handshake::rejected_response;
use crate::connect::stream::Stream;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Proxy, Url};

/// Asks the proxy at the other end of `stream` for a tunnel to the server of `url`.
pub(super) async fn connect(stream: &mut Stream, proxy: &Proxy, url: &Url) -> Result<(), Error> {
    let server = url.host_with_port();
    let authorization = match &proxy.credentials {
        Some(credentials) => {
            format!("Proxy-Authorization: Basic {}\r\n", BASE64.encode(credentials.expose()))
        }
        None => String::new(),
    };
    let request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n{authorization}\r\n");
    let lost = |error| Error::from_io(Phase::Proxy, &error, format_args!("talking to the proxy {proxy}"));
    stream.write_all(request.as_bytes()).await.map_err(lost)?;
    stream.flush().await.map_err(lost)?;
    let (head, rest) = read_head(stream, lost).await?;
    match head.status {
        200..300 if rest.is_empty() => Ok(()),
        // No server of TLS or HTTP speaks first.
        200..300 => Err(Error::new(
            Phase::Proxy,
            ErrorCode::ProxyRefused,
            format!("the proxy {proxy} sent data nobody asked for"),
        )),
        status => {
            let reason = head.reason.clone();
            let response = rejected_response::read(stream, head, rest, rejected_response::PATIENCE).await;
            let error = match status {
                // 407 by the standard. tinyproxy says 401 when the credentials are wrong.
                401 | 407 => {
                    let wish = match proxy.credentials {
                        Some(_) => "does not accept the user name and the password",
                        None => "wants a user name and a password",
                    };
                    let message = format!("the proxy {proxy} {wish} (HTTP status {status})");
                    Error::new(Phase::Proxy, ErrorCode::ProxyAuthentication, message)
                }
                _ => Error::new(
                    Phase::Proxy,
                    ErrorCode::ProxyRefused,
                    format!(
                        "the proxy {proxy} refused the connection to {server} (HTTP status {status} {reason})"
                    ),
                ),
            };
            Err(error.with_response(response))
        }
    }
}

/// The head of the proxy's response, and what came together with it.
async fn read_head(stream: &mut Stream, lost: impl Fn(io::Error) -> Error) -> Result<(Head, Bytes), Error> {
    let mut received = HeadBuffer::new(Phase::Proxy, "the proxy");
    let mut piece = [0; 1024];
    loop {
        match stream.read(&mut piece).await.map_err(&lost)? {
            0 => return Err(received.ended()),
            count => received.push(&piece[..count]),
        }
        if let Some((head, rest)) = received.take()? {
            return Ok((head, rest.into()));
        }
    }
}
