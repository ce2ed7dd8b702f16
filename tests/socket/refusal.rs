//! Connections that do not come to be: from the name to the server's answer.

use std::io::Read;
use std::net::TcpListener;

use socket_task::{ErrorCode, HttpResponse, Options, Phase, Refused, Socket};
use socket_task_testing::http;
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Outcome, Recording};
use crate::servers::{options, ws};

#[test]
fn unknown_name() {
    let outcome = Recording::connect(options("ws://name.invalid/")).run();
    let error = outcome.assert_failed(Phase::Dns, ErrorCode::NameNotResolved, 1006);
    assert!(error.message.contains("name.invalid"), "{error}");
}

#[test]
fn refused_port() {
    // Nobody listens on a port that was free a moment ago.
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let outcome = Recording::connect(options(&format!("ws://127.0.0.1:{port}/"))).run();
    let error = outcome.assert_failed(Phase::Tcp, ErrorCode::ConnectionRefused, 1006);
    assert_ne!(error.os_error, 0);
    assert!(error.message.contains(&port.to_string()), "{error}");
}

#[test]
fn unreachable_address() {
    // The system has no TCP route to the broadcast address, whatever its network.
    let outcome = Recording::connect(options("ws://255.255.255.255:9/")).run();
    let error = outcome.assert_failed(Phase::Tcp, ErrorCode::Unreachable, 1006);
    assert_ne!(error.os_error, 0);
}

#[test]
fn http_statuses() {
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let outcome =
            Recording::connect(options(&ws(&format!("/status?code={status}&body=why%20{status}")))).run();
        let error = outcome.assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
        assert!(error.message.contains(&status.to_string()), "{error}");
        let response = error.response.as_deref().expect("the response");
        assert_eq!(response.status, status);
        assert_eq!(response.body, format!("why {status}").as_bytes());
        let has = |name: &str| response.headers.iter().any(|(field, _)| field == name);
        assert!(has("Content-Type"), "{:?}", response.headers);
        assert_eq!(has("WWW-Authenticate"), status == 401);
        assert!(!outcome.was_open());
    }
}

/// Runs one connection against a server that answers the request with what `answer` makes of it, then ends.
fn answered(answer: impl Fn(&http::Request) -> Vec<u8> + Send + 'static) -> Outcome {
    answered_with(|_| {}, answer)
}

fn answered_with(
    adjust: impl FnOnce(&mut Options),
    answer: impl Fn(&http::Request) -> Vec<u8> + Send + 'static,
) -> Outcome {
    let server = Server::tcp(move |mut peer| {
        let request = peer.read_request().expect("a request");
        let answer = answer(&request);
        peer.write(&answer);
        peer.finish();
    });
    let mut options = options(&server.url("/"));
    adjust(&mut options);
    let outcome = Recording::connect(options).run();
    assert!(!outcome.was_open());
    outcome
}

#[test]
fn long_body_is_cut() {
    let outcome = answered(|_| http::response(503, &[], &[b'x'; 100_000]));
    let error = outcome.assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
    let body = &error.response.as_ref().expect("the response").body;
    assert_eq!(body, &vec![b'x'; HttpResponse::BODY_LIMIT]);
}

#[test]
fn body_without_length_and_body_that_never_comes() {
    let outcome = answered(|_| b"HTTP/1.1 500 Oh\r\nX-A: 1\r\n\r\nhalf a body".to_vec());
    let error = outcome.assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
    assert_eq!(error.response.as_ref().expect("the response").body, b"half a body");

    let outcome = answered(|_| b"HTTP/1.1 404 Not Found\r\nContent-Length: 500\r\n\r\nmuch".to_vec());
    let error = outcome.assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
    assert_eq!(error.response.as_ref().expect("the response").body, b"much");
}

#[test]
fn a_body_that_stalls_does_not_hold_the_error_back() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\nsome");
        peer.wait_for_end();
    });
    let mut options = options(&server.url("/"));
    options.timeout = std::time::Duration::from_secs(3);
    let outcome = Recording::connect(options).run();
    let error = outcome.assert_failed(Phase::Handshake, ErrorCode::HttpStatus, 1006);
    assert_eq!(error.response.as_ref().expect("the response").body, b"some");
}

#[test]
fn wrong_or_missing_accept() {
    let outcome = Recording::connect(options(&ws("/wrong-accept"))).run();
    outcome.assert_failed(Phase::Handshake, ErrorCode::AcceptMismatch, 1006);

    let outcome = answered(|_| {
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".to_vec()
    });
    outcome.assert_failed(Phase::Handshake, ErrorCode::AcceptMismatch, 1006);

    let outcome = answered(|request| {
        let right = String::from_utf8(http::switching_protocols(request, &[])).expect("ASCII");
        let key = request.accept_key();
        right.replace(&key, &key.to_lowercase()).into_bytes()
    });
    outcome.assert_failed(Phase::Handshake, ErrorCode::AcceptMismatch, 1006);
}

