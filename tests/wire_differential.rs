//! The data phase against tungstenite, an independent implementation: the same bytes from a server must give
//! the same messages or an error on both sides, and each side must understand what the other one writes.

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, missing_docs, unused_imports)]
mod targets;

use std::io::{self, Cursor, Read, Write};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use socket_task::ErrorCode;
use socket_task::wire::{MessageKind, Writer};
use targets::{Seen, server_frame};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket};

const LIMIT: usize = 3000;

/// The same inputs each time: a failure is one of the change at hand.
fn config(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(6455);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

/// A peer that has sent `incoming` and takes everything.
struct Wire {
    incoming: Cursor<Vec<u8>>,
    outgoing: Vec<u8>,
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.incoming.read(buffer)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.outgoing.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn tungstenite(role: Role, incoming: &[u8], limit: usize) -> WebSocket<Wire> {
    let wire = Wire { incoming: Cursor::new(incoming.to_vec()), outgoing: Vec::new() };
    let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
    WebSocket::from_raw_socket(wire, role, Some(config))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// The bytes ended, and nothing was wrong with them so far.
    Open,
    Closed,
    Failed {
        /// Because of bad UTF-8.
        text: bool,
    },
}

/// What tungstenite sees in `bytes`, up to a Close frame or an error.
fn seen_by_tungstenite(role: Role, bytes: &[u8], limit: usize) -> (Vec<Seen>, End) {
    let mut socket = tungstenite(role, bytes, limit);
    let mut seen = Vec::new();
    loop {
        seen.push(match socket.read() {
            Ok(Message::Text(text)) => Seen::Text(text.as_bytes().to_vec()),
            Ok(Message::Binary(bytes)) => Seen::Binary(bytes.to_vec()),
            Ok(Message::Ping(payload)) => Seen::Ping(payload.to_vec()),
            Ok(Message::Pong(payload)) => Seen::Pong(payload.to_vec()),
            Ok(Message::Close(frame)) => {
                let frame = frame.map(|frame| (u16::from(frame.code), frame.reason.to_string()));
                let (code, reason) = frame.unzip();
                seen.push(Seen::Close(code, reason.unwrap_or_default()));
                return (seen, End::Closed);
            }
            Ok(Message::Frame(_)) => unreachable!("only for writing"),
            Err(Error::Protocol(error)) if error.to_string().contains("without closing") => {
                return (seen, End::Open);
            }
            Err(error) => return (seen, End::Failed { text: matches!(error, Error::Utf8(_)) }),
        });
    }
}

/// What our reader sees in `bytes`, in blocks of `sizes` in turn.
fn seen_by_reader(bytes: &[u8], limit: usize, sizes: &[usize]) -> (Vec<Seen>, End) {
    let mut turn = 0;
    let next_size = || {
        turn += 1;
        sizes[turn % sizes.len()]
    };
    let mut seen = targets::read(&mut targets::reader(limit, None), bytes, next_size);
    let end = match seen.last() {
        Some(&Seen::Fault(_, code)) => {
            seen.pop();
            End::Failed { text: code == ErrorCode::InvalidUtf8 }
        }
        Some(Seen::Close(..)) => End::Closed,
        _ => End::Open,
    };
    (seen, end)
}

/// Compares, where our rules and tungstenite's are the same. Where we are stricter or earlier:
///
/// * a fault is found with the first byte that tells it, which tungstenite only finds when the frame is
///   complete (or, for bad UTF-8, the message): it may still wait, or see control frames in between;
/// * tungstenite turns a Close frame with a bad code into one with 1002; for us it is an error;
/// * tungstenite takes 1014 (Bad Gateway) for a bad code.
///
/// Lengths that are not in their shortest form, which tungstenite accepts, are not generated.
fn compare(bytes: &[u8], sizes: &[usize]) -> Result<(), TestCaseError> {
    let (ours, our_end) = seen_by_reader(bytes, LIMIT, sizes);
    let (mut theirs, their_end) = seen_by_tungstenite(Role::Client, bytes, LIMIT);
    if let End::Failed { text } = our_end {
        prop_assert!(theirs.starts_with(&ours), "ours {ours:?}, theirs {theirs:?}");
        let later = &theirs[ours.len()..];
        prop_assert!(!later.iter().any(|seen| matches!(seen, Seen::Text(_) | Seen::Binary(_))), "{later:?}");
        if let Some(Seen::Close(code, _)) = later.last() {
            prop_assert!(text || *code == Some(1002), "a fault of ours alone, before {later:?}");
        }
        return Ok(());
    }
    if let (Some(Seen::Close(Some(1014), reason)), Some(Seen::Close(code, text))) =
        (ours.last(), theirs.last_mut())
    {
        prop_assert_eq!(*code, Some(1002));
        (*code, *text) = (Some(1014), reason.clone());
    }
    prop_assert_eq!((ours, our_end), (theirs, their_end));
    Ok(())
}

/// One frame: mostly one that may stand somewhere, seldom one that may not.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        12 => prop::sample::select(vec![0x00, 0x80, 0x01, 0x81, 0x02, 0x82]),
        4 => prop::sample::select(vec![0x89, 0x8A]),
        1 => Just(0x88),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        4 => "[a-z]{0,8}".prop_map(String::into_bytes),
        4 => "\\PC{0,100}".prop_map(String::into_bytes),
        1 => ("[a-zä€😀]{1,9}", 0usize..9).prop_map(|(text, cut)| text.into_bytes()[..].iter().take(cut).copied().collect()),
        1 => vec(any::<u8>(), 0..200),
        1 => (0usize..2500).prop_map(|length| vec![b'x'; length]),
    ];
    (first, payload).prop_map(|(first, payload): (u8, Vec<u8>)| {
        let mut bytes = Vec::new();
        server_frame(first, &payload, &mut bytes);
        bytes
    })
}

