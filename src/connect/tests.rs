//! Connecting against real servers on this machine: what all phases share, and redirects.

use std::future::Future;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use socket_task_testing::certificates::Certificates;
use socket_task_testing::http::{Request, response};
use socket_task_testing::raw::{FullBacklog, Server};

use super::*;
use crate::options::{CookieJar, Identity, Proxy, ProxySource, TlsOptions, TrustRoots, Url};

/// Runs a future as the library does: on one thread with timers and blocking threads.
pub(super) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The defaults, with a timeout that no good test reaches.
pub(super) fn options(url: &str) -> Options {
    let mut options = Options::new(Url::parse(url).unwrap());
    options.timeout = Duration::from_secs(10);
    options
}

/// Opens the WebSocket, which must work.
pub(super) fn opened(options: &Options) -> Opened<Stream> {
    options.validate().unwrap();
    run(open(options)).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Opens the WebSocket, which must fail.
pub(super) fn failed(options: &Options) -> Error {
    options.validate().unwrap();
    run(open(options)).map(|opened| panic!("{opened:?}")).unwrap_err()
}

pub(super) fn trust(certificates: &Certificates) -> TlsOptions {
    TlsOptions {
        roots: TrustRoots::None,
        ca_certificates: vec![certificates.authority.der()],
        ..TlsOptions::default()
    }
}

fn closed_port() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

#[test]
fn opens_and_tells_how_long_each_phase_took() {
    let server = Server::tcp(|mut peer| {
        peer.open_with(&[("X-Server", "a"), ("x-server", "b")], b"");
    });
    let opened = opened(&options(&server.url_for_host("localhost", "/")));
    let profile = &opened.profile;
    assert_eq!(opened.status, 101);
    assert_eq!(profile.remote_address, Some(server.address()));
    assert!(profile.dns.end <= profile.tcp.start && profile.tcp.start < profile.tcp.end, "{profile:?}");
    assert!(profile.tcp.end <= profile.handshake.start, "{profile:?}");
    assert!(profile.handshake.duration() > Duration::ZERO, "{profile:?}");
    assert_eq!((profile.tls.duration(), profile.proxy.duration()), (Duration::ZERO, Duration::ZERO));
    assert!(opened.headers.contains(&("X-Server".into(), b"a".into())), "{:?}", opened.headers);
    assert!(opened.headers.contains(&("x-server".into(), b"b".into())), "{:?}", opened.headers);
}

#[test]
fn times_out_in_each_phase() {
    let timeout = Duration::from_millis(300);
    let check = |options: &mut Options, phase: Phase, doing: &str| {
        options.timeout = timeout;
        let start = Instant::now();
        let error = failed(options);
        let elapsed = start.elapsed();
        assert_eq!((error.phase, error.code), (phase, ErrorCode::TimedOut), "{error}");
        assert!(
            error.message.contains("timed out after 300 ms while") && error.message.contains(doing),
            "{error}"
        );
        assert!((timeout..timeout * 4).contains(&elapsed), "{elapsed:?}");
    };
    let dead = FullBacklog::new();
    check(&mut options(&dead.url()), Phase::Tcp, "connecting to 127.0.0.1");
    // The system completes the TCP handshake of a listener that never accepts.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = silent.local_addr().unwrap();
    check(&mut options(&format!("wss://{address}/")), Phase::Tls, "making the TLS handshake with 127.0.0.1");
    check(&mut options(&format!("ws://{address}/")), Phase::Handshake, "waiting for the response");
    let mut proxied = options("ws://server.example/");
    proxied.proxy = ProxySource::Fixed(Proxy::parse(&address.to_string()).unwrap());
    check(&mut proxied, Phase::Proxy, "asking the proxy");
}

#[test]
fn times_out_on_a_response_in_drips() {
    let server = Server::tcp(|mut peer| {
        let request = peer.read_request().unwrap();
        let response = socket_task_testing::http::switching_protocols(&request, &[]);
        peer.drip(&response, Duration::from_millis(20));
    });
    let mut options = options(&server.url("/"));
    options.timeout = Duration::from_millis(300);
    let error = failed(&options);
    assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::TimedOut), "{error}");
}