#[test]
fn a_101_that_upgrades_to_something_else() {
    for head in [
        "Upgrade: h2c\r\nConnection: Upgrade",
        "Connection: Upgrade",
        "Upgrade: websocket\r\nConnection: close",
        "Upgrade: websocket",
    ] {
        let outcome = answered(move |request| {
            let accept = request.accept_key();
            format!("HTTP/1.1 101 X\r\n{head}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n").into_bytes()
        });
        outcome.assert_failed(Phase::Handshake, ErrorCode::BadHandshake, 1006);
    }
}

#[test]
fn protocols_that_were_not_offered() {
    for chosen in ["never-offered", "CHAT", "chat, other", ""] {
        let offer = |options: &mut Options| options.protocols = vec!["chat".into(), "other".into()];
        let outcome = answered_with(offer, move |request| {
            http::switching_protocols(request, &[("Sec-WebSocket-Protocol", chosen)])
        });
        outcome.assert_failed(Phase::Handshake, ErrorCode::BadProtocol, 1006);
    }
    let outcome = Recording::connect(options(&ws("/bad-protocol"))).run();
    outcome.assert_failed(Phase::Handshake, ErrorCode::BadProtocol, 1006);
}

#[test]
fn two_protocols() {
    let offer = |options: &mut Options| options.protocols = vec!["chat".into(), "other".into()];
    // RFC 6455, section 11.3.4: the field may not come twice in a response.
    let outcome = answered_with(offer, |request| {
        let twice = [("Sec-WebSocket-Protocol", "chat"), ("Sec-WebSocket-Protocol", "other")];
        http::switching_protocols(request, &twice)
    });
    outcome.assert_failed(Phase::Handshake, ErrorCode::BadHandshake, 1006);
}

#[test]
fn extensions_that_were_not_offered() {
    let outcome = Recording::connect(options(&ws("/bad-extension"))).run();
    outcome.assert_failed(Phase::Handshake, ErrorCode::BadExtension, 1006);

    let outcome = answered(|request| {
        http::switching_protocols(request, &[("Sec-WebSocket-Extensions", "permessage-deflate")])
    });
    outcome.assert_failed(Phase::Handshake, ErrorCode::BadExtension, 1006);
}

#[test]
fn answers_that_are_no_http() {
    for junk in
        ["\0\x01\x02\x03\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc X\r\n\r\n", "{}\r\n\r\n"]
    {
        let outcome = answered(move |_| junk.as_bytes().to_vec());
        outcome.assert_failed(Phase::Handshake, ErrorCode::BadHandshake, 1006);
    }
}

#[test]
fn a_response_without_end_is_not_read_forever() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 101 Switching Protocols\r\n");
        let line = format!("X-Filler: {}\r\n", "x".repeat(1000));
        for _ in 0..10_000 {
            peer.write(line.as_bytes());
        }
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Handshake, ErrorCode::BadHandshake, 1006);
}

/// Runs one connection whose server ends it with `end` after these bytes of the response.
fn ended_after(bytes: usize, end: fn(Peer)) -> Outcome {
    let server = Server::tcp(move |mut peer| {
        let request = peer.read_request().expect("a request");
        let response = http::switching_protocols(&request, &[]);
        assert!(bytes < response.len());
        peer.write(&response[..bytes]);
        end(peer);
    });
    Recording::connect(options(&server.url("/"))).run()
}

#[test]
fn fin_before_the_end_of_the_response() {
    for bytes in [0, 1, 30, 100] {
        ended_after(bytes, Peer::finish).assert_failed(Phase::Handshake, ErrorCode::ConnectionEnded, 1006);
    }
}

#[test]
fn reset_before_the_end_of_the_response() {
    for bytes in [0, 1, 30, 100] {
        ended_after(bytes, Peer::reset).assert_failed(Phase::Handshake, ErrorCode::ConnectionReset, 1006);
    }
}

#[test]
fn end_before_the_request_is_read() {
    let server = Server::tcp(|mut peer| {
        // One byte: a reset any sooner may be told as one of the TCP connection's opening.
        peer.read_exact(&mut [0]).expect("a request");
        peer.reset();
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Handshake, ErrorCode::ConnectionReset, 1006);
}

struct Uncalled;

impl socket_task::Listener for Uncalled {}

#[test]
fn what_connect_refuses() {
    let refused = |adjust: fn(&mut Options)| {
        let mut options = options(&ws("/"));
        adjust(&mut options);
        match Socket::connect(options, Uncalled) {
            Err(Refused::InvalidArgument(message)) => message,
            other => panic!("{other:?}"),
        }
    };
    refused(|options| options.headers.push(("X-A".into(), "a\r\nX-Injected: b".into())));
    refused(|options| options.headers.push(("X-A\r\nX-Injected: b".into(), "a".into())));
    refused(|options| options.headers.push(("X-A".into(), "a\0".into())));
    refused(|options| options.headers.push(("Host".into(), "elsewhere".into())));
    refused(|options| options.headers.push(("Sec-WebSocket-Key".into(), "mine".into())));
    refused(|options| options.protocols = vec!["a b".into()]);
    refused(|options| options.protocols = vec!["a".into(), "a".into()]);
}