/// A Close frame, mostly with a code near the limits of what may be sent.
fn close_frame() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![995u16..1020, 2998u16..3002, 4997u16..5003, any::<u16>()];
    let reason = prop_oneof![4 => "\\PC{0,30}".prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..123)];
    (code, reason).prop_map(|(code, mut reason)| {
        let mut bytes = Vec::new();
        reason.truncate(123);
        server_frame(0x88, &[&code.to_be_bytes(), &reason[..]].concat(), &mut bytes);
        bytes
    })
}

/// A valid message in fragments, possibly with a character cut between them.
fn fragmented() -> impl Strategy<Value = Vec<u8>> {
    ("\\PC{0,60}", vec(0usize..200, 0..6), any::<bool>()).prop_map(|(text, mut cuts, binary)| {
        let payload = text.as_bytes();
        cuts.iter_mut().for_each(|cut| *cut = (*cut).min(payload.len()));
        cuts.sort_unstable();
        cuts.push(payload.len());
        let (mut bytes, mut from) = (Vec::new(), 0);
        for (index, &to) in cuts.iter().enumerate() {
            let fin = if index + 1 == cuts.len() { 0x80 } else { 0 };
            let opcode = if index > 0 { 0 } else { 1 + u8::from(binary) };
            server_frame(fin | opcode, &payload[from..to], &mut bytes);
            from = to;
        }
        bytes
    })
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![1usize..10, 1usize..3000, Just(1 << 20)], 1..5)
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn frames_from_a_server(
        parts in vec(prop_oneof![frame(), fragmented()], 0..12),
        end in close_frame(),
        sizes in sizes(),
        cut in 0usize..300,
    ) {
        compare(&end, &sizes)?;
        let bytes = [parts.concat(), end].concat();
        compare(&bytes, &sizes)?;
        compare(&bytes[..bytes.len() - cut.min(bytes.len())], &sizes)?;
    }

    #[test]
    fn one_frame_that_is_masked(payload in vec(any::<u8>(), 0..20), sizes in sizes()) {
        let mut bytes = vec![0x82, 0x80 | payload.len() as u8, 1, 2, 3, 4];
        bytes.extend(&payload);
        prop_assert_eq!(seen_by_reader(&bytes, LIMIT, &sizes), (vec![], End::Failed { text: false }));
        prop_assert_eq!(seen_by_tungstenite(Role::Client, &bytes, LIMIT), (vec![], End::Failed { text: false }));
    }
}

