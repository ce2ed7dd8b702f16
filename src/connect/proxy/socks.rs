//! SOCKS 5 (RFC 1928), with user name and password (RFC 1929).

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connect::stream::Stream;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Host, Proxy, Url};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xFF;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Asks the proxy at the other end of `stream` for a connection to the server of `url`. The proxy resolves the
/// server's name.
pub(super) async fn connect(stream: &mut Stream, proxy: &Proxy, url: &Url) -> Result<(), Error> {
    let mut peer = Peer { stream, proxy };
    peer.authenticate().await?;
    let mut request = vec![VERSION, CONNECT, 0];
    match url.host() {
        Host::V4(address) => {
            request.push(IPV4);
            request.extend_from_slice(&address.octets());
        }
        // Interfaces have other names there; the zone is not sent.
        Host::V6(address, _) => {
            request.push(IPV6);
            request.extend_from_slice(&address.octets());
        }
        Host::Name(name) => {
            request.push(NAME);
            push_with_length(&mut request, name.as_bytes())
                .ok_or_else(|| peer.error("the host name is too long"))?;
        }
    }
    request.extend_from_slice(&url.port().to_be_bytes());
    peer.send(&request).await?;
    let [version, reply, _, kind] = peer.receive().await?;
    peer.check_version(version)?;
    if reply != 0 {
        let server = url.host_with_port();
        return Err(peer.error(format!("it refused the connection to {server}: {}", reason(reply))));
    }
    // The address that the proxy uses, which is of no interest, and its port.
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => usize::from(peer.receive::<1>().await?[0]),
        _ => return Err(peer.error("its answer is not valid")),
    };
    let mut address = [0; 255 + 2];
    peer.receive_into(&mut address[..length + 2]).await
}

struct Peer<'a> {
    stream: &'a mut Stream,
    proxy: &'a Proxy,
}

impl Peer<'_> {
    async fn authenticate(&mut self) -> Result<(), Error> {
        let greeting: &[u8] = match self.proxy.credentials {
            Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
            None => &[VERSION, 1, NO_AUTHENTICATION],
        };
        self.send(greeting).await?;
        let [version, method] = self.receive().await?;
        self.check_version(version)?;
        match (method, &self.proxy.credentials) {
            (NO_AUTHENTICATION, _) => Ok(()),
            (USER_AND_PASSWORD, Some(credentials)) => {
                let credentials = credentials.expose();
                let colon = credentials.iter().position(|&byte| byte == b':').unwrap_or(credentials.len());
                let (user, password) =
                    (&credentials[..colon], credentials.get(colon + 1..).unwrap_or_default());
                let mut request = vec![1];
                push_with_length(&mut request, user)
                    .and_then(|()| push_with_length(&mut request, password))
                    .ok_or_else(|| self.error("the user name or the password is longer than 255 bytes"))?;
                self.send(&request).await?;
                match self.receive().await? {
                    [_, 0] => Ok(()),
                    [_, _] => Err(self.unauthorized("it does not accept the user name and the password")),
                }
            }
            (NO_METHOD, None) => Err(self.unauthorized("it wants a user name and a password")),
            (NO_METHOD, Some(_)) => Err(self.unauthorized("it does not take a user name and a password")),
            _ => Err(self.error("its answer is not valid")),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let sent = self.stream.write_all(bytes).await;
        sent.map_err(|error| {
            Error::from_io(Phase::Proxy, &error, format_args!("the SOCKS proxy {}", self.proxy))
        })
    }

    async fn receive<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.receive_into(&mut bytes).await?;
        Ok(bytes)
    }

    async fn receive_into(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        match self.stream.read_exact(bytes).await {
            Ok(_) => Ok(()),
            Err(error) => {
                Err(Error::from_io(Phase::Proxy, &error, format_args!("the SOCKS proxy {}", self.proxy)))
            }
        }
    }

    fn check_version(&self, version: u8) -> Result<(), Error> {
        if version == VERSION { Ok(()) } else { Err(self.error("it does not speak SOCKS 5")) }
    }

    fn error(&self, message: impl std::fmt::Display) -> Error {
        Error::new(
            Phase::Proxy,
            ErrorCode::ProxyRefused,
            format!("the SOCKS proxy {}: {message}", self.proxy),
        )
    }

    fn unauthorized(&self, message: &str) -> Error {
        Error { code: ErrorCode::ProxyAuthentication, ..self.error(message) }
    }
}

/// `None` when the text is longer than the byte for its length can tell.
fn push_with_length(request: &mut Vec<u8>, text: &[u8]) -> Option<()> {
    request.push(u8::try_from(text.len()).ok()?);
    request.extend_from_slice(text);
    Some(())
}

/// The reply codes of RFC 1928, section 6.
fn reason(reply: u8) -> String {
    let text = match reply {
        1 => "general failure",
        2 => "its rules do not allow it",
        3 => "the network is unreachable",
        4 => "the host is unreachable",
        5 => "the connection was refused",
        6 => "the time to live expired",
        7 => "it does not support connecting",
        8 => "it does not support this kind of address",
        _ => return format!("reply code {reply}"),
    };
    text.to_owned()
}
