//! Sections 9 (limits and performance) and 10 (automatic fragmentation).

use socket_task_testing::frame::{Frame, opcode};
use socket_task_testing::raw::Server;

use super::{Case, Chop, echo};
use crate::recording::Recording;
use crate::servers::options;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// A message in frames of at most `size` bytes.
fn fragments(whole: &Frame, size: usize) -> Vec<Frame> {
    let count = whole.payload.len().div_ceil(size);
    let piece = |(number, chunk): (usize, &[u8])| {
        let opcode = if number == 0 { whole.opcode } else { opcode::CONTINUATION };
        let frame = Frame::new(opcode, chunk);
        if number + 1 == count { frame } else { frame.not_final() }
    };
    whole.payload.chunks(size).enumerate().map(piece).collect()
}

fn text(size: usize) -> Frame {
    Frame::text("BAsd7&jh23".repeat(size / 10 + 1)[..size].to_owned())
}

fn data(size: usize) -> Frame {
    Frame::binary((0..size).map(|at| (at * 7 + at / 256) as u8).collect::<Vec<_>>())
}

fn comes_back(name: String, whole: Frame, frames: &[Frame], chop: Chop) {
    Case::new(name, frames).chopped(chop).expects(&[whole]).run();
}

#[test]
fn section_9_1_and_9_2_large_messages() {
    for (number, size) in [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB].into_iter().enumerate() {
        comes_back(format!("9.1.{}", number + 1), text(size), &[text(size)], Chop::Not);
        comes_back(format!("9.2.{}", number + 1), data(size), &[data(size)], Chop::Not);
    }
}

#[test]
fn section_9_3_and_9_4_large_messages_in_fragments() {
    for number in 0..9_u32 {
        let size = 64 << (2 * number);
        let size = size.min(4 * MIB);
        comes_back(format!("9.3.{}", number + 1), text(4 * MIB), &fragments(&text(4 * MIB), size), Chop::Not);
        comes_back(format!("9.4.{}", number + 1), data(4 * MIB), &fragments(&data(4 * MIB), size), Chop::Not);
    }
}

#[test]
fn section_9_5_and_9_6_large_messages_in_small_pieces() {
    for number in 0..6_u32 {
        let chop = Chop::Bytes(64 << number);
        comes_back(format!("9.5.{}", number + 1), text(MIB), &[text(MIB)], chop);
        comes_back(format!("9.6.{}", number + 1), data(MIB), &[data(MIB)], chop);
    }
}

#[test]
fn section_9_7_and_9_8_a_thousand_round_trips() {
    for (number, size) in [0, 16, 64, 256, 1024, 4096].into_iter().enumerate() {
        for (section, frame) in [(7, text(size)), (8, data(size))] {
            let server = Server::tcp(move |mut peer| {
                peer.open();
                for turn in 0..1000 {
                    peer.send(&frame);
                    assert!(
                        peer.receive().as_ref() == Some(&frame),
                        "9.{section}.{}: turn {turn}",
                        number + 1
                    );
                }
                peer.send(&Frame::close(1000, ""));
                assert!(peer.receive_close().is_some());
                peer.finish();
            });
            let outcome = Recording::connect_with(options(&server.url("/")), echo).run();
            outcome.assert_closed_without_error(1000, "", true);
        }
    }
}

#[test]
fn section_10_automatic_fragmentation() {
    comes_back("10.1.1".to_owned(), text(64 * KIB), &fragments(&text(64 * KIB), 1300), Chop::Not);
}
