//! Marks in what an application gives.

use std::sync::Arc;

use socket_task::options::{
    CookieJar, Identity, Proxy, ProxyResolver, ProxySource, Sha256, SignatureAlgorithm, Signer, Url,
    certificates,
};
use socket_task::{Options, Refused, Socket, platform};
use socket_task_testing::certificates::Certificates;
use socket_task_testing::raw::Server;

use crate::told::{MARK, Told};

/// Options for `url` that have the mark wherever there is a place for it.
pub fn marked(url: &str) -> Options {
    let mut options = Options::new(url.parse().expect("a valid URL"));
    options.timeout = std::time::Duration::from_secs(10);
    options.headers = vec![
        ("Authorization".to_owned(), format!("Bearer {MARK}").into()),
        ("Cookie".to_owned(), format!("{MARK}={MARK}").into()),
        ("X-Api-Key".to_owned(), MARK.into()),
    ];
    options.proxy_headers = vec![("X-Token".to_owned(), MARK.into())];
    options.protocols = vec!["chat".to_owned(), format!("bearer.{MARK}")];
    options.per_message_deflate = Some(Default::default());
    options
}

/// `ws://127.0.0.1:80/` with the mark in user, password, path and query.
pub fn marked_url(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a scheme");
    let (host, _) = rest.split_once('/').expect("a path");
    format!("{scheme}://u:{MARK}@{host}/{MARK}?token={MARK}")
}

pub fn refused(told: &'static Told) {
    for url in [
        "ws://alice:MARK/x@host",
        "ws://alice:MARK?@host",
        "ws://alice:MARK#@host",
        "ws://alice:MARK\\@host/",
        "ws://alice:MARK%0a@host/",
        "ws://alice%3a:MARK@host/",
        "ws://alice:MARK@ho st/",
        "ws://alice:MARK@host:port/",
        "ws://alice:MARK@host:99999/",
        "ws://alice:MARK@[::g]/",
        "ws://alice:MARK@é.test/?MARK",
        "wss://host/MARK?MARK#MARK",
        "ftp://alice:MARK@host/MARK?MARK",
        "host.test/?MARK:x",
        "MARK:x",
        "MARK",
        "ws:",
        "ws://",
    ] {
        told.refused(url.replace("MARK", MARK).parse::<Url>());
    }
    told.refused(format!("ws://h/{}", MARK.repeat(6_000)).parse::<Url>());
    for proxy in [
        "http://u:MARK/x@h",
        "http://u:MARK@h/MARK",
        "http://u:MARK@h?MARK",
        "http://u:MARK%0a@h",
        "http://u:MARK@h:port",
        "gopher://u:MARK@h",
        "socks4://u:MARK@h",
        "u:MARK",
        "u:MARK@",
        "MARK://",
    ] {
        told.refused(Proxy::parse(&proxy.replace("MARK", MARK)));
    }
    for (name, value) in [
        ("Authorization", "Bearer MARK\n"),
        ("Authorization", "Bearer MARK\0"),
        ("Authorization: Bearer MARK", ""),
        (" MARK", ""),
        ("Sec-WebSocket-Key", "MARK"),
        ("Host", "MARK"),
        ("Transfer-Encoding", "MARK"),
    ] {
        let field = (name.replace("MARK", MARK), value.replace("MARK", MARK).into());
        told.refused(connect(|options| options.headers = vec![field.clone()]));
    }
    for (name, value) in
        [("Proxy-Authorization", "MARK\n"), ("Host", "MARK"), ("Proxy-Authorization: MARK", "")]
    {
        let field = (name.replace("MARK", MARK), value.replace("MARK", MARK).into());
        told.refused(connect(|options| options.proxy_headers = vec![field.clone()]));
    }
    for protocols in [&["bearer MARK"][..], &["MARK", "MARK"], &["MARK,MARK"], &["\"MARK\""], &["", "MARK"]] {
        let protocols: Vec<String> = protocols.iter().map(|name| name.replace("MARK", MARK)).collect();
        told.refused(connect(|options| options.protocols = protocols.clone()));
    }
    for text in [MARK.to_owned(), format!("sha256/{MARK}"), MARK.repeat(11), format!("{MARK}=")] {
        told.refused(Sha256::parse(&text));
        told.refused(certificates(text.as_bytes()));
        told.refused(Identity::new(text.as_bytes(), text.as_bytes()));
    }
}

