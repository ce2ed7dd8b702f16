//! Hosts (URL Standard, section 3.5).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::domain::domain_to_ascii;
use super::percent;
use crate::error::Refused;

/// The host of a [`Url`](super::Url).
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

    /// Whether it names this machine: `localhost` and the names below it (RFC 6761, section 6.3).
    pub(crate) fn is_localhost(&self) -> bool {
        let Host::Name(name) = self else { return false };
        let name = name.strip_suffix('.').unwrap_or(name);
        name == "localhost" || name.ends_with(".localhost")
    }

    /// Reads a host: a name, or an address, that of IPv6 in brackets.
    ///
    /// # Errors
    /// [`Refused::InvalidUrl`].
    pub(in super::super) fn parse(text: &str) -> Result<Host, Refused> {
        match text.strip_prefix('[') {
            Some(rest) => match rest.strip_suffix(']') {
                Some(address) => ipv6_of(address),
                None => Err(invalid("the URL's IPv6 address has no closing ]")),
            },
            None => name_or_ipv4_of(text),
        }
    }
}

/// As the standard serializes it: without the dots that the standard library gives an IPv4 address in it.
pub(super) fn ipv6(address: &Ipv6Addr) -> String {
    match (address.to_ipv4_mapped(), address.segments()) {
        (Some(_), [.., high, low]) => format!("::ffff:{high:x}:{low:x}"),
        (None, _) => address.to_string(),
    }
}

fn invalid(message: impl Into<String>) -> Refused {
    Refused::InvalidUrl(message.into())
}

fn ipv6_of(text: &str) -> Result<Host, Refused> {
    // The standard has no zones. RFC 6874 writes the % before one as %25; a bare one cannot mean anything else.
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone.strip_prefix("25").unwrap_or(zone))),
        None => (text, None),
    };
    let Ok(address) = address.parse::<Ipv6Addr>() else {
        return Err(invalid("what stands in brackets in the URL is no IPv6 address"));
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
    let decoded = percent::decode(text);
    let Ok(name) = String::from_utf8(decoded) else {
        return Err(invalid("the URL's host is not UTF-8"));
    };
    // The forbidden domain code points, and those that a conversion has made.
    check_domain(&name)?;
    let name = domain_to_ascii(name)?;
    check_domain(&name)?;
    if ends_in_number(&name) {
        return ipv4_of(&name)
            .map(Host::V4)
            .ok_or_else(|| invalid("the URL's host ends in a number and is no IPv4 address"));
    }
    Ok(Host::Name(name.to_ascii_lowercase()))
}

fn check_domain(name: &str) -> Result<(), Refused> {
    let forbidden = |byte: u8| byte <= b' ' || byte == 0x7F || b"#%/:<>?@[\\]^|".contains(&byte);
    if let Some(wrong) = name.bytes().find(|&byte| forbidden(byte)) {
        return Err(invalid(format!("the URL's host may not contain {:?}", char::from(wrong))));
    }
    Ok(())
}

/// Whether the last label is a number, as of an address; an empty one behind it does not count.
fn ends_in_number(name: &str) -> bool {
    let last = name.strip_suffix('.').unwrap_or(name).rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// An address of up to four numbers, the last of which fills what is left: `127.1` is `127.0.0.1`. Resolvers read such
/// spellings each in its own way, so none is left to them.
fn ipv4_of(name: &str) -> Option<Ipv4Addr> {
    let numbers: Vec<u64> =
        name.strip_suffix('.').unwrap_or(name).split('.').map(number_of).collect::<Option<_>>()?;
    let (&last, first) = numbers.split_last()?;
    if first.len() > 3 || first.iter().any(|&number| number > 255) || last >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let address =
        first.iter().zip([24, 16, 8]).fold(last, |address, (number, shift)| address | number << shift);
    u32::try_from(address).ok().map(Ipv4Addr::from_bits)
}

/// A number in decimal, octal (`0…`) or hexadecimal digits (`0x…`).
fn number_of(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    match digits {
        "" if radix == 16 => Some(0),
        // Not a sign, which the parser of the standard library takes.
        digits if digits.starts_with('+') => None,
        digits => u64::from_str_radix(digits, radix).ok(),
    }
}
