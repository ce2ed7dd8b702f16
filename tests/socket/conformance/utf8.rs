//! Section 6: UTF-8.

use std::str;

use socket_task_testing::frame::Frame;
use socket_task_testing::raw::Server;

use super::{Case, Chop, echo};
use crate::recording::Recording;
use crate::servers::options;

/// A frame for each byte.
fn in_single_bytes(text: &[u8]) -> Vec<Frame> {
    let mut frames = vec![Frame::text("").not_final()];
    frames.extend(text.iter().map(|byte| Frame::continuation([*byte]).not_final()));
    frames.push(Frame::continuation(""));
    frames
}

/// Sends the text whole, in one-byte fragments, and byte by byte; it must come back.
fn valid(name: &str, text: &[u8]) {
    assert!(str::from_utf8(text).is_ok(), "{name}");
    let expected = [Frame::text(text)];
    Case::new(name, &expected).expects(&expected).run();
    Case::new(format!("{name}, in fragments"), &in_single_bytes(text)).expects(&expected).run();
    Case::new(format!("{name}, byte by byte"), &expected).chopped(Chop::Bytes(1)).expects(&expected).run();
}

/// How many bytes of the text show that it is wrong; `None` when only its end does.
fn seen_at(text: &[u8]) -> Option<usize> {
    let is_wrong =
        |length: &usize| str::from_utf8(&text[..*length]).is_err_and(|error| error.error_len().is_some());
    (1..=text.len()).find(is_wrong)
}

/// Sends the text whole, in one-byte fragments, and byte by byte; then only as much as it takes to see the fault.
fn invalid(name: &str, text: &[u8]) {
    assert!(str::from_utf8(text).is_err(), "{name}");
    Case::new(name, &[Frame::text(text)]).fails(1007).run();
    Case::new(format!("{name}, in fragments"), &in_single_bytes(text)).fails(1007).run();
    Case::new(format!("{name}, byte by byte"), &[Frame::text(text)])
        .chopped(Chop::Bytes(1))
        .fails(1007)
        .run();
    if let Some(length) = seen_at(text) {
        let fragment = Frame::text(&text[..length]).not_final().encode();
        Case::of_bytes(format!("{name}, at the first wrong fragment"), vec![fragment]).fails(1007).run();
        let mut frame = Frame::text([text, &[b'x'; 100]].concat()).encode();
        frame.truncate(frame.len() - 100 - text.len() + length);
        Case::of_bytes(format!("{name}, inside the frame"), vec![frame]).fails(1007).run();
    }
}

#[test]
fn section_6_1_empty_texts() {
    let empty = [Frame::text("")];
    Case::new("6.1.1", &empty).expects(&empty).run();
    let fragments =
        [Frame::text("").not_final(), Frame::continuation("").not_final(), Frame::continuation("")];
    Case::new("6.1.2", &fragments).expects(&empty).run();
    let fragments = [
        Frame::text("").not_final(),
        Frame::continuation("middle frame payload").not_final(),
        Frame::continuation(""),
    ];
    Case::new("6.1.3", &fragments).expects(&[Frame::text("middle frame payload")]).run();
}

#[test]
fn section_6_2_valid_texts() {
    let text = "Hello-µ@ßöäüàá-UTF-8!!";
    valid("6.2.1 and 6.2.3", text.as_bytes());
    let (front, back) = text.split_at(8);
    Case::new("6.2.2", &[Frame::text(front).not_final(), Frame::continuation(back)])
        .expects(&[Frame::text(text)])
        .run();
    valid("6.2.4", "κόσμε".as_bytes());
}

#[test]
fn section_6_3_and_6_4_fail_fast() {
    invalid("6.3", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited");
    invalid("6.4", b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xF4\x90\x80\x80edited");
}

#[test]
fn section_6_4_before_the_rest_is_sent() {
    // The client must fail while the server still holds the rest of the message back.
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.send(&Frame::text("κόσμε").not_final());
        peer.send(&Frame::continuation(*b"\xF4\x90").not_final());
        assert_eq!(peer.receive().and_then(|frame| frame.close_code()), Some(1007));
        peer.finish();
    });
    let outcome = Recording::connect_with(options(&server.url("/")), echo).run();
    assert_eq!(outcome.error().map(|error| error.code), Some(socket_task::ErrorCode::InvalidUtf8));
}

#[test]
fn section_6_5_and_6_6_prefixes() {
    let text = "κόσμε".as_bytes();
    for length in 1..=text.len() {
        let prefix = &text[..length];
        let name = format!("6.6.{length}");
        if str::from_utf8(prefix).is_ok() { valid(&name, prefix) } else { invalid(&name, prefix) }
    }
}

