//! `release()` in each state and inside each callback: nothing follows but the one release event.

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use socket_task::ReadyState;
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{FullBacklog, Server};

use crate::recording::{Event, Recording};
use crate::servers::{options, ws, wss};

const UNDER_WAY: Duration = Duration::from_millis(100);

/// Releases a connection to `url` that is under way, and expects nothing but its release, at once.
pub fn assert_releases(url: &str, after: Duration) {
    let mut recording = Recording::connect(options(url));
    assert!(recording.is_quiet_for(after));
    assert_eq!(recording.socket.ready_state(), ReadyState::Connecting);
    let start = Instant::now();
    let outcome = recording.finish();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(outcome.events.len(), 1, "{:?}", outcome.events);
}

#[test]
fn right_after_connect() {
    for url in [ws("/"), wss("/"), "ws://name.invalid/".to_owned(), ws("/silent")] {
        let outcome = Recording::connect(options(&url)).finish();
        assert_eq!(outcome.events.len(), 1, "{:?}", outcome.events);
    }
}

#[test]
fn while_connecting() {
    let backlog = FullBacklog::new();
    assert_releases(&backlog.url(), UNDER_WAY);
}

#[test]
fn during_the_tls_handshake() {
    let server = Server::instead_of_tls(|mut peer| {
        peer.wait_for_end();
    });
    assert_releases(&server.url("/"), UNDER_WAY);
}

#[test]
fn during_the_opening_handshake() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.wait_for_end();
    });
    assert_releases(&server.url("/"), UNDER_WAY);
    assert_releases(&wss("/silent"), UNDER_WAY);
}

#[test]
fn open_goes_away_behind_its_messages() {
    let (sender, receiver) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        assert_eq!(peer.receive(), Some(Frame::text("queued")));
        assert_eq!(peer.receive(), Some(Frame::binary(vec![1; 1 << 20])));
        sender.send(peer.receive()).expect("the test waits");
        // Behind the release nobody is told of messages.
        peer.send(&Frame::text("late"));
        peer.send(&Frame::close(1001, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    recording.socket.send_text("queued").expect("open");
    recording.socket.send_binary(&vec![1; 1 << 20]).expect("open");
    recording.finish().assert_released_early();
    let close =
        receiver.recv_timeout(Duration::from_secs(10)).expect("the server's answer").expect("a frame");
    assert_eq!(close.close_code(), Some(1001));
}

#[test]
fn open_to_a_server_that_never_answers_leaves_no_connection() {
    let (sender, receiver) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        assert!(peer.receive_close().is_some());
        peer.wait_for_end();
        sender.send(()).expect("the test waits");
    });
    let mut options = options(&server.url("/"));
    options.close_timeout = Duration::from_millis(200);
    let mut recording = Recording::connect(options);
    recording.opened();
    recording.finish().assert_released_early();
    receiver.recv_timeout(Duration::from_secs(5)).expect("the connection ends");
}

#[test]
fn while_closing() {
    let (sender, receiver) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        sender.send(peer.receive_close()).expect("the test waits");
        thread::sleep(UNDER_WAY);
        peer.send(&Frame::close(4000, "x"));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    recording.socket.close(Some(4000), "x").expect("acceptable");
    let close = receiver.recv_timeout(Duration::from_secs(10)).expect("the Close frame").expect("a frame");
    assert_eq!(close.close_code(), Some(4000));
    recording.finish().assert_released_early();
}

#[test]
fn closed() {
    let mut recording = Recording::connect(options(&ws("/close?code=1000")));
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn inside_each_callback() {
    type Picks = fn(&Event) -> bool;
    let picks: [(&str, Picks); 8] = [
        ("/", |event| matches!(event, Event::Open(_))),
        ("/", |event| matches!(event, Event::Text(_))),
        ("/", |event| matches!(event, Event::Pong(..))),
        ("/", |event| matches!(event, Event::Drain(_))),
        ("/reset", |event| matches!(event, Event::Error(_))),
        ("/reset", |event| matches!(event, Event::Close(_))),
        ("/status", |event| matches!(event, Event::Error(_))),
        ("/burst?n=1000", |event| matches!(event, Event::Text(text) if text == "500")),
    ];
    for (path, picks) in picks {
        let recording = Recording::connect_with(options(&ws(path)), move |socket, event| {
            if matches!(event, Event::Open(_)) {
                let _ = socket.send_text("echo");
                let _ = socket.ping(b"p");
            }
            if picks(event) {
                socket.release();
            }
            if matches!(event, Event::Release) {
                // Nothing is left to do, and nothing may go wrong.
                socket.release();
                assert!(socket.send_text("late").is_err());
                assert_eq!(socket.close(None, ""), Ok(()));
            }
        });
        let outcome = recording.wait_for_release();
        let last_two = &outcome.events[outcome.events.len() - 2..];
        assert!(picks(&last_two[0]) && matches!(last_two[1], Event::Release), "{path}: {last_two:?}");
    }
}

#[test]
fn from_many_threads_at_once() {
    for _ in 0..50 {
        let mut recording = Recording::connect(options(&ws("/burst?n=100")));
        recording.opened();
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let socket = recording.socket.clone();
                thread::spawn(move || {
                    let _ = socket.send_text("racing");
                    if number % 2 == 0 {
                        socket.release()
                    } else {
                        drop(socket.close(Some(1000), ""))
                    }
                    assert!(socket.send_text("too late").is_err());
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }
        recording.finish();
    }
}