/// A message or control frame to send.
#[derive(Clone, Debug)]
enum Sent {
    Text(String),
    Binary(Vec<u8>),
    /// Binary, in fragments of this size.
    Fragments(Vec<u8>, usize),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

impl Sent {
    fn seen(&self) -> Seen {
        match self.clone() {
            Sent::Text(text) => Seen::Text(text.into_bytes()),
            Sent::Binary(bytes) | Sent::Fragments(bytes, _) => Seen::Binary(bytes),
            Sent::Ping(payload) => Seen::Ping(payload),
            Sent::Pong(payload) => Seen::Pong(payload),
        }
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let bytes = || {
        prop_oneof![
            4 => vec(any::<u8>(), 0..300),
            1 => (any::<u8>(), 0usize..100_000).prop_map(|(byte, length)| vec![byte; length]),
        ]
    };
    prop_oneof![
        "\\PC{0,100}".prop_map(Sent::Text),
        ("\\PC", 0usize..20_000).prop_map(|(text, times)| Sent::Text(text.repeat(times))),
        bytes().prop_map(Sent::Binary),
        (bytes(), 1usize..40_000).prop_map(|(bytes, size)| Sent::Fragments(bytes, size)),
        vec(any::<u8>(), 0..126).prop_map(Sent::Ping),
        vec(any::<u8>(), 0..126).prop_map(Sent::Pong),
    ]
}

fn close() -> impl Strategy<Value = Option<(u16, String)>> {
    prop::option::of((prop_oneof![Just(1000u16), Just(1001), 3000u16..5000], "\\PC{0,30}"))
}

const LARGE: usize = 1 << 20;

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn what_we_write_tungstenite_reads(sent in vec(sent(), 0..10), close in close()) {
        let mut writer = Writer::new();
        let mut bytes = Vec::new();
        for item in &sent {
            match item {
                Sent::Text(text) => writer.message(MessageKind::Text, text.as_bytes(), &mut bytes),
                Sent::Binary(payload) | Sent::Fragments(payload, _) => {
                    writer.message(MessageKind::Binary, payload, &mut bytes);
                }
                Sent::Ping(payload) => writer.ping(payload, &mut bytes),
                Sent::Pong(payload) => writer.pong(payload, &mut bytes),
            }
        }
        let (code, reason) = close.unzip();
        let reason = reason.unwrap_or_default();
        writer.close(code, &reason, &mut bytes);
        let mut expected: Vec<Seen> = sent.iter().map(Sent::seen).collect();
        expected.push(Seen::Close(code, reason));
        prop_assert_eq!(seen_by_tungstenite(Role::Server, &bytes, LARGE), (expected, End::Closed));
    }

    #[test]
    fn what_tungstenite_writes_we_read(sent in vec(sent(), 0..10), close in close(), sizes in sizes()) {
        let mut server = tungstenite(Role::Server, &[], LARGE);
        for item in &sent {
            match item.clone() {
                Sent::Text(text) => server.write(Message::text(text)).unwrap(),
                Sent::Binary(payload) => server.write(Message::binary(payload)).unwrap(),
                Sent::Ping(payload) => server.write(Message::Ping(payload.into())).unwrap(),
                Sent::Pong(payload) => server.write(Message::Pong(payload.into())).unwrap(),
                Sent::Fragments(payload, size) => {
                    let count = payload.len().div_ceil(size).max(1);
                    for index in 0..count {
                        let part = &payload[index * size..payload.len().min((index + 1) * size)];
                        let kind = if index == 0 { Data::Binary } else { Data::Continue };
                        let frame = Frame::message(part.to_vec(), OpCode::Data(kind), index + 1 == count);
                        server.write(Message::Frame(frame)).unwrap();
                    }
                }
            }
        }
        let frame = close.clone().map(|(code, reason)| CloseFrame { code: code.into(), reason: reason.into() });
        server.close(frame).unwrap();
        server.flush().unwrap();
        let mut expected: Vec<Seen> = sent.iter().map(Sent::seen).collect();
        let (code, reason) = close.unzip();
        expected.push(Seen::Close(code, reason.unwrap_or_default()));
        let bytes = &server.get_ref().outgoing;
        prop_assert_eq!(seen_by_reader(bytes, LARGE, &sizes), (expected, End::Closed));
    }
}
