use super::super::deflate::DeflateOptions;
use super::*;
use crate::wire::extensions::negotiate;

/// Splits a masked frame into its first byte and its payload, unmasked.
fn unmask(bytes: &[u8]) -> (u8, Vec<u8>) {
    assert_eq!(bytes[1] & 0x80, 0x80, "not masked");
    let (length, at) = match bytes[1] & 0x7F {
        126 => (u64::from(u16::from_be_bytes(bytes[2..4].try_into().unwrap())), 4),
        127 => (u64::from_be_bytes(bytes[2..10].try_into().unwrap()), 10),
        length => (u64::from(length), 2),
    };
    let (key, payload) = bytes[at..].split_at(4);
    assert_eq!(payload.len() as u64, length);
    (bytes[0], payload.iter().enumerate().map(|(i, byte)| byte ^ key[i % 4]).collect())
}

fn written(write: impl FnOnce(&mut Writer, &mut Vec<u8>)) -> (u8, Vec<u8>) {
    let mut out = Vec::new();
    write(&mut Writer::new(), &mut out);
    unmask(&out)
}

#[test]
fn messages_of_all_length_forms() {
    for length in (0..1300).chain([65535, 65536, 70_001]) {
        let payload: Vec<u8> = (0..length).map(|i| (i * 7 % 253) as u8).collect();
        let (first, read) = written(|writer, out| writer.message(MessageKind::Binary, &payload, out));
        assert_eq!(first, 0x82);
        assert_eq!(read, payload, "{length}");
    }
}

#[test]
fn shortest_form_of_the_length() {
    for (length, size) in [(0, 6), (125, 6), (126, 8), (65535, 8), (65536, 14)] {
        let mut out = Vec::new();
        Writer::new().message(MessageKind::Text, &vec![b'a'; length], &mut out);
        assert_eq!(out.len() - length, size, "{length}");
        assert!(out.len() <= Writer::max_frame_size(length));
    }
}

#[test]
fn frames_are_appended() {
    let mut out = b"before".to_vec();
    let mut writer = Writer::new();
    writer.message(MessageKind::Text, b"one", &mut out);
    writer.message(MessageKind::Text, b"two", &mut out);
    assert_eq!(&out[..6], b"before");
    assert_eq!(unmask(&out[6..15]), (0x81, b"one".to_vec()));
    assert_eq!(unmask(&out[15..]), (0x81, b"two".to_vec()));
}

#[test]
fn control_frames() {
    assert_eq!(written(|writer, out| writer.ping(b"a", out)), (0x89, b"a".to_vec()));
    assert_eq!(written(|writer, out| writer.pong(&[1; 125], out)), (0x8A, vec![1; 125]));
    assert_eq!(written(|writer, out| writer.ping(&[1; 126], out)), (0x89, vec![1; 125]));
}

#[test]
fn close_frames() {
    assert_eq!(written(|writer, out| writer.close(None, "lost", out)), (0x88, vec![]));
    assert_eq!(written(|writer, out| writer.close(Some(1000), "bye", out)), (0x88, b"\x03\xE8bye".to_vec()));
    let (_, payload) = written(|writer, out| writer.close(Some(4999), &"€".repeat(60), out));
    assert_eq!(&payload[2..], "€".repeat(41).as_bytes(), "41 * 3 = 123");
    let (_, payload) = written(|writer, out| writer.close(Some(4999), &format!("a{}", "€".repeat(60)), out));
    assert_eq!(payload.len(), 2 + 1 + 40 * 3, "no character is cut");
}

#[test]
fn every_frame_has_its_own_key() {
    let mut keys = MaskKeys::new();
    let drawn: std::collections::HashSet<_> = (0..1000).map(|_| keys.next_key()).collect();
    // The chance of a single repetition is 1 in 8,600; of more than three, none to speak of.
    assert!(drawn.len() > 996);
}

#[test]
fn compressed_messages_set_rsv1() {
    let options = DeflateOptions { threshold: 100, ..DeflateOptions::default() };
    let negotiated = negotiate(Some(&options), &["permessage-deflate"]).unwrap().unwrap();
    let (mut writer, mut deflater) = (Writer::new(), negotiated.deflater());
    let mut inflater = negotiated.inflater();
    let text = "the same again and again ".repeat(10);
    for _ in 0..3 {
        let mut out = Vec::new();
        writer.draw_key().compressed(
            MessageKind::Text,
            deflater.compress(text.as_bytes()).unwrap(),
            &mut out,
        );
        deflater.clear();
        let (first, payload) = unmask(&out);
        assert_eq!(first, 0xC1);
        assert!(payload.len() < 50);
        inflater.push(&payload, 1000).unwrap();
        inflater.finish().unwrap();
        assert_eq!(inflater.output(), text.as_bytes());
        inflater.clear();
    }
    assert!(deflater.compress(&text.as_bytes()[..99]).is_none(), "below the threshold");
    let mut out = Vec::new();
    writer.ping(&text.as_bytes()[..100], &mut out);
    assert_eq!(unmask(&out).0, 0x89);
}
