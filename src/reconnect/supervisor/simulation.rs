//! A socket that makes one connection after another, in a world that a seed decides, under paused time: servers that refuse,
//! speak, stall and vanish, a network that comes and goes, an app that sends, pauses and closes when it likes, and hooks that
//! answer late, otherwise, or not at all. Whatever happens, the promises of [`ledger`] hold.
//!
//! `src/socket/task/simulation.rs` tells how to run more worlds, and one again.

mod ledger;

use std::sync::{Arc, Mutex, MutexGuard};

use socket_task_testing::chaos::{Random, World, dawdle, run_worlds};
use socket_task_testing::frame::{Frame, opcode};
use tokio::sync::watch;
use tokio::time::sleep;

use super::*;
use crate::error::HttpResponse;
use crate::options::{Refresh as RefreshHook, ShouldReconnect, Url};
use crate::socket::Open;
use crate::socket::memory::{Peer, connection_with_whims, on_one_thread, opened};
use crate::wire::{Message, MessageKind};
use ledger::{Ledger, Outcome};

const SEEDS: u64 = 300;

type Shelf = Arc<Mutex<Ledger>>;

fn ledger(shelf: &Shelf) -> MutexGuard<'_, Ledger> {
    shelf.lock().unwrap()
}

// ---- the app ----

struct Recorder(Shelf);

impl Listener for Recorder {
    fn on_open(&mut self, open: &Open) {
        ledger(&self.0).on_open(open.attempt);
    }

    fn on_message(&mut self, message: Message<'_>) {
        ledger(&self.0).on_message(message.as_bytes());
    }

    fn on_drain(&mut self, sent: u64) {
        ledger(&self.0).on_drain(sent);
    }

    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        ledger(&self.0).on_reconnecting(reconnecting);
    }

    fn on_error(&mut self, error: &Error) {
        ledger(&self.0).on_error(error);
    }

    fn on_close(&mut self, close: &Close) {
        ledger(&self.0).on_close(close);
    }

    fn on_release(&mut self) {
        ledger(&self.0).on_release();
    }
}

/// Answers at once, later, or never.
struct Hooks(Shelf, Mutex<Random>);

impl Hooks {
    fn answer<T: Send + 'static>(&self, give: impl FnOnce(&mut Random) -> T, answer: Answer<T>) {
        let mut random = self.1.lock().unwrap().branch();
        if ledger(&self.0).is_calm || random.once_in(2) {
            answer.give(give(&mut random));
        } else if !random.once_in(3) {
            let value = give(&mut random);
            tokio::task::spawn_local(async move {
                sleep(random.millis(0..20_000)).await;
                answer.give(value);
            });
        }
    }
}

impl RefreshHook for Hooks {
    fn refresh(&self, _: u32, _: &Loss, answer: Answer<Refreshed>) {
        let url = |random: &mut Random| {
            let url = format!("ws://simulation.example/{}", random.within(0..3));
            random.once_in(2).then(|| Url::parse(&url).unwrap())
        };
        self.answer(|random| Refreshed { url: url(random), ..Refreshed::default() }, answer);
    }
}

impl ShouldReconnect for Hooks {
    fn should_reconnect(&self, _: &Loss, would: bool, answer: Answer<bool>) {
        let is_calm = ledger(&self.0).is_calm;
        self.answer(|random| if is_calm || !random.once_in(8) { would } else { !would }, answer);
    }
}

fn act(shared: &Shared, shelf: &Shelf, surroundings: &watch::Sender<Surroundings>, random: &mut Random) {
    match random.within(0..24) {
        0..=13 => {
            let state = shared.ready_state();
            let message = ledger(shelf).next_message(random.pick(&[0, 10, 100, 3_000]));
            let result = shared.send(MessageKind::Binary, &message);
            ledger(shelf).app_sends(message.len(), state, &result);
        }
        14..=16 => {
            let mut book = ledger(shelf);
            book.is_paused = !book.is_paused;
            let paused = book.is_paused;
            book.journal.note(format!("app: paused: {paused}"));
            drop(book);
            shared.set_paused(paused);
        }
        17 | 18 => surround(shelf, surroundings, |now| now.network = !now.network),
        19 | 20 => surround(shelf, surroundings, |now| now.foreground = !now.foreground),
        21 if random.once_in(12) => close(shared, shelf),
        22 if random.once_in(24) => release(shared, shelf),
        _ => {}
    }
}