#[test]
fn reports_a_refused_connection() {
    let address = closed_port();
    let error = failed(&options(&format!("ws://{address}/")));
    assert_eq!((error.phase, error.code), (Phase::Tcp, ErrorCode::ConnectionRefused), "{error}");
    // Windows has its own: WSAECONNREFUSED.
    assert_eq!(error.os_error, if cfg!(windows) { 10061 } else { libc::ECONNREFUSED });
    assert!(error.message.contains(&address.to_string()), "{error}");
}

#[test]
fn reports_a_name_without_address() {
    // RFC 6761, section 6.4: "invalid" never resolves.
    let error = failed(&options("ws://nowhere.invalid/"));
    assert_eq!((error.phase, error.code), (Phase::Dns, ErrorCode::NameNotResolved), "{error}");
    assert!(error.message.contains("nowhere.invalid"), "{error}");
}

#[test]
fn reports_ends_and_resets_during_the_handshake() {
    let code = |script: fn(socket_task_testing::raw::Peer)| {
        let server = Server::tcp(script);
        let error = failed(&options(&server.url("/")));
        assert_eq!(error.phase, Phase::Handshake, "{error}");
        (error.code, error.message)
    };
    let (end, message) = code(|mut peer| {
        peer.read_request();
        peer.finish();
    });
    assert_eq!(end, ErrorCode::ConnectionEnded);
    assert!(message.contains("before its response"), "{message}");
    let (end, message) = code(|mut peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: web");
        peer.finish();
    });
    assert_eq!(end, ErrorCode::ConnectionEnded);
    assert!(message.contains("in the middle of its response"), "{message}");
    let (end, _) = code(|mut peer| {
        peer.read_request();
        peer.reset();
    });
    assert_eq!(end, ErrorCode::ConnectionReset);
}

#[test]
fn dropping_the_future_closes_the_connection() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4];
        stream.read_exact(&mut request).unwrap();
        sender.send(()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        std::io::copy(&mut stream, &mut std::io::sink()).unwrap()
    });
    run(async {
        let options = options(&format!("ws://{address}/"));
        let attempt = open(&options);
        let received = tokio::task::spawn_blocking(move || receiver.recv());
        let mut attempt = std::pin::pin!(attempt);
        tokio::select! {
            result = &mut attempt => panic!("{result:?}"),
            received = received => received.unwrap().unwrap(),
        }
    });
    server.join().unwrap();
}

/// A server that answers request after request with what `answer` makes of each.
fn answering(answer: impl Fn(&Request) -> Vec<u8> + Send + 'static) -> (Server, Arc<Mutex<Vec<String>>>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let server = Server::tcp(move |mut peer| {
        let Some(request) = peer.read_request() else { return };
        seen.lock().unwrap().push(format!("{}\r\n", request.head()));
        peer.write(&answer(&request));
    });
    (server, requests)
}

fn redirect(status: u16, location: &str) -> Vec<u8> {
    response(status, &[("Location", location)], b"elsewhere")
}

#[test]
fn follows_redirects_when_told_to() {
    for status in [301, 302, 303, 307, 308] {
        let (server, requests) = answering(move |request| match request.target() {
            "/a/start?x" => redirect(status, "../next?y"),
            _ => socket_task_testing::http::switching_protocols(request, &[]),
        });
        let mut options = options(&server.url("/a/start?x"));
        let error = failed(&options);
        assert_eq!(error.code, ErrorCode::HttpStatus);
        assert_eq!(error.response.unwrap().status, status);
        options.follow_redirects = 1;
        options.headers = vec![("Authorization".into(), "Bearer secret".into())];
        opened(&options);
        let requests = requests.lock().unwrap();
        assert!(requests[2].starts_with("GET /next?y HTTP/1.1\r\n"), "{requests:?}");
        assert!(requests[2].contains("Authorization: Bearer secret\r\n"), "the origin is the same");
    }
}

#[test]
fn takes_no_credential_to_another_origin() {
    let (second, requests) =
        answering(|request| socket_task_testing::http::switching_protocols(request, &[]));
    let target = second.url("/b");
    let (first, _) = answering(move |_| redirect(302, &target));
    let mut options = options(&first.url("/").replace("ws://", "ws://user:password@"));
    options.follow_redirects = 5;
    options.headers = ["authorization", "Cookie", "Proxy-Authorization", "X-Kept"]
        .map(|name| (name.to_owned(), "secret".into()))
        .to_vec();
    opened(&options);
    let requests = requests.lock().unwrap();
    let head = requests[0].to_ascii_lowercase();
    assert!(head.contains("x-kept: secret\r\n"), "{head}");
    assert_eq!(head.matches("secret").count(), 1, "{head}");
    assert!(!head.contains("authorization"), "{head}");
}

