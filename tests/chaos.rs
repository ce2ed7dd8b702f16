//! Many sockets with `reconnect` behind a network that fails in every way, for as long as is wanted: a program of its own, since
//! it counts what the process holds.
//!
//! `CHAOS_SEED`, `CHAOS_CLIENTS` and `CHAOS_SECONDS` say which, how many and how long; `make chaos` is the long run.

use std::env;
use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use socket_task::options::Reconnect;
use socket_task::{Close, Error, Listener, Open, Options, Reconnecting, Socket};
use socket_task_testing::chaos::{Ledger, Proxy, Random};
use tokio::runtime::Builder;

/// The bound of the first delay.
const MIN_DELAY: Duration = Duration::from_millis(100);

/// What a client was told.
#[derive(Default)]
struct Told {
    is_open: bool,
    opens: u32,
    losses: u32,
    /// Messages that the losses told of as failed.
    failed: u64,
    errors: u32,
    closes: u32,
    releases: u32,
    /// The delays of first attempts since the server went down.
    delays: Vec<Duration>,
    breaches: Vec<&'static str>,
    close: Option<Close>,
}

#[derive(Clone, Default)]
struct Record(Arc<Mutex<Told>>);

impl Record {
    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, what: &'static str, holds: impl FnOnce(&mut Told) -> bool) {
        let mut told = self.lock();
        if told.closes > 0 {
            told.breaches.push("an event after the close");
        }
        if !holds(&mut told) {
            told.breaches.push(what);
        }
    }
}

impl Listener for Record {
    fn on_open(&mut self, _: &Open) {
        self.note("opened while it was open", |told| {
            told.opens += 1;
            !std::mem::replace(&mut told.is_open, true)
        });
    }

    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        self.note("another attempt after the error", |told| {
            told.is_open = false;
            told.losses += 1;
            told.failed += reconnecting.failed as u64;
            if reconnecting.attempt == 1 {
                told.delays.push(reconnecting.delay);
            }
            told.errors == 0
        });
    }

    fn on_error(&mut self, _: &Error) {
        self.note("two errors", |told| {
            told.errors += 1;
            told.errors == 1
        });
    }

    fn on_close(&mut self, close: &Close) {
        self.note("two closes", |told| {
            told.is_open = false;
            told.closes += 1;
            told.close = Some(close.clone());
            told.closes == 1
        });
    }

    fn on_release(&mut self) {
        self.lock().releases += 1;
    }
}

struct Client {
    socket: Socket,
    record: Record,
    accepted: u64,
}

fn setting(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// How many sockets the process has open.
fn sockets() -> usize {
    let entries = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let targets = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.filter(|target| target.to_string_lossy().starts_with("socket:")).count()
}

/// KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        if Instant::now() > end {
            return false;
        }
        sleep(Duration::from_millis(5));
    }
    true
}

/// How many came in each of `count` spans of so many milliseconds, from `from` on.
fn histogram(arrivals: &[u64], from: u64, span: u64, count: usize) -> Vec<u64> {
    let mut bins = vec![0; count];
    for arrival in arrivals.iter().filter(|&&arrival| arrival >= from) {
        if let Some(bin) = bins.get_mut(((arrival - from) / span) as usize) {
            *bin += 1;
        }
    }
    bins
}

