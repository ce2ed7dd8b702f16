//! `close()` in each state, and what comes of it.

use std::time::{Duration, Instant};

use socket_task::{Close, ErrorCode, ReadyState, Refused};
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{FullBacklog, Peer, Server};

use crate::recording::{Event, Recording};
use crate::servers::{options, ws, wss};

/// Long enough for a connection to reach the phase in which its server stalls it.
const UNDER_WAY: Duration = Duration::from_millis(100);

/// Closes a connection to `url` that is under way, and expects its end at once, without an error and without an open.
pub fn assert_aborts(url: &str, after: Duration) {
    let mut recording = Recording::connect(options(url));
    assert!(recording.is_quiet_for(after));
    assert_eq!(recording.socket.ready_state(), ReadyState::Connecting);
    let start = Instant::now();
    recording.socket.close(Some(4000), "no longer").expect("allowed in any state");
    assert_ne!(recording.socket.ready_state(), ReadyState::Connecting);
    recording.closed();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(recording.is_quiet_for(Duration::from_millis(50)));
    let outcome = recording.finish();
    assert!(!outcome.was_open());
    outcome.assert_closed_without_error(1006, "", false);
}

#[test]
fn right_after_connect() {
    for url in [ws("/"), wss("/"), "ws://name.invalid/".to_owned(), ws("/silent")] {
        let mut recording = Recording::connect(options(&url));
        recording.socket.close(None, "").expect("allowed in any state");
        recording.closed();
        let outcome = recording.finish();
        assert!(!outcome.was_open());
        outcome.assert_closed_without_error(1006, "", false);
    }
}

#[test]
fn while_connecting() {
    let backlog = FullBacklog::new();
    assert_aborts(&backlog.url(), UNDER_WAY);
}

#[test]
fn during_the_tls_handshake() {
    let server = Server::instead_of_tls(|mut peer| {
        peer.wait_for_end();
    });
    assert_aborts(&server.url("/"), UNDER_WAY);
}

#[test]
fn during_the_opening_handshake() {
    assert_aborts(&ws("/silent"), UNDER_WAY);
    assert_aborts(&wss("/silent"), UNDER_WAY);
    // The server sees the end of the connection, too.
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.wait_for_end();
    });
    assert_aborts(&server.url("/"), UNDER_WAY);
}

#[test]
fn open_with_and_without_code() {
    for (code, reason) in
        [(Some(1000), ""), (Some(3000), "三千"), (Some(4999), &*"x".repeat(123)), (None, "")]
    {
        let expected = reason.to_owned();
        let server = Server::tcp(move |mut peer| {
            peer.open();
            let close = peer.receive().expect("a frame");
            let frame = code.map_or_else(Frame::close_empty, |code| Frame::close(code, &expected));
            assert_eq!(close, frame);
            peer.send(&close);
            peer.finish();
        });
        let mut recording = Recording::connect(options(&server.url("/")));
        recording.opened();
        recording.socket.close(code, reason).expect("acceptable");
        recording.closed();
        recording.finish().assert_closed_without_error(code.unwrap_or(1005), reason, true);
    }
}

#[test]
fn open_by_an_independent_server() {
    for url in [ws("/"), wss("/")] {
        let mut recording = Recording::connect(options(&url));
        recording.opened();
        recording.socket.close(Some(4321), "bye").expect("acceptable");
        assert_ne!(recording.socket.ready_state(), ReadyState::Open);
        recording.closed();
        recording.finish().assert_closed_without_error(4321, "bye", true);
    }
}

#[test]
fn messages_queued_before_it_are_sent() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        for number in 0..1000 {
            assert_eq!(peer.receive(), Some(Frame::text(number.to_string())));
        }
        assert_eq!(peer.receive(), Some(Frame::binary(vec![5; 1 << 20])));
        assert_eq!(peer.receive(), Some(Frame::close(1000, "")));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    for number in 0..1000 {
        recording.socket.send_text(&number.to_string()).expect("open");
    }
    recording.socket.send_binary(&vec![5; 1 << 20]).expect("open");
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn no_message_is_delivered_after_it() {
    let server = Server::tcp(|mut peer| {
        peer.open_with(&[], &[Frame::text("1").encode(), Frame::text("2").encode()].concat());
        peer.send(&Frame::text("3"));
        assert!(peer.receive_close().is_some());
        for _ in 0..100 {
            peer.send(&Frame::binary(vec![0; 10_000]));
        }
        peer.send(&Frame::close(4000, "done"));
        peer.finish();
    });
    let recording = Recording::connect_with(options(&server.url("/")), |socket, event| {
        if matches!(event, Event::Text(_)) {
            socket.close(Some(4000), "done").expect("acceptable");
        }
    });
    let outcome = recording.run();
    let messages = outcome.events.iter().filter(|event| matches!(event, Event::Text(_) | Event::Binary(_)));
    assert_eq!(messages.count(), 1, "{:?}", outcome.events);
    outcome.assert_closed_without_error(4000, "done", true);
}

#[test]
fn twice_is_once() {
    let mut recording = Recording::connect(options(&ws("/")));
    recording.opened();
    recording.socket.close(Some(4001), "first").expect("acceptable");
    recording.socket.close(Some(4002), "second").expect("nothing happens");
    assert_eq!(recording.closed(), Close { code: 4001, reason: "first".into(), was_clean: true });
    recording.socket.close(Some(4003), "third").expect("nothing happens");
    assert!(recording.is_quiet_for(Duration::from_millis(50)));
    recording.finish();
}

