//! What the data phase allocates, counted by the allocator.

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, missing_docs, unused_imports)]
mod targets;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use bytes::{Bytes, BytesMut};
use socket_task::ErrorCode;
use socket_task::wire::deflate::{DeflateOptions, Negotiated};
use socket_task::wire::extensions::negotiate;
use socket_task::wire::{Event, MessageKind, Reader, ReaderLimits, Writer};
use targets::{Seen, drain, server_frame};

const MIB: usize = 1 << 20;

#[derive(Clone, Copy, Debug, Default)]
struct Usage {
    /// Calls to the allocator.
    calls: usize,
    /// Bytes allocated and not given back, since the measurement began.
    live: isize,
    /// The most that `live` has been.
    peak: isize,
}

thread_local! {
    // Per thread, as each test has its own.
    static USAGE: Cell<Usage> = const { Cell::new(Usage { calls: 0, live: 0, peak: 0 }) };
}

struct Counting;

impl Counting {
    fn count(change: isize) {
        USAGE.with(|cell| {
            let Usage { calls, live, peak } = cell.get();
            let live = live + change;
            cell.set(Usage { calls: calls + 1, live, peak: peak.max(live) });
        });
    }
}

// SAFETY: every call is handed on to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        Self::count(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn measure<T>(work: impl FnOnce() -> T) -> (T, Usage) {
    USAGE.set(Usage::default());
    let result = work();
    (result, USAGE.get())
}

fn negotiated(answer: &str) -> Negotiated {
    let options = DeflateOptions { threshold: 0, ..DeflateOptions::default() };
    negotiate(Some(&options), &[answer]).unwrap().unwrap()
}

fn reader(limit: usize, deflate: Option<&Negotiated>) -> Reader {
    Reader::new(ReaderLimits { max_message_size: limit }, deflate.map(Negotiated::inflater))
}

/// Reads to the end without keeping anything, and counts the events.
fn count(reader: &mut Reader, block: &Bytes) -> usize {
    reader.push(block.clone());
    let mut events = 0;
    while let Some(event) = reader.next().unwrap() {
        events += usize::from(!matches!(event, Event::Working));
    }
    events
}

#[test]
fn a_bomb_takes_no_more_than_the_limit() {
    // About 1 MiB that would become 1 GiB.
    let deflate = negotiated("permessage-deflate; client_no_context_takeover");
    let mut mebibyte = deflate.deflater().compress(&vec![0; MIB]).unwrap().to_vec();
    mebibyte.extend([0, 0, 0xFF, 0xFF]);
    let mut frame = Vec::new();
    server_frame(0xC2, &mebibyte.repeat(1024), &mut frame);
    assert!(frame.len() < 2 * MIB);
    let frame = Bytes::from(frame);
    for limit in [MIB, 5_000_000, 16 * MIB] {
        for block in [1000, 64 << 10, frame.len()] {
            let (seen, usage) = measure(|| {
                let mut reader = reader(limit, Some(&deflate));
                let mut seen = Vec::new();
                for start in (0..frame.len()).step_by(block) {
                    reader.push(frame.slice(start..frame.len().min(start + block)));
                    drain(&mut reader, &mut seen);
                }
                seen
            });
            assert_eq!(seen, [Seen::Fault(1009, ErrorCode::MessageTooBig)]);
            assert!(usage.peak < (limit + MIB) as isize, "limit {limit}: {usage:?}");
        }
    }
}

#[test]
fn an_announced_gibibyte_takes_nothing() {
    let header = Bytes::from_static(b"\x82\x7F\x00\x00\x00\x00\x40\x00\x00\x00");
    let mut reader = reader(2 << 30, None);
    let ((), usage) = measure(|| assert_eq!(count(&mut reader, &header), 0));
    assert_eq!(usage.peak, 0);
    let ((), usage) = measure(|| assert!(reader.direct().is_some()));
    assert!(usage.peak <= 64 << 10, "{usage:?}");
}

#[test]
fn short_messages_allocate_nothing() {
    let mut bytes = Vec::new();
    for length in [0, 16, 125, 126, 1000, 5000] {
        for (first, character) in [(0x81, b'a'), (0x82, 0)] {
            server_frame(first, &vec![character; length], &mut bytes);
        }
        // In fragments, with a Ping between them.
        server_frame(0x01, &vec![b'a'; length.min(1000) / 2], &mut bytes);
        server_frame(0x89, b"ping", &mut bytes);
        server_frame(0x80, &[b'a'; 10], &mut bytes);
    }
    let block = Bytes::from(bytes);
    let mut reader = reader(MIB, None);
    assert_eq!(count(&mut reader, &block), 24);
    let (events, usage) = measure(|| (0..100).map(|_| count(&mut reader, &block)).sum::<usize>());
    assert_eq!((events, usage.calls), (2400, 0));

    let mut writer = Writer::new();
    let mut out = Vec::with_capacity(MIB);
    // Makes the thread's generator of masking keys.
    writer.ping(b"", &mut out);
    let ((), usage) = measure(|| {
        for _ in 0..1000 {
            writer.message(MessageKind::Text, &[b'a'; 125], &mut out);
            writer.pong(b"ping", &mut out);
        }
    });
    assert_eq!(usage.calls, 0);
}

