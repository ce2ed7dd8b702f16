//! What a compressed message can be made of.

use miniz_oxide::deflate::CompressionLevel;
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress, create_comp_flags_from_zip_params};
use socket_task_testing::frame::{Frame, encode_all, opcode};
use socket_task_testing::raw::Peer;

use crate::decoder::Decoder;
use crate::encoder::{Encoder, stored};
use crate::server::{Agreement, compressed, everything, expect_echo, fragments, run_well};

const TEXT: &str = "等闲识得东风面，万紫千红总是春。 To be, or not to be, that is the question. ";

fn echoes(script: impl FnOnce(&mut Peer, &mut Decoder) + Send + 'static) {
    run_well(Agreement::default(), everything(), |peer| script(peer, &mut Agreement::default().decoder()));
}

#[test]
fn fixed_codes() {
    echoes(|peer, decoder| {
        let mut encoder = Encoder::new(15, true);
        for _ in 0..3 {
            peer.send(&compressed(opcode::TEXT, encoder.message(TEXT.as_bytes())));
            expect_echo(peer, decoder, opcode::TEXT, TEXT.as_bytes());
        }
    });
}

#[test]
fn stored_blocks() {
    echoes(|peer, decoder| {
        for message in [TEXT.as_bytes(), &[0xFE; 65_535], &[0xFD; 200_000], b""] {
            peer.send(&compressed(opcode::BINARY, stored(message)));
            expect_echo(peer, decoder, opcode::BINARY, message);
        }
    });
}

/// Blocks of dynamic codes, from miniz_oxide's compressor at each of its levels.
#[test]
fn dynamic_codes() {
    let text: String = (0..1000).map(|line| format!("{line}: {TEXT}\n")).collect();
    for level in
        [CompressionLevel::BestSpeed, CompressionLevel::DefaultLevel, CompressionLevel::BestCompression]
    {
        let text = text.clone();
        echoes(move |peer, decoder| {
            let flags = create_comp_flags_from_zip_params(level as i32, -15, 0);
            let mut compressor = CompressorOxide::new(flags);
            for _ in 0..2 {
                let mut payload = vec![0; text.len()];
                let (_, used, made) =
                    compress(&mut compressor, text.as_bytes(), &mut payload, TDEFLFlush::Sync);
                assert_eq!(used, text.len());
                payload.truncate(made);
                assert_eq!(payload.split_off(made - 4), [0x00, 0x00, 0xFF, 0xFF]);
                peer.send(&compressed(opcode::TEXT, payload));
                expect_echo(peer, decoder, opcode::TEXT, text.as_bytes());
            }
        });
    }
}

/// RFC 7692, section 7.2.3.4.
#[test]
fn final_block_in_the_middle_or_at_the_end() {
    echoes(|peer, decoder| {
        let mut encoder = Encoder::new(15, true);
        for (first, second) in [(TEXT, TEXT), (TEXT, ""), ("", TEXT)] {
            let payload = encoder.message_with_final_block(first.as_bytes(), second.as_bytes());
            peer.send(&compressed(opcode::TEXT, payload));
            expect_echo(peer, decoder, opcode::TEXT, format!("{first}{second}").as_bytes());
        }
    });
}

/// RFC 7692, section 7.2.3.6; and a payload of no bytes, which zlib makes of an empty message that follows a flush.
#[test]
fn empty_messages() {
    echoes(|peer, decoder| {
        for payload in [&[0x00][..], &[], &[0x02, 0x00], &[0x00]] {
            peer.send(&compressed(opcode::TEXT, payload.to_vec()));
            expect_echo(peer, decoder, opcode::TEXT, b"");
        }
    });
}

#[test]
fn fragments_of_every_size() {
    let payload = Encoder::new(15, false).message(TEXT.as_bytes());
    for size in 1..=payload.len() {
        let frames = fragments(opcode::TEXT, &payload, size);
        echoes(move |peer, decoder| {
            peer.write(&encode_all(&frames));
            expect_echo(peer, decoder, opcode::TEXT, TEXT.as_bytes());
        });
    }
}

#[test]
fn empty_fragments_and_pings_in_between() {
    let payload = Encoder::new(15, false).message(TEXT.as_bytes());
    echoes(move |peer, decoder| {
        peer.send(&compressed(opcode::TEXT, Vec::new()).not_final());
        for part in payload.chunks(5) {
            peer.send(&Frame::continuation(part).not_final());
            peer.send(&Frame::ping(part));
            assert_eq!(peer.receive(), Some(Frame::pong(part)));
        }
        peer.send(&Frame::continuation(""));
        expect_echo(peer, decoder, opcode::TEXT, TEXT.as_bytes());
    });
}

/// RFC 7692, section 6: each message is compressed or not. One that is not leaves the context as it was.
#[test]
fn uncompressed_messages_in_between() {
    echoes(|peer, decoder| {
        let mut encoder = Encoder::new(15, true);
        for _ in 0..3 {
            peer.send(&compressed(opcode::TEXT, encoder.message(TEXT.as_bytes())));
            peer.send(&Frame::text("not compressed"));
            peer.send(&Frame::text("not").not_final());
            peer.send(&Frame::continuation(" compressed"));
            expect_echo(peer, decoder, opcode::TEXT, TEXT.as_bytes());
            expect_echo(peer, decoder, opcode::TEXT, b"not compressed");
            expect_echo(peer, decoder, opcode::TEXT, b"not compressed");
        }
    });
}

/// What comes within one read is told message by message.
#[test]
fn many_messages_at_once() {
    echoes(|peer, decoder| {
        let mut encoder = Encoder::new(10, true);
        let messages: Vec<String> = (0..200).map(|number| format!("message {number}, {TEXT}")).collect();
        let frames: Vec<_> = messages
            .iter()
            .map(|message| compressed(opcode::TEXT, encoder.message(message.as_bytes())))
            .collect();
        peer.write(&encode_all(&frames));
        for message in &messages {
            expect_echo(peer, decoder, opcode::TEXT, message.as_bytes());
        }
    });
}
