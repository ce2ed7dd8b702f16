//! The fuzz targets' bodies, and what they share with the tests: each takes any bytes and panics when a
//! promise is broken. Here are those of the data phase.

mod given;
mod server;

pub use given::{certificates_and_keys, proxy_url, url};
pub use server::server_says;

use bytes::Bytes;
use socket_task::ErrorCode;
use socket_task::wire::deflate::DeflateOptions;
use socket_task::wire::deflate::Inflater;
use socket_task::wire::extensions::negotiate;
use socket_task::wire::{Event, Fault, MessageKind, Reader, ReaderLimits, Writer, extensions};

/// An event that outlives the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>, String),
    Fault(u16, ErrorCode),
}

/// Choices and bytes drawn from the input, zeros when it is used up.
pub struct Source<'a>(pub &'a [u8]);

impl<'a> Source<'a> {
    pub fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or(0)
    }

    /// At most `length` bytes.
    pub fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }
}

/// Decompresses all of a part.
fn push(inflater: &mut Inflater, mut part: &[u8], limit: usize) -> Result<(), Fault> {
    loop {
        part = &part[inflater.push(part, limit)?..];
        if part.is_empty() && !inflater.has_more() {
            return Ok(());
        }
    }
}

/// Takes all events there are. Each text must be UTF-8, and each copy the same as the original.
pub fn drain(reader: &mut Reader, seen: &mut Vec<Seen>) {
    loop {
        seen.push(match reader.next() {
            Ok(None) => return,
            Ok(Some(Event::Message(message))) => {
                assert_eq!(message.to_bytes(), message.as_bytes());
                let bytes = message.as_bytes().to_vec();
                match message.kind() {
                    MessageKind::Text => {
                        assert!(std::str::from_utf8(&bytes).is_ok());
                        Seen::Text(bytes)
                    }
                    MessageKind::Binary => Seen::Binary(bytes),
                }
            }
            Ok(Some(Event::Ping(payload))) => Seen::Ping(payload.to_vec()),
            Ok(Some(Event::Pong(payload))) => Seen::Pong(payload.to_vec()),
            Ok(Some(Event::Close(frame))) => Seen::Close(frame.code, frame.reason),
            Ok(Some(Event::Working)) => continue,
            Err(fault) => {
                assert!(matches!(fault.close_code, 1002 | 1007 | 1009));
                assert!(reader.direct().is_none());
                Seen::Fault(fault.close_code, fault.code)
            }
        });
    }
}

/// Reads `bytes` in blocks whose sizes `next_size` gives (at least 1), and directly where that is offered and
/// `next_size` gives an odd number.
pub fn read(reader: &mut Reader, mut bytes: &[u8], mut next_size: impl FnMut() -> usize) -> Vec<Seen> {
    let mut seen = Vec::new();
    while !bytes.is_empty() {
        let size = next_size().clamp(1, bytes.len());
        let mut taken = size;
        match reader.direct() {
            Some((buffer, limit)) if size % 2 == 1 => {
                assert!(0 < limit && limit <= buffer.capacity() - buffer.len());
                taken = size.min(limit);
                buffer.extend_from_slice(&bytes[..taken]);
                reader.direct_filled(taken);
            }
            _ => reader.push(Bytes::copy_from_slice(&bytes[..size])),
        }
        bytes = &bytes[taken..];
        drain(reader, &mut seen);
    }
    seen
}

/// A reader with permessage-deflate when `options` is given and `answer` accepts it.
pub fn reader(limit: usize, deflate: Option<&str>) -> Reader {
    let options = DeflateOptions::default();
    let negotiated = deflate.and_then(|answer| negotiate(Some(&options), &[answer]).unwrap());
    Reader::new(ReaderLimits { max_message_size: limit }, negotiated.map(|negotiated| negotiated.inflater()))
}