#[test]
fn short_compressed_messages_allocate_nothing() {
    let deflate = negotiated("permessage-deflate");
    let text = r#"{"id":1,"name":"a name","ok":true}"#.repeat(10);
    let (mut writer, mut sender, mut deflater) = (Writer::new(), deflate.deflater(), deflate.deflater());
    let mut reader = reader(MIB, Some(&deflate));
    let mut out = Vec::with_capacity(MIB);
    let mut blocks = Vec::new();
    for _ in 0..101 {
        let mut frame = Vec::new();
        server_frame(0xC1, deflater.compress(text.as_bytes()).unwrap(), &mut frame);
        blocks.push(Bytes::from(frame));
    }
    let mut send = || {
        let compressed = sender.compress(text.as_bytes()).unwrap();
        writer.draw_key().compressed(MessageKind::Text, compressed, &mut out);
        sender.clear();
    };
    send();
    assert_eq!(count(&mut reader, &blocks[0]), 1);
    let ((), usage) = measure(|| {
        for block in &blocks[1..] {
            assert_eq!(count(&mut reader, block), 1);
            send();
        }
    });
    assert_eq!(usage.calls, 0);
}

#[test]
fn idle_connections_hold_next_to_nothing() {
    let mut frame = Vec::new();
    server_frame(0x81, &vec![b'a'; 4 * MIB], &mut frame);
    server_frame(0x01, &[b'a'; 5000], &mut frame);
    server_frame(0x80, &[b'a'; 5000], &mut frame);
    let frame = Bytes::from(frame);
    let (_, usage) = measure(|| {
        let mut reader = reader(16 * MIB, None);
        for start in (0..frame.len()).step_by(10_000) {
            count(&mut reader, &frame.slice(start..frame.len().min(start + 10_000)));
        }
        (reader, Writer::new())
    });
    assert!(usage.peak >= 4 * MIB as isize);
    assert!(usage.live < 100, "{usage:?}");
    assert!(size_of::<Reader>() + size_of::<Writer>() < 1024);
}

#[test]
fn compression_takes_memory_when_it_is_used() {
    let text = "compressible ".repeat(1000);
    for (answer, kept) in [
        ("permessage-deflate", true),
        ("permessage-deflate; client_no_context_takeover; server_no_context_takeover", false),
    ] {
        let deflate = negotiated(answer);
        let mut frame = Vec::new();
        server_frame(0xC1, deflate.deflater().compress(text.as_bytes()).unwrap(), &mut frame);
        let frame = Bytes::from(frame);
        let ((mut reader, mut deflater), usage) =
            measure(|| (reader(MIB, Some(&deflate)), deflate.deflater()));
        assert_eq!(usage.live, 0);
        let (_, usage) = measure(|| {
            assert_eq!(count(&mut reader, &frame), 1);
            assert!(deflater.compress(text.as_bytes()).is_some());
            deflater.clear();
        });
        assert!(usage.peak > 100_000);
        assert_eq!(usage.live > 100_000, kept, "{answer}: {usage:?}");
        assert!(kept || usage.live < 20_000, "{usage:?}");
    }
}

/// Each message is read by itself, as a server that does not hurry sends them, into a block that others follow in.
#[test]
fn kept_messages_keep_no_more_than_twice_their_length() {
    const COUNT: usize = 500;
    const BLOCK: usize = 64 << 10;
    for length in [1, 1_100, 8_000, 31_000, 32 << 10, 33_000, 60_000, 200_000] {
        let mut frame = Vec::new();
        server_frame(0x82, &vec![7; length], &mut frame);
        let (kept, usage) = measure(|| {
            let mut reader = reader(MIB, None);
            let mut scratch = BytesMut::new();
            let mut kept = Vec::with_capacity(COUNT);
            while kept.len() < COUNT {
                let mut rest = &frame[..];
                while !rest.is_empty() {
                    let read = match reader.direct() {
                        Some((buffer, limit)) => {
                            let read = limit.min(rest.len());
                            buffer.extend_from_slice(&rest[..read]);
                            reader.direct_filled(read);
                            read
                        }
                        None => {
                            if scratch.capacity() < 16 << 10 {
                                scratch.reserve(BLOCK);
                            }
                            let read = scratch.capacity().min(reader.block_size()).min(rest.len());
                            scratch.extend_from_slice(&rest[..read]);
                            reader.push(scratch.split().freeze());
                            read
                        }
                    };
                    rest = &rest[read..];
                    while let Some(event) = reader.next().unwrap() {
                        if let Event::Message(message) = event {
                            kept.push(message.to_bytes());
                        }
                    }
                }
            }
            kept
        });
        assert!(kept.iter().all(|message| message.len() == length));
        let most = 2 * COUNT * length + 2 * BLOCK + COUNT * size_of::<Bytes>();
        assert!(usage.live <= most as isize, "{COUNT} messages of {length} bytes keep {}", usage.live);
    }
}
