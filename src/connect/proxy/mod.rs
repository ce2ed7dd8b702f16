//! Going through a proxy: HTTP `CONNECT` (RFC 9110, section 9.3.6), over TCP or TLS, and SOCKS 5 (RFC 1928).

mod environment;
mod http;
mod socks;

use std::fmt;
use std::sync::Arc;

use super::stream::Stream;
use super::timing::{Profile, Timer};
use super::url::{Host, Url, credentials_of, host_and_port_of};
use super::{HookId, dial, tls};
use crate::error::{Error, ErrorCode, Phase, Refused};
use crate::options::{Options, TlsOptions};
use crate::platform;

/// Whether to go through a proxy, and which.
#[derive(Clone, Debug, Default)]
pub enum ProxySource {
    /// No proxy.
    #[default]
    Direct,
    /// This one.
    Fixed(Proxy),
    /// As the environment says: `https_proxy` or `HTTPS_PROXY` for `wss:`, `http_proxy` for `ws:`, then
    /// `all_proxy` or `ALL_PROXY`; none for the hosts in `no_proxy` or `NO_PROXY`.
    Environment,
    /// As the platform says ([`crate::platform::set_system_proxy`]); as the environment does where the platform says
    /// nothing.
    System,
    /// As the application says.
    Resolver(Arc<dyn ProxyResolver>),
}

/// Tells which proxy to take for a URL.
pub trait ProxyResolver: fmt::Debug + Send + Sync {
    /// The proxy for `url`; `None` for none. Called once for each connection, from a thread that may block.
    fn proxy_for(&self, url: &Url) -> Option<Proxy>;

    /// Resolvers with the same identity give the same answers; by default each is alone. See [`crate::prewarm`].
    fn id(&self) -> HookId {
        super::address(self)
    }
}

impl PartialEq for ProxySource {
    fn eq(&self, other: &ProxySource) -> bool {
        match (self, other) {
            (ProxySource::Direct, ProxySource::Direct)
            | (ProxySource::Environment, ProxySource::Environment)
            | (ProxySource::System, ProxySource::System) => true,
            (ProxySource::Fixed(one), ProxySource::Fixed(other)) => one == other,
            (ProxySource::Resolver(one), ProxySource::Resolver(other)) => one.id() == other.id(),
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Http,
    Https,
    Socks5,
}

/// A proxy.
///
/// [`Debug`](fmt::Debug) and [`Display`](fmt::Display) leave the user name and the password out.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    kind: Kind,
    host: Host,
    port: u16,
    /// `user:password`.
    credentials: Option<Vec<u8>>,
}

impl Proxy {
    /// Reads the URL of a proxy: `http://`, `https://` or `socks5://` (`socks5h://` is the same: the proxy
    /// always resolves the server's name), a user name and a password if it wants them, host and port. The
    /// default ports are 80, 443 and 1080; without a scheme it is an HTTP proxy.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Proxy, Refused> {
        let invalid =
            |reason: &str| Refused::InvalidArgument(format!("the proxy's URL is not valid: {reason}"));
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("http", text.trim()));
        let (kind, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Kind::Http, 80),
            "https" => (Kind::Https, 443),
            "socks5" | "socks5h" => (Kind::Socks5, 1080),
            _ => return Err(invalid("its scheme must be http, https or socks5")),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if !matches!(path, "" | "/") {
            return Err(invalid("it must end after the port"));
        }
        let (userinfo, host) = match authority.rsplit_once('@') {
            Some((userinfo, host)) => (Some(userinfo), host),
            None => (None, authority),
        };
        let read = || {
            let (host, port) = host_and_port_of(host)?;
            let credentials = userinfo.map(credentials_of).transpose()?.flatten();
            Ok(Proxy { kind, host, port: port.unwrap_or(default_port), credentials })
        };
        read().map_err(|refused: Refused| invalid(&refused.to_string()))
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Https => "https",
            Kind::Socks5 => "socks5",
        };
        write!(f, "{scheme}://{}", dial::with_port(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// The proxy to take for `url`.
pub(super) async fn select(source: &ProxySource, url: &Url) -> Result<Option<Proxy>, Error> {
    match source {
        ProxySource::Direct => Ok(None),
        ProxySource::Fixed(proxy) => Ok(Some(proxy.clone())),
        ProxySource::Environment => from_environment(url),
        ProxySource::System => match platform::system_proxy() {
            Some(resolver) => ask(resolver, url).await,
            None => from_environment(url),
        },
        ProxySource::Resolver(resolver) => ask(Arc::clone(resolver), url).await,
    }
}

fn from_environment(url: &Url) -> Result<Option<Proxy>, Error> {
    environment::proxy_for(url, |name| std::env::var(name).ok())
        .map_err(|refused| failed(ErrorCode::Other, refused.to_string()))
}

async fn ask(resolver: Arc<dyn ProxyResolver>, url: &Url) -> Result<Option<Proxy>, Error> {
    let url = url.clone();
    tokio::task::spawn_blocking(move || resolver.proxy_for(&url))
        .await
        .map_err(|error| failed(ErrorCode::Other, format!("cannot find out the proxy: {error}")))
}

/// Connects to the server of `url` through `proxy`. Whatever fails, the phase is [`Phase::Proxy`].
pub(super) async fn connect(
    proxy: &Proxy,
    url: &Url,
    options: &Options,
    timer: &Timer,
    profile: &mut Profile,
) -> Result<Stream, Error> {
    let unreachable = |error: Error| Error {
        phase: Phase::Proxy,
        message: format!("cannot reach the proxy {proxy}: {}", error.message),
        ..error
    };
    let stream = dial::dial(&proxy.host, proxy.port, options, timer, profile).await.map_err(unreachable)?;
    let mut stream = Stream::Plain(stream);
    let doing = format!("asking the proxy {proxy} for a connection to {}", url.host_with_port());
    let ask = async {
        if proxy.kind == Kind::Https {
            (stream, _) =
                tls::handshake(stream, &proxy.host, &tls_options(options)).await.map_err(unreachable)?;
        }
        match proxy.kind {
            Kind::Http | Kind::Https => http::connect(&mut stream, proxy, url).await,
            Kind::Socks5 => socks::connect(&mut stream, proxy, url).await,
        }?;
        Ok(stream)
    };
    timer.measure(&mut profile.proxy, Phase::Proxy, &doing, ask).await
}

/// The proxy's certificate is checked against the same roots. All else is meant for the server.
fn tls_options(options: &Options) -> TlsOptions {
    let TlsOptions { roots, extra_roots, min_version, .. } = &options.tls;
    TlsOptions {
        roots: *roots,
        extra_roots: extra_roots.clone(),
        min_version: *min_version,
        ..TlsOptions::default()
    }
}

fn failed(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(Phase::Proxy, code, message)
}

#[cfg(test)]
mod tests;
