//! The proxy that environment variables name, as command-line programs use them.

use std::net::IpAddr;

use crate::error::Refused;
use crate::options::{Host, Proxy, Url};

/// The proxy for `url`. `variable` looks up an environment variable.
pub(super) fn proxy_for(
    url: &Url,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, Refused> {
    let first = |names: &[&str]| {
        names.iter().filter_map(|name| variable(name)).find(|value| !value.trim().is_empty())
    };
    if first(&["no_proxy", "NO_PROXY"]).is_some_and(|list| is_excluded(url, &list)) {
        return Ok(None);
    }
    // HTTP_PROXY in capitals is left out: a CGI program's client sets it with a header field "Proxy".
    let names: &[&str] = match url.is_secure() {
        true => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        false => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    first(names).map(|proxy| Proxy::parse(&proxy)).transpose()
}

/// Whether `list` has the host: `*`, names (which stand for the names below them too, with or without a dot
/// before them), IP addresses and their networks (`10.0.0.0/8`), each with a port or without.
fn is_excluded(url: &Url, list: &str) -> bool {
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let (entry, port) = split_port(entry);
        if port.is_some_and(|port| port != url.port()) {
            return false;
        }
        let address = match url.host() {
            Host::Name(name) => return entry == "*" || is_below(name, entry),
            Host::V4(address) => IpAddr::V4(*address),
            Host::V6(address, _) => IpAddr::V6(*address),
        };
        entry == "*" || is_in_network(address, entry)
    })
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    let (host, port) = match entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => match entry.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, Some(port)),
            _ => (entry, None),
        },
    };
    (host, port.and_then(|port| port.parse().ok()))
}

fn is_below(name: &str, domain: &str) -> bool {
    let domain = domain.trim_start_matches("*.").trim_matches('.').to_ascii_lowercase();
    let name = name.trim_end_matches('.');
    match name.strip_suffix(domain.as_str()) {
        Some(rest) => !domain.is_empty() && (rest.is_empty() || rest.ends_with('.')),
        None => false,
    }
}

fn is_in_network(address: IpAddr, network: &str) -> bool {
    let (network, length) = match network.split_once('/') {
        Some((network, length)) => match length.parse::<u32>() {
            Ok(length) => (network, Some(length)),
            Err(_) => return false,
        },
        None => (network, None),
    };
    let Ok(network) = network.parse::<IpAddr>() else { return false };
    let (one, other, width) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits()), u128::from(other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        _ => return false,
    };
    let Some(host_bits) = u32::checked_sub(width, length.unwrap_or(width)) else { return false };
    one.checked_shr(host_bits).unwrap_or(0) == other.checked_shr(host_bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let variable = |name: &str| {
            variables.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
        };
        proxy_for(&Url::parse(url).unwrap(), variable).unwrap().map(|proxy| proxy.to_string())
    }

    #[test]
    fn takes_the_variable_for_the_scheme() {
        let variables = [("https_proxy", "http://s:1"), ("http_proxy", "p:2"), ("ALL_PROXY", "socks5://a")];
        assert_eq!(proxy("wss://x/", &variables).as_deref(), Some("http://s:1"));
        assert_eq!(proxy("ws://x/", &variables).as_deref(), Some("http://p:2"));
        assert_eq!(proxy("ws://x/", &variables[2..]).as_deref(), Some("socks5://a:1080"));
        assert_eq!(proxy("ws://x/", &[("HTTP_PROXY", "http://evil:1")]), None);
        assert_eq!(proxy("ws://x/", &[("http_proxy", " ")]), None);
    }

    #[test]
    fn leaves_out_the_excluded_hosts() {
        for (url, list, excluded) in [
            ("ws://a.example/", "*", true),
            ("ws://a.example/", "b.example, A.example", true),
            ("ws://x.a.example/", "a.example", true),
            ("ws://x.a.example/", ".a.example", true),
            ("ws://x.a.example/", "*.a.example", true),
            ("ws://xa.example/", "a.example", false),
            ("ws://a.example:81/", "a.example:81", true),
            ("ws://a.example:81/", "a.example:82", false),
            ("ws://10.1.2.3/", "10.0.0.0/8", true),
            ("ws://11.1.2.3/", "10.0.0.0/8", false),
            ("ws://10.1.2.3/", "10.1.2.3", true),
            ("ws://10.1.2.3/", "0.0.0.0/0", true),
            ("ws://10.1.2.3/", "10.0.0.0/33", false),
            ("ws://[::1]/", "::1", true),
            ("ws://[::1]:81/", "[::1]:81", true),
            ("ws://[fd00::1]/", "fd00::/8", true),
            ("ws://a.example/", "", false),
            ("ws://a.example/", ".", false),
        ] {
            let variables = [("ALL_PROXY", "http://p"), ("NO_PROXY", list)];
            assert_eq!(proxy(url, &variables).is_none(), excluded, "{url} {list}");
        }
    }
}
