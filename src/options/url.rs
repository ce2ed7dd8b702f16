//! The URL of a WebSocket (RFC 6455, section 3; URL Standard).

mod domain;
mod host;
mod percent;
mod target;

use std::fmt;

use super::secret::Secret;
use crate::error::Refused;
pub use domain::{DomainToAscii, set_domain_to_ascii};
pub use host::Host;
use target::target_of;

/// The longest URL that is accepted, in bytes.
const MAX_LENGTH: usize = 32 * 1024;

/// A `ws:` or `wss:` URL, read as the URL Standard does.
///
/// [`Debug`](fmt::Debug) and [`Display`](fmt::Display) leave the user name and the password out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url {
    secure: bool,
    /// As serialized, with `@` behind.
    userinfo: Secret<String>,
    host: Host,
    port: u16,
    target: String,
}

impl Url {
    /// Reads `text` as the URL Standard reads an absolute URL (section 4.4), with these differences: the zone of an IPv6
    /// address is read (RFC 6874), a host name outside ASCII is refused rather than converted, and so are port 0 and
    /// credentials that Basic authentication cannot send.
    ///
    /// # Errors
    /// [`Refused::InvalidUrl`]: the scheme is not `ws` or `wss`, there is a fragment (RFC 6455, section 3,
    /// forbids it), or the host or the port is not valid.
    pub fn parse(text: &str) -> Result<Url, Refused> {
        let text = text.trim_matches(|c: char| c <= ' ');
        if text.len() > MAX_LENGTH {
            return Err(invalid(format!("the URL has {} bytes; {MAX_LENGTH} are allowed", text.len())));
        }
        let text = text.replace(['\t', '\n', '\r'], "");
        if text.is_empty() {
            return Err(invalid("the URL is empty: it must begin with ws:// or wss://"));
        }
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(invalid("the URL has no scheme: it must begin with ws:// or wss://"));
        };
        let secure = if scheme.eq_ignore_ascii_case("wss") {
            true
        } else if scheme.eq_ignore_ascii_case("ws") {
            false
        } else {
            // What stands before a colon is a scheme only then; otherwise it can be anything, a password too.
            let is_scheme = rest.starts_with("//") && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let told = if is_scheme { format!(" is {scheme:?}; it") } else { String::new() };
            return Err(invalid(format!("the URL's scheme{told} must be ws or wss")));
        };
        if rest.contains('#') {
            return Err(invalid("the URL has a fragment (#), which a WebSocket URL may not have"));
        }
        // Any number of slashes, of either kind, leads to the authority.
        let rest = rest.trim_start_matches(['/', '\\']);
        let (authority, target) = rest.split_at(rest.find(['/', '\\', '?']).unwrap_or(rest.len()));
        let (userinfo, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = host_and_port_of(host_and_port)?;
        let target = target_of(target);
        if target.len() > MAX_LENGTH {
            return Err(invalid(format!(
                "the URL's path and query have more than {MAX_LENGTH} bytes when encoded"
            )));
        }
        credentials_of(userinfo)?;
        Ok(Url {
            secure,
            userinfo: Secret::new(userinfo_of(userinfo)),
            host,
            port: port.unwrap_or(default_port(secure)),
            target,
        })
    }

    /// Whether this is a `wss:` URL.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host, to be resolved and connected to.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The port, the scheme's default one (80 or 443) when the URL has none.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The value of the `Host` header field: the port is there only when it is not the default one, and
    /// the zone of an IPv6 address never (RFC 6874, section 3).
    pub fn host_header(&self) -> String {
        let host = match &self.host {
            Host::V6(address, _) => format!("[{}]", host::ipv6(address)),
            host => host.to_string(),
        };
        if self.port == default_port(self.secure) { host } else { format!("{host}:{}", self.port) }
    }

    /// Path and query as the request line has them: `/chat?room=1`, and `/?room=1` for an empty path.
    pub fn request_target(&self) -> &str {
        &self.target
    }

    /// `user:password` from the URL, percent-decoded, for Basic authentication (RFC 7617).
    pub(crate) fn credentials(&self) -> Option<Secret<Vec<u8>>> {
        // They were read when the URL was.
        credentials_of(self.userinfo.expose().trim_end_matches('@')).ok().flatten()
    }

