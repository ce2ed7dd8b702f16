//! The connection's task over a network in memory, under paused time: waiting costs none, and every deadline is exact.

use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use socket_task_testing::frame::{Frame, opcode};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::*;
use crate::connect::timing::Timer;
use crate::error::Refused;
use crate::options::Url;
use crate::runtime;
use crate::socket::ready_state::ReadyState;
use crate::socket::transport::memory::{
    Client, Peer, connection, connection_that_holds, on_one_thread, opened,
};
use crate::wire::deflate::{DeflateOptions, Negotiated};
use crate::wire::{Message, MessageKind, extensions};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq)]
enum Event {
    Open,
    Message(Vec<u8>),
    Pong(Option<Duration>),
    Drain(u64),
    Error(Phase, ErrorCode),
    Close(u16, bool),
    Release,
}

/// Records, and sends back what begins with "echo".
struct Recorder {
    events: Arc<Mutex<Vec<Event>>>,
    /// How long the peer had been silent when it became suspect; none when it lived after all.
    signs: Arc<Mutex<Vec<Option<Duration>>>>,
    shared: Arc<Shared>,
}

impl Recorder {
    fn record(&self, event: Event) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}

impl Listener for Recorder {
    fn on_open(&mut self, _: &Open) {
        self.record(Event::Open);
    }

    fn on_message(&mut self, message: Message<'_>) {
        self.record(Event::Message(message.as_bytes().to_vec()));
        if message.as_bytes().starts_with(b"echo") {
            self.shared.send(message.kind(), message.as_bytes()).unwrap();
        }
    }

    fn on_pong(&mut self, _: &[u8], rtt: Option<Duration>) {
        self.record(Event::Pong(rtt));
    }

    fn on_drain(&mut self, sent: u64) {
        self.record(Event::Drain(sent));
    }

    fn on_suspect(&mut self, silent: Duration) {
        self.signs.lock().unwrap().push(Some(silent));
    }

    fn on_alive(&mut self) {
        self.signs.lock().unwrap().push(None);
    }

    fn on_error(&mut self, error: &Error) {
        self.record(Event::Error(error.phase, error.code));
    }

    fn on_close(&mut self, close: &Close) {
        self.record(Event::Close(close.code, close.was_clean));
    }

    fn on_release(&mut self) {
        self.record(Event::Release);
    }
}

struct Connected {
    shared: Arc<Shared>,
    peer: Peer,
    events: Arc<Mutex<Vec<Event>>>,
    signs: Arc<Mutex<Vec<Option<Duration>>>>,
    task: JoinHandle<()>,
    start: Instant,
}

/// Starts the task on a connection that takes `capacity` bytes before the peer has received any, and lets it open.
async fn connected(capacity: usize, change: impl FnOnce(&mut Options)) -> Connected {
    connected_with(None, capacity, change).await
}

async fn connected_with(
    deflate: Option<Negotiated>,
    capacity: usize,
    change: impl FnOnce(&mut Options),
) -> Connected {
    connected_over(connection(capacity), deflate, change).await
}

async fn connected_over(
    (client, peer): (Client, Peer),
    deflate: Option<Negotiated>,
    change: impl FnOnce(&mut Options),
) -> Connected {
    let opened = opened(client, deflate);
    let connected = started(peer, change, async move |_: &Options| Ok(opened));
    settle().await;
    assert_eq!(connected.new_events(), [Event::Open]);
    connected
}

fn started<F>(peer: Peer, change: impl FnOnce(&mut Options), opening: F) -> Connected
where
    F: AsyncFnOnce(&Options) -> Result<Opened<Client>, Error> + 'static,
{
    let mut options = Options::new(Url::parse("ws://memory.example/").unwrap());
    change(&mut options);
    let shared = Arc::new(Shared::new(&options, false));
    let events = Arc::new(Mutex::new(Vec::new()));
    let signs = Arc::new(Mutex::new(Vec::new()));
    let recorder =
        Recorder { events: Arc::clone(&events), signs: Arc::clone(&signs), shared: Arc::clone(&shared) };
    let task = run(Arc::clone(&shared), Box::new(options), Some(Box::new(recorder)), opening);
    Connected { shared, peer, events, signs, task: tokio::task::spawn_local(task), start: Instant::now() }
}

/// Lets everything happen that takes no time.
async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

impl Connected {
    /// Of the peer's life, since the last call.
    fn signs(&self) -> Vec<Option<Duration>> {
        std::mem::take(&mut *self.signs.lock().unwrap())
    }

