//! Connections that share the library's thread: one that always has more to read leaves the others their turn.

use std::hint::spin_loop;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use socket_task::wire::deflate::DeflateOptions;
use socket_task::wire::{Message, extensions};
use socket_task::{Listener, Options, Socket};
use socket_task_testing::frame::{Frame, RSV1, encode_all};
use socket_task_testing::raw::Server;

use crate::recording::Recording;
use crate::servers::{options, ws};

/// Counts messages, and takes its time for each.
struct Counter(Arc<AtomicUsize>);

impl Listener for Counter {
    fn on_message(&mut self, _: Message<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        while start.elapsed() < Duration::from_micros(2) {
            spin_loop();
        }
    }
}

const ROUND_TRIPS: usize = 15;

/// How many messages of a flood are delivered while an echo is on its way, from the fewest to the most.
fn between_round_trips(flood: Options, warm: usize) -> Vec<usize> {
    let delivered = Arc::new(AtomicUsize::new(0));
    let flood = Options { close_timeout: Duration::from_millis(100), ..flood };
    let flood = Socket::connect(flood, Counter(Arc::clone(&delivered))).expect("acceptable");
    let mut neighbour = Recording::connect(options(&ws("/")));
    neighbour.opened();
    while delivered.load(Ordering::Relaxed) < warm {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut between: Vec<usize> = (0..ROUND_TRIPS)
        .map(|_| {
            let before = delivered.load(Ordering::Relaxed);
            neighbour.socket.send_text("echo").expect("open");
            assert_eq!(neighbour.text(), "echo");
            delivered.load(Ordering::Relaxed) - before
        })
        .collect();
    flood.release();
    neighbour.finish();
    between.sort_unstable();
    between
}

#[test]
fn a_flood_of_small_messages_does_not_starve_a_neighbour() {
    /// Two hundred turns of the flood: a round trip takes a few, and the servers can be slow.
    const LIMIT: usize = 100_000;
    let server = Server::tcp(|mut peer| {
        peer.open();
        let block = encode_all(&vec![Frame::binary([1; 100]); 1_000]);
        while peer.write_all(&block).is_ok() {}
    });
    let between = between_round_trips(options(&server.url("/")), 10_000);
    assert!(
        between[ROUND_TRIPS / 2] < LIMIT,
        "messages of the flood while an echo was on its way: {between:?}"
    );
}

/// Each takes many turns to decompress, and an echo a few.
#[test]
fn a_flood_of_messages_that_are_large_once_decompressed_does_not_starve_a_neighbour() {
    const SIZE: usize = 64 << 20;
    let deflate = DeflateOptions::default();
    let negotiated = extensions::negotiate(Some(&deflate), &["permessage-deflate"]).expect("agreed");
    let message = negotiated.expect("agreed").deflater().compress(&vec![0; SIZE]).expect("smaller").to_vec();
    assert!((60_000..70_000).contains(&message.len()));
    let server = Server::tcp(move |mut peer| {
        let answer = "permessage-deflate; server_no_context_takeover";
        peer.open_with(&[("Sec-WebSocket-Extensions", answer)], b"");
        let frame = Frame::binary(message.clone()).with_rsv(RSV1).encode();
        while peer.write_all(&frame).is_ok() {}
    });
    let flood =
        Options { per_message_deflate: Some(deflate), max_message_size: SIZE, ..options(&server.url("/")) };
    let between = between_round_trips(flood, 1);
    let sum: usize = between.iter().sum();
    assert!(sum < ROUND_TRIPS, "messages of the flood while an echo was on its way: {between:?}");
}
