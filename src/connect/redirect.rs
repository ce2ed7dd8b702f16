//! Where an HTTP redirect leads, and what may go along.

use super::handshake::head::Head;
use crate::error::{Error, ErrorCode, Phase, Refused};
use crate::options::{Options, Url};

/// Header fields with credentials, which are for the origin that the application named only.
const CREDENTIALS: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];

/// Whether `head` sends the client elsewhere.
pub(super) fn is_redirect(head: &Head) -> bool {
    matches!(head.status, 301 | 302 | 303 | 307 | 308)
}

/// The options for the next request, after the answer `head` to the one that `options` are for.
pub(super) fn follow(options: &Options, head: &Head) -> Result<Options, Error> {
    let Some(location) = head.text("Location") else {
        return Err(bad(format!("the server answered with HTTP status {} but no Location", head.status)));
    };
    let from = &options.url;
    let to =
        resolve(from, location).map_err(|refused| bad(format!("cannot follow the redirect: {refused}")))?;
    if from.is_secure() && !to.is_secure() {
        return Err(bad(format!("the redirect leads from wss to ws, to {to}")));
    }
    let mut next = Options { url: to, ..options.clone() };
    if next.url.same_origin(from) {
        next.url.inherit_credentials(from);
    } else {
        next.headers
            .retain(|(name, _)| !CREDENTIALS.iter().any(|credential| name.eq_ignore_ascii_case(credential)));
        next.tls.client_certificate = None;
        next.tls.server_name = None;
    }
    Ok(next)
}

pub(super) fn too_many(limit: u8) -> Error {
    bad(format!("the server redirected more than {limit} times"))
}

fn bad(message: String) -> Error {
    Error::new(Phase::Handshake, ErrorCode::BadRedirect, message)
}

/// Resolves a reference as the URL Standard does. `http` and `https` stand for `ws` and `wss`.
fn resolve(base: &Url, location: &str) -> Result<Url, Refused> {
    let location = location.split('#').next().unwrap_or_default();
    let scheme = if base.is_secure() { "wss" } else { "ws" };
    if let Some((given, rest)) = location.split_once(':')
        && is_scheme(given)
    {
        return match given.to_ascii_lowercase().as_str() {
            "http" => Url::parse(&format!("ws:{rest}")),
            "https" => Url::parse(&format!("wss:{rest}")),
            _ => Url::parse(location),
        };
    }
    if location.starts_with(['/', '\\']) && location[1..].starts_with(['/', '\\']) {
        return Url::parse(&format!("{scheme}:{location}"));
    }
    let target = base.request_target();
    let (base_path, base_query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let (path, query) = location.split_at(location.find('?').unwrap_or(location.len()));
    let target = match path {
        "" if query.is_empty() => format!("{base_path}{base_query}"),
        "" => format!("{base_path}{query}"),
        absolute if absolute.starts_with(['/', '\\']) => format!("{absolute}{query}"),
        relative => {
            let directory = &base_path[..base_path.rfind('/').map_or(0, |slash| slash + 1)];
            format!("{directory}{relative}{query}")
        }
    };
    let origin = base.host_with_port();
    Url::parse(&format!("{scheme}://{origin}{target}"))
}

/// Whether `text` can be a scheme (RFC 3986, section 3.1) and not the beginning of a path.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_references() {
        let base = Url::parse("wss://u:p@a.example:8443/b/c/d?q").unwrap();
        for (location, expected) in [
            ("wss://b.example/x?y=1", "wss://b.example/x?y=1"),
            ("https://b.example:444/x#top", "wss://b.example:444/x"),
            ("http://b.example", "ws://b.example/"),
            ("//b.example/x", "wss://b.example/x"),
            ("/x?y:z", "wss://a.example:8443/x?y:z"),
            ("?y", "wss://a.example:8443/b/c/d?y"),
            ("", "wss://a.example:8443/b/c/d?q"),
            ("#f", "wss://a.example:8443/b/c/d?q"),
            ("e", "wss://a.example:8443/b/c/e"),
            ("./e?f", "wss://a.example:8443/b/c/e?f"),
            ("../e", "wss://a.example:8443/b/e"),
            ("../../../e", "wss://a.example:8443/e"),
            ("..", "wss://a.example:8443/b/"),
            (".", "wss://a.example:8443/b/c/"),
            ("/x/./y/../z", "wss://a.example:8443/x/z"),
            ("e/f:g", "wss://a.example:8443/b/c/e/f:g"),
        ] {
            assert_eq!(resolve(&base, location).unwrap().href(), expected, "{location:?}");
        }
        let zoned = Url::parse("ws://[fe80::1%25eth0]:81/").unwrap();
        assert_eq!(resolve(&zoned, "/x").unwrap().host(), zoned.host());
        assert!(resolve(&base, "ftp://b.example/").is_err());
        assert!(resolve(&base, "//").is_err());
    }
}
