//! HTTP `CONNECT`.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::connect::handshake::head::{Head, HeadBuffer};
use crate::connect::handshake::rejected_response;
use crate::connect::stream::Stream;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Field, Proxy, Url};

const USER_AGENT: &str = "User-Agent";
const AUTHORIZATION: &str = "Proxy-Authorization";

/// The schemes other than Basic that proxies ask for. None of them is spoken here.
const OTHER_SCHEMES: [&str; 4] = ["Digest", "Negotiate", "NTLM", "Bearer"];

/// Asks the proxy at the other end of `stream` for a tunnel to the server of `url`, with the app's header `fields` for it.
/// `user_agent` is for when these have none, and not sent when it is empty; some proxies let only known ones pass.
pub(super) async fn connect(
    stream: &mut Stream,
    proxy: &Proxy,
    url: &Url,
    fields: &[Field],
    user_agent: &str,
) -> Result<(), Error> {
    let server = url.host_with_port();
    let is_given = |name: &str| fields.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    let has_own_authorization = is_given(AUTHORIZATION);
    let mut request = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\n");
    if !is_given(USER_AGENT) && !user_agent.is_empty() {
        request += &format!("{USER_AGENT}: {user_agent}\r\n");
    }
    if let Some(credentials) = &proxy.credentials
        && !has_own_authorization
    {
        request += &format!("{AUTHORIZATION}: Basic {}\r\n", BASE64.encode(credentials.expose()));
    }
    let removed = |(name, value): &&Field| value.expose().is_empty() && name.eq_ignore_ascii_case(USER_AGENT);
    for (name, value) in fields.iter().filter(|field| !removed(field)) {
        request += &format!("{name}: {}\r\n", value.expose());
    }
    request += "\r\n";
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
            // The standard's phrase: the proxy's own may repeat what it was sent.
            let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
            let schemes = schemes_other_than_basic(&head);
            let response = rejected_response::read(stream, head, rest, rejected_response::PATIENCE).await;
            let error = match status {
                // 407 by the standard. tinyproxy says 401 when the credentials are wrong.
                401 | 407 => {
                    let wish = match (&schemes, &proxy.credentials) {
                        _ if has_own_authorization => {
                            format!("does not accept the {AUTHORIZATION} that was given for it")
                        }
                        (Some(schemes), _) => {
                            format!("wants the authentication {schemes}, and only Basic is supported")
                        }
                        (None, Some(_)) => "does not accept the user name and the password".to_owned(),
                        (None, None) => "wants a user name and a password".to_owned(),
                    };
                    let message = format!("the proxy {proxy} {wish} (HTTP status {status})");
                    Error::new(Phase::Proxy, ErrorCode::ProxyAuthentication, message)
                }
                _ => Error::new(
                    Phase::Proxy,
                    ErrorCode::ProxyRefused,
                    format!(
                        "the proxy {proxy} refused the connection to {server} (HTTP status {status}{reason})"
                    ),
                ),
            };
            Err(error.with_response(response))
        }
    }
}

/// The schemes that a refusal asks for ("NTLM or Negotiate"), if Basic (RFC 7617) is not among them.
fn schemes_other_than_basic(head: &Head) -> Option<String> {
    let wanted = |scheme: &str| {
        head.values("Proxy-Authenticate").flat_map(|value| value.split(|&byte| byte == b',')).any(
            |challenge| {
                let name =
                    challenge.trim_ascii_start().split(|&byte| byte == b' ').next().unwrap_or_default();
                name.eq_ignore_ascii_case(scheme.as_bytes())
            },
        )
    };
    let others: Vec<&str> = OTHER_SCHEMES.into_iter().filter(|scheme| wanted(scheme)).collect();
    (!others.is_empty() && !wanted("Basic")).then(|| others.join(" or "))
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
