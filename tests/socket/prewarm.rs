//! Connections that are opened in advance, and those that adopt them.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use socket_task::options::{CookieJar, Identity, Proxy, ProxyResolver, ProxySource, Sha256, TlsVersion, Url};
use socket_task::wire::deflate::DeflateOptions;
use socket_task::wire::extensions;
use socket_task::{ErrorCode, Options, Phase, ReadyState, Refused, TrustRoots, prewarm};
use socket_task_testing::frame::{Frame, RSV1, opcode};
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Event, Recording};
use crate::servers::{CERTIFICATES, options};

const LONG: Duration = Duration::from_secs(60);

/// Runs `script` on each connection, and tells of each when its request has come.
fn counting(
    mut script: impl FnMut(&mut Peer, usize) + Send + 'static,
) -> (Server, Arc<AtomicUsize>, Receiver<usize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let (sender, opened) = channel();
    let counted = Arc::clone(&count);
    let server = Server::tcp(move |mut peer| {
        if peer.try_open().is_some() {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            let _ = sender.send(number);
            script(&mut peer, number);
        }
    });
    (server, count, opened)
}

/// Answers the client's Close, and gives its code.
fn close(peer: &mut Peer) -> Option<u16> {
    let frame = peer.receive_close()?;
    peer.send(&Frame::new(opcode::CLOSE, frame.payload.clone()));
    frame.payload.first_chunk().map(|code| u16::from_be_bytes(*code))
}

fn wait<T>(receiver: &Receiver<T>) -> T {
    receiver.recv_timeout(Duration::from_secs(20)).expect("the server tells")
}