#[test]
fn the_servers_answer_is_what_is_told() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.receive_close();
        peer.send(&Frame::close(4444, "my own"));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    recording.finish().assert_closed_without_error(4444, "my own", true);
}

#[test]
fn both_sides_at_once() {
    let server = Server::tcp(|mut peer| {
        peer.open_with(&[], &Frame::close(4002, "server").encode());
        assert!(peer.receive_close().is_some());
        peer.end();
        assert_eq!(peer.receive(), None, "one Close frame is enough");
        peer.finish();
    });
    let recording = Recording::connect_with(options(&server.url("/")), |socket, event| {
        if matches!(event, Event::Open(_)) {
            socket.close(Some(4001), "client").expect("acceptable");
        }
    });
    recording.run().assert_closed_without_error(4002, "server", true);
}

/// Closes an open connection to `server` and measures the time to its end.
fn time_to_close(url: &str, close_timeout: Option<Duration>) -> Duration {
    let mut options = options(url);
    options.close_timeout = close_timeout.unwrap_or(options.close_timeout);
    let mut recording = Recording::connect(options);
    recording.opened();
    let start = Instant::now();
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    let elapsed = start.elapsed();
    recording.finish().assert_closed_without_error(1006, "", false);
    elapsed
}

#[test]
fn answer_never_comes() {
    let elapsed = time_to_close(&ws("/deaf"), Some(Duration::from_millis(200)));
    assert!((200..1000).contains(&elapsed.as_millis()), "{elapsed:?}");
    let elapsed = time_to_close(&ws("/deaf"), None);
    assert!((2000..3000).contains(&elapsed.as_millis()), "{elapsed:?}");
    let elapsed = time_to_close(&wss("/deaf"), Some(Duration::from_millis(200)));
    assert!((200..1000).contains(&elapsed.as_millis()), "{elapsed:?}");
}

#[test]
fn the_tcp_connection_ends_instead_of_an_answer() {
    for end in [Peer::finish, Peer::reset] {
        let server = Server::tcp(move |mut peer| {
            peer.open();
            peer.receive_close();
            end(peer);
        });
        let elapsed = time_to_close(&server.url("/"), None);
        assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    }
}

#[test]
fn behind_more_than_the_server_takes() {
    let mut options = options(&ws("/deaf"));
    options.close_timeout = Duration::from_millis(300);
    let mut recording = Recording::connect(options);
    recording.opened();
    recording.socket.send_binary(&vec![0; 32 << 20]).expect("room");
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    recording.finish().assert_closed_without_error(1006, "", false);
}

#[test]
fn server_breaks_the_protocol_meanwhile() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.receive_close();
        peer.write(&Frame::new(7, "reserved").encode());
        peer.wait_for_end();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    recording.finish().assert_closed(1006, "", false);
}

#[test]
fn inside_each_callback() {
    type Picks = fn(&Event) -> bool;
    let picks: [(Picks, u16); 4] = [
        (|event| matches!(event, Event::Open(_)), 4321),
        (|event| matches!(event, Event::Text(_)), 4321),
        (|event| matches!(event, Event::Pong(..)), 4321),
        (|event| matches!(event, Event::Drain(_)), 4321),
    ];
    for (picks, code) in picks {
        let recording = Recording::connect_with(options(&ws("/")), move |socket, event| {
            if matches!(event, Event::Open(_)) {
                socket.send_text("echo").expect("open");
                socket.ping(b"p").expect("open");
            }
            if picks(event) {
                socket.close(Some(4321), "inside").expect("acceptable");
            }
        });
        recording.run().assert_closed_without_error(code, "inside", true);
    }
    let failing = |picks: Picks| {
        let recording = Recording::connect_with(options(&ws("/status?code=404")), move |socket, event| {
            if picks(event) {
                socket.close(Some(4321), "inside").expect("acceptable");
            }
        });
        recording.run().assert_failed(socket_task::Phase::Handshake, ErrorCode::HttpStatus, 1006);
    };
    failing(|event| matches!(event, Event::Error(_)));
    failing(|event| matches!(event, Event::Close(_)));
    failing(|event| matches!(event, Event::Release));
}

#[test]
fn what_is_refused() {
    let mut recording = Recording::connect(options(&ws("/")));
    recording.opened();
    let too_long = "x".repeat(124);
    for (code, reason) in [
        (Some(0), ""),
        (Some(999), ""),
        (Some(1004), ""),
        (Some(1005), ""),
        (Some(1006), ""),
        (Some(1015), ""),
        (Some(1016), ""),
        (Some(2999), ""),
        (Some(5000), ""),
        (Some(65535), ""),
        (Some(1000), &*too_long),
        (Some(1000), "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长"),
        (None, "a reason without a code"),
    ] {
        let refused = recording.socket.close(code, reason);
        let Err(Refused::InvalidArgument(text)) = refused else { panic!("{code:?} {reason:?}: {refused:?}") };
        match code {
            Some(1000) => {
                let told = format!("at most 123 bytes of UTF-8, and this one has {}", reason.len());
                assert!(text.contains(&told), "{text}");
            }
            Some(code) => {
                let told = format!("the close code {code} may not be sent; 1000 to 1003, ");
                assert!(text.starts_with(&told), "{text}");
            }
            None => assert_eq!(text, "a close reason needs a close code"),
        }
    }
    assert_eq!(recording.socket.ready_state(), ReadyState::Open);
    recording.socket.send_text("still open").expect("open");
    assert_eq!(recording.text(), "still open");
    recording.finish();
}