    /// Host and port as they stand in a URL, the port always and the zone too.
    pub(crate) fn host_with_port(&self) -> String {
        match &self.host {
            Host::V6(address, Some(zone)) => format!("[{address}%25{zone}]:{}", self.port),
            host => host.with_port(self.port),
        }
    }

    /// Takes the other URL's user name and password when this one has none.
    pub(crate) fn inherit_credentials(&mut self, other: &Url) {
        if self.userinfo.expose().is_empty() {
            self.userinfo.clone_from(&other.userinfo);
        }
    }

    /// The whole URL as the standard serializes it, user name and password included; not for texts.
    pub fn serialization(&self) -> String {
        let host = match &self.host {
            Host::V6(address, Some(zone)) => format!("[{}%25{zone}]", host::ipv6(address)),
            Host::V6(address, None) => format!("[{}]", host::ipv6(address)),
            host => host.to_string(),
        };
        let scheme = if self.secure { "wss" } else { "ws" };
        let port =
            if self.port == default_port(self.secure) { String::new() } else { format!(":{}", self.port) };
        format!("{scheme}://{}{host}{port}{}", self.userinfo.expose(), self.target)
    }

    /// The whole URL but for user name and password, for hooks; not for texts that people or logs get.
    pub fn href(&self) -> String {
        format!("{self}{}", self.target)
    }

    /// The same URL with `http` for `ws` and `https` for `wss`, as cookie jars and proxy settings know it.
    pub fn to_http(&self) -> String {
        format!("{}://{}{}", if self.secure { "https" } else { "http" }, self.host_header(), self.target)
    }

    /// Whether both URLs have the same scheme, host and port.
    pub fn same_origin(&self, other: &Url) -> bool {
        self.secure == other.secure && self.host == other.host && self.port == other.port
    }
}

/// For people: scheme, host and port. Path and query may hold a token; see [`Url::href`].
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "wss" } else { "ws" }, self.host_header())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

impl std::str::FromStr for Url {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Url, Refused> {
        Url::parse(text)
    }
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::InvalidUrl(message.into())
}

fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

/// Reads `host[:port]`.
pub(super) fn host_and_port_of(text: &str) -> Result<(Host, Option<u16>), Refused> {
    // A colon inside the brackets of an IPv6 address is its own.
    let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match text[end..].find(':') {
        Some(colon) => (&text[..end + colon], &text[end + colon + 1..]),
        None => (text, ""),
    };
    Ok((Host::parse(host)?, port_of(port)?))
}

fn port_of(text: &str) -> Result<Option<u16>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    match number {
        Some(port) if port != 0 => Ok(Some(port)),
        // Without its text: it is a password where a slash follows in it.
        _ => Err(invalid("the URL's port must be a number from 1 to 65535")),
    }
}

/// `user:password`, percent-decoded; `None` when both are empty.
pub(super) fn credentials_of(userinfo: &str) -> Result<Option<Secret<Vec<u8>>>, Refused> {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let (user, password) = (percent::decode(user), percent::decode(password));
    // RFC 7617, section 2: the first colon ends the user name, and control characters are forbidden.
    if user.contains(&b':') {
        return Err(invalid(
            "the user name in the URL contains a colon, which Basic authentication cannot send",
        ));
    }
    if user.iter().chain(&password).any(u8::is_ascii_control) {
        return Err(invalid("the user name or the password in the URL contains a control character"));
    }
    if user.is_empty() && password.is_empty() {
        return Ok(None);
    }
    Ok(Some(Secret::new([&user[..], b":", &password[..]].concat())))
}

/// User name and password as the standard serializes them, with `@` behind; empty without any.
fn userinfo_of(userinfo: &str) -> String {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let mut serialized = String::new();
    if user.is_empty() && password.is_empty() {
        return serialized;
    }
    percent::encode(user, percent::USERINFO, &mut serialized);
    if !password.is_empty() {
        serialized.push(':');
        percent::encode(password, percent::USERINFO, &mut serialized);
    }
    serialized.push('@');
    serialized
}

#[cfg(test)]
mod tests;