/// Appends a frame as a server sends it; `first` is its first byte.
pub fn server_frame(first: u8, payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    match payload.len() {
        length @ 0..=125 => out.push(length as u8),
        length @ 126..=0xFFFF => {
            out.push(126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend(payload);
}

/// Any bytes from a server: no panic, nothing after a Close frame or a fault, no message past the limit, and
/// the same events however the bytes are split.
pub fn frame_reader(data: &[u8]) {
    let mut source = Source(data);
    let limit = [0, 5, 125, 1 << 20][usize::from(source.byte() % 4)];
    let deflate = [None, Some("permessage-deflate"), Some("permessage-deflate; server_no_context_takeover")]
        [usize::from(source.byte() % 3)];
    let step = usize::from(source.byte());
    let bytes = source.0;
    let whole = read(&mut reader(limit, deflate), bytes, || usize::MAX - 1);
    for (index, event) in whole.iter().enumerate() {
        match event {
            Seen::Close(..) | Seen::Fault(..) => assert_eq!(index + 1, whole.len()),
            Seen::Text(bytes) | Seen::Binary(bytes) => assert!(bytes.len() <= limit),
            Seen::Ping(bytes) | Seen::Pong(bytes) => assert!(bytes.len() <= 125),
        }
    }
    assert_eq!(read(&mut reader(limit, deflate), bytes, || step), whole);
    assert_eq!(read(&mut reader(limit, deflate), bytes, || 1), whole);
}

/// Valid messages in arbitrary fragments, with control frames between them, in arbitrary blocks: exactly
/// these messages and control frames come out.
pub fn assembler(data: &[u8]) {
    let mut source = Source(data);
    let mut sizes = source.bytes(16).to_vec();
    sizes.push(7);
    let mut bytes = Vec::new();
    let mut expected = Vec::new();
    while !source.0.is_empty() {
        let (fragments, kind) = (source.byte() % 5, source.byte() % 2);
        let mut message = Vec::new();
        for fragment in 0..=fragments {
            let length = usize::from(source.byte());
            let mut payload = source.bytes(length).to_vec();
            if kind == 0 {
                payload.iter_mut().for_each(|byte| *byte &= 0x7F);
            } else if fragment == 3 {
                payload = payload.repeat(300);
            }
            message.extend(&payload);
            let fin = if fragment == fragments { 0x80 } else { 0 };
            let opcode = if fragment == 0 { kind + 1 } else { 0 };
            server_frame(fin | opcode, &payload, &mut bytes);
            let control = source.byte();
            if fragment < fragments && control < 50 {
                let payload = source.bytes(usize::from(control));
                server_frame(0x89 + control % 2, payload, &mut bytes);
                expected.push(match control % 2 {
                    0 => Seen::Ping(payload.to_vec()),
                    _ => Seen::Pong(payload.to_vec()),
                });
            }
        }
        expected.push(if kind == 0 { Seen::Text(message) } else { Seen::Binary(message) });
    }
    let mut turn = 0;
    let next_size = || {
        turn += 1;
        usize::from(sizes[turn % sizes.len()]).pow(2)
    };
    assert_eq!(read(&mut reader(1 << 20, None), &bytes, next_size), expected);
}

/// Any bytes to the decompressor: no panic, never more than the limit, the same however they are split. And
/// as a message to the compressor: what it makes of it, decompresses to the same, twice in a row.
pub fn inflate(data: &[u8]) {
    let mut source = Source(data);
    let (choice, step) = (source.byte(), usize::from(source.byte()).max(1));
    let limit = [0, 100, 1 << 16][usize::from(choice % 3)];
    let bits = 8 + choice % 8;
    let options = DeflateOptions { threshold: 0, level: 1 + choice % 9, ..DeflateOptions::default() };
    let takeover =
        if choice & 0x80 == 0 { "" } else { "; client_no_context_takeover; server_no_context_takeover" };
    let answer =
        format!("permessage-deflate; server_max_window_bits={bits}; client_max_window_bits={bits}{takeover}");
    let negotiated = negotiate(Some(&options), &[&answer]).unwrap().unwrap();
    let bytes = source.0;

    let inflate = |size: usize| {
        let mut inflater = negotiated.inflater();
        let result = bytes.chunks(size).try_for_each(|part| push(&mut inflater, part, limit));
        let result = result.and_then(|()| inflater.finish());
        assert!(inflater.output().len() <= limit || result.is_err());
        result.map(|()| inflater.take()).map_err(|fault| fault.close_code)
    };
    let whole = inflate(bytes.len().max(1));
    assert_eq!(inflate(step), whole);

    let (mut deflater, mut inflater) = (negotiated.deflater(), negotiated.inflater());
    for _ in 0..2 {
        if let Some(compressed) = deflater.compress(bytes) {
            assert!(compressed.len() < bytes.len());
            for part in compressed.chunks(step) {
                push(&mut inflater, part, bytes.len()).unwrap();
            }
            inflater.finish().unwrap();
            assert_eq!(inflater.output(), bytes);
            inflater.clear();
        }
    }
    let mut out = Vec::new();
    match negotiated.deflater().compress(bytes) {
        Some(compressed) => Writer::new().draw_key().compressed(MessageKind::Binary, compressed, &mut out),
        None => Writer::new().message(MessageKind::Binary, bytes, &mut out),
    }
    assert!(out.len() <= Writer::max_frame_size(bytes.len()));
}

/// Any text as a server's `Sec-WebSocket-Extensions`: no panic; without an offer nothing is agreed; and what
/// is agreed means the same when it is read again as it is reported.
pub fn extensions(data: &[u8]) {
    let mut source = Source(data);
    let choice = source.byte();
    let bits = |asked: bool| asked.then_some(8 + choice % 8);
    let options = DeflateOptions {
        client_no_context_takeover: choice & 0x10 != 0,
        server_no_context_takeover: choice & 0x20 != 0,
        client_max_window_bits: bits(choice & 0x40 != 0),
        server_max_window_bits: bits(choice & 0x80 != 0),
        ..DeflateOptions::default()
    };
    let Ok(value) = std::str::from_utf8(source.0) else { return };
    assert!(negotiate(None, &[value]).is_err());
    if let Ok(list) = extensions::parse(value) {
        assert!(!list.is_empty());
        for extension in list {
            let parameters = extension.parameters.iter();
            let tokens = parameters.flat_map(|(name, value)| [*name, value.unwrap_or("-")]);
            assert!(tokens.chain([extension.name]).all(|token| !token.is_empty() && token.is_ascii()));
        }
    }
    if let Ok(Some(negotiated)) = negotiate(Some(&options), &[value]) {
        let reported = negotiated.to_string();
        assert_eq!(negotiate(Some(&options), &[&reported]), Ok(Some(negotiated)));
    }
}
