//! How a connection is to be made: everything that is settled before `connect`.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::connect::cookies::CookieJar;
use crate::connect::headers;
use crate::connect::proxy::ProxySource;
use crate::connect::tls::{Identity, Sha256};
use crate::connect::url::Url;
use crate::error::Refused;
use crate::wire::deflate::DeflateOptions;
use rustls::pki_types::{CertificateDer, ServerName};

/// Which certificate authorities are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrustRoots {
    /// The platform's own, checked by the platform's own verifier.
    #[default]
    System,
    /// Mozilla's, as they were when the library was built (feature `bundled-roots`).
    Bundled,
    /// None but the ones in [`TlsOptions::extra_roots`].
    None,
}

/// The lowest TLS version to accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    #[default]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// How both sides of a `wss:` connection are authenticated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// The roots to start from.
    pub roots: TrustRoots,
    /// Certificate authorities trusted beside `roots`; see [`crate::connect::tls::certificates`]. The
    /// server's own certificate can be among them.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// If there are any, one certificate of the verified chain must have one of these public keys: SHA-256
    /// digests of the SubjectPublicKeyInfo. A root that the server does not send is known here
    /// when it is in `extra_roots` or one of the bundled roots.
    pub pins: Vec<Sha256>,
    /// Fingerprints (SHA-256 of the DER form) of server certificates to accept as they are, whoever
    /// issued them, for whatever host and time. `pins` still apply.
    pub accepted_certificates: Vec<Sha256>,
    /// The client's own certificate, for servers that ask for one.
    pub identity: Option<Identity>,
    /// The name to ask the server for and to find in its certificate, instead of the URL's host.
    pub server_name: Option<String>,
    /// The lowest version to accept.
    pub min_version: TlsVersion,
}

impl TlsOptions {
    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        let invalid = |message: String| Err(Refused::InvalidArgument(message));
        if let Some(name) = &self.server_name
            && ServerName::try_from(name.as_str()).is_err()
        {
            return invalid(format!("{name:?} cannot be the name in a server's certificate"));
        }
        let nothing = self.extra_roots.is_empty() && self.accepted_certificates.is_empty();
        match self.roots {
            TrustRoots::None if nothing => invalid(
                "no certificate authority is trusted: without roots there must be extra ones or accepted certificates"
                    .to_owned(),
            ),
            TrustRoots::Bundled if !cfg!(feature = "bundled-roots") => {
                invalid("the library was built without bundled roots".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// Everything a connection needs to know before it starts.
///
/// [`Debug`](fmt::Debug) tells where it leads and the names of the header fields. Their values, like much of the
/// rest, may be secrets.
#[derive(Clone)]
pub struct Options {
    /// Where to connect.
    pub url: Url,
    /// Header fields of the opening handshake beside its own, sent in this order and spelling.
    /// Checked by [`crate::connect::headers`].
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

/// Equal options make the same connection. Proxy resolvers and cookie jars are compared by their ids.
impl PartialEq for Options {
    fn eq(&self, other: &Options) -> bool {
        // Taken apart, so that no option can be forgotten here.
        let Options {
            url,
            headers,
            protocols,
            timeout,
            close_timeout,
            max_message_size,
            max_buffered_amount,
            deflate,
            tcp_no_delay,
            ping_interval,
            pong_timeout,
            tcp_keepalive,
            resolve,
            proxy,
            tls,
            follow_redirects,
            cookies,
        } = self;
        let id = |jar: &Option<Arc<dyn CookieJar>>| jar.as_ref().map(|jar| jar.id());
        *url == other.url
            && *headers == other.headers
            && *protocols == other.protocols
            && *timeout == other.timeout
            && *close_timeout == other.close_timeout
            && *max_message_size == other.max_message_size
            && *max_buffered_amount == other.max_buffered_amount
            && *deflate == other.deflate
            && *tcp_no_delay == other.tcp_no_delay
            && *ping_interval == other.ping_interval
            && *pong_timeout == other.pong_timeout
            && *tcp_keepalive == other.tcp_keepalive
            && *resolve == other.resolve
            && *proxy == other.proxy
            && *tls == other.tls
            && *follow_redirects == other.follow_redirects
            && id(cookies) == id(&other.cookies)
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
