//! Pings, pongs, and the peer that is gone without a word.

use std::io::Read;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use socket_task::{ErrorCode, Options, Phase, ReadyState, Refused};
use socket_task_testing::frame::{Frame, opcode};
use socket_task_testing::raw::Server;

use crate::recording::{Event, Recording};
use crate::servers::{options, ws, wss};

const INTERVAL: Duration = Duration::from_millis(100);

fn with_pings(url: &str) -> Options {
    Options { ping_interval: Some(INTERVAL), pong_timeout: INTERVAL * 2, ..options(url) }
}

#[test]
fn pong_brings_payload_and_round_trip_time() {
    for url in [ws("/"), wss("/")] {
        let mut recording = Recording::connect(options(&url));
        recording.opened();
        for payload in [&b""[..], b"hello", &[0xFF; 125]] {
            recording.socket.ping(payload).expect("open");
            match recording.next_but_drain() {
                Event::Pong(data, Some(rtt)) => {
                    assert_eq!(data, payload);
                    assert!(rtt > Duration::ZERO && rtt < Duration::from_secs(10), "{rtt:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        recording.finish();
    }
}

#[test]
fn unasked_pong_has_no_round_trip_time() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.send(&Frame::pong("unasked"));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    match recording.next() {
        Event::Pong(data, None) => assert_eq!(data, b"unasked"),
        other => panic!("{other:?}"),
    }
    recording.closed();
    recording.finish();
}

#[test]
fn pings_of_the_server_are_answered() {
    let mut recording = Recording::connect(options(&ws("/ping?data=are-you-there")));
    recording.opened();
    assert_eq!(recording.text(), "pong:are-you-there");
    recording.finish();
}

#[test]
fn payload_over_125_bytes_is_refused() {
    let mut recording = Recording::connect(options(&ws("/")));
    recording.opened();
    assert!(matches!(recording.socket.ping(&[0; 126]), Err(Refused::InvalidArgument(_))));
    recording.socket.send_text("still open").expect("open");
    assert_eq!(recording.text(), "still open");
    recording.finish();
}

#[test]
fn silence_is_broken_by_pings() {
    let (sender, receiver) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        for _ in 0..3 {
            let ping = peer.receive().expect("a ping");
            assert_eq!(ping.opcode, opcode::PING);
            peer.send(&Frame::pong(ping.payload));
            sender.send(Instant::now()).expect("the test waits");
        }
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(with_pings(&server.url("/")));
    recording.opened();
    let times: Vec<_> =
        (0..3).map(|_| receiver.recv_timeout(Duration::from_secs(10)).expect("three pings")).collect();
    for pair in times.windows(2) {
        let gap = pair[1] - pair[0];
        assert!(gap >= INTERVAL / 2 && gap < INTERVAL * 5, "{gap:?}");
    }
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn traffic_makes_pings_unnecessary() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        for _ in 0..20 {
            peer.send(&Frame::text("busy"));
            std::thread::sleep(INTERVAL / 5);
        }
        peer.send(&Frame::close(1000, ""));
        assert_eq!(peer.receive().map(|frame| frame.opcode), Some(opcode::CLOSE));
        peer.finish();
    });
    let outcome = Recording::connect(with_pings(&server.url("/"))).run();
    outcome.assert_closed_without_error(1000, "", true);
}

#[test]
fn missing_pong_ends_the_connection() {
    for url in [ws("/deaf"), wss("/deaf")] {
        let mut recording = Recording::connect(with_pings(&url));
        recording.opened();
        let start = Instant::now();
        recording.closed();
        let elapsed = start.elapsed();
        assert!(elapsed >= INTERVAL * 3 - INTERVAL / 2 && elapsed < INTERVAL * 10, "{elapsed:?}");
        recording.finish().assert_failed(Phase::Timeout, ErrorCode::PongTimeout, 1006);
    }
}

#[test]
fn missing_pong_behind_a_full_queue() {
    let mut recording = Recording::connect(with_pings(&ws("/deaf")));
    recording.opened();
    while recording.socket.send_binary(&[0; 1 << 20]).is_ok() {}
    let start = Instant::now();
    recording.closed();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    recording.finish().assert_failed(Phase::Timeout, ErrorCode::PongTimeout, 1006);
}

#[test]
fn probe_of_a_dead_connection() {
    let mut recording = Recording::connect(options(&ws("/deaf")));
    recording.opened();
    let start = Instant::now();
    recording.socket.probe(Duration::from_millis(200));
    recording.closed();
    let elapsed = start.elapsed();
    assert!((200..1500).contains(&elapsed.as_millis()), "{elapsed:?}");
    recording.finish().assert_failed(Phase::Timeout, ErrorCode::PongTimeout, 1006);
}

#[test]
fn probe_of_a_living_connection() {
    let mut recording = Recording::connect(options(&ws("/")));
    recording.socket.probe(Duration::ZERO);
    recording.opened();
    recording.socket.probe(Duration::from_millis(500));
    std::thread::sleep(Duration::from_millis(1000));
    recording.socket.send_text("alive").expect("open");
    loop {
        match recording.next_but_drain() {
            Event::Pong(..) => {}
            Event::Text(text) => break assert_eq!(text, "alive"),
            other => panic!("{other:?}"),
        }
    }
    recording.finish();
}

/// The peer cannot answer a ping before it has the message in front of it.
#[test]
fn ping_behind_a_large_message_has_its_time_from_when_it_leaves() {
    const SIZE: usize = 40 << 20;
    const SLOWLY: usize = 20 << 20;
    /// Of a frame of this size, beyond the two bytes that every frame has.
    const MORE_HEADER: usize = 12;
    let server = Server::tcp(move |mut peer| {
        peer.keep_at_most(1 << 20);
        peer.open();
        let mut header = [0; 2];
        peer.read_exact(&mut header).expect("a frame");
        // Whoever takes long to mask the message pings before it.
        while header[0] & 0xF == opcode::PING {
            let mut masked = vec![0; 4 + usize::from(header[1] & 0x7F)];
            peer.read_exact(&mut masked).expect("the rest of a ping");
            let (key, payload) = masked.split_at(4);
            let payload: Vec<u8> =
                payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
            peer.send(&Frame::pong(payload));
            peer.read_exact(&mut header).expect("a frame");
        }
        // What is under way between both is less than the rest, so that the ping waits all this time.
        let mut step = vec![0; 1 << 20];
        for _ in 0..SLOWLY / step.len() {
            std::thread::sleep(Duration::from_millis(200));
            peer.read_exact(&mut step).expect("more of the message");
        }
        peer.read_exact(&mut vec![0; MORE_HEADER + SIZE - SLOWLY]).expect("the rest of the message");
        let mut frames = Vec::new();
        while frames.last() != Some(&opcode::CLOSE) {
            let frame = peer.receive().expect("a ping, and a Close frame");
            if frame.opcode == opcode::PING {
                peer.send(&Frame::pong(frame.payload));
                peer.send(&Frame::text("received"));
            }
            frames.push(frame.opcode);
        }
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(Options {
        ping_interval: Some(Duration::from_millis(500)),
        pong_timeout: Duration::from_secs(3),
        ..options(&server.url("/"))
    });
    recording.opened();
    recording.socket.send_binary(&vec![0; SIZE]).expect("open");
    assert_eq!(recording.text(), "received");
    recording.finish();
}

#[test]
fn probe_during_a_pause_counts_from_its_end() {
    let mut recording = Recording::connect(options(&ws("/deaf")));
    recording.opened();
    recording.socket.pause();
    recording.socket.probe(Duration::from_millis(200));
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(recording.socket.ready_state(), ReadyState::Open);
    recording.socket.resume();
    recording.closed();
    recording.finish().assert_failed(Phase::Timeout, ErrorCode::PongTimeout, 1006);
}

#[test]
fn answer_that_came_during_a_pause_is_found_at_its_end() {
    let mut recording = Recording::connect(options(&ws("/")));
    recording.opened();
    recording.socket.pause();
    recording.socket.probe(Duration::from_secs(1));
    std::thread::sleep(Duration::from_millis(1500));
    recording.socket.resume();
    recording.socket.send_text("alive").expect("open");
    assert_eq!(recording.text(), "alive");
    recording.finish();
}

#[test]
fn times_can_be_as_long_as_they_like() {
    let longest = Duration::MAX;
    let mut recording = Recording::connect(Options {
        timeout: longest,
        close_timeout: longest,
        ping_interval: Some(longest),
        pong_timeout: longest,
        ..options(&ws("/"))
    });
    recording.opened();
    recording.socket.probe(longest);
    recording.socket.send_text("alive").expect("open");
    assert_eq!(recording.text(), "alive");
    recording.socket.close(Some(1000), "").expect("a valid code");
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}
