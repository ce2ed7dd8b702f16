//! How a connection is to be made: everything that is settled before `connect`.

pub mod check;
mod cookies;
pub(crate) mod headers;
mod hook;
mod proxy;
mod reconnect;
mod secret;
pub(crate) mod tls;
mod url;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Refused;
use crate::wire::deflate::DeflateOptions;
pub use cookies::CookieJar;
pub use headers::Field;
pub use hook::HookId;
pub(crate) use hook::Slot;
pub(crate) use proxy::ProxyKind;
pub use proxy::{Proxy, ProxyResolver, ProxySource};
pub use reconnect::{Answer, Loss, Question, Reconnect, Refresh, Refreshed, ShouldReconnect};
pub use rustls::pki_types::CertificateDer;
pub use secret::Secret;
pub use tls::{
    Identity, Sha256, SignatureAlgorithm, Signer, TlsOptions, TlsVersion, TrustRoots, certificates,
};
pub use url::{DomainToAscii, Host, Url, set_domain_to_ascii};

/// Everything a connection needs to know before it starts. Equal options make the same connection; proxy resolvers and
/// cookie jars are compared by their ids.
///
/// No secret is in its [`Debug`](fmt::Debug): keys, passwords, the values of header fields, and sub-protocols, in which apps
/// hand tokens to servers.
#[derive(Clone, PartialEq)]
pub struct Options {
    /// Where to connect.
    pub url: Url,
    /// Header fields of the opening handshake beside its own, sent in this order and spelling.
    /// Checked when the connection starts: see [`Options::validate`].
    pub headers: Vec<Field>,
    /// Sub-protocols to offer, most wanted first.
    pub protocols: Vec<String>,
    /// The whole time to open, from `connect` to the end of the opening handshake.
    pub timeout: Duration,
    /// How long the closing handshake may stand still before the connection is dropped: the peer neither acknowledges bytes
    /// nor sends any. What it sends counts for five times this long, unless it acknowledges something meanwhile.
    pub close_timeout: Duration,
    /// The largest message to accept, in bytes after decompression.
    pub max_message_size: usize,
    /// The most bytes that may wait to be sent.
    pub max_buffered_amount: usize,
    /// Offer permessage-deflate (RFC 7692).
    pub per_message_deflate: Option<DeflateOptions>,
    /// Disable Nagle's algorithm (`TCP_NODELAY`).
    pub tcp_no_delay: bool,
    /// Ping after this much silence from the peer; `None` never pings.
    pub ping_interval: Option<Duration>,
    /// How long the answer to such a ping may take.
    pub pong_timeout: Duration,
    /// Let the operating system probe a silent connection after this much time (`SO_KEEPALIVE`); `None`
    /// does not. In whole seconds.
    pub tcp_keepalive: Option<Duration>,
    /// Addresses of host names for which the resolver is not asked, in the order to try them.
    pub resolve: Vec<(String, Vec<IpAddr>)>,
    /// Whether to go through a proxy.
    pub proxy: ProxySource,
    /// Header fields for the proxy, if it is an HTTP one: beside the `CONNECT` request's own, in this order and spelling. The
    /// server never sees them. A `User-Agent` or `Proxy-Authorization` among them takes the place of the library's own.
    pub proxy_headers: Vec<Field>,
    /// How to authenticate the server.
    pub tls: TlsOptions,
    /// How many HTTP redirects to follow; the standard way is none. They never lead from `wss:` to `ws:`. When
    /// the origin changes, the header fields `Authorization`, `Cookie` and `Proxy-Authorization`, the
    /// URL's user name and password, and the TLS client certificate stay behind.
    pub follow_redirects: u8,
    /// Where the `Cookie` field comes from and `Set-Cookie` goes. Not asked when `headers` has `Cookie`.
    pub cookies: Option<Arc<dyn CookieJar>>,
    /// Whether a connection that is lost or cannot be made is followed by another one.
    pub reconnect: Option<Box<Reconnect>>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("url", &self.url)
            .field("headers", &self.headers)
            .field("protocols", &self.protocols.len())
            .field("timeout", &self.timeout)
            .field("close_timeout", &self.close_timeout)
            .field("max_message_size", &self.max_message_size)
            .field("max_buffered_amount", &self.max_buffered_amount)
            .field("per_message_deflate", &self.per_message_deflate)
            .field("tcp_no_delay", &self.tcp_no_delay)
            .field("ping_interval", &self.ping_interval)
            .field("pong_timeout", &self.pong_timeout)
            .field("tcp_keepalive", &self.tcp_keepalive)
            .field("resolve", &self.resolve)
            .field("proxy", &self.proxy)
            .field("proxy_headers", &self.proxy_headers)
            .field("tls", &self.tls)
            .field("follow_redirects", &self.follow_redirects)
            .field("cookies", &self.cookies)
            .field("reconnect", &self.reconnect)
            .finish()
    }
}