    /// What came since the last call.
    fn new_events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for the end, and tells how long it took since the start and what came until then, drains left out.
    async fn end(mut self) -> (Duration, Vec<Event>) {
        let took = loop {
            if self.shared.ready_state() == ReadyState::Closed {
                break self.start.elapsed();
            }
            assert!(self.start.elapsed() < 3600 * SECOND, "it does not end: {:?}", self.new_events());
            sleep(Duration::from_millis(1)).await;
        };
        self.shared.release();
        (&mut self.task).await.unwrap();
        assert!(self.peer.is_closed());
        let mut events = self.new_events();
        assert_eq!(events.pop(), Some(Event::Release));
        events.retain(|event| !matches!(event, Event::Drain(_)));
        (took, events)
    }

    fn send(&self, length: usize) -> Result<(), Refused> {
        self.shared.send(MessageKind::Binary, &vec![7; length])
    }
}

/// Whether `time` is `expected`, but for the steps of a millisecond in which the tests look.
fn is_about(time: Duration, expected: Duration) -> bool {
    (expected..expected + Duration::from_millis(10)).contains(&time)
}

/// What every idle connection costs.
#[test]
fn a_task_keeps_no_room_for_what_it_does_only_once() {
    let options = Options::new(Url::parse("ws://memory.example/").unwrap());
    let shared = Arc::new(Shared::new(&options, false));
    let options = Box::new(options);
    let plain = size_of_val(&run(Arc::clone(&shared), options.clone(), None, crate::connect::open));
    let in_advance = size_of_val(&run_in_advance(shared, options));
    assert!(plain <= 1 << 10 && in_advance <= 2 << 10, "{plain} and {in_advance} bytes");
}

#[test]
fn opens_echoes_and_closes() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.send(5).unwrap();
        assert_eq!(connected.shared.buffered_amount(), 5);
        let frame = connected.peer.receive().await.unwrap();
        assert_eq!(frame, Frame::binary([7; 5]));
        assert_eq!(connected.shared.buffered_amount(), 0);
        connected.peer.send(&frame);
        settle().await;
        assert_eq!(connected.new_events(), [Event::Drain(1), Event::Message(vec![7; 5])]);
        connected.shared.close(Some(1000), "done");
        assert_eq!(connected.peer.receive().await, Some(Frame::close(1000, "done")));
        connected.peer.send(&Frame::close(1000, ""));
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(1000, true)]);
    });
}

#[test]
fn a_ping_of_the_app_tells_the_round_trip() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.shared.ping(b"?").unwrap();
        assert_eq!(connected.peer.receive().await, Some(Frame::ping(*b"?")));
        sleep(3 * SECOND).await;
        connected.peer.send(&Frame::pong(*b"?"));
        connected.peer.send(&Frame::pong(*b"never asked for"));
        settle().await;
        let events = connected.new_events();
        let [Event::Drain(0) | Event::Pong(_), ..] = events[..] else { panic!("{events:?}") };
        let pongs: Vec<_> = events.iter().filter(|event| matches!(event, Event::Pong(_))).collect();
        let [Event::Pong(Some(rtt)), Event::Pong(None)] = pongs[..] else { panic!("{events:?}") };
        assert!(is_about(*rtt, 3 * SECOND), "{rtt:?}");
        connected.shared.release();
        assert_eq!(connected.peer.receive().await, Some(Frame::close(1001, "")));
    });
}

#[test]
fn a_write_failure_is_told_when_the_peer_says_no_more() {
    on_one_thread(async {
        let connected = connected(1 << 20, |options| options.close_timeout = 7 * SECOND).await;
        connected.peer.fail_writes(ErrorKind::BrokenPipe);
        connected.send(100).unwrap();
        let (took, events) = connected.end().await;
        assert!(is_about(took, 7 * SECOND), "{took:?}");
        assert_eq!(
            events,
            [Event::Error(Phase::Closed, ErrorCode::ConnectionReset), Event::Close(1006, false)]
        );
    });
}

#[test]
fn behind_a_write_failure_the_peers_close_frame_is_read() {
    on_one_thread(async {
        let connected = connected(1 << 20, |_| {}).await;
        connected.peer.fail_writes(ErrorKind::BrokenPipe);
        connected.send(100).unwrap();
        settle().await;
        assert_eq!(connected.shared.buffered_amount(), 100, "they are lost");
        connected.peer.send(&Frame::text("last words"));
        connected.peer.send(&Frame::close(4000, "too slow"));
        connected.peer.finish();
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Message(b"last words".to_vec()), Event::Close(4000, false)]);
    });
}

