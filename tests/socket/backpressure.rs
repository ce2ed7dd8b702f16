//! A send queue with a true count and a limit, and a reader that can be paused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use socket_task::{ErrorCode, Phase, Refused};
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Event, Recording};
use crate::servers::{CERTIFICATES, options, ws};

const MIB: usize = 1 << 20;

#[test]
fn a_message_over_the_limit_is_refused_and_the_socket_lives_on() {
    let mut options = options(&ws("/"));
    options.max_buffered_amount = 1000;
    let mut recording = Recording::connect(options);
    recording.opened();
    let refused = recording.socket.send_binary(&[0; 1001]);
    assert_eq!(refused, Err(Refused::MessageTooBig { limit: 1000, length: 1001 }));
    recording.socket.send_binary(&[1; 1000]).expect("room");
    assert_eq!(recording.binary(), vec![1; 1000]);
    recording.finish();
}

#[test]
fn the_queue_fills_and_drains() {
    let (go, gone) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        gone.recv().expect("the test goes on");
        let mut bytes = 0;
        while let Some(frame) = peer.receive() {
            if frame.close_code().is_some() {
                break;
            }
            bytes += frame.payload.len();
        }
        peer.send(&Frame::text(bytes.to_string()));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut options = options(&server.url("/"));
    options.max_buffered_amount = 16 * MIB;
    let mut recording = Recording::connect(options);
    recording.opened();
    let socket = recording.socket.clone();
    let message = vec![3; MIB];
    let mut accepted = 0_u64;
    // What the operating system takes comes on top of the queue's limit.
    let refused = loop {
        match socket.send_binary(&message) {
            Ok(()) => accepted += 1,
            Err(refused) => break refused,
        }
        assert!(accepted < 64, "the limit does not hold");
    };
    let Refused::BufferFull { buffered, limit, length } = refused else { panic!("{refused:?}") };
    assert_eq!((limit, length), (16 * MIB, MIB));
    assert!(buffered > limit - length, "{buffered}");
    assert!(accepted >= 16);
    thread::sleep(Duration::from_millis(100));
    let waiting = socket.buffered_amount();
    assert!(waiting > 4 * MIB && waiting <= 16 * MIB, "{waiting}");

    go.send(()).expect("the server waits");
    let mut sent = 0;
    while sent < accepted {
        match recording.next() {
            Event::Drain(so_far) => {
                assert!(so_far >= sent && so_far <= accepted);
                sent = so_far;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(socket.buffered_amount(), 0);
    socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn room_is_told_after_a_refusal() {
    let (go, gone) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        gone.recv().expect("the test goes on");
        peer.wait_for_end();
    });
    let mut options = options(&server.url("/"));
    options.max_buffered_amount = 16 * MIB;
    options.close_timeout = Duration::from_millis(200);
    let mut recording = Recording::connect(options);
    recording.opened();
    while recording.socket.send_binary(&vec![0; MIB]).is_ok() {}
    assert!(matches!(recording.socket.send_binary(&vec![0; MIB]), Err(Refused::BufferFull { .. })));
    // Drains from before the queue was full.
    while !recording.is_quiet_for(Duration::from_millis(100)) {}
    go.send(()).expect("the server waits");
    // Each tells what has left, and the last that half of the queue has.
    loop {
        assert!(matches!(recording.next(), Event::Drain(_)));
        if recording.socket.buffered_amount() <= 8 * MIB {
            break;
        }
    }
    recording.socket.send_binary(&vec![0; MIB]).expect("there is room again");
    recording.finish();
}

#[test]
fn everything_sent_is_counted_and_arrives() {
    let mut recording = Recording::connect(options(&ws("/sink")));
    recording.opened();
    for size in 0..2000 {
        recording.socket.send_binary(&vec![0; size]).expect("room");
    }
    recording.socket.send_text("report").expect("room");
    assert_eq!(recording.text(), format!("messages=2000 bytes={}", 2000 * 1999 / 2));
    let end = Instant::now() + Duration::from_secs(5);
    while recording.socket.buffered_amount() > 0 && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(recording.socket.buffered_amount(), 0);
    let outcome = recording.finish();
    assert_eq!(outcome.drained(), Some(2001));
}

/// A server that reads nothing before the client has gone, and then counts the messages that have come whole.
fn late_reader(tls: Option<&'static SupportedProtocolVersion>) -> (Server, Sender<()>, Receiver<u64>) {
    let (go, gone) = channel();
    let (count, counted) = channel();
    let script = move |mut peer: Peer| {
        peer.keep_at_most(64 << 10);
        peer.open();
        gone.recv().expect("the test goes on");
        let mut messages = 0;
        while peer.receive().is_some() {
            messages += 1;
        }
        count.send(messages).expect("the test waits");
    };
    let server = match tls {
        Some(version) => Server::tls(CERTIFICATES.good.server_config_with(&[version]), script),
        None => Server::tcp(script),
    };
    (server, go, counted)
}

#[test]
fn as_many_messages_are_told_to_have_left_as_arrive_in_the_end() {
    for tls in [None, Some(&TLS12), Some(&TLS13)] {
        for length in [100, 10_000, 100_000] {
            let (server, go, counted) = late_reader(tls);
            let mut options = options(&server.url_for_host("localhost", "/"));
            options.max_buffered_amount = 16 * MIB;
            options.close_timeout = Duration::from_millis(200);
            let mut recording = Recording::connect(options);
            recording.opened();
            // Not all at once: the library has to take up what was stopped before.
            let mut accepted = 0;
            while accepted < 3_000 && recording.socket.send_binary(&vec![5; length]).is_ok() {
                accepted += 1;
                if accepted % 100 == 0 {
                    thread::sleep(Duration::from_millis(1));
                }
            }
            let buffered = recording.socket.buffered_amount();
            recording.socket.close(Some(1000), "").expect("acceptable");
            recording.closed();
            go.send(()).expect("the server waits");
            let arrived = counted.recv().expect("the server counts");
            let outcome = recording.finish();
            assert_eq!(
                outcome.drained(),
                Some(arrived),
                "{length} bytes, {tls:?}, {buffered} of {accepted} buffered"
            );
            assert!(arrived < accepted || length == 100, "the server's buffer has taken all");
        }
    }
}

/// A server that sends messages of 64 KiB as fast as they are taken, and counts the bytes.
fn flood(messages: usize) -> (Server, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        let frame = Frame::binary(vec![8; 64 << 10]).encode();
        for _ in 0..messages {
            peer.write(&frame);
            count.fetch_add(frame.len(), Ordering::SeqCst);
        }
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    (server, taken)
}

/// Waits until the number stands still, and returns it.
fn settled(number: &AtomicUsize) -> usize {
    loop {
        let before = number.load(Ordering::SeqCst);
        thread::sleep(Duration::from_millis(200));
        if number.load(Ordering::SeqCst) == before {
            return before;
        }
    }
}

#[test]
fn pausing_slows_the_server_down() {
    const MESSAGES: usize = 1024;
    let (server, taken) = flood(MESSAGES);
    let recording = Recording::connect_with(options(&server.url("/")), |socket, event| {
        if matches!(event, Event::Open(_)) {
            socket.pause();
        }
    });
    let stuck_at = settled(&taken);
    assert!(stuck_at < 32 * MIB, "a paused connection took {stuck_at} bytes");
    recording.socket.resume();
    let outcome = recording.run();
    let messages =
        outcome.events.iter().filter(|event| matches!(event, Event::Binary(data) if data.len() == 64 << 10));
    assert_eq!(messages.count(), MESSAGES);
    outcome.assert_closed_without_error(1000, "", true);
}

#[test]
fn pausing_inside_a_message_holds_the_next_one() {
    let server = Server::tcp(|mut peer| {
        peer.open_with(
            &[],
            &[Frame::text("1").encode(), Frame::text("2").encode(), Frame::text("3").encode()].concat(),
        );
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect_with(options(&server.url("/")), |socket, event| {
        if matches!(event, Event::Text(_)) {
            socket.pause();
        }
    });
    recording.opened();
    for expected in ["1", "2", "3"] {
        assert_eq!(recording.text(), expected);
        assert!(recording.is_quiet_for(Duration::from_millis(50)));
        recording.socket.resume();
    }
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn sending_goes_on_while_paused() {
    let (sender, receiver) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        sender.send(peer.receive()).expect("the test waits");
        peer.wait_for_end();
    });
    let mut options = options(&server.url("/"));
    options.close_timeout = Duration::from_millis(200);
    let mut recording = Recording::connect(options);
    recording.opened();
    recording.socket.pause();
    recording.socket.send_text("out").expect("open");
    let frame = receiver.recv_timeout(Duration::from_secs(5)).expect("the server's answer");
    assert_eq!(frame, Some(Frame::text("out")));
    recording.finish();
}

#[test]
fn a_paused_connection_can_be_closed_and_released() {
    for path in ["/burst?n=100000&size=100", "/"] {
        let mut recording = Recording::connect(options(&ws(path)));
        recording.opened();
        recording.socket.pause();
        recording.socket.close(Some(1000), "").expect("acceptable");
        recording.closed();
        recording.finish().assert_closed_without_error(1000, "", true);

        let mut recording = Recording::connect(options(&ws(path)));
        recording.opened();
        recording.socket.pause();
        recording.finish().assert_released_early();
    }
}

#[test]
fn a_reset_connection_with_a_full_queue_ends() {
    let (go, gone) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        gone.recv().expect("the test goes on");
        peer.reset();
    });
    let mut options = options(&server.url("/"));
    options.max_buffered_amount = 16 * MIB;
    let mut recording = Recording::connect(options);
    recording.opened();
    let refused = loop {
        if let Err(refused) = recording.socket.send_binary(&vec![0; MIB]) {
            break refused;
        }
    };
    assert!(matches!(refused, Refused::BufferFull { .. }), "{refused:?}");
    go.send(()).expect("the server waits");
    recording.closed();
    // What was lost stays counted.
    assert!(recording.socket.buffered_amount() > 0);
    recording.finish().assert_failed(Phase::Closed, ErrorCode::ConnectionReset, 1006);
}