#[test]
fn is_adopted_by_the_next_connection_and_by_no_other() {
    let (server, count, opened) = counting(|peer, number| {
        peer.send(&Frame::text(format!("number {number}")));
        close(peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).expect("the options are acceptable");
    assert_eq!(wait(&opened), 0);
    sleep(Duration::from_millis(100));

    let mut first = Recording::connect(options.clone());
    let open = first.opened();
    assert_eq!(open.status, 101);
    assert!(open.profile.remote_address.is_some_and(|address| address == server.address()));
    assert_eq!(first.text(), "number 0");
    first.socket.close(Some(1000), "").unwrap();
    first.run().assert_closed_without_error(1000, "", true);
    assert_eq!(count.load(Ordering::SeqCst), 1, "the connection was made once");

    let mut second = Recording::connect(options);
    second.opened();
    assert_eq!(second.text(), "number 1");
    second.finish();
}

#[test]
fn is_adopted_on_its_way() {
    let (go, held): (Sender<()>, Receiver<()>) = channel();
    let server = Server::tcp(move |mut peer| {
        wait(&held);
        peer.open();
        peer.send(&Frame::text("late"));
        close(&mut peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    sleep(Duration::from_millis(50));
    let mut adopter = Recording::connect(options);
    assert_eq!(adopter.socket.ready_state(), ReadyState::Connecting);
    assert!(adopter.is_quiet_for(Duration::from_millis(50)));
    go.send(()).unwrap();
    adopter.opened();
    assert_eq!(adopter.text(), "late");
    adopter.finish();
}

#[test]
fn tells_its_failure_to_who_adopted_it_on_its_way() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        sleep(Duration::from_millis(200));
        peer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    sleep(Duration::from_millis(50));
    Recording::connect(options).run().assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
}

#[test]
fn what_came_before_is_delivered_in_order_and_as_a_pause_allows() {
    let (server, _, opened) = counting(|peer, _| {
        for number in 0..100 {
            peer.send(&Frame::text(number.to_string()));
        }
        peer.send(&Frame::new(opcode::BINARY, vec![7; 5000]));
        // A ping is answered though nobody has adopted the connection.
        peer.send(&Frame::new(opcode::PING, b"alive?".to_vec()));
        assert_eq!(
            peer.receive().map(|frame| (frame.opcode, frame.payload)),
            Some((opcode::PONG, b"alive?".to_vec()))
        );
        assert_eq!(peer.receive().map(|frame| frame.payload), Some(b"go on".to_vec()));
        peer.send(&Frame::text("after"));
        close(peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    sleep(Duration::from_millis(100));
    let mut adopter = Recording::connect_with(options, |socket, event| {
        if matches!(event, Event::Text(text) if text == "9") {
            socket.pause();
        }
    });
    adopter.opened();
    for number in 0..10 {
        assert_eq!(adopter.text(), number.to_string());
    }
    assert!(adopter.is_quiet_for(Duration::from_millis(100)));
    adopter.socket.resume();
    for number in 10..100 {
        assert_eq!(adopter.text(), number.to_string());
    }
    assert_eq!(adopter.binary(), [7; 5000]);
    adopter.socket.send_text("go on").unwrap();
    assert_eq!(adopter.text(), "after");
    adopter.socket.close(Some(1000), "").unwrap();
    adopter.run().assert_closed_without_error(1000, "", true);
}

#[test]
fn no_message_follows_a_close_inside_on_open() {
    let (server, _, opened) = counting(|peer, _| {
        peer.send(&Frame::text("never seen"));
        close(peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    sleep(Duration::from_millis(100));
    let outcome = Recording::connect_with(options, |socket, event| {
        if matches!(event, Event::Open(_)) {
            socket.close(Some(4000), "enough").unwrap();
        }
    })
    .run();
    outcome.assert_closed_without_error(4000, "enough", true);
    assert!(!outcome.events.iter().any(|event| matches!(event, Event::Text(_))), "{:?}", outcome.events);
}

#[test]
fn a_server_that_floods_is_slowed_down() {
    const MESSAGE: usize = 64 << 10;
    const MESSAGES: usize = 1000;
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let (server, _, opened) = counting(move |peer, _| {
        for _ in 0..MESSAGES {
            peer.send(&Frame::new(opcode::BINARY, vec![1; MESSAGE]));
            counted.fetch_add(1, Ordering::SeqCst);
        }
        close(peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    sleep(Duration::from_millis(500));
    // What the operating system holds on both sides comes on top of what is kept.
    assert!(sent.load(Ordering::SeqCst) < MESSAGES / 2, "{sent:?}");
    let mut adopter = Recording::connect(options);
    adopter.opened();
    for _ in 0..MESSAGES {
        assert_eq!(adopter.binary().len(), MESSAGE);
    }
    adopter.socket.close(Some(1000), "").unwrap();
    adopter.run().assert_closed_without_error(1000, "", true);
}

/// More is neither read nor decompressed than can be kept.
#[test]
fn a_message_that_is_too_large_to_be_kept_waits_for_who_adopts_it() {
    const SIZE: usize = 64 << 20;
    let deflate = DeflateOptions::default();
    let negotiated = extensions::negotiate(Some(&deflate), &["permessage-deflate"]).unwrap().unwrap();
    let compressed = negotiated.deflater().compress(&vec![0; SIZE]).unwrap().to_vec();
    for frame in [
        Frame::new(opcode::BINARY, vec![0; SIZE]),
        Frame::new(opcode::BINARY, compressed).with_rsv(RSV1),
        Frame::new(opcode::BINARY, vec![0; 255 << 10]),
    ] {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let (ready, opened) = channel();
        let fits = frame.payload.len() == 255 << 10;
        let mut script = Some(move |peer: &mut Peer| {
            peer.open_with(&[("Sec-WebSocket-Extensions", "permessage-deflate")], b"");
            ready.send(()).unwrap();
            for part in frame.encode().chunks(64 << 10) {
                peer.write(part);
                counted.fetch_add(part.len(), Ordering::SeqCst);
            }
            peer.send(&Frame::ping("read?"));
            assert_eq!(peer.receive().map(|frame| frame.opcode), Some(opcode::PONG));
            counted.store(usize::MAX, Ordering::SeqCst);
            close(peer);
        });
        let server = Server::tcp(move |mut peer| script.take().expect("one connection")(&mut peer));
        let options = Options { per_message_deflate: Some(deflate.clone()), ..options(&server.url("/")) };
        prewarm(options.clone(), LONG).unwrap();
        wait(&opened);
        sleep(Duration::from_millis(300));
        // The operating system takes some megabytes.
        let before = taken.load(Ordering::SeqCst);
        assert!(if fits { before == usize::MAX } else { before < SIZE / 2 }, "{before} bytes were taken");
        let mut adopter = Recording::connect(options);
        adopter.opened();
        assert_eq!(adopter.binary().len(), if fits { 255 << 10 } else { SIZE });
        adopter.finish();
    }
}

#[test]
fn a_dead_one_is_not_adopted() {
    type End = fn(&mut Peer);
    let ends: [End; 4] = [
        |peer| {
            peer.send(&Frame::close(1001, "restarting"));
            peer.receive_close();
        },
        // A server that waits for the answer to its Close, and for the end.
        |peer| {
            peer.send(&Frame::close(1000, ""));
            peer.receive_close();
            sleep(Duration::from_millis(300));
        },
        |peer| peer.send(&Frame::text("wrong").with_rsv(0b010)),
        |_| {},
    ];
    for end in ends {
        let (server, count, opened) = counting(move |peer, number| {
            if number == 0 {
                end(peer);
            } else {
                peer.send(&Frame::text("anew"));
                close(peer);
            }
        });
        let options = options(&server.url("/"));
        prewarm(options.clone(), LONG).unwrap();
        wait(&opened);
        sleep(Duration::from_millis(100));
        let mut anew = Recording::connect(options);
        anew.opened();
        assert_eq!(anew.text(), "anew");
        assert_eq!(count.load(Ordering::SeqCst), 2);
        anew.socket.close(Some(1000), "").unwrap();
        anew.run().assert_closed_without_error(1000, "", true);
    }
}

#[test]
fn one_that_failed_is_not_adopted() {
    let server = Server::tcp({
        let mut number = 0;
        move |mut peer| {
            number += 1;
            if number == 1 {
                peer.read_request();
                peer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            } else if peer.try_open().is_some() {
                close(&mut peer);
            }
        }
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), LONG).unwrap();
    sleep(Duration::from_millis(200));
    let mut anew = Recording::connect(options);
    anew.opened();
    anew.socket.close(Some(1000), "").unwrap();
    anew.run().assert_closed_without_error(1000, "", true);
}

#[test]
fn is_closed_with_1001_when_nobody_comes() {
    let (codes, closed) = channel();
    let (server, count, opened) = counting(move |peer, _| codes.send(close(peer)).unwrap());
    let options = options(&server.url("/"));
    let start = Instant::now();
    prewarm(options.clone(), Duration::from_millis(300)).unwrap();
    wait(&opened);
    // Again is nothing, and does not prolong it.
    prewarm(options.clone(), LONG).unwrap();
    assert_eq!(wait(&closed), Some(1001));
    let lived = start.elapsed();
    assert!(lived >= Duration::from_millis(300) && lived < Duration::from_secs(5), "{lived:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);

    let mut anew = Recording::connect(options);
    anew.opened();
    assert_eq!(wait(&opened), 1);
    anew.finish();
    assert_eq!(wait(&closed), Some(1001));
}

#[test]
fn adopting_races_with_the_end() {
    // The server closes, or the time is over, when somebody comes: then that connects anew.
    let (server, _, _opened) = counting(|peer, number| {
        peer.send(&Frame::text("hello"));
        if number % 3 > 0 {
            sleep(Duration::from_micros(number as u64 * 37 % 500));
            peer.send(&Frame::close(1001, ""));
        }
        close(peer);
    });
    let mut options = options(&server.url("/"));
    for round in 0..500_u64 {
        options.cookies = (round % 4 > 1).then(|| Arc::new(NoCookies) as Arc<dyn CookieJar>);
        let lifetime = if round % 2 == 0 { LONG } else { Duration::from_millis(2) };
        prewarm(options.clone(), lifetime).unwrap();
        sleep(Duration::from_micros(round * 53 % 3000));
        let mut adopter = Recording::connect(options.clone());
        adopter.opened();
        assert_eq!(adopter.text(), "hello");
        adopter.socket.close(Some(1000), "").unwrap();
        let outcome = adopter.run();
        assert!(outcome.error().is_none() && outcome.close().is_some_and(|close| close.was_clean));
    }
}

#[test]
fn an_adopted_one_outlives_its_time() {
    let (server, _, opened) = counting(|peer, _| {
        sleep(Duration::from_millis(400));
        peer.send(&Frame::text("still here"));
        close(peer);
    });
    let options = options(&server.url("/"));
    prewarm(options.clone(), Duration::from_millis(200)).unwrap();
    wait(&opened);
    let mut adopter = Recording::connect(options);
    adopter.opened();
    assert_eq!(adopter.text(), "still here");
    adopter.finish();
}

#[test]
fn options_that_are_not_acceptable_are_refused() {
    let mut options = options("ws://127.0.0.1:9/");
    options.headers.push(("Host".to_owned(), "elsewhere".into()));
    assert!(matches!(prewarm(options, LONG), Err(Refused::InvalidArgument(_))));
}

#[derive(Debug)]
struct NoCookies;

impl CookieJar for NoCookies {
    fn cookies(&self, _: &Url) -> Option<String> {
        None
    }

    fn set_cookies(&self, _: &Url, _: &[String]) {}
}

#[derive(Debug)]
struct Direct;

impl ProxyResolver for Direct {
    fn proxy_for(&self, _: &Url) -> Option<Proxy> {
        None
    }
}

/// A change of one option. The lists have one for every field of `Options` and `TlsOptions`.
type Change = fn(&mut Options);

const CHANGES: &[Change] = &[
    |options| options.url = format!("{}?other", options.url).parse().unwrap(),
    |options| options.url = options.url.href().replace("//", "//user:password@").parse().unwrap(),
    |options| options.headers.push(("X-Other".to_owned(), "1".into())),
    |options| options.protocols.push("other".to_owned()),
    |options| options.timeout += Duration::from_secs(1),
    |options| options.close_timeout += Duration::from_secs(1),
    |options| options.max_message_size -= 1,
    |options| options.max_buffered_amount -= 1,
    |options| options.per_message_deflate = Some(DeflateOptions::default()),
    |options| options.tcp_no_delay = false,
    |options| options.ping_interval = Some(LONG),
    |options| options.pong_timeout += Duration::from_secs(1),
    |options| options.tcp_keepalive = Some(LONG),
    |options| options.resolve.push(("other.test".to_owned(), vec![IpAddr::from([127, 0, 0, 1])])),
    |options| options.proxy = ProxySource::Resolver(Arc::new(Direct)),
    |options| options.proxy = ProxySource::Environment,
    |options| options.follow_redirects = 1,
    |options| options.cookies = Some(Arc::new(NoCookies)),
    |options| options.tls.roots = TrustRoots::System,
    |options| options.tls.ca_certificates.push(CERTIFICATES.self_signed.der()),
    |options| options.tls.pins.push(Sha256::parse(&CERTIFICATES.good.pin()).unwrap()),
    |options| {
        options.tls.accepted_certificates.push(Sha256::parse(&CERTIFICATES.good.fingerprint()).unwrap())
    },
    |options| {
        let (certificate, key) = (CERTIFICATES.good.pem(), CERTIFICATES.good.key_pem());
        options.tls.client_certificate = Some(Identity::new(certificate.as_bytes(), key.as_bytes()).unwrap());
    },
    |options| options.tls.server_name = Some("localhost".to_owned()),
    |options| options.tls.min_version = TlsVersion::Tls13,
];

#[test]
fn one_with_another_option_is_not_adopted() {
    let (server, count, opened) = counting(|peer, _| {
        close(peer);
    });
    let prewarmed = options(&server.url("/"));
    for (index, change) in CHANGES.iter().enumerate() {
        let mut changed = prewarmed.clone();
        change(&mut changed);
        assert!(changed != prewarmed && changed.clone() == changed, "the change of number {index}");
    }
    // The server has one connection at a time: with one that waits, nobody else is served until it is adopted.
    prewarm(prewarmed.clone(), LONG).unwrap();
    wait(&opened);
    let mut other = prewarmed.clone();
    other.headers.push(("X-Other".to_owned(), "1".into()));
    let mut other = Recording::connect(other);
    assert!(other.is_quiet_for(Duration::from_millis(200)));
    let mut adopter = Recording::connect(prewarmed);
    adopter.opened();
    adopter.finish();
    other.opened();
    assert_eq!(count.load(Ordering::SeqCst), 2);
    other.finish();
}

#[test]
fn one_with_the_same_jar_and_resolver_is_adopted() {
    let (server, count, opened) = counting(|peer, _| {
        close(peer);
    });
    let mut options = options(&server.url("/"));
    options.cookies = Some(Arc::new(NoCookies));
    options.proxy = ProxySource::Resolver(Arc::new(Direct));
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    let mut adopter = Recording::connect(options);
    adopter.opened();
    adopter.finish();
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

/// What a hook does when it is asked: the first time, and from then on.
type Answer = fn() -> Option<&'static str>;

#[derive(Debug)]
struct Changing {
    asked: AtomicUsize,
    answers: [Answer; 2],
}

impl Changing {
    fn jar(answers: [Answer; 2]) -> Option<Arc<dyn CookieJar>> {
        Some(Arc::new(Changing { asked: AtomicUsize::new(0), answers }))
    }

    fn answer(&self) -> Option<String> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        self.answers[asked.min(1)]().map(str::to_owned)
    }
}

impl CookieJar for Changing {
    fn cookies(&self, _: &Url) -> Option<String> {
        self.answer()
    }

    fn set_cookies(&self, _: &Url, _: &[String]) {}
}

impl ProxyResolver for Changing {
    fn proxy_for(&self, _: &Url) -> Option<Proxy> {
        self.answer().map(|url| Proxy::parse(&url).expect("a proxy's URL"))
    }
}

/// Tells each connection which cookies it came with. The codes are those that the client closes with.
fn greeting() -> (Server, Receiver<Option<u16>>, Receiver<()>) {
    let (codes, closed) = channel();
    let (sender, opened) = channel();
    let server = Server::tcp(move |mut peer| {
        let Some(request) = peer.try_open() else { return };
        peer.send(&Frame::text(request.header("Cookie").unwrap_or("nobody")));
        sender.send(()).expect("the test waits");
        let _ = codes.send(close(&mut peer));
    });
    (server, closed, opened)
}

fn greeted_by(server: &Server, opened: &Receiver<()>, jar: Option<Arc<dyn CookieJar>>) -> Recording {
    let options = Options { cookies: jar, ..options(&server.url("/")) };
    prewarm(options.clone(), LONG).unwrap();
    wait(opened);
    sleep(Duration::from_millis(50));
    Recording::connect(options)
}

#[test]
fn one_with_the_same_cookies_is_adopted_with_what_came_before() {
    let (server, closed, opened) = greeting();
    let mut adopter = greeted_by(&server, &opened, Changing::jar([|| Some("user=a"), || Some("user=a")]));
    adopter.opened();
    assert_eq!(adopter.text(), "user=a");
    adopter.socket.close(Some(1000), "").unwrap();
    adopter.run().assert_closed_without_error(1000, "", true);
    assert_eq!(wait(&closed), Some(1000));
    assert!(opened.try_recv().is_err(), "the connection was made once");
}

#[test]
fn one_with_the_cookies_of_another_user_is_not_adopted() {
    let (server, closed, opened) = greeting();
    for [first, second] in [["user=a", "user=b"], ["user=a", ""], ["", "user=b"]] {
        let answers: [Answer; 2] = match [first, second] {
            ["", _] => [|| None, || Some("user=b")],
            [_, ""] => [|| Some("user=a"), || None],
            _ => [|| Some("user=a"), || Some("user=b")],
        };
        let mut adopter = greeted_by(&server, &opened, Changing::jar(answers));
        adopter.opened();
        assert_eq!(wait(&closed), Some(1001));
        assert_eq!(adopter.text(), if second.is_empty() { "nobody" } else { second });
        assert_eq!(adopter.socket.stats().messages_received, 1, "of this connection alone");
        wait(&opened);
        adopter.socket.close(Some(1000), "").unwrap();
        adopter.run().assert_closed_without_error(1000, "", true);
        assert_eq!(wait(&closed), Some(1000));
    }
}

#[test]
fn one_that_went_another_way_is_not_adopted() {
    let (server, closed, opened) = greeting();
    let resolver = Changing { asked: AtomicUsize::new(0), answers: [|| None, || Some("http://127.0.0.1:9")] };
    let options = Options { proxy: ProxySource::Resolver(Arc::new(resolver)), ..options(&server.url("/")) };
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    Recording::connect(options).run().assert_failed(Phase::Proxy, ErrorCode::ConnectionRefused, 1006);
    assert_eq!(wait(&closed), Some(1001));
}

#[test]
fn nothing_can_be_sent_before_the_hooks_have_answered_and_close_does_not_wait_for_them() {
    let (server, closed, opened) = greeting();
    let slowly = || {
        sleep(Duration::from_millis(500));
        Some("user=a")
    };
    for closes in [true, false] {
        let jar = Changing::jar([|| Some("user=a"), slowly]);
        let adopter = greeted_by(&server, &opened, jar);
        assert_eq!(adopter.socket.ready_state(), ReadyState::Connecting);
        assert!(matches!(adopter.socket.send_text("early"), Err(Refused::InvalidState(_))));
        if closes {
            adopter.socket.close(Some(1000), "").unwrap();
            let outcome = adopter.run();
            outcome.assert_closed_without_error(1006, "", false);
            assert!(!outcome.was_open());
        } else {
            assert!(!adopter.finish().was_open());
        }
        wait(&closed);
    }
}

#[test]
fn the_time_to_open_holds_for_hooks_that_are_asked_again() {
    let (server, _closed, opened) = greeting();
    let never = || {
        sleep(Duration::from_secs(2));
        None
    };
    let options = Options {
        cookies: Changing::jar([|| None, never]),
        timeout: Duration::from_millis(200),
        ..options(&server.url("/"))
    };
    prewarm(options.clone(), LONG).unwrap();
    wait(&opened);
    sleep(Duration::from_millis(50));
    Recording::connect(options).run().assert_failed(Phase::Handshake, ErrorCode::TimedOut, 1006);
}