/// Compression makes a message longer than what it takes on the wire.
#[test]
fn what_the_transport_holds_has_not_left_whatever_follows_it() {
    on_one_thread(async {
        let options = DeflateOptions::default();
        let deflate = extensions::negotiate(Some(&options), &["permessage-deflate"]).unwrap();
        let mut connected = connected_over(connection_that_holds(10, 64), deflate, |_| {}).await;
        for length in [4, 10, 4_000] {
            connected.send(length).unwrap();
            settle().await;
        }
        // Messages do not wake a task for which there is no room.
        connected.shared.look_up();
        settle().await;
        assert_eq!(connected.new_events(), [Event::Drain(1)]);
        assert_eq!(connected.shared.buffered_amount(), 4_010);
        for _ in 0..3 {
            assert_eq!(connected.peer.receive().await.map(|frame| frame.opcode), Some(opcode::BINARY));
        }
        settle().await;
        assert_eq!(connected.new_events().last(), Some(&Event::Drain(3)));
        assert_eq!(connected.shared.buffered_amount(), 0);
    });
}

#[test]
fn no_error_follows_when_the_app_closes_in_the_last_callback_before_it() {
    struct Closing(Arc<Shared>, Arc<Mutex<Vec<Event>>>);
    impl Listener for Closing {
        fn on_drain(&mut self, _: u64) {
            self.0.close(Some(1000), "");
        }
        fn on_error(&mut self, error: &Error) {
            self.1.lock().unwrap().push(Event::Error(error.phase, error.code));
        }
        fn on_close(&mut self, close: &Close) {
            self.1.lock().unwrap().push(Event::Close(close.code, close.was_clean));
        }
    }
    on_one_thread(async {
        let options = Options::new(Url::parse("ws://memory.example/").unwrap());
        let shared = Arc::new(Shared::new(&options, false));
        let events = Arc::new(Mutex::new(Vec::new()));
        let (client, peer) = connection(1 << 20);
        let opened = opened(client, None);
        let listener = Closing(Arc::clone(&shared), Arc::clone(&events));
        let opening = async move |_: &Options| Ok(opened);
        tokio::task::spawn_local(run(
            Arc::clone(&shared),
            Box::new(options),
            Some(Box::new(listener)),
            opening,
        ));
        settle().await;
        shared.set_paused(true);
        peer.finish();
        shared.send(MessageKind::Binary, b"the last").unwrap();
        shared.set_paused(false);
        settle().await;
        assert_eq!(*events.lock().unwrap(), [Event::Close(1006, false)]);
    });
}

#[test]
fn a_reset_is_told_at_once() {
    on_one_thread(async {
        let connected = connected(1 << 20, |_| {}).await;
        connected.peer.fail_reads(ErrorKind::ConnectionReset);
        let (took, events) = connected.end().await;
        assert!(is_about(took, Duration::ZERO), "{took:?}");
        assert_eq!(
            events,
            [Event::Error(Phase::Closed, ErrorCode::ConnectionReset), Event::Close(1006, false)]
        );
    });
}

#[test]
fn a_peer_that_closes_gets_the_queue_before_our_close_frame() {
    on_one_thread(async {
        let mut connected = connected(10_000, |_| {}).await;
        for _ in 0..20 {
            connected.send(5_000).unwrap();
        }
        settle().await;
        assert!(connected.shared.buffered_amount() > 85_000);
        connected.peer.send(&Frame::close(1000, ""));
        settle().await;
        assert_eq!(connected.shared.ready_state(), ReadyState::Closing);
        assert_eq!(
            connected.send(1),
            Err(Refused::InvalidState("nothing was sent: the connection is not open"))
        );
        for _ in 0..20 {
            assert_eq!(connected.peer.receive().await, Some(Frame::binary([7; 5_000])));
        }
        assert_eq!(connected.peer.receive().await.unwrap().close_code(), Some(1000));
        settle().await;
        let events = connected.new_events();
        assert_eq!(events.last(), Some(&Event::Drain(20)));
        assert!(events.iter().all(|event| matches!(event, Event::Drain(_))), "{events:?}");
        assert_eq!(connected.shared.buffered_amount(), 0);
        connected.peer.finish();
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(1000, true)]);
    });
}

#[test]
fn what_was_sent_before_the_peers_close_frame_was_seen_leaves_before_ours() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.peer.send(&Frame::text("echo this"));
        connected.peer.send(&Frame::close(1000, ""));
        assert_eq!(connected.peer.receive().await, Some(Frame::text("echo this")));
        assert_eq!(connected.peer.receive().await.unwrap().close_code(), Some(1000));
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Message(b"echo this".to_vec()), Event::Close(1000, true)]);
    });
}

#[test]
fn what_was_sent_before_the_peers_fault_was_seen_leaves_before_our_close_frame() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.peer.send(&Frame::text("echo this"));
        connected.peer.send(&Frame::text("x").with_rsv(1));
        assert_eq!(connected.peer.receive().await, Some(Frame::text("echo this")));
        assert_eq!(connected.peer.receive().await.unwrap().close_code(), Some(1002));
        connected.peer.finish();
        let (_, events) = connected.end().await;
        let error = Event::Error(Phase::Protocol, ErrorCode::ProtocolViolation);
        assert_eq!(events, [Event::Message(b"echo this".to_vec()), error, Event::Close(1006, false)]);
    });
}

