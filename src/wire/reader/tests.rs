use super::super::deflate::DeflateOptions;
use super::*;
use crate::error::ErrorCode;
use crate::wire::extensions::negotiate;

const FIN: u8 = 0x80;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// A frame as a server sends it.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..=125 => bytes.push(length as u8),
        length @ 126..=0xFFFF => {
            bytes.push(126);
            bytes.extend((length as u16).to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(payload);
    bytes
}

fn frames(list: &[(u8, &[u8])]) -> Vec<u8> {
    list.iter().flat_map(|(first, payload)| frame(*first, payload)).collect()
}

/// An event that outlives the reader.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
    Fault(u16, ErrorCode),
}

fn reader(limit: usize) -> Reader {
    Reader::new(ReaderLimits { max_message_size: limit }, None)
}

fn reader_with_deflate(limit: usize) -> Reader {
    let negotiated = negotiate(Some(&DeflateOptions::default()), &["permessage-deflate"]).unwrap().unwrap();
    Reader::new(ReaderLimits { max_message_size: limit }, Some(negotiated.inflater()))
}

fn drain(reader: &mut Reader, seen: &mut Vec<Seen>) {
    loop {
        seen.push(match reader.next() {
            Ok(None) => return,
            Ok(Some(Event::Message(message))) => {
                assert_eq!(message.to_bytes(), message.as_bytes());
                match message.kind() {
                    MessageKind::Text => Seen::Text(str::from_utf8(message.as_bytes()).unwrap().to_owned()),
                    MessageKind::Binary => Seen::Binary(message.as_bytes().to_vec()),
                }
            }
            Ok(Some(Event::Ping(payload))) => Seen::Ping(payload.to_vec()),
            Ok(Some(Event::Pong(payload))) => Seen::Pong(payload.to_vec()),
            Ok(Some(Event::Close(frame))) => Seen::Close(frame.code, frame.reason),
            Ok(Some(Event::Working)) => continue,
            Err(fault) => Seen::Fault(fault.close_code, fault.code),
        });
    }
}

/// Feeds `bytes` in blocks of `size`.
fn read_in_blocks(mut reader: Reader, bytes: &[u8], size: usize) -> Vec<Seen> {
    let mut seen = Vec::new();
    for block in bytes.chunks(size) {
        reader.push(Bytes::copy_from_slice(block));
        drain(&mut reader, &mut seen);
    }
    seen
}

/// Feeds `bytes` as one block and split at each place there is, and wants the same of all.
fn read(bytes: &[u8]) -> Vec<Seen> {
    let whole = read_in_blocks(reader(1 << 20), bytes, bytes.len());
    for size in 1..bytes.len().min(200) {
        assert_eq!(read_in_blocks(reader(1 << 20), bytes, size), whole, "in blocks of {size}");
    }
    whole
}

#[track_caller]
fn assert_violation(bytes: &[u8]) {
    assert_eq!(read(bytes), [Seen::Fault(1002, ErrorCode::ProtocolViolation)]);
}

#[track_caller]
fn assert_bad_text(bytes: &[u8]) {
    assert_eq!(read(bytes), [Seen::Fault(1007, ErrorCode::InvalidUtf8)]);
}

fn text(text: &str) -> Seen {
    Seen::Text(text.to_owned())
}

#[test]
fn messages_of_all_length_forms() {
    for length in [0, 1, 125, 126, 127, 128, 65535, 65536, 100_000] {
        let payload: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        let bytes = frame(FIN | BINARY, &payload);
        for size in [1, 2, 3, 7, 1000, 65536, bytes.len()] {
            assert_eq!(read_in_blocks(reader(length), &bytes, size), [Seen::Binary(payload.clone())]);
        }
    }
    assert_eq!(read(&frame(FIN | TEXT, "größe €".as_bytes())), [text("größe €")]);
}

#[test]
fn many_messages_in_one_block() {
    let bytes = frames(&[(FIN | TEXT, b"one"), (FIN | BINARY, b"two"), (FIN | TEXT, b""), (FIN | PONG, b"")]);
    assert_eq!(read(&bytes), [text("one"), Seen::Binary(b"two".to_vec()), text(""), Seen::Pong(vec![])]);
}