#[test]
fn sockets_come_back_whatever_the_network_does() {
    let seed = setting("CHAOS_SEED", 1);
    let count = setting("CHAOS_CLIENTS", 100);
    let time = Duration::from_secs(setting("CHAOS_SECONDS", 3));
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let ledger = Ledger::default();
    let (proxy, address) = Proxy::before(&runtime, ledger.serve(&runtime), seed);

    let mut options = Options::new(format!("ws://{address}/").parse().expect("a URL"));
    options.timeout = Duration::from_millis(1_500);
    options.ping_interval = Some(Duration::from_millis(300));
    options.pong_timeout = Duration::from_millis(600);
    // Some keep what they send meanwhile, some two or three messages of it, and some nothing.
    let reconnect = |number: u64| Reconnect {
        min_delay: MIN_DELAY,
        max_delay: Duration::from_millis(800),
        stable_after: Duration::from_millis(200),
        queue: [2_000, 200, 0][(number % 3) as usize],
        ..Reconnect::default()
    };
    let before = sockets();
    let mut clients: Vec<Client> = (0..count)
        .map(|number| {
            let record = Record::default();
            options.reconnect = Some(Box::new(reconnect(number)));
            let socket = Socket::connect(options.clone(), record.clone()).expect("acceptable");
            Client { socket, record, accepted: 0 }
        })
        .collect();

    // Every client counts upwards. Twice the server goes away for all of them.
    let (begun, mut random, mut halfway) = (Instant::now(), Random::new(!seed), None);
    let mut down: Option<Instant> = None;
    let mut outages = [time / 3, time / 3 * 2].into_iter().peekable();
    while begun.elapsed() < time {
        if outages.next_if(|&at| begun.elapsed() >= at).is_some() {
            clients.iter().for_each(|client| client.record.lock().delays.clear());
            proxy.go_down();
            down = Some(Instant::now());
        }
        if down.is_some_and(|since| since.elapsed() > Duration::from_millis(400)) {
            proxy.come_back();
            down = None;
        }
        for (number, client) in clients.iter_mut().enumerate() {
            if random.within(0..4) == 0
                && client.socket.send_text(&format!("{number} {}", client.accepted + 1)).is_ok()
            {
                client.accepted += 1;
            }
        }
        if begun.elapsed() > time / 2 {
            halfway.get_or_insert_with(resident);
        }
        sleep(Duration::from_millis(10));
    }

    // With a network that works everybody comes back, and everything that was accepted goes out.
    proxy.come_back();
    proxy.calm_down();
    let cut = proxy.arrivals().len();
    assert!(
        eventually(|| proxy.arrivals().len() as u64 >= cut as u64 + count),
        "seed {seed}: not all came back"
    );
    let all = |holds: &dyn Fn(&Client) -> bool| eventually(|| clients.iter().all(holds));
    assert!(all(&|client| client.record.lock().is_open), "seed {seed}: not all are open again");
    assert!(all(&|client| client.socket.buffered_amount() == 0), "seed {seed}: something is not sent");
    let grown = resident().saturating_sub(halfway.unwrap_or_else(resident));
    for client in &clients {
        client.socket.close(Some(1000), "").expect("acceptable");
    }
    assert!(all(&|client| client.record.lock().closes > 0), "seed {seed}: not all are closed");

    let (mut opens, mut losses, mut accepted, mut failed) = (0, 0, 0, 0);
    for (number, client) in clients.iter().enumerate() {
        let told = client.record.lock();
        let close = told.close.as_ref().expect("it is closed");
        assert!(told.breaches.is_empty(), "seed {seed}, client {number}: {:?}", told.breaches);
        assert_eq!(
            (close.code, close.was_clean, told.errors),
            (1000, true, 0),
            "seed {seed}, client {number}"
        );
        let stats = client.socket.stats();
        // Nothing was said to be accepted that was neither handed over nor told to have failed.
        assert_eq!(client.accepted, stats.messages_sent + told.failed, "seed {seed}, client {number}");
        assert_eq!(u64::from(told.opens), stats.reconnects + 1, "seed {seed}, client {number}");
        opens += u64::from(told.opens);
        losses += u64::from(told.losses);
        accepted += client.accepted;
        failed += told.failed;
    }
    assert_eq!(ledger.breaches(), Vec::<String>::new(), "seed {seed}");
    assert!(losses > count, "seed {seed}: the network was too kind");

    // Those that were lost all at once came back spread over the time that there is, and nobody knocked again and again.
    let delays: Vec<Duration> =
        clients.iter().flat_map(|client| client.record.lock().delays.clone()).collect();
    let late = delays.iter().filter(|&&delay| delay > MIN_DELAY / 2).count();
    assert!(
        (delays.len() / 5..delays.len() * 4 / 5).contains(&late),
        "seed {seed}: {late} of {} late",
        delays.len()
    );
    let seconds = time.as_secs() as usize + 1;
    let busiest = histogram(&proxy.arrivals(), 0, 1_000, seconds).into_iter().max().unwrap_or_default();
    assert!(busiest <= 6 * count, "seed {seed}: {busiest} attempts in a second");

    // Nothing is left of any of them.
    let records: Vec<Record> = clients.iter().map(|client| client.record.clone()).collect();
    clients.clear();
    assert!(
        eventually(|| records.iter().all(|record| Arc::strong_count(&record.0) == 1)),
        "seed {seed}: a listener stays"
    );
    assert!(
        records.iter().all(|record| record.lock().releases == 1),
        "seed {seed}: not each is released once"
    );
    assert!(eventually(|| proxy.carried() == 0), "seed {seed}: a connection stays");
    assert!(eventually(|| sockets() <= before), "seed {seed}: {before} sockets have become {}", sockets());
    assert!(grown < 32 << 10, "seed {seed}: the memory grew by {grown} KiB in the second half");

    println!(
        "seed {seed}: {count} clients in {} s: {opens} connections, {losses} losses, {accepted} messages accepted, {failed} told \
         to have failed, {} arrived",
        time.as_secs(),
        ledger.messages()
    );
    println!("attempts each second: {:?}", histogram(&proxy.arrivals(), 0, 1_000, seconds));
    println!(
        "in each 10 ms after all were cut: {:?}",
        histogram(&proxy.arrivals(), proxy.arrivals()[cut], 10, 10)
    );
}
