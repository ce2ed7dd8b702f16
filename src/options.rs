//! How a connection is to be made: everything that is settled before `connect`.

use std::time::Duration;

use crate::connect::url::Url;
use crate::wire::deflate::DeflateOptions;
use rustls::pki_types::CertificateDer;

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

/// How the server is authenticated on `wss:`.
#[derive(Clone, Debug, Default)]
pub struct TlsOptions {
    /// The roots to start from.
    pub roots: TrustRoots,
    /// Certificate authorities trusted beside `roots`.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

/// Everything a connection needs to know before it starts.
#[derive(Clone, Debug)]
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
    /// How to authenticate the server.
    pub tls: TlsOptions,
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
            tls: TlsOptions::default(),
        }
    }
}