#[test]
fn fragments_with_control_frames_between() {
    let bytes = frames(&[
        (TEXT, b"a\xE2"),
        (FIN | PING, b"p"),
        (CONTINUATION, b"\x82"),
        (CONTINUATION, b""),
        (FIN | PONG, b"q"),
        (FIN | CONTINUATION, b"\xAC"),
        (FIN | BINARY, b"next"),
    ]);
    let expected =
        [Seen::Ping(b"p".to_vec()), Seen::Pong(b"q".to_vec()), text("a€"), Seen::Binary(b"next".to_vec())];
    assert_eq!(read(&bytes), expected);
}

#[test]
fn longest_control_payload() {
    let payload = [7; 125];
    assert_eq!(read(&frame(FIN | PING, &payload)), [Seen::Ping(payload.to_vec())]);
}

#[test]
fn headers_that_break_rules() {
    assert_violation(&[FIN | TEXT, 126, 0, 125]); // 16 bits of length where 7 do
    assert_violation(&[FIN | TEXT, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]); // 64 where 16 do
    assert_violation(&[FIN | TEXT, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]); // the top bit
    assert_violation(&[FIN | TEXT, 0x80 | 1, 1, 2, 3, 4, b'a']); // masked
    assert_violation(&[FIN | PING, 0x80, 1, 2, 3, 4]);
    for rsv in [0x40, 0x20, 0x10, 0x70] {
        for opcode in [TEXT, BINARY, CLOSE, PING, PONG] {
            assert_violation(&frame(FIN | rsv | opcode, b""));
        }
    }
    for opcode in [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        assert_violation(&frame(FIN | opcode, b""));
    }
    for opcode in [CLOSE, PING, PONG] {
        assert_violation(&frame(opcode, b""));
        assert_violation(&frame(FIN | opcode, &[0; 126]));
    }
}

#[test]
fn sequences_that_break_rules() {
    assert_violation(&frame(FIN | CONTINUATION, b"a"));
    assert_violation(&frame(CONTINUATION, b"a"));
    assert_violation(&frames(&[(TEXT, b"a"), (FIN | TEXT, b"b")]));
    assert_violation(&frames(&[(BINARY, b"a"), (TEXT, b"b")]));
    let after_a_message = frames(&[(BINARY, b"a"), (FIN | CONTINUATION, b"b"), (FIN | CONTINUATION, b"c")]);
    assert_eq!(
        read(&after_a_message),
        [Seen::Binary(b"ab".to_vec()), Seen::Fault(1002, ErrorCode::ProtocolViolation)]
    );
}

#[test]
fn reserved_bit_1_with_deflate() {
    let violation = [Seen::Fault(1002, ErrorCode::ProtocolViolation)];
    let read = |list: &[(u8, &[u8])]| read_in_blocks(reader_with_deflate(1000), &frames(list), 1000);
    // "Hello", RFC 7692, section 7.2.3.1
    let hello = b"\xF2\x48\xCD\xC9\xC9\x07\x00";
    assert_eq!(read(&[(FIN | 0x40 | TEXT, hello)]), [text("Hello")]);
    let fragmented = [(0x40 | TEXT, &hello[..3]), (FIN | CONTINUATION, &hello[3..])];
    assert_eq!(read(&fragmented), [text("Hello")]);
    assert_eq!(read(&[(0x40 | TEXT, &hello[..3]), (FIN | 0x40 | CONTINUATION, &hello[3..])]), violation);
    assert_eq!(read(&[(FIN | 0x40 | PING, b"")]), violation);
    assert_eq!(read(&[(FIN | 0x20 | TEXT, b"")]), violation);
    assert_eq!(read(&[(FIN | TEXT, b"plain"), (FIN | 0x40 | TEXT, hello)]), [text("plain"), text("Hello")]);
}

