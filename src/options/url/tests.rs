//! What is read, what is refused, and what is sent.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

fn refused(text: &str) -> String {
    match Url::parse(text) {
        Err(Refused::InvalidUrl(message)) => message,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn reads_the_parts() {
    let plain = url("ws://Example.COM/chat?room=1");
    assert!(!plain.is_secure());
    assert_eq!(*plain.host(), Host::Name("example.com".into()));
    assert_eq!(plain.port(), 80);
    assert_eq!(plain.host_header(), "example.com");
    assert_eq!(plain.request_target(), "/chat?room=1");

    let secure = url("WSS://example.com:8443");
    assert!(secure.is_secure());
    assert_eq!(secure.port(), 8443);
    assert_eq!(secure.host_header(), "example.com:8443");
    assert_eq!(secure.request_target(), "/");
}

#[test]
fn leaves_a_default_port_out_of_the_host_header() {
    assert_eq!(url("wss://a:443").host_header(), "a");
    assert_eq!(url("ws://a:443").host_header(), "a:443");
    assert_eq!(url("ws://a:80/").host_header(), "a");
    assert_eq!(url("ws://a:/").port(), 80);
}

#[test]
fn keeps_a_query_behind_an_empty_path() {
    assert_eq!(url("ws://a?x=1").request_target(), "/?x=1");
    assert_eq!(url("ws://a/?").request_target(), "/?");
    assert_eq!(url("ws://a?x=/../y?").request_target(), "/?x=/../y?");
}

#[test]
fn encodes_what_may_not_stand_in_a_request_line() {
    assert_eq!(
        url("ws://a/聊天 室?名=张 三").request_target(),
        "/%E8%81%8A%E5%A4%A9%20%E5%AE%A4?%E5%90%8D=%E5%BC%A0%20%E4%B8%89"
    );
    assert_eq!(url("ws://a/\"<>^`{}|'").request_target(), "/%22%3C%3E%5E%60%7B%7D|'");
    assert_eq!(url("ws://a/?\"<>'`{}|").request_target(), "/?%22%3C%3E%27`{}|");
    assert_eq!(url("ws://a/%zz%E8").request_target(), "/%zz%E8");
}

#[test]
fn reads_addresses() {
    assert_eq!(*url("ws://127.0.0.1:1").host(), Host::V4(Ipv4Addr::LOCALHOST));
    let bracketed = url("ws://[::1]:9001/x");
    assert_eq!(*bracketed.host(), Host::V6(Ipv6Addr::LOCALHOST, None));
    assert_eq!(bracketed.host_header(), "[::1]:9001");
    let zoned = url("ws://[fe80::1%25eth0]/");
    assert_eq!(*zoned.host(), Host::V6("fe80::1".parse().unwrap(), Some("eth0".into())));
    assert_eq!(zoned.host_header(), "[fe80::1]");
    assert_eq!(zoned.host().to_string(), "fe80::1%eth0");
    assert_eq!(zoned, url("ws://[fe80::1%eth0]/"));
}

#[test]
fn keeps_credentials_apart_and_out_of_sight() {
    let url = url("wss://us%65r:p%40ss:w%C3%B6rd@example.com/x");
    assert_eq!(url.credentials(), Some(Secret::new("user:p@ss:wörd".into())));
    assert_eq!(url.host_header(), "example.com");
    assert_eq!(url.href(), "wss://example.com/x");
    assert_eq!(url.to_string(), "wss://example.com");
    assert_eq!(format!("{url:?}"), "Url(wss://example.com)");
    assert_eq!(super::Url::parse("ws://@a/").unwrap().credentials(), None);
    assert_eq!(
        super::Url::parse("ws://token@a/").unwrap().credentials(),
        Some(Secret::new(b"token:".to_vec()))
    );
    assert_eq!(
        *super::Url::parse("ws://good.example@evil.example/").unwrap().host(),
        Host::Name("evil.example".into())
    );
}

#[test]
fn refuses_with_the_reason() {
    for (text, reason) in [
        ("", "the URL is empty"),
        ("example.com", "no scheme"),
        ("http://a", "is \"http\"; it must be ws or wss"),
        ("ws://", "no host"),
        ("ws://:80", "no host"),
        ("ws://a/#x", "fragment"),
        ("ws://a#", "fragment"),
        ("ws://a:0", "from 1 to 65535"),
        ("ws://a:65536", "from 1 to 65535"),
        ("ws://a:+80", "from 1 to 65535"),
        ("ws://a:8o", "from 1 to 65535"),
        ("ws://a b/", "' '"),
        ("ws:", "no host"),
        ("ws:///", "no host"),
        ("ws://u:p@/x", "no host"),
        ("ws://a%25/", "'%'"),
        ("ws://a%00/", "'\\0'"),
        ("ws://a%ff/", "not UTF-8"),
        ("ws://[::1]x", "closing ]"),
        ("ws://1.2.3.256", "no IPv4 address"),
        ("ws://1.2.3.4.5", "no IPv4 address"),
        ("ws://a.08", "no IPv4 address"),
        ("ws://0x100000000", "no IPv4 address"),
        ("ws://1..2", "no IPv4 address"),
        ("ws://[::g]", "no IPv6 address"),
        ("ws://[::1", "closing ]"),
        ("ws://[fe80::1%25]", "zone"),
        ("ws://中文.example/", "Punycode"),
        ("ws://a:b%3A%0A@c/", "control character"),
    ] {
        let message = refused(text);
        assert!(message.contains(reason), "{text}: {message}");
    }
    assert!(refused(&format!("ws://a/{}", "x".repeat(MAX_LENGTH))).contains("are allowed"));
    assert!(refused(&format!("ws://a/{}", "中".repeat(MAX_LENGTH / 4))).contains("when encoded"));
}

#[test]
fn what_is_refused_is_not_repeated() {
    for text in [
        "ws://alice:s3cr3t/x@host",
        "ws://alice:s3cr3t?x@host",
        "s3cr3t:x",
        "a.test/?s3cr3t:x",
        "ws://a/?s3cr3t#",
        "ws://u:s3cr3t%0A@a/",
        "ws://u:s3cr3t\\@a/",
        "ws://s3cr3t中/",
        "ws://[s3cr3t]/",
        "ws://u%3A:s3cr3t@a/",
        "ws://u:s3cr3t@a^b/?s3cr3t",
    ] {
        let message = refused(text);
        assert!(!message.contains("s3cr3t"), "{text}: {message}");
    }
}

/// What the URL Standard makes of them; tests/js/url.test.mts compares many more with another reader of it.
#[test]
fn reads_and_serializes_as_the_standard_does() {
    for (text, expected) in [
        ("ws:host", "ws://host/"),
        ("ws:/host/x", "ws://host/x"),
        ("ws:\\\\host\\a\\b?\\", "ws://host/a/b?\\"),
        ("wss:////host", "wss://host/"),
        (" \u{1}ws://h\to\nst/a\rb \u{1f}", "ws://host/ab"),
        ("WS://HOST:80", "ws://host/"),
        ("wss://h:443/", "wss://h/"),
        ("ws://h:0080/", "ws://h/"),
        ("ws://h?x", "ws://h/?x"),
        ("ws://h/a/../b/./c/..", "ws://h/b/"),
        ("ws://h/%2e/%2E%2e/x/.%2e/y//", "ws://h/y//"),
        ("ws://h/../..", "ws://h/"),
        ("ws://h/a b\0\u{7f}", "ws://h/a%20b%00%7F"),
        ("ws://h%41%2Dx/", "ws://ha-x/"),
        ("ws://a..b./", "ws://a..b./"),
        ("ws://0x7f000001/", "ws://127.0.0.1/"),
        ("ws://0x7f.0.0.1", "ws://127.0.0.1/"),
        ("ws://127.1", "ws://127.0.0.1/"),
        ("ws://0177.1.", "ws://127.0.0.1/"),
        ("ws://2130706433:81", "ws://127.0.0.1:81/"),
        ("ws://0x.0x", "ws://0.0.0.0/"),
        ("ws://[::FFFF:1.2.3.4]", "ws://[::ffff:102:304]/"),
        ("ws://[fe80::1%eth0]", "ws://[fe80::1%25eth0]/"),
        ("ws://us%65r:p:w@h", "ws://us%65r:p%3Aw@h/"),
        ("ws://a@b@h", "ws://a%40b@h/"),
        ("ws://@h", "ws://h/"),
        ("ws://:@h", "ws://h/"),
        ("ws://:p@h", "ws://:p@h/"),
    ] {
        let read = url(text);
        assert_eq!(read.serialization(), expected, "{text:?}");
        assert_eq!(url(expected), read, "{expected:?} reads as it was");
    }
    assert!(!format!("{:?}", url("ws://u:s3cr3t@h/s3cr3t")).contains("s3cr3t"));
}

#[test]
fn compares_origins() {
    assert!(url("ws://a/x").same_origin(&url("ws://A:80/y")));
    assert!(!url("ws://a/").same_origin(&url("wss://a/")));
    assert!(!url("ws://a/").same_origin(&url("ws://a:81/")));
}