#[test]
fn what_has_left_is_told_while_more_waits() {
    on_one_thread(async {
        let mut connected = connected(10_000, |_| {}).await;
        for _ in 0..100 {
            connected.send(5_000).unwrap();
        }
        let mut told = 0;
        for _ in 0..40 {
            connected.peer.receive_bytes(10_000).await.unwrap();
            settle().await;
            let events = connected.new_events();
            assert!(events.len() <= 2, "a turn of the task tells once: {events:?}");
            for event in events {
                let Event::Drain(sent) = event else { panic!("{event:?}") };
                assert!(sent > told && sent <= 100, "{sent} after {told}");
                told = sent;
            }
        }
        assert!(told > 50, "{told}");
        assert!(connected.shared.buffered_amount() > 0);
        connected.shared.release();
    });
}

/// Sends as an app that does nothing else, until its messages gather.
async fn burst(connected: &Connected) {
    for _ in 0..8 {
        connected.send(60 << 10).unwrap();
        tokio::time::advance(Duration::from_micros(200)).await;
        assert_eq!(connected.shared.buffered_amount(), 0);
    }
}

#[test]
fn short_messages_of_a_long_burst_gather_for_a_moment() {
    on_one_thread(async {
        let connected = connected(1 << 20, |_| {}).await;
        burst(&connected).await;
        connected.send(10).unwrap();
        tokio::time::advance(Duration::from_micros(800)).await;
        assert_eq!(connected.shared.buffered_amount(), 10);
        sleep(Duration::from_millis(2)).await;
        assert_eq!(connected.shared.buffered_amount(), 0);
        // That was a pause: whatever comes next leaves at once.
        connected.send(10).unwrap();
        tokio::time::advance(Duration::from_micros(1)).await;
        assert_eq!(connected.shared.buffered_amount(), 0);
    });
}

#[test]
fn what_gathers_leaves_when_it_is_enough_or_when_something_else_is_to_be_done() {
    let actions: [fn(&Connected); 4] = [
        |connected| (0..4).for_each(|_| connected.send(10 << 10).unwrap()),
        |connected| connected.shared.close(None, ""),
        |connected| connected.shared.ping(b"").unwrap(),
        |connected| drop(connected.shared.check_send(1 << 20)),
    ];
    for (number, act) in actions.into_iter().enumerate() {
        on_one_thread(async {
            let connected = connected(1 << 20, |options| options.max_buffered_amount = 1 << 20).await;
            burst(&connected).await;
            connected.send(10).unwrap();
            tokio::time::advance(Duration::from_micros(100)).await;
            assert_eq!(connected.shared.buffered_amount(), 10, "{number}");
            act(&connected);
            tokio::time::advance(Duration::from_micros(1)).await;
            assert_eq!(connected.shared.buffered_amount(), 0, "{number}");
        });
    }
}

#[test]
fn while_the_network_takes_nothing_messages_wait_for_it_and_nothing_else() {
    on_one_thread(async {
        let mut connected = connected(100, |_| {}).await;
        let sizes = [200, 10, 10_000, 0, 30];
        for size in sizes {
            connected.send(size).unwrap();
            settle().await;
        }
        for size in sizes {
            let frame = connected.peer.receive().await.expect("the client goes on");
            assert_eq!(frame.payload.len(), size);
        }
        connected.shared.close(Some(1000), "");
        let frame = connected.peer.receive().await.expect("the client closes");
        assert_eq!(frame.opcode, opcode::CLOSE);
    });
}

#[test]
fn messages_and_pings_without_content_fill_the_queue_too() {
    on_one_thread(async {
        let mut connected = connected(1, |options| options.max_buffered_amount = 1_000).await;
        let mut accepted = 0;
        let refused = loop {
            match if accepted % 2 == 0 { connected.send(0) } else { connected.shared.ping(b"") } {
                Ok(()) => accepted += 1,
                Err(refused) => break refused,
            }
            assert!(accepted < 1_000, "the limit does not hold");
        };
        assert_eq!(refused, Refused::BufferFull { buffered: 0, limit: 1_000, length: 0 });
        assert!(accepted > 100, "{accepted}");
        settle().await;
        connected.new_events();
        for _ in 0..accepted {
            connected.peer.receive().await.unwrap();
        }
        settle().await;
        assert!(matches!(connected.new_events()[..], [.., Event::Drain(_)]), "there is room again");
        connected.send(1_000).unwrap();
        assert_eq!(connected.send(1_001), Err(Refused::MessageTooBig { limit: 1_000, length: 1_001 }));
        connected.shared.release();
    });
}