fn surround(
    shelf: &Shelf,
    surroundings: &watch::Sender<Surroundings>,
    change: impl FnOnce(&mut Surroundings),
) {
    surroundings.send_modify(|now| {
        let before = *now;
        change(now);
        now.hopes += u64::from((now.network && !before.network) || (now.foreground && !before.foreground));
        ledger(shelf).journal.note(format!("network: {}, foreground: {}", now.network, now.foreground));
    });
}

fn close(shared: &Shared, shelf: &Shelf) {
    ledger(shelf).app_ends("close");
    shared.close(Some(1_000), "");
}

fn release(shared: &Shared, shelf: &Shelf) {
    let mut book = ledger(shelf);
    book.app_ends("release");
    book.has_released = true;
    drop(book);
    shared.release();
}

/// The life of an app. It has let go at its end.
async fn live(
    shared: &Shared,
    shelf: &Shelf,
    surroundings: &watch::Sender<Surroundings>,
    random: &mut Random,
) {
    for _ in 0..random.within(0..80) {
        dawdle(random).await;
        act(shared, shelf, surroundings, random);
    }
    // From now on nothing stands in the way, but for what has begun.
    ledger(shelf).is_calm = true;
    surround(shelf, surroundings, |now| (now.network, now.foreground) = (true, true));
    if std::mem::take(&mut ledger(shelf).is_paused) {
        shared.set_paused(false);
    }
    sleep(Duration::from_secs(300)).await;
    ledger(shelf).look_when_calm(shared.ready_state(), shared.buffered_amount());
    if random.once_in(4) {
        release(shared, shelf);
        return;
    }
    close(shared, shelf);
    sleep(Duration::from_secs(60)).await;
    ledger(shelf).is_to_be_closed(shared.ready_state());
    release(shared, shelf);
}

// ---- the servers ----

/// Makes a connection, or does not.
fn attempt(shelf: &Shelf, options: Options, relay: Relay, random: &mut Random) -> Result<Link, Refused> {
    let is_calm = ledger(shelf).is_calm;
    if !is_calm && random.once_in(40) {
        ledger(shelf).journal.note("the attempt is refused".into());
        return Err(Refused::InvalidArgument("as the seed wants it".into()));
    }
    let (capacity, holds) = (random.pick(&[7, 350, 5_000, 1 << 20]), random.pick(&[0, 300, 10_000]));
    let (client, peer) = connection_with_whims(capacity, holds, random.branch());
    let delay = random.millis(0..200);
    let fault = if is_calm { None } else { fault(random) };
    ledger(shelf).journal.note(format!("attempt: {:?}", fault.as_ref().map(|fault| fault.code)));
    if fault.is_none() {
        tokio::task::spawn_local(serve(peer, Arc::clone(shelf), random.branch()));
    }
    Ok(Link::in_memory(options, relay, async move |_| {
        sleep(delay).await;
        fault.map_or_else(|| Ok(opened(client, None)), Err)
    }))
}

/// Why an attempt fails, if it does.
fn fault(random: &mut Random) -> Option<Error> {
    let refusal = |status, headers| {
        let response = HttpResponse { status, headers, body: Vec::new() };
        Error::new(Phase::Handshake, ErrorCode::HttpStatus, "refused").with_response(response)
    };
    match random.within(0..16) {
        0..=2 => Some(Error::new(Phase::Tcp, ErrorCode::Unreachable, "there is no way")),
        3 => Some(refusal(503, vec![("Retry-After".into(), random.within(0..30).to_string().into_bytes())])),
        4 if random.once_in(4) => Some(refusal(random.pick(&[401, 403]), Vec::new())),
        5 if random.once_in(8) => Some(refusal(404, Vec::new())),
        6 if random.once_in(8) => Some(Error::new(Phase::Tls, ErrorCode::CertificateExpired, "too old")),
        _ => None,
    }
}

/// One connection of a server: it takes what comes, and says what it likes, for as long as it likes.
async fn serve(mut peer: Peer, shelf: Shelf, mut random: Random) {
    let hand = peer.other_hand();
    let connection = ledger(&shelf).begin_connection();
    let speech = tokio::task::spawn_local(speak(hand, Arc::clone(&shelf), connection, random.branch()));
    let mut naps = 0;
    loop {
        if naps < 50 && !ledger(&shelf).is_calm && random.once_in(6) {
            naps += 1;
            sleep(random.millis(0..2_000)).await;
        }
        let limit = if naps < 50 { random.pick(&[10, 1_000, usize::MAX]) } else { usize::MAX };
        if peer.receive_bytes(limit).await.is_none() {
            break;
        }
        while let Some(frame) = peer.take_frame() {
            match frame.opcode {
                opcode::BINARY => ledger(&shelf).arrives(connection, &frame.payload),
                opcode::PING => peer.send(&Frame::pong(frame.payload)),
                opcode::CLOSE => {
                    peer.send(&frame);
                    peer.finish();
                }
                _ => {}
            }
        }
    }
    speech.await.expect("it speaks to the end");
}

