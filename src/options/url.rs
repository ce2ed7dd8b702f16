//! The URL of a WebSocket (RFC 6455, section 3).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::secret::Secret;
use crate::error::Refused;

/// The longest URL that is accepted, in bytes.
const MAX_LENGTH: usize = 32 * 1024;

/// The host of a [`Url`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name for the resolver, in lower case.
    Name(String),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address and its zone (RFC 6874): an interface's name or index.
    V6(Ipv6Addr, Option<String>),
}

impl fmt::Display for Host {
    /// The host without brackets, as the resolver and messages write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::V4(address) => write!(f, "{address}"),
            Host::V6(address, None) => write!(f, "{address}"),
            Host::V6(address, Some(zone)) => write!(f, "{address}%{zone}"),
        }
    }
}

impl Host {
    /// `host:port` for messages, an IPv6 address in brackets.
    pub(crate) fn with_port(&self, port: u16) -> String {
        match self {
            Host::V6(..) => format!("[{self}]:{port}"),
            host => format!("{host}:{port}"),
        }
    }
}

/// A `ws:` or `wss:` URL, checked.
///
/// [`Debug`](fmt::Debug) and [`Display`](fmt::Display) leave the user name and the password out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url {
    secure: bool,
    credentials: Option<Secret<Vec<u8>>>,
    host: Host,
    port: u16,
    target: String,
}

impl Url {
    /// Reads `text`. Spaces around it are ignored.
    ///
    /// The path and the query stay as they are, except that bytes outside ASCII and the characters that
    /// the URL Standard percent-encodes there are percent-encoded.
    ///
    /// # Errors
    /// [`Refused::InvalidUrl`]: the scheme is not `ws` or `wss`, there is a fragment (RFC 6455, section 3,
    /// forbids it), the host or the port is not valid, or there is a control character.
    pub fn parse(text: &str) -> Result<Url, Refused> {
        let text = text.trim_matches(' ');
        if text.len() > MAX_LENGTH {
            return Err(invalid(format!("the URL has {} bytes; {MAX_LENGTH} are allowed", text.len())));
        }
        if let Some(control) = text.chars().find(char::is_ascii_control) {
            return Err(invalid(format!("the URL contains the control character U+{:04X}", control as u32)));
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
        let Some(rest) = rest.strip_prefix("//") else {
            return Err(invalid(format!("{scheme}: must be followed by //")));
        };
        if rest.contains('#') {
            return Err(invalid("the URL has a fragment (#), which a WebSocket URL may not have"));
        }
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        // Some parsers end the authority at a backslash. To read another host than they do is dangerous.
        if authority.contains('\\') {
            return Err(invalid("the URL has a backslash before its path"));
        }
        let (userinfo, host_and_port) = match authority.rsplit_once('@') {
            Some((userinfo, host_and_port)) => (Some(userinfo), host_and_port),
            None => (None, authority),
        };
        let (host, port) = host_and_port_of(host_and_port)?;
        let target = encode_target(target);
        if target.len() > MAX_LENGTH {
            return Err(invalid(format!(
                "the URL's path and query have more than {MAX_LENGTH} bytes when encoded"
            )));
        }
        Ok(Url {
            secure,
            credentials: userinfo.map(credentials_of).transpose()?.flatten(),
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
            Host::V6(address, _) => format!("[{address}]"),
            host => host.to_string(),
        };
        if self.port == default_port(self.secure) { host } else { format!("{host}:{}", self.port) }
    }

    /// Path and query as the request line has them: `/chat?room=1`, and `/?room=1` for an empty path.
    pub fn request_target(&self) -> &str {
        &self.target
    }

    /// `user:password` from the URL, percent-decoded, for Basic authentication (RFC 7617).
    pub(crate) fn credentials(&self) -> Option<&[u8]> {
        self.credentials.as_ref().map(|credentials| credentials.expose().as_slice())
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
        if self.credentials.is_none() {
            self.credentials.clone_from(&other.credentials);
        }
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
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return Err(invalid("the URL's IPv6 address has no closing ]"));
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port,
            None if port.is_empty() => "",
            None => return Err(invalid("only :port may follow the URL's IPv6 address")),
        };
        (ipv6_of(address)?, port)
    } else {
        let (host, port) = text.split_once(':').unwrap_or((text, ""));
        (name_or_ipv4_of(host)?, port)
    };
    Ok((host, port_of(port)?))
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

fn ipv6_of(text: &str) -> Result<Host, Refused> {
    // RFC 6874 writes the % before a zone as %25. A bare one is common and cannot mean anything else.
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone.strip_prefix("25").unwrap_or(zone))),
        None => (text, None),
    };
    let Ok(address) = address.parse::<Ipv6Addr>() else {
        return Err(invalid(format!("{address:?} in the URL is no IPv6 address")));
    };
    if let Some(zone) = zone {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if zone.is_empty() || !zone.bytes().all(valid) {
            return Err(invalid("the zone of the URL's IPv6 address is not valid"));
        }
    }
    Ok(Host::V6(address, zone.map(str::to_owned)))
}

fn name_or_ipv4_of(text: &str) -> Result<Host, Refused> {
    if text.is_empty() {
        return Err(invalid("the URL has no host"));
    }
    if !text.is_ascii() {
        return Err(invalid(format!(
            "the URL's host {text:?} is not ASCII: give an internationalized name in its Punycode form (xn--…)"
        )));
    }
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if let Some(wrong) = text.bytes().find(|&byte| !valid(byte)) {
        return Err(invalid(format!("the URL's host may not contain {:?}", char::from(wrong))));
    }
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Ok(Host::V4(address));
    }
    let labels = text.strip_suffix('.').unwrap_or(text);
    // Resolvers read "127.1" and "017.0.0.1" as addresses, each in its own way.
    let last = labels.rsplit('.').next().unwrap_or(labels);
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid(format!(
            "the URL's host {text:?} is no IPv4 address (four numbers from 0 to 255)"
        )));
    }
    if labels.len() > 253 || labels.split('.').any(|label| label.is_empty() || label.len() > 63) {
        return Err(invalid(format!("the URL's host {text:?} is no valid name")));
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

/// `user:password`, percent-decoded; `None` when both are empty.
pub(super) fn credentials_of(userinfo: &str) -> Result<Option<Secret<Vec<u8>>>, Refused> {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let (user, password) = (percent_decode(user), percent_decode(password));
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

fn percent_decode(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair =
            (bytes[at] == b'%').then(|| digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2)))).flatten();
        if let Some((high, low)) = pair {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}

/// Percent-encodes with the URL Standard's path and special-query percent-encode sets.
fn encode_target(text: &str) -> String {
    let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    let mut target = String::with_capacity(text.len() + 1);
    if path.is_empty() {
        target.push('/');
    }
    encode(path, b" \"<>^`{}", &mut target);
    encode(query, b" \"<>'", &mut target);
    target
}

fn encode(text: &str, set: &[u8], encoded: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii() && !set.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests;
