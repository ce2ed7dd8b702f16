//! Connections through proxies that run here and forward for real.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use socket_task_testing::certificates::Certificates;
use socket_task_testing::raw::{FullBacklog, Server};

use super::*;
use crate::connect::Opened;
use crate::connect::tests::{failed, opened, options, trust};
use crate::options::Sha256;

/// What a proxy was asked for: the request's head, or the server that a SOCKS client named.
type Asked = mpsc::Receiver<String>;

/// A proxy on TCP: `negotiate` reads the request, and tells where to connect.
fn proxy(negotiate: impl Fn(&mut TcpStream) -> io::Result<Forward> + Send + 'static) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            if let Ok(Forward { asked, to, answer }) = negotiate(&mut client) {
                if sender.send(asked).is_err() {
                    return;
                }
                forward(client, to, &answer);
            }
        }
    });
    (address, asked)
}

struct Forward {
    asked: String,
    to: SocketAddr,
    /// What the client is told once the server is reached.
    answer: Vec<u8>,
}

fn forward(mut client: TcpStream, to: SocketAddr, answer: &[u8]) {
    let server = TcpStream::connect(to).unwrap();
    client.write_all(answer).unwrap();
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        })
    };
    copy(client.try_clone().unwrap(), server.try_clone().unwrap());
    copy(server, client);
}

fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8(head).unwrap())
}

/// An HTTP proxy that takes every server for `to`, as if the name had been resolved so.
fn http_proxy(to: SocketAddr) -> (SocketAddr, Asked) {
    proxy(move |client| {
        let asked = read_head(client)?;
        Ok(Forward {
            asked,
            to,
            answer: b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n".to_vec(),
        })
    })
}

