//! What the app's threads may do while a message is compressed: everything, at once; and the order of what they send.

use std::thread;
use std::time::Duration;

use socket_task::wire::deflate::DeflateOptions;
use socket_task::{Options, Socket};
use socket_task_testing::frame::{Frame, encode_all, opcode};
use socket_task_testing::raw::{Peer, Server};

use crate::decoder::Decoder;
use crate::recording::Recording;
use crate::server::{Agreement, expect_echo};
use crate::servers::options;

/// Takes the compressor long at level 9: digits without a pattern.
fn digits(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        b'0' + (state % 10) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn server(mut script: impl FnMut(Peer) + Send + 'static) -> Server {
    Server::tcp(move |mut peer| {
        peer.open_with(&[("Sec-WebSocket-Extensions", "permessage-deflate")], b"");
        script(peer);
    })
}

fn hardest(server: &Server) -> Options {
    Options {
        per_message_deflate: Some(DeflateOptions { level: 9, ..DeflateOptions::default() }),
        close_timeout: Duration::from_secs(10),
        ..options(&server.url("/"))
    }
}

const LARGE: usize = 1 << 20;

fn expect(peer: &mut Peer, decoder: &mut Decoder, message: &[u8]) {
    expect_echo(peer, decoder, opcode::BINARY, message);
}

#[test]
fn a_ping_passes_and_messages_and_the_close_frame_follow_in_order() {
    let server = server(|mut peer| {
        let mut decoder = Agreement::default().decoder();
        assert_eq!(peer.receive(), Some(Frame::ping("ping")), "before what is compressed");
        for message in [&digits(LARGE)[..], b"short", &digits(3_000), &digits(100_000), b"last"] {
            expect(&mut peer, &mut decoder, message);
        }
        assert_eq!(peer.receive(), Some(Frame::close(1000, "done")));
        peer.send(&Frame::close(1000, "done"));
        peer.finish();
    });
    let mut recording = Recording::connect(hardest(&server));
    recording.opened();
    for message in [&digits(LARGE)[..], b"short", &digits(3_000), &digits(100_000), b"last"] {
        recording.socket.send_binary(message).expect("open");
    }
    assert_eq!(recording.socket.buffered_amount(), LARGE + 5 + 3_000 + 100_000 + 4);
    recording.socket.ping(b"ping").expect("open");
    recording.socket.close(Some(1000), "done").expect("acceptable");
    recording.closed();
    assert_eq!(recording.socket.buffered_amount(), 0);
    recording.finish().assert_closed_without_error(1000, "done", true);
}

#[test]
fn release_is_told_at_once_and_loses_nothing() {
    let server = server(|mut peer| {
        expect(&mut peer, &mut Agreement::default().decoder(), &digits(LARGE));
        assert_eq!(peer.receive(), Some(Frame::close(1001, "")));
        peer.finish();
    });
    let mut recording = Recording::connect(hardest(&server));
    recording.opened();
    recording.socket.send_binary(&digits(LARGE)).expect("open");
    recording.finish();
}

#[test]
fn the_answer_to_the_peers_close_follows_what_was_sent() {
    let server = server(|mut peer| {
        peer.write(&encode_all(&[Frame::text("send"), Frame::close(1000, "")]));
        expect(&mut peer, &mut Agreement::default().decoder(), &digits(LARGE));
        assert_eq!(peer.receive(), Some(Frame::close(1000, "")));
        peer.finish();
    });
    let mut recording = Recording::connect_with(hardest(&server), |socket, event| {
        if let crate::recording::Event::Text(_) = event {
            socket.send_binary(&digits(LARGE)).expect("open");
        }
    });
    recording.opened();
    assert_eq!(recording.text(), "send");
    recording.closed();
    recording.finish();
}

#[test]
fn each_thread_keeps_its_order() {
    const THREADS: usize = 4;
    const MESSAGES: usize = 40;
    /// From ones that are sent as they are to ones that another thread compresses.
    const LENGTHS: [usize; 5] = [100, 2_000, 30_000, 500, 4_000];
    let server = server(|mut peer| {
        let mut decoder = Agreement::default().decoder();
        let mut next = [0; THREADS];
        for _ in 0..THREADS * MESSAGES {
            let frame = peer.receive().expect("a message");
            let message = match frame.rsv {
                0 => frame.payload,
                _ => decoder.message(&frame.payload).expect("a compressed message"),
            };
            let [thread, number] = [message[0], message[1]].map(usize::from);
            assert_eq!((number, message.len()), (next[thread], LENGTHS[number % LENGTHS.len()]));
            next[thread] += 1;
        }
        peer.send(&Frame::close(1000, ""));
        peer.receive_close();
        peer.finish();
    });
    let mut recording = Recording::connect(hardest(&server));
    recording.opened();
    let send = |socket: &Socket, thread: usize| {
        for number in 0..MESSAGES {
            let mut message = digits(LENGTHS[number % LENGTHS.len()]);
            (message[0], message[1]) = (thread as u8, number as u8);
            socket.send_binary(&message).expect("open");
        }
    };
    thread::scope(|scope| {
        for number in 0..THREADS {
            let socket = recording.socket.clone();
            scope.spawn(move || send(&socket, number));
        }
    });
    recording.run().assert_closed_without_error(1000, "", true);
}