#[test]
fn closing_lasts_while_the_peer_takes_bytes() {
    on_one_thread(async {
        let mut connected = connected(10_000, |options| options.close_timeout = 2 * SECOND).await;
        connected.send(100_000).unwrap();
        connected.shared.close(Some(1000), "");
        let mut taken = 0;
        while taken < 100_000 {
            sleep(SECOND).await;
            taken += connected.peer.receive_bytes(2_000).await.expect("the connection is not given up");
        }
        assert!(connected.start.elapsed() > 45 * SECOND);
        // From here on the peer takes nothing. What it took last is noticed when the time seems to be up.
        let stopped = connected.start.elapsed();
        let (took, events) = connected.end().await;
        assert!((2 * SECOND..4 * SECOND).contains(&(took - stopped)), "{:?}", took - stopped);
        assert_eq!(events, [Event::Close(1006, false)]);
    });
}

#[test]
fn a_peer_that_breaks_the_protocol_gets_a_close_frame_and_a_fin() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.peer.send(&Frame::ping(*b"answer me"));
        connected.peer.send(&Frame::text("x").with_rsv(1));
        assert_eq!(connected.peer.receive().await, Some(Frame::pong(*b"answer me")));
        assert_eq!(connected.peer.receive().await.unwrap().close_code(), Some(1002));
        assert_eq!(connected.peer.receive().await, None);
        assert!(!connected.peer.is_closed(), "that could take the Close frame away from the peer");
        let (took, events) = connected.end().await;
        assert!(is_about(took, 2 * SECOND), "{took:?}");
        let error = Event::Error(Phase::Protocol, ErrorCode::ProtocolViolation);
        assert_eq!(events, [error, Event::Close(1006, false)]);
    });
}

#[test]
fn a_silent_peer_is_pinged_and_given_up() {
    on_one_thread(async {
        let change = |options: &mut Options| {
            options.ping_interval = Some(30 * SECOND);
            options.pong_timeout = 10 * SECOND;
        };
        let mut connected = connected(1 << 20, change).await;
        let ping = connected.peer.receive().await.unwrap();
        assert_eq!(ping.opcode, opcode::PING);
        assert!(is_about(connected.start.elapsed(), 30 * SECOND));
        connected.peer.send(&Frame::pong(ping.payload));
        assert_eq!(connected.peer.receive().await.unwrap().opcode, opcode::PING);
        assert!(is_about(connected.start.elapsed(), 60 * SECOND));
        let (took, events) = connected.end().await;
        assert!(is_about(took, 70 * SECOND), "{took:?}");
        assert_eq!(events, [Event::Error(Phase::Timeout, ErrorCode::PongTimeout), Event::Close(1006, false)]);
    });
}

#[test]
fn a_peer_that_takes_bytes_lives() {
    on_one_thread(async {
        let change = |options: &mut Options| {
            options.ping_interval = Some(30 * SECOND);
            options.pong_timeout = 10 * SECOND;
        };
        let mut connected = connected(1_000, change).await;
        connected.send(30_000).unwrap();
        // The ping waits behind the message, which takes five minutes.
        for _ in 0..30 {
            sleep(9 * SECOND).await;
            connected.peer.receive_bytes(1_000).await.expect("the connection is not given up");
        }
        let stopped = connected.start.elapsed();
        let (took, events) = connected.end().await;
        assert!(is_about(took - stopped, 10 * SECOND), "{:?}", took - stopped);
        assert_eq!(events, [Event::Error(Phase::Timeout, ErrorCode::PongTimeout), Event::Close(1006, false)]);
    });
}

#[test]
fn a_peer_is_suspect_when_half_of_its_time_is_over_until_something_comes() {
    on_one_thread(async {
        let change = |options: &mut Options| {
            options.ping_interval = Some(30 * SECOND);
            options.pong_timeout = 10 * SECOND;
        };
        let mut connected = connected(1 << 20, change).await;
        connected.peer.receive().await.unwrap();
        sleep(4 * SECOND).await;
        assert_eq!(connected.signs(), []);
        sleep(2 * SECOND).await;
        let [Some(silent)] = connected.signs()[..] else { panic!("the peer is suspect") };
        assert!(is_about(silent, 5 * SECOND), "{silent:?}");
        sleep(3 * SECOND).await;
        assert_eq!(connected.signs(), []);
        connected.peer.send(&Frame::text("alive"));
        settle().await;
        assert_eq!(connected.signs(), [None]);
        // An answer in time is told to nobody; another question makes it suspect anew, and then it is given up.
        let ping = connected.peer.receive().await.unwrap();
        connected.peer.send(&Frame::pong(ping.payload));
        settle().await;
        assert_eq!(connected.signs(), []);
        connected.shared.probe(2 * SECOND);
        let (_, events) = connected.end().await;
        assert_eq!(events.last(), Some(&Event::Close(1006, false)));
    });
}