#[test]
fn texts_that_are_not_utf8() {
    for bad in [
        &b"\xFF"[..],
        b"\xC0\x80",         // a longer form than needed
        b"\xED\xA0\x80",     // a surrogate
        b"\xF4\x90\x80\x80", // past U+10FFFF
        b"ab\x80",
        b"\xE2\x82", // cut
    ] {
        assert_bad_text(&frame(FIN | TEXT, bad));
        let mut long = vec![b'a'; 3000];
        long.extend(bad);
        assert_bad_text(&frame(FIN | TEXT, &long));
        assert_bad_text(&frames(&[(TEXT, &long), (CONTINUATION, b""), (FIN | CONTINUATION, b"")]));
    }
}

#[test]
fn text_fails_at_the_first_bad_byte() {
    // The rest of the frame, and of the message, has not come.
    let mut in_frame = reader(1 << 20);
    let mut seen = Vec::new();
    in_frame.push(Bytes::from_static(b"\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00ab\xF4"));
    drain(&mut in_frame, &mut seen);
    assert_eq!(seen, []);
    in_frame.push(Bytes::from_static(b"\x90"));
    drain(&mut in_frame, &mut seen);
    assert_eq!(seen, [Seen::Fault(1007, ErrorCode::InvalidUtf8)]);

    let bytes = frames(&[(TEXT, b"\xCE\xBA\xE1"), (CONTINUATION, b"\xC0")]);
    assert_eq!(read(&bytes), [Seen::Fault(1007, ErrorCode::InvalidUtf8)]);

    // A compressed message, whose last fragment has not come.
    let bad = b"\xF2\x48\xCD\xC9\xF9\x0F\x00"; // "Hell\xFF", flushed as in RFC 7692
    let inflated = read_in_blocks(reader_with_deflate(100), &frame(0x40 | TEXT, bad), 100);
    assert_eq!(inflated, [Seen::Fault(1007, ErrorCode::InvalidUtf8)]);
}

#[test]
fn close_frames() {
    assert_eq!(read(&frame(FIN | CLOSE, b"")), [Seen::Close(None, String::new())]);
    assert_eq!(read(&frame(FIN | CLOSE, b"\x03\xE8bye")), [Seen::Close(Some(1000), "bye".to_owned())]);
    assert_violation(&frame(FIN | CLOSE, b"\x03"));
    assert_violation(&frame(FIN | CLOSE, b"\x03\xED"));
    assert_bad_text(&frame(FIN | CLOSE, b"\x03\xE8\xFF"));
    // Within a fragmented message it still closes.
    let bytes = frames(&[(TEXT, b"a"), (FIN | CLOSE, b""), (FIN | CONTINUATION, b"b")]);
    assert_eq!(read(&bytes), [Seen::Close(None, String::new())]);
}

#[test]
fn nothing_after_the_end() {
    let bytes = frames(&[(FIN | CLOSE, b""), (FIN | TEXT, b"a"), (FIN | 0x70, b"")]);
    assert_eq!(read(&bytes).len(), 1);
    let bytes = frames(&[(FIN | 0x70 | TEXT, b""), (FIN | TEXT, b"a"), (FIN | CLOSE, b"")]);
    assert_eq!(read(&bytes).len(), 1);
    let mut ended = reader(100);
    ended.push(frame(FIN | CLOSE, b"").into());
    drain(&mut ended, &mut Vec::new());
    ended.push(frame(BINARY, &[0; 50]).into());
    assert!(matches!(ended.next(), Ok(None)));
    assert!(ended.direct().is_none());
}

