//! Open connections that the server ends, well or badly.

use std::io::Read;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use socket_task::{ErrorCode, Phase, ReadyState};
use socket_task_testing::frame::{Frame, opcode};
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Event, Outcome, Recording};
use crate::servers::{options, ws};

/// Runs one connection against a server that goes on with `script` once it is open.
fn outcome_of(mut script: impl FnMut(Peer) + Send + 'static) -> Outcome {
    let server = Server::tcp(move |mut peer| {
        peer.open();
        script(peer);
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    assert!(outcome.was_open());
    outcome
}

#[test]
fn close_with_code_and_reason() {
    for code in
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
    {
        let outcome = outcome_of(move |mut peer| {
            peer.send(&Frame::close(code, "the reason: 理由"));
            let answer = peer.receive_close().expect("an answer");
            assert_eq!(answer.close_code(), Some(code));
            peer.finish();
        });
        outcome.assert_closed_without_error(code, "the reason: 理由", true);
    }
}

#[test]
fn close_without_code() {
    let outcome = outcome_of(|mut peer| {
        peer.send(&Frame::close_empty());
        let answer = peer.receive_close().expect("an answer");
        assert_eq!(answer.payload, b"");
        peer.finish();
    });
    outcome.assert_closed_without_error(1005, "", true);
}

#[test]
fn close_by_an_independent_server() {
    for (path, code, reason) in [
        ("/close?code=4001&reason=so%20it%20is", 4001, "so it is"),
        ("/close?code=1000", 1000, ""),
        ("/close", 1005, ""),
    ] {
        Recording::connect(options(&ws(path))).run().assert_closed_without_error(code, reason, true);
    }
}

#[test]
fn messages_before_the_close_are_delivered() {
    let outcome = outcome_of(|mut peer| {
        for number in 0..1000 {
            peer.send(&Frame::text(number.to_string()));
        }
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    });
    let texts: Vec<_> = outcome.events.iter().filter(|event| matches!(event, Event::Text(_))).collect();
    assert_eq!(texts.len(), 1000);
    assert!(matches!(texts[999], Event::Text(text) if text == "999"));
    outcome.assert_closed_without_error(1000, "", true);
}

#[test]
fn nothing_behind_the_close_is_delivered() {
    let outcome = outcome_of(|mut peer| {
        let late = [Frame::close(1000, "").encode(), Frame::text("late").encode(), vec![0xFF; 100]].concat();
        peer.write(&late);
        peer.finish();
    });
    assert_eq!(outcome.events.len(), 3, "{:?}", outcome.events);
    outcome.assert_closed_without_error(1000, "", true);
}

#[test]
fn server_that_closes_and_keeps_the_tcp_connection() {
    // RFC 6455, section 7.1.1: a client may close the TCP connection itself when the server does not in time.
    let outcome = outcome_of(|mut peer| {
        peer.send(&Frame::close(4000, "mine"));
        peer.wait_for_end();
    });
    outcome.assert_closed_without_error(4000, "mine", true);
}

#[test]
fn fin_without_close() {
    let outcome = outcome_of(Peer::finish);
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionEnded, 1006);
    let outcome = Recording::connect(options(&ws("/fin"))).run();
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionEnded, 1006);
}

#[test]
fn reset_without_close() {
    let outcome = outcome_of(Peer::reset);
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionReset, 1006);
    let outcome = Recording::connect(options(&ws("/reset"))).run();
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionReset, 1006);
}

#[test]
fn end_in_the_middle_of_a_frame() {
    let whole = Frame::binary(vec![1; 1000]).encode();
    for bytes in [1, 2, 3, 4, 500, 1003] {
        let part = whole[..bytes].to_vec();
        let outcome = outcome_of(move |mut peer| {
            peer.write(&part);
            peer.finish();
        });
        outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionEnded, 1006);
        assert_eq!(outcome.events.len(), 4, "{:?}", outcome.events);
    }
}