#[test]
fn a_suspect_that_acknowledges_what_is_before_the_question_lives() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.send(100_000).unwrap();
        settle().await;
        connected.shared.probe(4 * SECOND);
        sleep(3 * SECOND).await;
        assert_eq!(connected.signs().len(), 1);
        assert_eq!(connected.peer.receive_bytes(4_000).await, Some(4_000));
        sleep(SECOND).await;
        assert_eq!(connected.signs(), [None]);
        // A connection that is closing has other worries.
        connected.shared.close(Some(1000), "");
        sleep(30 * SECOND).await;
        assert_eq!(connected.signs(), []);
    });
}

/// Nothing wakes the task when the peer acknowledges what the system has taken: it has to look.
#[test]
fn closing_lasts_while_the_peer_acknowledges_what_the_system_took() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.send(100_000).unwrap();
        connected.shared.close(Some(1000), "");
        settle().await;
        assert_eq!(connected.shared.buffered_amount(), 0);
        for _ in 0..100 {
            sleep(SECOND).await;
            assert_eq!(connected.peer.receive_bytes(1_000).await, Some(1_000));
        }
        let stopped = connected.start.elapsed();
        let (took, events) = connected.end().await;
        assert!((2 * SECOND..=2 * SECOND + SECOND / 2).contains(&(took - stopped)), "{:?}", took - stopped);
        assert_eq!(events, [Event::Close(1006, false)]);
    });
}

#[test]
fn a_probed_peer_lives_while_it_acknowledges_what_is_before_the_ping() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.send(100_000).unwrap();
        settle().await;
        connected.shared.probe(5 * SECOND);
        for _ in 0..25 {
            sleep(4 * SECOND).await;
            assert_eq!(connected.peer.receive_bytes(4_000).await, Some(4_000));
        }
        assert_eq!(connected.peer.receive().await, Some(Frame::binary(vec![7; 100_000])));
        let ping = connected.peer.receive().await.unwrap();
        sleep(4 * SECOND).await;
        connected.peer.send(&Frame::pong(ping.payload));
        sleep(1000 * SECOND).await;
        assert_eq!(connected.shared.ready_state(), ReadyState::Open);
    });
}

/// It takes what is sent behind the ping, but does not answer: what takes it may be a proxy.
#[test]
fn a_probed_peer_that_had_nothing_before_the_ping_has_to_answer() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |_| {}).await;
        connected.shared.probe(5 * SECOND);
        let start = connected.start.elapsed();
        while connected.send(100).is_ok() {
            sleep(SECOND / 2).await;
            connected.peer.receive_bytes(usize::MAX).await;
        }
        let (took, events) = connected.end().await;
        assert!(took - start < 5 * SECOND + 3 * SECOND / 2, "{:?}", took - start);
        assert_eq!(events, [Event::Error(Phase::Timeout, ErrorCode::PongTimeout), Event::Close(1006, false)]);
    });
}

/// As after the process was stopped: time is up and the answer is there at once.
#[test]
fn an_answer_that_came_before_the_deadline_was_noticed_counts() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.shared.close(Some(4000), "");
        assert_eq!(connected.peer.receive().await, Some(Frame::close(4000, "")));
        connected.peer.send(&Frame::close(4000, ""));
        tokio::time::advance(30 * SECOND).await;
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(4000, true)]);
    });
}

/// After a stop the system can tell of time first, and of what has arrived only then.
#[test]
fn an_answer_that_is_told_of_after_the_deadline_counts() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.shared.close(Some(4000), "");
        assert_eq!(connected.peer.receive().await, Some(Frame::close(4000, "")));
        tokio::time::advance(30 * SECOND).await;
        tokio::task::yield_now().await;
        connected.peer.send(&Frame::close(4000, ""));
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(4000, true)]);
    });
}

#[test]
fn a_peer_can_finish_what_it_was_sending_before_it_answers_the_close_frame() {
    on_one_thread(async {
        let connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.shared.close(Some(1000), "");
        for _ in 0..8 {
            sleep(SECOND).await;
            connected.peer.send(&Frame::text("more"));
        }
        connected.peer.send(&Frame::close(1000, ""));
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(1000, true)]);
    });
}

#[test]
fn a_peer_that_goes_on_to_send_instead_of_closing_is_given_up() {
    on_one_thread(async {
        let connected = connected(1 << 20, |options| options.close_timeout = 2 * SECOND).await;
        connected.shared.close(Some(1000), "");
        while connected.shared.ready_state() != ReadyState::Closed {
            connected.peer.send(&Frame::text("more"));
            sleep(SECOND / 2).await;
        }
        let (took, events) = connected.end().await;
        assert!((9 * SECOND..12 * SECOND).contains(&took), "{took:?}");
        assert_eq!(events, [Event::Close(1006, false)]);
    });
}