#[test]
fn refuses_bad_redirects() {
    let check = |location: Option<&'static str>, expected: &str| {
        let (server, _) = answering(move |_| match location {
            Some(location) => redirect(307, location),
            None => response(307, &[], b""),
        });
        let mut options = options(&server.url("/"));
        options.follow_redirects = 3;
        let error = failed(&options);
        assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::BadRedirect), "{error}");
        assert!(error.message.contains(expected), "{error}");
        assert_eq!(error.response.unwrap().status, 307);
    };
    check(Some("/again"), "more than 3 times");
    check(None, "no Location");
    check(Some("ftp://other.example/"), "ftp");

    let certificates = Certificates::generate();
    let server = Server::tls(certificates.good.server_config(), |mut peer| {
        peer.read_request();
        peer.write(&redirect(302, "ws://other.example/"));
    });
    let mut options = options(&server.url("/"));
    options.follow_redirects = 1;
    options.tls = trust(&certificates);
    let error = failed(&options);
    assert_eq!(error.code, ErrorCode::BadRedirect);
    assert!(error.message.contains("from wss to ws"), "{error}");
}

#[test]
fn asks_the_cookie_jar_and_fills_it() {
    #[derive(Debug, Default)]
    struct Jar(Mutex<Vec<String>>);
    impl CookieJar for Jar {
        fn cookies(&self, url: &Url) -> Option<String> {
            Some(format!("for={}", url.request_target()))
        }
        fn set_cookies(&self, url: &Url, values: &[String]) {
            self.0.lock().unwrap().push(format!("{} {}", url.to_http(), values.join("|")));
        }
    }
    let (server, requests) = answering(|request| match request.target() {
        "/" => {
            response(302, &[("Location", "/b"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2; Path=/")], b"")
        }
        _ => socket_task_testing::http::switching_protocols(request, &[("Set-Cookie", "c=3")]),
    });
    let jar = Arc::new(Jar::default());
    let mut options = options(&server.url("/"));
    options.follow_redirects = 1;
    options.cookies = Some(Arc::clone(&jar) as Arc<dyn CookieJar>);
    opened(&options);
    let address = server.address();
    assert_eq!(
        *jar.0.lock().unwrap(),
        [format!("http://{address}/ a=1|b=2; Path=/"), format!("http://{address}/b c=3")]
    );
    assert!(requests.lock().unwrap()[0].contains("Cookie: for=/\r\n"));
    assert!(requests.lock().unwrap()[1].contains("Cookie: for=/b\r\n"));
}

#[test]
fn a_client_certificate_stays_with_its_origin() {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["client.example".to_owned()]).unwrap();
    let key = signing_key.serialize_pem();
    let mut options = options("wss://a.example/");
    options.tls.server_name = Some("other.example".to_owned());
    options.tls.client_certificate = Some(Identity::new(cert.pem().as_bytes(), key.as_bytes()).unwrap());
    let head = |location: &str| handshake::head::Head {
        status: 302,
        fields: vec![("Location".to_owned(), location.into())],
    };
    let same = redirect::follow(&options, &head("/b")).unwrap();
    assert!(same.tls.client_certificate.is_some() && same.tls.server_name.is_some());
    let other = redirect::follow(&options, &head("//b.example/b")).unwrap();
    assert!(other.tls.client_certificate.is_none() && other.tls.server_name.is_none());
}

#[test]
fn debug_output_holds_no_secret() {
    let mut options = options("wss://user:hunter2@a.example/?hunter2");
    options.headers = vec![("Authorization".into(), "Bearer hunter2".into())];
    options.proxy = ProxySource::Fixed(Proxy::parse("http://user:hunter2@proxy.example").unwrap());
    let text = format!("{options:?}");
    assert!(
        text.contains("a.example") && text.contains("Authorization") && text.contains("proxy.example"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}
