//! Messages that go out and come back.

use std::thread;
use std::time::Duration;

use socket_task::Stats;
use socket_task::wire::deflate::DeflateOptions;
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::Server;

use crate::recording::{Event, Recording};
use crate::servers::{options, ws, wss};

const SIZES: [usize; 10] = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 1 << 20, 16 << 20];

/// `size` bytes of text in characters of one to four bytes.
fn text_of(size: usize) -> String {
    let mut text: String = "aé文😀".chars().cycle().take(size / 10 * 4).collect();
    text.extend(std::iter::repeat_n('x', size - text.len()));
    text
}

/// `size` bytes that do not repeat soon.
fn data_of(size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..size).map(|_| next()).collect()
}

#[test]
fn every_size_over_tcp_and_tls() {
    for url in [ws("/"), wss("/")] {
        let mut recording = Recording::connect(options(&url));
        recording.opened();
        for size in SIZES {
            let text = text_of(size);
            recording.socket.send_text(&text).expect("open");
            assert!(recording.text() == text, "a text of {size} bytes came back changed");
            let data = data_of(size);
            recording.socket.send_binary(&data).expect("open");
            assert!(recording.binary() == data, "{size} bytes came back changed");
        }
        recording.socket.close(Some(1000), "").expect("acceptable");
        recording.closed();
        recording.finish().assert_closed_without_error(1000, "", true);
    }
}

#[test]
fn sixty_four_mebibytes() {
    let mut options = options(&ws("/"));
    options.max_buffered_amount = 80 << 20;
    let mut recording = Recording::connect(options);
    recording.opened();
    let data = data_of(64 << 20);
    recording.socket.send_binary(&data).expect("room");
    assert!(recording.binary() == data, "64 MiB came back changed");
    recording.finish();
}

#[test]
fn a_burst_in_each_direction_keeps_its_order() {
    let mut recording = Recording::connect(options(&ws("/burst?n=10000")));
    recording.opened();
    for number in 0..10_000 {
        assert_eq!(recording.text(), number.to_string());
    }
    for number in 0..10_000 {
        recording.socket.send_text(&format!("back {number}")).expect("room");
    }
    for number in 0..10_000 {
        assert_eq!(recording.text(), format!("back {number}"));
    }
    recording.finish();
}

#[test]
fn what_was_carried_is_counted() {
    let mut options = options(&ws("/"));
    options.per_message_deflate = Some(DeflateOptions::default());
    let mut recording = Recording::connect(options);
    recording.opened();
    assert_eq!(recording.socket.stats(), Stats::default());
    recording.socket.ping(b"ping").expect("open");
    assert!(matches!(recording.next_but_drain(), Event::Pong(data, Some(_)) if data == b"ping"));
    for size in [0, 1, 100_000] {
        recording.socket.send_binary(&vec![0; size]).expect("open");
        recording.binary();
    }
    let stats = recording.socket.stats();
    assert!(stats.rtt.is_some_and(|rtt| rtt > Duration::ZERO));
    let counted = Stats {
        messages_sent: 3,
        messages_received: 3,
        bytes_sent: 100_005,
        bytes_received: 100_001,
        ..stats
    };
    assert_eq!(stats, counted, "the ping among the bytes, and nothing compressed");
    recording.socket.close(Some(1000), "").expect("acceptable");
    recording.closed();
    assert_eq!(recording.socket.stats(), counted, "it stays when the connection is over");
    recording.finish();
}

#[test]
fn from_eight_threads() {
    const PER_THREAD: usize = 500;
    let mut recording = Recording::connect(options(&ws("/")));
    recording.opened();
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let socket = recording.socket.clone();
            thread::spawn(move || {
                for number in 0..PER_THREAD {
                    let padding = "x".repeat(number * 7 % 300);
                    socket.send_text(&format!("{thread} {number} {padding}")).expect("room");
                }
            })
        })
        .collect();
    let mut next = [0; 8];
    for _ in 0..8 * PER_THREAD {
        let text = recording.text();
        let mut parts = text.split(' ').map(|part| part.parse::<usize>().ok());
        let (thread, number) =
            (parts.next().flatten().expect("a thread"), parts.next().flatten().expect("a number"));
        assert_eq!(number, next[thread], "thread {thread}'s messages changed their order");
        next[thread] += 1;
    }
    assert_eq!(next, [PER_THREAD; 8]);
    for thread in threads {
        thread.join().expect("no panic");
    }
    recording.finish();
}

#[test]
fn from_inside_the_callback() {
    let mut recording = Recording::connect_with(options(&ws("/")), |socket, event| match event {
        Event::Open(_) => socket.send_text("0").expect("open"),
        Event::Text(text) => {
            let number: u32 = text.parse().expect("a number");
            let sent = if number < 1000 {
                socket.send_text(&(number + 1).to_string())
            } else {
                socket.close(None, "")
            };
            sent.expect("open");
        }
        _ => {}
    });
    recording.opened();
    for number in 0..=1000 {
        assert_eq!(recording.text(), number.to_string());
    }
    recording.closed();
    recording.finish().assert_closed_without_error(1005, "", true);
}

#[test]
fn fragments_and_control_frames_between_them() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        let text = "héllo 世界 😀".as_bytes();
        // Every byte a frame of its own, so that characters are split everywhere.
        for (index, byte) in text.iter().enumerate() {
            let opcode = if index == 0 { 1 } else { 0 };
            let frame = Frame::new(opcode, [*byte]);
            peer.send(&if index + 1 < text.len() { frame.not_final() } else { frame });
            if index + 1 < text.len() {
                peer.send(&Frame::ping([*byte]));
                assert_eq!(peer.receive(), Some(Frame::pong([*byte])));
            }
        }
        peer.send(&Frame::binary([]).not_final());
        peer.send(&Frame::continuation([]).not_final());
        peer.send(&Frame::continuation([]));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    assert_eq!(recording.text(), "héllo 世界 😀");
    assert_eq!(recording.binary(), b"");
    recording.closed();
    recording.finish().assert_closed_without_error(1000, "", true);
}

#[test]
fn a_message_that_drips() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.drip(&Frame::binary(vec![9; 300]).encode(), Duration::from_micros(300));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    assert_eq!(recording.binary(), vec![9; 300]);
    recording.closed();
    recording.finish();
}