impl Options {
    /// The defaults for `url`.
    pub fn new(url: Url) -> Options {
        Options {
            url,
            headers: Vec::new(),
            protocols: Vec::new(),
            timeout: Duration::from_secs(60),
            close_timeout: Duration::from_secs(2),
            max_message_size: 64 << 20,
            max_buffered_amount: 64 << 20,
            per_message_deflate: None,
            tcp_no_delay: true,
            ping_interval: None,
            pong_timeout: Duration::from_secs(10),
            tcp_keepalive: None,
            resolve: Vec::new(),
            proxy: ProxySource::Direct,
            proxy_headers: Vec::new(),
            tls: TlsOptions::default(),
            follow_redirects: 0,
            cookies: None,
            reconnect: None,
        }
    }

    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        for (name, value) in &self.headers {
            headers::check(name, value.expose())?;
        }
        headers::check_protocols(&self.protocols)?;
        for (name, value) in &self.proxy_headers {
            headers::check_for_proxy(name, value.expose())?;
        }
        check::timeout(self.timeout)?;
        check::max_message_size(self.max_message_size)?;
        check::max_buffered_amount(self.max_buffered_amount)?;
        check::pong_timeout(self.pong_timeout)?;
        check::tcp_keepalive(self.tcp_keepalive.unwrap_or_default())?;
        check::follow_redirects(self.follow_redirects.into())?;
        self.per_message_deflate.as_ref().map_or(Ok(()), check::deflate)?;
        if let Some((name, _)) = self.resolve.iter().find(|(_, addresses)| addresses.is_empty()) {
            return Err(Refused::InvalidArgument(format!("there is no address for {name:?}")));
        }
        self.reconnect.as_deref().map_or(Ok(()), Reconnect::validate)?;
        self.tls.validate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of its own kind of text in each option that can hold a secret.
    #[test]
    fn no_secret_is_in_a_debug_text() {
        let mark = "s3cr3t";
        let mut options = Options::new(Url::parse("wss://u:s3cr3t@host.test/s3cr3t?token=s3cr3t").unwrap());
        options.headers.push(("Authorization".to_owned(), "Bearer s3cr3t".into()));
        options.protocols.push("bearer.s3cr3t".to_owned());
        options.proxy = ProxySource::Fixed(Proxy::parse("http://u:s3cr3t@proxy.test:3128").unwrap());
        options.proxy_headers.push(("X-Token".to_owned(), "s3cr3t".into()));
        let key = include_bytes!("tls/testdata/ec-pkcs8.key");
        options.tls.client_certificate =
            Some(Identity::new(include_bytes!("tls/testdata/ec.pem"), key).unwrap());
        options.tls.ca_certificates = certificates(include_bytes!("tls/testdata/rsa.pem")).unwrap();
        for text in [format!("{options:?}"), format!("{options:#?}"), options.url.to_string()] {
            assert!(!text.contains(mark), "{text}");
            assert!(text.len() < 2000, "a certificate or a key is in {text}");
            assert!(text.contains("host.test"), "{text}");
        }
        assert_eq!(options.url.href(), "wss://host.test/s3cr3t?token=s3cr3t");
    }
}
