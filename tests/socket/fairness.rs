//! Connections that share the library's thread: one that always has more to read leaves the others their turn.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use socket_task::wire::Message;
use socket_task::{Listener, Options, Socket};
use socket_task_testing::frame::{Frame, encode_all};
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

#[test]
fn a_flood_of_small_messages_does_not_starve_a_neighbour() {
    const ROUND_TRIPS: usize = 15;
    /// Two hundred turns of the flood: a round trip takes a few, and the servers can be slow.
    const LIMIT: usize = 100_000;
    let server = Server::tcp(|mut peer| {
        use std::io::Write;
        peer.open();
        let block = encode_all(&vec![Frame::binary([1; 100]); 1_000]);
        while peer.write_all(&block).is_ok() {}
    });
    let delivered = Arc::new(AtomicUsize::new(0));
    let options_of_flood = Options { close_timeout: Duration::from_millis(100), ..options(&server.url("/")) };
    let flood = Socket::connect(options_of_flood, Counter(Arc::clone(&delivered))).expect("acceptable");
    let mut neighbour = Recording::connect(options(&ws("/")));
    neighbour.opened();
    while delivered.load(Ordering::Relaxed) < 10_000 {
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
    between.sort_unstable();
    let median = between[ROUND_TRIPS / 2];
    assert!(median < LIMIT, "messages of the flood while an echo was on its way: {between:?}");
    neighbour.finish();
}