/// What comes of a connection with another option.
fn connect(change: impl FnOnce(&mut Options)) -> Result<Socket, Refused> {
    struct Deaf;
    impl socket_task::Listener for Deaf {}
    let mut options = marked("ws://u:s3cr3t@127.0.0.1:9/s3cr3t");
    change(&mut options);
    Socket::connect(options, Deaf)
}

pub fn shown(told: &'static Told) {
    let mut options = marked(&marked_url("wss://host.test/"));
    let proxy = Proxy::parse(&format!("http://u:{MARK}@proxy.test:3128")).expect("a valid URL");
    told.value(&proxy);
    told.text(&proxy.to_string());
    told.value(&options.url);
    told.text(&options.url.to_string());
    told.value(&options.headers);
    for source in [ProxySource::Fixed(proxy), ProxySource::Resolver(Arc::new(Hook::Answers))] {
        told.value(&source);
        options.proxy = source;
        options.cookies = Some(Arc::new(Hook::Answers));
        told.value(&options);
    }
}

/// Hooks of the application, whose own `Debug` tells nothing.
#[derive(Clone, Copy, Debug)]
pub enum Hook {
    Answers,
    Panics,
}

impl CookieJar for Hook {
    fn cookies(&self, _: &Url) -> Option<String> {
        match self {
            Hook::Answers => Some(format!("{MARK}={MARK}\n")),
            Hook::Panics => panic!("the jar has {MARK}"),
        }
    }

    fn set_cookies(&self, _: &Url, values: &[String]) {
        if matches!(self, Hook::Panics) {
            panic!("the jar was given {values:?}");
        }
    }
}

impl ProxyResolver for Hook {
    fn proxy_for(&self, _: &Url) -> Option<Proxy> {
        match self {
            Hook::Answers => Proxy::parse(&format!("http://u:{MARK}@127.0.0.1:9")).ok(),
            Hook::Panics => panic!("the resolver has {MARK}"),
        }
    }
}

impl Signer for Hook {
    fn sign(&self, _: SignatureAlgorithm, _: &[u8]) -> Option<Vec<u8>> {
        match self {
            Hook::Answers => Some(MARK.into()),
            Hook::Panics => panic!("the signer has {MARK}"),
        }
    }
}

/// A server that wants the client's certificate, for which somebody signs who should not have been asked.
fn signing(told: &'static Told) {
    let certificates = Certificates::generate();
    let authority = &certificates.authority;
    let client = authority.issue_to_client("client");
    let server = Server::tls(certificates.good.server_config_for_clients_of(authority), |mut peer| {
        peer.try_open();
    });
    for hook in [Hook::Answers, Hook::Panics] {
        let mut options = marked(&marked_url(&server.url_for_host("localhost", "/")));
        options.tls.ca_certificates = vec![authority.der()];
        options.tls.client_certificate = Identity::with_signer(&client.der(), Arc::new(hook)).ok();
        assert!(!told.connect(options));
    }
}

pub fn panicking(told: &'static Told) {
    let server = Server::tcp(|mut peer| {
        if peer.try_open().is_some() {
            peer.finish();
        }
    });
    let url = marked_url(&server.url("/"));
    for hook in [Hook::Answers, Hook::Panics] {
        let mut options = marked(&url);
        options.headers.clear();
        options.cookies = Some(Arc::new(hook));
        told.connect(options);
        let mut options = marked(&url);
        options.proxy = ProxySource::Resolver(Arc::new(hook));
        told.connect(options);
    }
    platform::set_cleartext_policy(Some(Arc::new(|_: &str| panic!("the policy has {MARK}"))));
    told.connect(marked(&url));
    platform::set_cleartext_policy(None);
    signing(told);
}