#[test]
fn end_between_fragments() {
    let outcome = outcome_of(|mut peer| {
        peer.send(&Frame::text("half").not_final());
        peer.finish();
    });
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionEnded, 1006);
}

#[test]
fn protocol_violation_is_answered_with_its_code() {
    for (frame, code, close_code) in [
        (Frame::new(3, "reserved").encode(), ErrorCode::ProtocolViolation, 1002),
        (Frame::text("bits").with_rsv(1).encode(), ErrorCode::ProtocolViolation, 1002),
        (Frame::text("masked").encode_masked([1, 2, 3, 4]), ErrorCode::ProtocolViolation, 1002),
        (Frame::continuation("alone").encode(), ErrorCode::ProtocolViolation, 1002),
        (Frame::text([0xC0, 0x80]).encode(), ErrorCode::InvalidUtf8, 1007),
    ] {
        let outcome = outcome_of(move |mut peer| {
            peer.write(&frame);
            let answer = peer.receive_close().expect("a Close frame");
            assert_eq!(answer.close_code(), Some(close_code));
            peer.finish();
        });
        outcome.assert_failed(Phase::Protocol, code, 1006);
    }
}

/// What was sent before leaves first, but a peer that broke the protocol cannot hold the connection by reading slowly.
#[test]
fn protocol_violation_by_a_server_that_reads_slowly() {
    let (over, is_over) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        let mut buffer = vec![0; 64 << 10];
        peer.read_exact(&mut buffer).expect("what is sent first");
        peer.send(&Frame::new(3, "reserved"));
        while is_over.try_recv().is_err() {
            let _ = peer.read(&mut buffer);
            thread::sleep(Duration::from_millis(5));
        }
    });
    let mut options = options(&server.url("/"));
    options.close_timeout = Duration::from_millis(300);
    let mut recording = Recording::connect(options);
    recording.opened();
    recording.socket.send_binary(&vec![0; 60 << 20]).expect("room");
    let start = Instant::now();
    recording.closed();
    let elapsed = start.elapsed();
    over.send(()).expect("the server is waiting");
    recording.finish().assert_failed(Phase::Protocol, ErrorCode::ProtocolViolation, 1006);
    assert!((300..3000).contains(&elapsed.as_millis()), "{elapsed:?}");
}

#[test]
fn message_over_the_limit() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.send(&Frame::binary(vec![0; 1000]));
        // Only announced: the limit must not wait for the bytes.
        peer.write(&[0x82, 126, 0x03, 0xE9]);
        assert_eq!(peer.receive_close().and_then(|close| close.close_code()), Some(1009));
        peer.finish();
    });
    let mut options = options(&server.url("/"));
    options.max_message_size = 1000;
    let mut recording = Recording::connect(options);
    recording.opened();
    assert_eq!(recording.binary().len(), 1000);
    recording.closed();
    recording.finish().assert_failed(Phase::Protocol, ErrorCode::MessageTooBig, 1006);
}

#[test]
fn sends_are_refused_after_the_end() {
    let mut recording = Recording::connect(options(&ws("/close?code=1000")));
    recording.closed();
    assert_eq!(recording.socket.ready_state(), ReadyState::Closed);
    assert!(matches!(recording.socket.send_text("late"), Err(socket_task::Refused::InvalidState(_))));
    assert!(matches!(recording.socket.ping(b""), Err(socket_task::Refused::InvalidState(_))));
    assert_eq!(recording.socket.close(None, ""), Ok(()));
    assert!(recording.is_quiet_for(Duration::from_millis(100)));
    recording.finish();
}

#[test]
fn pings_are_answered_with_their_payload() {
    let outcome = outcome_of(|mut peer| {
        for payload in [&b""[..], b"p", &[0xFF; 125]] {
            peer.send(&Frame::ping(payload));
            assert_eq!(peer.receive(), Some(Frame::pong(payload)));
        }
        peer.send(&Frame::close(1000, ""));
        assert_eq!(peer.receive().map(|frame| frame.opcode), Some(opcode::CLOSE));
        peer.finish();
    });
    outcome.assert_closed_without_error(1000, "", true);
}
