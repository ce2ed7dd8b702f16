//! Which proxy to go through.

use std::fmt;
use std::sync::Arc;

use super::hook::{self, HookId};
use super::secret::Secret;
use super::url::{Host, Url, credentials_of, host_and_port_of};
use crate::error::Refused;

/// Whether to go through a proxy, and which.
#[derive(Clone, Debug, Default, PartialEq)]
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
        hook::address(self)
    }
}

impl PartialEq for dyn ProxyResolver {
    fn eq(&self, other: &dyn ProxyResolver) -> bool {
        self.id() == other.id()
    }
}

/// The protocol that a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyKind {
    Http,
    Https,
    Socks5,
}

/// A proxy.
///
/// [`Debug`](fmt::Debug) and [`Display`](fmt::Display) leave the user name and the password out.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(crate) kind: ProxyKind,
    pub(crate) host: Host,
    pub(crate) port: u16,
    /// `user:password`.
    pub(crate) credentials: Option<Secret<Vec<u8>>>,
}

impl Proxy {
    /// Reads the URL of a proxy: `http://`, `https://` or `socks5://` (`socks5h://` and `socks://` are the
    /// same: the proxy always resolves the server's name), a user name and a password if it wants them, host and port. The
    /// default ports are 80, 443 and 1080; without a scheme it is an HTTP proxy.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which says what is wrong.
    pub fn parse(text: &str) -> Result<Proxy, Refused> {
        let invalid =
            |reason: &str| Refused::InvalidArgument(format!("the proxy's URL is not valid: {reason}"));
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("http", text.trim()));
        let (kind, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (ProxyKind::Http, 80),
            "https" => (ProxyKind::Https, 443),
            // "socks://" is what desktop environments put into the environment.
            "socks5" | "socks5h" | "socks" => (ProxyKind::Socks5, 1080),
            "socks4" | "socks4a" => {
                return Err(invalid("SOCKS 4 is not supported; the proxy must speak SOCKS 5"));
            }
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
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
            ProxyKind::Socks5 => "socks5",
        };
        write!(f, "{scheme}://{}", self.host.with_port(self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_url_of_a_proxy() {
        for (text, expected) in [
            ("http://p.example", "http://p.example:80"),
            ("p.example:3128", "http://p.example:3128"),
            (" HTTPS://user:pw@p.example/ ", "https://p.example:443"),
            ("socks5://[::1]", "socks5://[::1]:1080"),
            ("socks5h://10.0.0.1:9", "socks5://10.0.0.1:9"),
            ("socks://p.example", "socks5://p.example:1080"),
        ] {
            assert_eq!(Proxy::parse(text).unwrap().to_string(), expected);
        }
        for text in ["", "ftp://p", "http://", "http://p:0", "http://p/path", "http://p?x", "socks4://p"] {
            assert!(matches!(Proxy::parse(text), Err(Refused::InvalidArgument(_))), "{text}");
        }
        assert!(Proxy::parse("socks4a://p").unwrap_err().to_string().contains("SOCKS 4 is not supported"));
        assert!(!format!("{:?}", Proxy::parse("http://user:pw@p").unwrap()).contains("pw"));
    }
}