async fn speak(peer: Peer, shelf: Shelf, connection: u64, mut random: Random) {
    let is_steady = ledger(&shelf).is_calm;
    for number in 0..random.within(0..12) {
        sleep(random.millis(0..4_000)).await;
        let message = format!("{connection}/{number}");
        ledger(&shelf).journal.note(format!("server: {message}"));
        peer.send(&Frame::text(message));
    }
    if is_steady || random.once_in(3) {
        return;
    }
    match random.within(0..4) {
        0 => {
            let code = random.pick(&[1_000, 1_001, 1_012, 4_000]);
            ledger(&shelf).journal.note(format!("server: close {code}"));
            peer.send(&Frame::close(code, ""));
            peer.finish();
        }
        1 => {
            ledger(&shelf).journal.note("server: ends without a word".into());
            peer.finish();
        }
        _ => {
            ledger(&shelf).journal.note("the connection is reset".into());
            peer.fail_reads(std::io::ErrorKind::ConnectionReset);
            peer.fail_writes(std::io::ErrorKind::ConnectionReset);
        }
    }
}

// ---- the world ----

fn rules(random: &mut Random, shelf: &Shelf) -> Reconnect {
    let hooks = Arc::new(Hooks(Arc::clone(shelf), Mutex::new(random.branch())));
    Reconnect {
        min_delay: random.millis(0..2_000),
        max_delay: random.millis(2_000..8_000),
        factor: random.pick(&[1.0, 1.5, 3.0]),
        max_attempts: random.once_in(4).then(|| random.within(0..6) as u32),
        stable_after: random.millis(0..5_000),
        stop_codes: if random.once_in(2) { vec![1_000] } else { Vec::new() },
        queue: random.pick(&[0, 500, 5_000, 1 << 20]),
        while_hidden: random.once_in(4),
        should_reconnect: random.once_in(3).then(|| Arc::clone(&hooks) as Arc<dyn ShouldReconnect>),
        refresh: random.once_in(3).then_some(hooks as Arc<dyn RefreshHook>),
    }
}

fn simulate(seed: u64) -> World<Outcome> {
    let shelf = Shelf::default();
    let kept = Arc::clone(&shelf);
    on_one_thread(async move {
        let mut random = Random::new(seed);
        chance::seed(random.branch());
        let mut options = Options::new(Url::parse("ws://simulation.example/").unwrap());
        options.timeout = Duration::from_secs(10);
        options.close_timeout = random.millis(500..3_000);
        options.max_buffered_amount = random.pick(&[3_000, 1 << 20]);
        let reconnect = rules(&mut random, &shelf);
        ledger(&shelf).begin(&reconnect);
        let shared = Arc::new(Shared::new(options.max_buffered_amount, reconnect.queue));
        let (surroundings, watch) =
            watch::channel(Surroundings { network: true, foreground: true, hopes: 0 });
        let connect = {
            let (shelf, around, while_hidden) = (Arc::clone(&shelf), watch.clone(), reconnect.while_hidden);
            let random = Mutex::new(random.branch());
            Box::new(move |options: Options, relay, is_first| {
                let now = *around.borrow();
                ledger(&shelf).begins(is_first, now.network && (now.foreground || while_hidden));
                let mut random = random.lock().unwrap().branch();
                attempt(&shelf, options, relay, &mut random)
            })
        };
        let supervisor = Supervisor::new(Arc::clone(&shared), options, reconnect, watch, connect);
        let task = tokio::task::spawn_local(supervisor.run(Box::new(Recorder(Arc::clone(&shelf)))));
        live(&shared, &shelf, &surroundings, &mut random).await;
        // What is on its way arrives, whoever has gone.
        sleep(Duration::from_secs(600)).await;
        ledger(&shelf).settle(task.is_finished());
    });
    // Tasks that have not ended are gone with their thread's runtime.
    let book = std::mem::take(&mut *ledger(&kept));
    World { outcomes: book.outcomes(), journal: book.journal }
}

#[test]
fn promises_hold_whatever_happens() {
    let all =
        [Outcome::Closed, Outcome::Stopped, Outcome::Failed, Outcome::LetGo, Outcome::Kept, Outcome::Dropped];
    run_worlds(SEEDS, &all, simulate);
}

#[test]
fn a_seed_decides_everything() {
    for seed in 0..10 {
        assert_eq!(simulate(seed).journal.trace, simulate(seed).journal.trace, "seed {seed}");
    }
}