#[test]
fn a_pause_leaves_bytes_with_the_peer_and_no_silence_counts() {
    on_one_thread(async {
        let change = |options: &mut Options| {
            options.ping_interval = Some(30 * SECOND);
            options.pong_timeout = 10 * SECOND;
        };
        let connected = connected(1 << 20, change).await;
        connected.shared.set_paused(true);
        settle().await;
        connected.peer.send(&Frame::text("later"));
        sleep(1000 * SECOND).await;
        assert_eq!(connected.new_events(), []);
        connected.shared.set_paused(false);
        settle().await;
        assert_eq!(connected.new_events(), [Event::Message(b"later".to_vec())]);
        assert_eq!(connected.shared.ready_state(), ReadyState::Open);
    });
}

#[test]
fn closing_interrupts_the_opening() {
    on_one_thread(async {
        let (client, peer) = connection(1);
        let opening = async move |_: &Options| {
            std::future::pending::<()>().await;
            drop(client);
            unreachable!("it is pending for ever")
        };
        let connected = started(peer, |_| {}, opening);
        sleep(5 * SECOND).await;
        assert_eq!(connected.new_events(), []);
        connected.shared.close(Some(1000), "");
        let (took, events) = connected.end().await;
        assert!(is_about(took, 5 * SECOND), "{took:?}");
        assert_eq!(events, [Event::Close(1006, false)]);
    });
}

#[test]
fn a_panic_while_opening_is_a_failure_like_others() {
    on_one_thread(async {
        let (client, peer) = connection(1);
        let opening = async move |_: &Options| {
            let _client = client;
            panic!("as it was meant to")
        };
        let (_, events) = started(peer, |_| {}, opening).end().await;
        assert_eq!(events, [Event::Error(Phase::Closed, ErrorCode::Other), Event::Close(1006, false)]);
    });
}

/// Time passes while nothing but another thread is at work: far more of it than the peer has.
#[test]
fn what_a_message_takes_to_compress_is_not_the_peers_time() {
    on_one_thread(async {
        let options = DeflateOptions { level: 9, ..DeflateOptions::default() };
        let deflate = extensions::negotiate(Some(&options), &["permessage-deflate"]).unwrap();
        let mut connected = connected_with(deflate, 1 << 20, |_| {}).await;
        let message: Vec<u8> =
            (0..1_000_000_u64).map(|n| b'0' + (n.wrapping_mul(n) / 7 % 10) as u8).collect();
        connected.shared.send(MessageKind::Binary, &message).unwrap();
        connected.shared.close(Some(1000), "");
        assert_eq!(connected.peer.receive().await.map(|frame| frame.opcode), Some(opcode::BINARY));
        assert_eq!(connected.peer.receive().await, Some(Frame::close(1000, "")));
        connected.peer.send(&Frame::close(1000, ""));
        let (_, events) = connected.end().await;
        assert_eq!(events, [Event::Close(1000, true)]);
    });
}

/// The device sleeps, and the connection is told when it has woken up.
fn sleep_deeply(connected: &Connected, time: Duration) {
    runtime::pretend_to_sleep(time);
    runtime::look_for_sleep();
    connected.shared.look_up();
}

#[test]
fn a_ping_that_is_overdue_after_a_sleep_leaves_at_once() {
    on_one_thread(async {
        let mut connected = connected(1 << 20, |options| options.ping_interval = Some(30 * SECOND)).await;
        sleep(10 * SECOND).await;
        sleep_deeply(&connected, 60 * SECOND);
        let woken = Instant::now();
        let ping = connected.peer.receive().await.unwrap();
        assert_eq!((ping.opcode, woken.elapsed()), (opcode::PING, Duration::ZERO));
        connected.peer.send(&Frame::pong(ping.payload));
        sleep(29 * SECOND).await;
        assert_eq!(connected.new_events(), []);
        // A sleep that was short enough brings the next one nearer.
        sleep_deeply(&connected, SECOND);
        let woken = Instant::now();
        assert_eq!(connected.peer.receive().await.unwrap().opcode, opcode::PING);
        assert!(woken.elapsed() <= Duration::from_millis(10), "{:?}", woken.elapsed());
        assert_eq!(connected.shared.ready_state(), ReadyState::Open);
    });
}