#[test]
fn message_limit() {
    let too_big = [Seen::Fault(1009, ErrorCode::MessageTooBig)];
    let read = |bytes: &[u8]| read_in_blocks(reader(1000), bytes, 4096);
    assert_eq!(read(&frame(FIN | BINARY, &[1; 1000])), [Seen::Binary(vec![1; 1000])]);
    // The announcement is enough.
    assert_eq!(read(&frame(FIN | BINARY, &[1; 1001])[..4]), too_big);
    assert_eq!(read(b"\x82\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), too_big);
    let whole = frames(&[(BINARY, &[1; 600]), (FIN | CONTINUATION, &[1; 400])]);
    assert_eq!(read(&whole), [Seen::Binary(vec![1; 1000])]);
    let over = frames(&[(BINARY, &[1; 600]), (FIN | CONTINUATION, &[1; 401])]);
    assert_eq!(read(&over[..604 + 4]), too_big);
    // It counts per message.
    let two = frames(&[(FIN | BINARY, &[1; 600]), (FIN | BINARY, &[2; 600])]);
    assert_eq!(read(&two).len(), 2);
    assert_eq!(read_in_blocks(reader(0), &frame(FIN | TEXT, b""), 10), [text("")]);
}

#[test]
fn an_announcement_costs_nothing() {
    let mut reader = reader(usize::MAX);
    reader.push(Bytes::from_static(b"\x82\x7F\x00\x00\x00\x00\x40\x00\x00\x00abc")); // 1 GiB
    assert!(matches!(reader.next(), Ok(None)));
    assert!(reader.incoming.spare() <= 64 << 10);
    let (_, limit) = reader.direct().unwrap();
    assert!(limit <= 64 << 10);
    // Neither does one of all there is.
    let mut reader = self::reader(usize::MAX);
    reader.push(Bytes::from_static(b"\x82\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
    assert!(matches!(reader.next(), Ok(None)));
    assert!(reader.direct().unwrap().1 <= 64 << 10);
}

#[test]
fn memory_grows_with_the_bytes() {
    let total = 10 << 20;
    let mut reader = reader(total);
    let mut bytes = frame(FIN | BINARY, &vec![3; total]);
    let payload = bytes.split_off(10);
    reader.push(bytes.into());
    assert!(matches!(reader.next(), Ok(None)));
    let mut came = 0;
    for block in payload.chunks(10_000) {
        came += block.len();
        reader.push(Bytes::copy_from_slice(block));
        if reader.next().unwrap().is_none() {
            assert!(reader.incoming.spare() <= (3 * came).max(128 << 10), "at {came}");
        }
    }
    assert_eq!(reader.incoming.message().as_bytes().len(), total);
    // The buffer is exactly as large as the message, so none is wasted when the application keeps it.
    assert!(matches!(reader.next(), Ok(None)));
    assert!(reader.incoming.message().as_bytes().is_empty());
}

#[test]
fn floods_of_empty_fragments_cost_nothing() {
    let mut reader = reader(100);
    reader.push(frame(TEXT, b"").into());
    assert!(matches!(reader.next(), Ok(None)));
    for _ in 0..70_000 {
        reader.push(frame(CONTINUATION, b"").into());
        assert!(matches!(reader.next(), Ok(None)));
    }
    assert_eq!(reader.incoming.spare(), 0);
    reader.push(frame(FIN | CONTINUATION, b"end").into());
    let mut seen = Vec::new();
    drain(&mut reader, &mut seen);
    assert_eq!(seen, [text("end")]);
}

#[test]
fn sixty_five_thousand_fragments() {
    let mut bytes = frame(BINARY, b"x");
    for _ in 0..65_534 {
        bytes.extend(frame(CONTINUATION, b"x"));
    }
    bytes.extend(frame(FIN | CONTINUATION, b"x"));
    assert_eq!(read_in_blocks(reader(65_536), &bytes, 5000), [Seen::Binary(vec![b'x'; 65_536])]);
}

#[test]
fn a_whole_message_is_a_slice_of_the_block() {
    let block = Bytes::from(frames(&[(FIN | BINARY, &[1; 32 << 10]), (FIN | BINARY, &[2; (32 << 10) - 1])]));
    let inside = |bytes: &[u8]| block.as_ptr_range().contains(&bytes.as_ptr());
    let mut reader = reader(64 << 10);
    reader.push(block.clone());
    let Ok(Some(Event::Message(large))) = reader.next() else { panic!() };
    assert!(inside(large.as_bytes()));
    assert!(inside(&large.to_bytes()), "shared");
    let Ok(Some(Event::Message(small))) = reader.next() else { panic!() };
    assert!(inside(small.as_bytes()));
    assert!(!inside(&small.to_bytes()), "copied");
    // Once it is used up, the reader holds on to it no longer.
    assert!(matches!(reader.next(), Ok(None)));
    assert!(reader.block.is_empty());
    assert!(block.is_unique());
}

#[test]
fn direct_reads() {
    let payload = "größe".repeat(20_000).into_bytes();
    let bytes = frame(FIN | TEXT, &payload);
    let mut reader = reader(payload.len());
    assert!(reader.direct().is_none(), "before a frame");
    reader.push(Bytes::copy_from_slice(&bytes[..1000]));
    assert!(reader.direct().is_none(), "before the block is used up");
    assert!(matches!(reader.next(), Ok(None)));
    let mut rest = &bytes[1000..];
    let mut pointer = None;
    while let Some((buffer, limit)) = reader.direct() {
        let room = buffer.capacity() - buffer.len();
        assert!(limit > 0 && limit <= room && limit <= rest.len());
        let (part, after) = rest.split_at(limit.min(9_999));
        buffer.extend_from_slice(part);
        pointer = Some(buffer.as_ptr());
        reader.direct_filled(part.len());
        rest = after;
        if !reader.incoming.is_frame_complete() {
            assert!(matches!(reader.next(), Ok(None)));
        }
    }
    assert!(rest.len() < 8 << 10);
    reader.push(Bytes::copy_from_slice(rest));
    let Ok(Some(Event::Message(message))) = reader.next() else { panic!() };
    assert_eq!(message.as_bytes(), payload);
    assert_eq!(message.to_bytes().as_ptr(), message.as_bytes().as_ptr(), "shared");
    assert_eq!(Some(message.as_bytes().as_ptr()), pointer, "not moved");
}

#[test]
fn direct_reads_are_checked() {
    let mut reader = reader(1 << 20);
    reader.push(Bytes::from_static(b"\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00ab"));
    assert!(matches!(reader.next(), Ok(None)));
    let (buffer, _) = reader.direct().unwrap();
    buffer.extend_from_slice(b"\xFF");
    reader.direct_filled(1);
    assert_eq!(reader.next().unwrap_err().close_code, 1007);
    assert!(reader.direct().is_none());
}

#[test]
fn no_direct_reads_of_compressed_or_nearly_complete_frames() {
    let mut compressed = reader_with_deflate(1 << 20);
    compressed.push(Bytes::from_static(b"\xC2\x7F\x00\x00\x00\x00\x00\x01\x00\x00"));
    assert!(matches!(compressed.next(), Ok(None)));
    assert!(compressed.direct().is_none());
    let mut nearly = reader(1 << 20);
    nearly.push(Bytes::copy_from_slice(&frame(FIN | BINARY, &[0; 10_000])[..1000]));
    assert!(matches!(nearly.next(), Ok(None)));
    assert!(nearly.direct().is_some());
    nearly.push(Bytes::from_static(&[0; 900]));
    assert!(matches!(nearly.next(), Ok(None)));
    assert!(nearly.direct().is_none());
}

#[test]
fn the_next_large_message_gets_its_room_at_once() {
    let large = frame(FIN | BINARY, &vec![1; 1 << 20]);
    let mut reader = reader(1 << 30);
    let mut seen = Vec::new();
    for part in large.chunks(50_000) {
        reader.push(Bytes::copy_from_slice(part));
        drain(&mut reader, &mut seen);
    }
    assert_eq!(seen.len(), 1);
    reader.push(Bytes::copy_from_slice(&large[..1000]));
    assert!(matches!(reader.next(), Ok(None)));
    assert_eq!(reader.direct().unwrap().1, large.len() - 1000);
}

#[test]
fn a_small_block_is_wanted_behind_a_large_frame() {
    let mut reader = reader(1 << 20);
    let mut seen = Vec::new();
    let mut push = |reader: &mut Reader, bytes: &[u8]| {
        reader.push(Bytes::copy_from_slice(bytes));
        drain(reader, &mut seen);
        reader.block_size()
    };
    let (small, large) = (frame(FIN | TEXT, b"small"), frame(FIN | BINARY, &[1; 100_000]));
    assert_eq!(push(&mut reader, &small), BLOCK);
    assert_eq!(push(&mut reader, &large[..100]), BLOCK_AFTER_LARGE_FRAME);
    assert_eq!(push(&mut reader, &large[100..99_000]), BLOCK_AFTER_LARGE_FRAME);
    assert_eq!(push(&mut reader, &[&large[99_000..], &large[..5]].concat()), BLOCK_AFTER_LARGE_FRAME);
    assert_eq!(push(&mut reader, &large[5..4_000]), BLOCK_AFTER_LARGE_FRAME);
    assert_eq!(push(&mut reader, &large[4_000..]), BLOCK_AFTER_LARGE_FRAME);
    assert_eq!(push(&mut reader, &small), BLOCK);
    let mut deflate = reader_with_deflate(1 << 20);
    assert_eq!(push(&mut deflate, b"\xC2\x7F\x00\x00\x00\x00\x00\x01\x00\x00"), BLOCK);
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_message_that_is_large_once_decompressed_comes_out_in_steps() {
    let negotiated = negotiate(Some(&DeflateOptions::default()), &["permessage-deflate"]).unwrap().unwrap();
    let text = "again and ".repeat(100_000);
    let compressed = negotiated.deflater().compress(text.as_bytes()).unwrap().to_vec();
    let mut bytes = vec![0xC1, 126];
    bytes.extend((compressed.len() as u16).to_be_bytes());
    bytes.extend(&compressed);
    bytes.extend(b"\x81\x04next");
    for size in [bytes.len(), 1_000] {
        let mut reader = reader_with_deflate(text.len());
        let (mut steps, mut seen) = (0, Vec::new());
        for block in bytes.chunks(size) {
            reader.push(Bytes::copy_from_slice(block));
            loop {
                assert!(!reader.is_idle());
                match reader.next().unwrap() {
                    None => break,
                    Some(Event::Working) => steps += 1,
                    Some(Event::Message(message)) => seen.push(message.to_bytes()),
                    Some(other) => panic!("{other:?}"),
                }
            }
        }
        assert!(reader.is_idle());
        assert!((10..=16).contains(&steps), "{steps} steps of 64 KiB in blocks of {size}");
        assert!(seen == [text.as_bytes(), b"next"]);
    }
    assert_eq!(
        read_in_blocks(reader_with_deflate(text.len() - 1), &bytes, 1_000),
        [Seen::Fault(1009, ErrorCode::MessageTooBig)]
    );
}

#[test]
fn messages_that_nobody_wants_take_neither_time_nor_room() {
    let negotiated = negotiate(Some(&DeflateOptions::default()), &["permessage-deflate"]).unwrap().unwrap();
    let compressed = negotiated.deflater().compress(&vec![0; 1 << 20]).unwrap().to_vec();
    let frame = |first: u8, payload: &[u8]| {
        [&[first, 126][..], &(payload.len() as u16).to_be_bytes(), payload].concat()
    };
    let large = [frame(0x01, &[b'a'; 20_000]), frame(0x80, &[b'a'; 20_000])].concat();
    let close = b"\x88\x02\x03\xE8".to_vec();
    for begun in [frame(0xC2, &compressed), large.clone()] {
        let mut reader = reader_with_deflate(1 << 20);
        reader.push(begun[..500].to_vec().into());
        assert!(matches!(reader.next(), Ok(None | Some(Event::Working))));
        reader.discard_messages();
        let rest = [&begun[500..], &frame(0xC2, &compressed), &large, &close].concat();
        let mut seen = Vec::new();
        while !matches!(reader.next(), Ok(None)) {}
        for block in rest.chunks(5_000) {
            assert!(reader.direct().is_none());
            reader.push(Bytes::copy_from_slice(block));
            drain(&mut reader, &mut seen);
        }
        assert_eq!(seen, [Seen::Close(Some(1000), String::new())]);
    }
}