#[test]
fn section_6_7_to_6_11_boundaries() {
    // First and last of each length, and what lies around the surrogates and behind the last character.
    for (name, text) in [
        ("6.7.1", &b"\x00"[..]),
        ("6.7.2", b"\xC2\x80"),
        ("6.7.3", b"\xE0\xA0\x80"),
        ("6.7.4", b"\xF0\x90\x80\x80"),
        ("6.9.1", b"\x7F"),
        ("6.9.2", b"\xDF\xBF"),
        ("6.9.3", b"\xEF\xBF\xBF"),
        ("6.9.4", b"\xF4\x8F\xBF\xBF"),
        ("6.11.1", b"\xED\x9F\xBF"),
        ("6.11.2", b"\xEE\x80\x80"),
        ("6.11.3", b"\xEF\xBF\xBD"),
        ("6.11.4", b"\xF4\x8F\xBF\xBF"),
    ] {
        valid(name, text);
    }
    for (name, text) in [
        ("6.8.1", &b"\xF8\x88\x80\x80\x80"[..]),
        ("6.8.2", b"\xFC\x84\x80\x80\x80\x80"),
        ("6.10.1", b"\xF7\xBF\xBF\xBF"),
        ("6.10.2", b"\xFB\xBF\xBF\xBF\xBF"),
        ("6.10.3", b"\xFD\xBF\xBF\xBF\xBF\xBF"),
        ("6.11.5", b"\xF4\x90\x80\x80"),
    ] {
        invalid(name, text);
    }
}

#[test]
fn section_6_12_to_6_16_malformed_sequences() {
    let continuations: Vec<u8> = (0x80..=0xBF).collect();
    for length in 1..=7 {
        invalid(&format!("6.12.{length}"), &continuations[..length]);
    }
    invalid("6.12.8", &continuations);
    for (number, starts) in
        [0xC0..=0xDF, 0xE0..=0xEF, 0xF0..=0xF7, 0xF8..=0xFB, 0xFC..=0xFD_u8].into_iter().enumerate()
    {
        let lonely: Vec<u8> = starts.flat_map(|start| [start, b' ']).collect();
        invalid(&format!("6.13.{}", number + 1), &lonely);
    }
    let unfinished: [&[u8]; 10] = [
        b"\xC0",
        b"\xE0\x80",
        b"\xF0\x80\x80",
        b"\xF8\x80\x80\x80",
        b"\xFC\x80\x80\x80\x80",
        b"\xDF",
        b"\xEF\xBF",
        b"\xF7\xBF\xBF",
        b"\xFB\xBF\xBF\xBF",
        b"\xFD\xBF\xBF\xBF\xBF",
    ];
    for (number, text) in unfinished.into_iter().enumerate() {
        invalid(&format!("6.14.{}", number + 1), text);
    }
    invalid("6.15.1", &unfinished.concat());
    for (number, text) in [&b"\xFE"[..], b"\xFF", b"\xFE\xFE\xFF\xFF"].into_iter().enumerate() {
        invalid(&format!("6.16.{}", number + 1), text);
    }
}

#[test]
fn section_6_17_to_6_19_overlong_sequences() {
    for (section, texts) in [
        (
            17,
            [
                &b"\xC0\xAF"[..],
                b"\xE0\x80\xAF",
                b"\xF0\x80\x80\xAF",
                b"\xF8\x80\x80\x80\xAF",
                b"\xFC\x80\x80\x80\x80\xAF",
            ],
        ),
        (
            18,
            [
                b"\xC1\xBF",
                b"\xE0\x9F\xBF",
                b"\xF0\x8F\xBF\xBF",
                b"\xF8\x87\xBF\xBF\xBF",
                b"\xFC\x83\xBF\xBF\xBF\xBF",
            ],
        ),
        (
            19,
            [
                b"\xC0\x80",
                b"\xE0\x80\x80",
                b"\xF0\x80\x80\x80",
                b"\xF8\x80\x80\x80\x80",
                b"\xFC\x80\x80\x80\x80\x80",
            ],
        ),
    ] {
        for (number, text) in texts.into_iter().enumerate() {
            invalid(&format!("6.{section}.{}", number + 1), text);
        }
    }
}

#[test]
fn section_6_20_and_6_21_surrogates() {
    let surrogates = [
        b"\xED\xA0\x80",
        b"\xED\xAD\xBF",
        b"\xED\xAE\x80",
        b"\xED\xAF\xBF",
        b"\xED\xB0\x80",
        b"\xED\xBE\x80",
        b"\xED\xBF\xBF",
    ];
    for (number, text) in surrogates.into_iter().enumerate() {
        invalid(&format!("6.20.{}", number + 1), text);
    }
    for (high, number) in surrogates[..4].iter().zip(1..) {
        for (low, second) in [surrogates[4], surrogates[6]].iter().zip(0..) {
            invalid(
                &format!("6.21.{}", number * 2 - 1 + second),
                &[high.as_slice(), low.as_slice()].concat(),
            );
        }
    }
}

#[test]
fn section_6_22_and_6_23_noncharacters_and_specials() {
    let mut number = 0;
    for plane in 0..=0x10_u32 {
        for last in [0xFFFE, 0xFFFF] {
            number += 1;
            let character = char::from_u32(plane << 16 | last).expect("a noncharacter is a scalar value");
            valid(&format!("6.22.{number}"), character.to_string().as_bytes());
        }
    }
    for (number, character) in ('\u{FFF9}'..='\u{FFFD}').enumerate() {
        valid(&format!("6.23.{}", number + 1), character.to_string().as_bytes());
    }
}
