//! How a connection is to be made: everything that is settled before `connect`.

mod cookies;
pub(crate) mod headers;
mod hook;
mod proxy;
pub(crate) mod tls;
mod url;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Refused;
use crate::wire::deflate::DeflateOptions;
pub use cookies::CookieJar;
pub use hook::HookId;
pub(crate) use proxy::ProxyKind;
pub use proxy::{Proxy, ProxyResolver, ProxySource};
pub use tls::{Identity, Sha256, TlsOptions, TlsVersion, TrustRoots, certificates};
pub use url::{Host, Url};

/// Everything a connection needs to know before it starts. Equal options make the same connection; proxy resolvers and
/// cookie jars are compared by their ids.
///
/// [`Debug`](fmt::Debug) tells where it leads and the names of the header fields. Their values, like much of the
/// rest, may be secrets.
#[derive(Clone, PartialEq)]
pub struct Options {
    /// Where to connect.
    pub url: Url,
    /// Header fields of the opening handshake beside its own, sent in this order and spelling.
    /// Checked when the connection starts: see [`Options::validate`].
    pub headers: Vec<(String, String)>,
    /// Sub-protocols to offer, most wanted first.
    pub protocols: Vec<String>,
    /// The whole time to open, from `connect` to the end of the opening handshake.
    pub timeout: Duration,
    /// How long the closing handshake may stand still before the connection is dropped.
    pub close_timeout: Duration,
    /// The largest message to accept, in bytes after decompression.
    pub max_message_size: usize,
    /// The most bytes that may wait to be sent.
    pub max_buffered_amount: usize,
    /// Offer permessage-deflate (RFC 7692).
    pub deflate: Option<DeflateOptions>,
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
    /// How to authenticate the server.
    pub tls: TlsOptions,
    /// How many HTTP redirects to follow; the standard way is none. They never lead from `wss:` to `ws:`. When
    /// the origin changes, the header fields `Authorization`, `Cookie` and `Proxy-Authorization`, the
    /// URL's user name and password, and the TLS client certificate stay behind.
    pub follow_redirects: u8,
    /// Where the `Cookie` field comes from and `Set-Cookie` goes. Not asked when `headers` has `Cookie`.
    pub cookies: Option<Arc<dyn CookieJar>>,
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
            deflate: None,
            tcp_no_delay: true,
            ping_interval: None,
            pong_timeout: Duration::from_secs(10),
            tcp_keepalive: None,
            resolve: Vec::new(),
            proxy: ProxySource::Direct,
            tls: TlsOptions::default(),
            follow_redirects: 0,
            cookies: None,
        }
    }

    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        for (name, value) in &self.headers {
            headers::check(name, value)?;
        }
        headers::check_protocols(&self.protocols)?;
        if self.deflate.as_ref().is_some_and(|deflate| !deflate.is_valid()) {
            return Err(Refused::InvalidArgument(
                "permessage-deflate takes window sizes from 8 to 15 and levels from 0 to 9".to_owned(),
            ));
        }
        let keepalive = self.tcp_keepalive.map(|time| time.as_secs());
        if keepalive.is_some_and(|seconds| !(1..=32_767).contains(&seconds)) {
            return Err(Refused::InvalidArgument("TCP keepalive takes 1 to 32767 seconds".to_owned()));
        }
        if let Some((name, _)) = self.resolve.iter().find(|(_, addresses)| addresses.is_empty()) {
            return Err(Refused::InvalidArgument(format!("there is no address for {name:?}")));
        }
        self.tls.validate()
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Options")
            .field("url", &self.url)
            .field("headers", &headers)
            .field("protocols", &self.protocols)
            .field("timeout", &self.timeout)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
