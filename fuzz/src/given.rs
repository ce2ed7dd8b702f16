//! What an app gives: URLs of servers and proxies, certificates, keys, digests.

use socket_task::options::{Identity, Proxy, Secret, Sha256, Url, certificates};
use socket_task::{Options, TlsOptions};

/// Any text as a URL: no panic; what is accepted means the same when it is read again as it is serialized; what is told of it
/// does not hold its user name and password; and nothing of it can end a line of the request.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(url) = Url::parse(text) else { return };
    let serialization = url.serialization();
    assert!(serialization.bytes().all(|byte| byte.is_ascii_graphic()), "{serialization}");
    let again = Url::parse(&serialization).expect("it reads what it has written");
    assert!(again == url);
    assert_eq!(again.serialization(), serialization);
    assert_eq!(url.is_secure(), serialization.starts_with("wss://"));
    assert!(url.request_target().starts_with('/'));
    assert!(url.port() != 0);
    assert!(url.same_origin(&again));
    // An @ of the URL itself can stand behind the first slash only.
    for told in [url.to_string(), format!("{url:?}"), url.href().replace(url.request_target(), "")] {
        assert!(!told.contains('@'), "{told}");
    }
    for part in [url.host_header(), url.to_http()] {
        assert!(part.bytes().all(|byte| byte.is_ascii_graphic()), "{part}");
    }
}

/// Any text as a proxy's URL: no panic, and no password in what is told of it.
pub fn proxy_url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(proxy) = Proxy::parse(text) {
        let told = format!("{proxy} {proxy:?}");
        assert!(told.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{told}");
    }
}

/// Any bytes as certificates, as a key, as a digest, as header fields: no panic, and what is accepted is accepted with the rest
/// of the options.
pub fn certificates_and_keys(data: &[u8]) {
    let (first, second) = data.split_at(data.len() / 2);
    let mut options = Options::new(Url::parse("wss://host").expect("a URL"));
    if let Ok(roots) = certificates(data) {
        assert!(!roots.is_empty());
        options.tls = TlsOptions { ca_certificates: roots, ..options.tls };
    }
    for (certificate, key) in [(first, second), (second, first), (data, data)] {
        if let Ok(identity) = Identity::new(certificate, key) {
            let told = format!("{identity:?}");
            assert!(told.len() < 1000);
        }
    }
    if let Ok(text) = std::str::from_utf8(data) {
        if let Ok(digest) = Sha256::parse(text) {
            options.tls.pins.push(digest);
        }
        let (name, value) = text.split_once('\n').unwrap_or((text, ""));
        let mut with_field = options.clone();
        with_field.headers.push((name.to_owned(), Secret::new(value.to_owned())));
        if with_field.validate().is_ok() {
            assert!(
                !name.is_empty() && !name.contains([' ', ':', '\r']) && !value.contains(['\r', '\n', '\0'])
            );
            assert!(value.len() < 4 || !format!("{with_field:?}").contains(value));
        }
    }
    assert!(options.validate().is_ok());
}
