//! Compressed messages that are none, and bits where they must not be.

use socket_task::ErrorCode::{BadCompression, InvalidUtf8, MessageTooBig, ProtocolViolation};
use socket_task_testing::frame::{Frame, RSV1, encode_all, opcode};

use crate::encoder::Encoder;
use crate::server::{Agreement, compressed, everything, fragments, run, run_into_fault};

fn encoder() -> Encoder {
    Encoder::new(15, true)
}

#[test]
fn reserved_bits() {
    let message = encoder().message(b"Hello");
    for rsv in [0b010, 0b001, 0b011, RSV1 | 0b010, RSV1 | 0b001, 0b111] {
        let frame = Frame::text(message.clone()).with_rsv(rsv);
        run_into_fault(frame.encode(), 1002, ProtocolViolation);
    }
    for control in [opcode::PING, opcode::PONG, opcode::CLOSE] {
        run_into_fault(Frame::new(control, "").with_rsv(RSV1).encode(), 1002, ProtocolViolation);
    }
    // Only the first frame of a message has the bit (RFC 7692, section 6).
    for mut frames in [fragments(opcode::TEXT, &message, 3), fragments(opcode::TEXT, &message, 1)] {
        frames[1].rsv = RSV1;
        run_into_fault(encode_all(&frames), 1002, ProtocolViolation);
    }
}

#[test]
fn payloads_that_are_no_deflate() {
    // A block of the reserved type.
    run_into_fault(compressed(opcode::TEXT, vec![0x06, 0x00]).encode(), 1007, BadCompression);
    // A stored block whose length and its complement do not fit.
    run_into_fault(compressed(opcode::TEXT, vec![0x00, 1, 0, 1, 0, b'x', 0]).encode(), 1007, BadCompression);
    // A match before the first byte.
    let mut encoder = encoder();
    encoder.message(b"something to look back to");
    let dependent = encoder.message(b"something to look back to");
    run_into_fault(compressed(opcode::TEXT, dependent).encode(), 1007, BadCompression);
}

#[test]
fn messages_cut_off() {
    let message = encoder().message("a text of some length, of some length".as_bytes());
    for length in 1..message.len() - 1 {
        run_into_fault(compressed(opcode::TEXT, message[..length].to_vec()).encode(), 1007, BadCompression);
    }
}

#[test]
fn window_is_empty_after_a_message_without_context_takeover() {
    let agreement = Agreement { server_no_context_takeover: true, ..Agreement::default() };
    let outcome = run(agreement, everything(), |mut peer| {
        let mut encoder = encoder();
        peer.send(&compressed(opcode::BINARY, encoder.message(b"said before")));
        peer.send(&compressed(opcode::BINARY, encoder.message(b"said before")));
        assert_eq!(peer.receive_close().and_then(|close| close.close_code()), Some(1007));
        peer.finish();
    });
    outcome.assert_failed(socket_task::Phase::Protocol, BadCompression, 1006);
}

/// The fault is told at the first wrong byte, however much of the message is still to come.
#[test]
fn text_that_is_not_utf8() {
    let rest: String = (0..100).map(|number| number.to_string()).collect();
    let text = [b"a surrogate: ".as_slice(), &[0xED, 0xA0, 0x80], rest.as_bytes()].concat();
    let message = encoder().message(&text);
    run_into_fault(compressed(opcode::TEXT, message.clone()).encode(), 1007, InvalidUtf8);
    for size in [1, 7] {
        let mut frames = fragments(opcode::TEXT, &message, size);
        frames.truncate(frames.len() - 5);
        run_into_fault(encode_all(&frames), 1007, InvalidUtf8);
    }
    let cut = encoder().message("a character that is cut: 文".as_bytes().split_last().unwrap().1);
    run_into_fault(compressed(opcode::TEXT, cut).encode(), 1007, InvalidUtf8);
}

/// A megabyte is the limit of these connections.
#[test]
fn messages_over_the_limit_once_decompressed() {
    let message = encoder().message(&vec![0; (1 << 20) + 1]);
    assert!(message.len() < 20_000, "{}", message.len());
    run_into_fault(compressed(opcode::BINARY, message.clone()).encode(), 1009, MessageTooBig);
    let mut frames = fragments(opcode::BINARY, &message, 100);
    frames.iter_mut().for_each(|frame| frame.fin = false);
    run_into_fault(encode_all(&frames), 1009, MessageTooBig);
}
