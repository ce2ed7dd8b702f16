//! The connection's task in a world that a seed decides, under paused time. An app sends, pauses, closes and lets go when it
//! likes; a server speaks, stalls, breaks the protocol and vanishes when it likes; and the network between them cuts what
//! they say into pieces, is not ready without a reason, and takes more than it can carry. Whatever happens, the promises of
//! [`book`] hold.
//!
//!     SIMULATION_SEEDS=100000 cargo test --release --lib simulation -- --nocapture
//!     SIMULATION_SEED=7 cargo test --lib simulation -- --nocapture            this one, and what happens in it

mod app;
mod book;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use socket_task_testing::chaos::{Random, World, run_worlds};
use socket_task_testing::deflate::Parameters;
use tokio::time::{Instant, sleep, timeout_at};

use super::run;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Options, Url};
use crate::socket::shared::Shared;
use crate::socket::transport::memory::{Client, connection_with_whims, on_one_thread, opened};
use crate::wire::deflate::DeflateOptions;
use crate::wire::extensions;
use book::{Book, Outcome};

const SEEDS: u64 = 500;

/// Why a connection does not open, where it does not.
const OPENING_FAILED: ErrorCode = ErrorCode::Unreachable;

fn options(random: &mut Random) -> Options {
    let mut options = Options::new(Url::parse("ws://simulation.example/").unwrap());
    options.close_timeout = random.millis(1_000..10_000);
    options.ping_interval = random.once_in(2).then(|| random.millis(1_000..20_000));
    options.pong_timeout = random.millis(1_000..5_000);
    options.max_message_size = random.pick(&[2_000, 100_000]);
    options.max_buffered_amount = random.pick(&[100, 5_000, 1 << 20]);
    options
}

/// Lets the world of a seed run to its end. What has happened is in the book.
fn simulate(seed: u64) -> World<Outcome> {
    let book = Arc::new(Mutex::new(Book::default()));
    let kept = Arc::clone(&book);
    on_one_thread(async move {
        let mut random = Random::new(seed);
        let options = options(&mut random);
        let agreed = random.once_in(4).then(|| Parameters {
            server_no_context_takeover: random.once_in(2),
            client_no_context_takeover: random.once_in(2),
            ..Parameters::default()
        });
        let deflate = agreed.and_then(|agreed| {
            extensions::negotiate(Some(&DeflateOptions::default()), &[&agreed.answer()]).unwrap()
        });
        let capacity = random.pick(&[1, 7, 100, 1_500, 64 << 10, 1 << 20]);
        let holds = random.pick(&[0, 0, 50, 16 << 10]);
        let (client, peer) = connection_with_whims(capacity, holds, random.branch());
        book.lock().unwrap().begin(&options, agreed, peer.other_hand());

        let shared = Arc::new(Shared::new(&options, false));
        let listener = app::Recorder::new(&shared, &book, random.branch());
        let delay = random.millis(0..50);
        let fails = random.once_in(16);
        let opening = async move |_: &Options| {
            sleep(delay).await;
            if fails {
                return Err(Error::new(Phase::Tcp, OPENING_FAILED, "there is no way"));
            }
            Ok::<_, Error>(opened(client, deflate))
        };
        let task = run::<Client>(Arc::clone(&shared), Box::new(options), Some(Box::new(listener)), opening);
        let mut task = tokio::task::spawn_local(task);
        let scale = capacity.saturating_mul(200).min(40_000);
        let server = server::Server::new(peer, Arc::clone(&book), scale);
        let server = tokio::task::spawn_local(server.serve(random.branch()));
        app::live(&shared, &book, scale, random.branch()).await;
        let due = book.lock().unwrap().due().expect("the app has ended it");
        let due = due.max(Instant::now() + Duration::from_secs(1));
        if timeout_at(due, &mut task).await.is_err() {
            book.lock().unwrap().journal.broken("the task does not end in time");
            task.abort();
        }
        server.await.expect("the server runs to its end");
        book.lock().unwrap().settle(&shared);
    });
    let book = Arc::into_inner(kept).expect("all others are gone").into_inner().unwrap();
    World { outcomes: book.outcomes(), journal: book.journal }
}

#[test]
fn promises_hold_whatever_happens() {
    let all =
        [Outcome::Clean, Outcome::Lost, Outcome::Refused, Outcome::Broken, Outcome::Silent, Outcome::LetGo];
    run_worlds(SEEDS, &all, simulate);
}

#[test]
fn a_seed_decides_everything() {
    for seed in 0..20 {
        assert_eq!(simulate(seed).journal.trace, simulate(seed).journal.trace, "seed {seed}");
    }
}