/// A SOCKS 5 proxy that takes every server for `to`, and wants these credentials if there are any.
fn socks_proxy(to: SocketAddr, credentials: Option<(&'static str, &'static str)>) -> (SocketAddr, Asked) {
    proxy(move |client| {
        let mut receive = |count: usize| {
            let mut bytes = vec![0; count];
            client.read_exact(&mut bytes).map(|()| bytes)
        };
        let greeting = receive(2)?;
        let methods = receive(usize::from(greeting[1]))?;
        if let Some((user, password)) = credentials {
            if !methods.contains(&2) {
                client.write_all(&[5, 0xFF])?;
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            client.write_all(&[5, 2])?;
            let mut text = [0; 2];
            client.read_exact(&mut text)?;
            let mut given_user = vec![0; usize::from(text[1])];
            client.read_exact(&mut given_user)?;
            client.read_exact(&mut text[..1])?;
            let mut given_password = vec![0; usize::from(text[0])];
            client.read_exact(&mut given_password)?;
            if (given_user.as_slice(), given_password.as_slice()) != (user.as_bytes(), password.as_bytes()) {
                client.write_all(&[1, 1])?;
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            client.write_all(&[1, 0])?;
        } else {
            client.write_all(&[5, 0])?;
        }
        let mut request = [0; 4];
        client.read_exact(&mut request)?;
        let length = match request[3] {
            1 => 4,
            4 => 16,
            _ => {
                let mut length = [0];
                client.read_exact(&mut length)?;
                usize::from(length[0])
            }
        };
        let mut host = vec![0; length + 2];
        client.read_exact(&mut host)?;
        let port = u16::from_be_bytes([host[length], host[length + 1]]);
        let asked = match request[3] {
            3 => format!("{}:{port}", String::from_utf8_lossy(&host[..length])),
            kind => format!("{kind} {:?}:{port}", &host[..length]),
        };
        // A name as the bound address, which is as legal as rare.
        Ok(Forward { asked, to, answer: b"\x05\0\0\x03\x05local\x1F\x90".to_vec() })
    })
}

/// A server that opens each WebSocket and tells of each request.
fn server() -> (Server, mpsc::Receiver<String>) {
    let (sender, requests) = mpsc::channel();
    let server = Server::tcp(move |mut peer| {
        if let Some(request) = peer.try_open() {
            let _ = sender.send(request.head().to_owned());
        }
    });
    (server, requests)
}

fn through(options: &Options, proxy: &str) -> Options {
    Options { proxy: ProxySource::Fixed(Proxy::parse(proxy).unwrap()), ..options.clone() }
}

#[test]
fn goes_through_an_http_proxy() {
    let (server, requests) = server();
    let (address, asked) = http_proxy(server.address());
    let mut given = options("ws://u:p@server.example:81/x");
    given.headers = vec![("Proxy-Tag".into(), "for the server".into())];
    let opened = opened(&through(&given, &format!("http://user:pass%20word@{address}/")));
    let head = asked.recv().unwrap();
    assert_eq!(
        head,
        format!(
            "CONNECT server.example:81 HTTP/1.1\r\nHost: server.example:81\r\n\
             User-Agent: socket-task/{}\r\nProxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n\r\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    let request = requests.recv().unwrap();
    assert!(request.starts_with("GET /x HTTP/1.1\r\nHost: server.example:81\r\n"), "{request}");
    assert!(!request.contains("Proxy-Authorization"), "{request}");
    assert_eq!(opened.profile.remote_address, Some(address));
    assert!(opened.profile.proxy.duration() > Duration::ZERO, "{:?}", opened.profile);
}

#[test]
fn tells_the_proxy_the_user_agent_of_the_app() {
    let (server, _requests) = server();
    for (given, expected) in
        [("app/1", "\r\nUser-Agent: app/1\r\n"), ("", "\r\nHost: server.example:80\r\n\r\n")]
    {
        let (address, asked) = http_proxy(server.address());
        let mut options = options("ws://server.example/");
        options.headers = vec![("user-agent".into(), given.into())];
        opened(&through(&options, &address.to_string()));
        let head = asked.recv().unwrap();
        assert!(head.contains(expected), "{head}");
    }
}

#[test]
fn gives_the_proxy_its_own_header_fields() {
    let (server, requests) = server();
    let (address, asked) = http_proxy(server.address());
    let mut given = options("ws://server.example/");
    given.proxy_headers = [("X-Tag", "a"), ("proxy-authorization", "Bearer b"), ("X-Tag", "c")]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .to_vec();
    opened(&through(&given, &format!("http://user:password@{address}")));
    let head = asked.recv().unwrap();
    let own = concat!("User-Agent: socket-task/", env!("CARGO_PKG_VERSION"), "\r\n");
    let expected = format!("{own}X-Tag: a\r\nproxy-authorization: Bearer b\r\nX-Tag: c\r\n\r\n");
    assert!(head.ends_with(&expected), "{head}");
    let head = requests.recv().unwrap();
    assert!(!head.contains("X-Tag") && !head.to_lowercase().contains("authorization"), "{head}");
}

#[test]
fn makes_tls_with_the_server_through_each_kind_of_proxy() {
    let certificates = Certificates::generate();
    let server = Server::tls(certificates.good.server_config(), |mut peer| {
        peer.try_open();
    });
    let target = format!("localhost:{}", server.address().port());
    let mut given = options(&format!("wss://{target}/"));
    given.tls = trust(&certificates);
    let open_through = |proxy: String| -> Opened<Stream> { opened(&through(&given, &proxy)) };

    let (address, asked) = http_proxy(server.address());
    open_through(format!("http://{address}"));
    assert!(asked.recv().unwrap().starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")));

    let (address, asked) = socks_proxy(server.address(), None);
    open_through(format!("socks5://{address}"));
    assert_eq!(asked.recv().unwrap(), target, "the proxy resolves the name");

    let (address, asked) = https_proxy(&certificates, server.address());
    let opened = open_through(format!("https://localhost:{}", address.port()));
    assert!(asked.recv().unwrap().starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")));
    assert_eq!(opened.profile.tls_version, "TLSv1.3");
}

/// An HTTP proxy behind TLS, for one connection.
fn https_proxy(certificates: &Certificates, to: SocketAddr) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, asked) = mpsc::channel();
    let acceptor = tokio_rustls::TlsAcceptor::from(certificates.good.server_config());
    thread::spawn(move || {
        crate::connect::tests::run(async {
            use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
            let (client, _) = listener.accept().unwrap();
            client.set_nonblocking(true).unwrap();
            let client = tokio::net::TcpStream::from_std(client).unwrap();
            let mut client = acceptor.accept(client).await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            sender.send(String::from_utf8(head).unwrap()).unwrap();
            let mut server = tokio::net::TcpStream::connect(to).await.unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    });
    (address, asked)
}

#[test]
fn sends_pins_and_identity_to_no_proxy() {
    let mut given = options("wss://server.example/");
    given.tls.pins = vec![Sha256::of(b"a key of the server")];
    given.tls.server_name = Some("other.example".to_owned());
    given.tls.accepted_certificates = given.tls.pins.clone();
    assert_eq!(tls_options(&given), TlsOptions::default());
}

#[test]
fn gives_socks_each_kind_of_address() {
    let (server, _requests) = server();
    for (host, asked_for) in [
        ("server.example", "server.example:81".to_owned()),
        ("10.1.2.3", "1 [10, 1, 2, 3]:81".to_owned()),
        ("[::1]", format!("4 {:?}:81", std::net::Ipv6Addr::LOCALHOST.octets())),
    ] {
        let (address, asked) = socks_proxy(server.address(), Some(("user", "pass:word")));
        let given = options(&format!("ws://{host}:81/"));
        opened(&through(&given, &format!("socks5h://user:pass:word@{address}")));
        assert_eq!(asked.recv().unwrap(), asked_for);
    }
}

/// The error of a proxy that answers each piece it reads with the next of `answers`, then closes.
fn error_of(scheme: &str, answers: &'static [&'static [u8]]) -> Error {
    let server = Server::tcp(move |mut peer| {
        for answer in answers {
            let mut piece = [0; 1024];
            if !matches!(peer.read(&mut piece), Ok(1..)) {
                return;
            }
            peer.write(answer);
        }
        peer.finish();
    });
    let (scheme, userinfo) = scheme.split_once(' ').unwrap_or((scheme, ""));
    let error = failed(&through(
        &options("ws://server.example/"),
        &format!("{scheme}://{userinfo}{}", server.address()),
    ));
    assert_eq!(error.phase, Phase::Proxy, "{error}");
    assert!(!error.message.contains("secret"), "{error}");
    error
}

#[test]
fn tells_why_an_http_proxy_refused() {
    let error =
        error_of("http", &[b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno"]);
    assert_eq!(error.code, ErrorCode::ProxyAuthentication);
    assert!(error.message.contains("wants a user name"), "{error}");
    let response = error.response.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (407, &b"no"[..]));
    let error = error_of("http user:secret@", &[b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"]);
    assert_eq!(error.code, ErrorCode::ProxyAuthentication);
    assert!(error.message.contains("does not accept"), "{error}");
    // Schemes of which none is Basic: another password would not help.
    let error = error_of(
        "http user:secret@",
        &[b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate secret, digest realm=\"a, b\"\r\n\r\n"],
    );
    assert_eq!(error.code, ErrorCode::ProxyAuthentication);
    assert!(
        error.message.contains("wants the authentication Digest or Negotiate or NTLM, and only Basic"),
        "{error}"
    );
    let error =
        error_of("http", &[b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM, Basic realm=\"NTLM\"\r\n\r\n"]);
    assert!(error.message.contains("wants a user name"), "{error}");
    let error = error_of(
        "http",
        &[b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM,\r\n Basic realm=\"x\"\r\nodd line\r\nContent-Length: 2\r\n\r\nno"],
    );
    assert!(error.message.contains("wants a user name"), "{error}");
    assert_eq!(error.response.unwrap().body, b"no");
    let error = error_of("http", &[b"HTTP/1.0 502 Bad Gateway\r\n\r\nthe host is down"]);
    assert_eq!(error.code, ErrorCode::ProxyRefused);
    assert!(error.message.contains("502 Bad Gateway"), "{error}");
    assert_eq!(error.response.unwrap().body, b"the host is down");
    assert_eq!(error_of("http", &[b""]).code, ErrorCode::ConnectionEnded);
    let error = error_of("http", &[b"\x05\x00"]);
    assert_eq!(error.code, ErrorCode::ProxyRefused);
    assert!(error.message.contains("not HTTP/1.1"), "{error}");
    let error = error_of("http", &[b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 X\r\n"]);
    assert_eq!(error.code, ErrorCode::ProxyRefused);
    let error = error_of("https", &[b"HTTP/1.1 400 Bad Request\r\n\r\n"]);
    assert!(error.message.starts_with("cannot reach the proxy https://127.0.0.1:"), "{error}");
}

#[test]
fn tells_why_a_socks_proxy_refused() {
    type Answers = &'static [&'static [u8]];
    let cases: [(&str, Answers, ErrorCode, &str); 11] = [
        ("socks5", &[b"\x05\xFF"], ErrorCode::ProxyAuthentication, "wants a user name"),
        ("socks5 user:secret@", &[b"\x05\xFF"], ErrorCode::ProxyAuthentication, "does not take"),
        (
            "socks5 user:secret@",
            &[b"\x05\x02", b"\x01\x01"],
            ErrorCode::ProxyAuthentication,
            "does not accept",
        ),
        ("socks5", &[b"\x05\x02"], ErrorCode::ProxyRefused, "not valid"),
        ("socks5", &[b"HTTP/1.1 400 Bad Request\r\n\r\n"], ErrorCode::ProxyRefused, "does not speak SOCKS 5"),
        ("socks5", &[b"\x05\x00", b"\x05\x02\0\x01\0\0\0\0\0\0"], ErrorCode::ProxyRefused, "rules"),
        (
            "socks5",
            &[b"\x05\x00", b"\x05\x05\0\x01\0\0\0\0\0\0"],
            ErrorCode::ProxyRefused,
            "server.example:80: the connection was refused",
        ),
        ("socks5", &[b"\x05\x00", b"\x05\x7F\0\x01\0\0\0\0\0\0"], ErrorCode::ProxyRefused, "reply code 127"),
        ("socks5", &[b"\x05\x00", b"\x05\x00\0\x09"], ErrorCode::ProxyRefused, "not valid"),
        ("socks5", &[b"\x05\x00", b"\x05\x00\0"], ErrorCode::ConnectionEnded, ""),
        ("socks5", &[b""], ErrorCode::ConnectionEnded, ""),
    ];
    for (scheme, answers, code, reason) in cases {
        let error = error_of(scheme, answers);
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.contains(reason), "{error}");
    }
}

#[test]
fn tells_that_the_proxy_cannot_be_reached() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let error = failed(&through(&options("ws://server.example/"), &format!("http://secret@{closed}")));
    assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::ConnectionRefused), "{error}");
    assert!(error.message.contains("cannot reach the proxy") && !error.message.contains("secret"), "{error}");
    let full = FullBacklog::new();
    let mut given = through(&options("ws://server.example/"), &full.address().to_string());
    given.timeout = Duration::from_millis(200);
    let error = failed(&given);
    assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::TimedOut), "{error}");
}

#[test]
fn asks_the_platform_for_the_proxy() {
    #[derive(Debug)]
    struct Platform(Option<Proxy>);
    impl ProxyResolver for Platform {
        fn proxy_for(&self, url: &Url) -> Option<Proxy> {
            self.0.clone().filter(|_| url.host().to_string() == "server.example")
        }
    }
    let (server, requests) = server();
    let (address, asked) = http_proxy(server.address());
    let resolver = Arc::new(Platform(Proxy::parse(&address.to_string()).ok()));
    let with = |url: &str| {
        let options = options(url);
        opened(&Options { proxy: ProxySource::Resolver(resolver.clone()), ..options });
        requests.recv().unwrap();
    };
    with("ws://server.example/");
    assert!(asked.recv().is_ok());
    with(&server.url("/"));
    assert!(asked.try_recv().is_err(), "no proxy for this one");
}