#[test]
fn a_peer_whose_answer_was_due_in_a_sleep_is_asked_anew() {
    for answers in [true, false] {
        // Whether the connection is told, or finds out by itself when the time is up.
        for is_told in [true, false] {
            on_one_thread(async {
                let mut connected = connected(1 << 20, |_| {}).await;
                connected.shared.probe(5 * SECOND);
                connected.peer.receive().await.unwrap();
                runtime::pretend_to_sleep(60 * SECOND);
                if is_told {
                    sleep_deeply(&connected, Duration::ZERO);
                }
                let ping = connected.peer.receive().await.unwrap();
                assert_eq!(ping.opcode, opcode::PING);
                sleep(4 * SECOND).await;
                assert_eq!(connected.new_events(), []);
                if answers {
                    connected.peer.send(&Frame::pong(ping.payload));
                    sleep(1000 * SECOND).await;
                    assert_eq!(connected.shared.ready_state(), ReadyState::Open);
                } else {
                    let (took, events) = connected.end().await;
                    // It looks after half of the time, when the peer would be suspect.
                    let asked = if is_told { Duration::ZERO } else { 5 * SECOND / 2 };
                    assert!(is_about(took, asked + 5 * SECOND), "{took:?}");
                    let dead = Event::Error(Phase::Timeout, ErrorCode::PongTimeout);
                    assert_eq!(events, [dead, Event::Close(1006, false)]);
                }
            });
        }
    }
}

#[test]
fn the_end_of_a_closing_handshake_that_was_due_in_a_sleep_counts_when_it_has_come() {
    for answers in [true, false] {
        on_one_thread(async {
            let mut connected = connected(1 << 20, |_| {}).await;
            connected.shared.close(Some(1000), "");
            assert_eq!(connected.peer.receive().await, Some(Frame::close(1000, "")));
            sleep(SECOND).await;
            sleep_deeply(&connected, 60 * SECOND);
            if answers {
                connected.peer.send(&Frame::close(1000, ""));
                connected.peer.finish();
            }
            let (took, events) = connected.end().await;
            assert!(took < 2 * SECOND, "{took:?}");
            let (code, was_clean) = if answers { (1000, true) } else { (1006, false) };
            assert_eq!(events, [Event::Close(code, was_clean)]);
        });
    }
}

#[test]
fn the_time_to_open_goes_on_in_a_sleep() {
    on_one_thread(async {
        let (client, peer) = connection(1);
        let opening = async move |options: &Options| {
            let timer = Timer::start(options.timeout);
            let _client = client;
            timer.limit(Phase::Tcp, "waiting", std::future::pending()).await
        };
        let connected = started(peer, |options| options.timeout = 60 * SECOND, opening);
        sleep(10 * SECOND).await;
        sleep_deeply(&connected, 20 * SECOND);
        sleep(10 * SECOND).await;
        assert_eq!(connected.new_events(), []);
        sleep_deeply(&connected, 30 * SECOND);
        let (took, events) = connected.end().await;
        assert!(is_about(took, 20 * SECOND), "{took:?}");
        let late = Event::Error(Phase::Tcp, ErrorCode::TimedOut);
        assert_eq!(events, [late, Event::Close(1006, false)]);
    });
}

#[test]
fn what_begins_after_a_sleep_that_nobody_has_noticed_has_all_its_time() {
    on_one_thread(async {
        let (client, peer) = connection(1);
        runtime::pretend_to_sleep(3600 * SECOND);
        let opening = async move |options: &Options| {
            let timer = Timer::start(options.timeout);
            let _client = client;
            timer.limit(Phase::Tcp, "waiting", std::future::pending()).await
        };
        let connecting = started(peer, |options| options.timeout = 60 * SECOND, opening);
        sleep(SECOND).await;
        sleep_deeply(&connecting, Duration::ZERO);
        let (took, _) = connecting.end().await;
        assert!(is_about(took, 60 * SECOND), "{took:?}");

        let mut probed = connected(1 << 20, |_| {}).await;
        runtime::pretend_to_sleep(3600 * SECOND);
        probed.shared.probe(5 * SECOND);
        assert_eq!(probed.peer.receive().await.unwrap().opcode, opcode::PING);
        sleep_deeply(&probed, Duration::ZERO);
        sleep(4 * SECOND).await;
        assert_eq!(probed.shared.ready_state(), ReadyState::Open);

        let mut closing = connected(1 << 20, |_| {}).await;
        runtime::pretend_to_sleep(3600 * SECOND);
        closing.shared.close(Some(1000), "");
        assert_eq!(closing.peer.receive().await, Some(Frame::close(1000, "")));
        sleep_deeply(&closing, Duration::ZERO);
        sleep(SECOND).await;
        closing.peer.send(&Frame::close(1000, ""));
        closing.peer.finish();
        let (_, events) = closing.end().await;
        assert_eq!(events, [Event::Close(1000, true)]);
    });
}
