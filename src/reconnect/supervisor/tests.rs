//! The supervisor over networks in memory, under paused time: states × events, and what is told in which order.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};

use socket_task_testing::frame::Frame;
use tokio::time::sleep;

use super::*;
use crate::error::HttpResponse;
use crate::options::{Refresh as RefreshHook, ShouldReconnect, Url};
use crate::socket::memory::{Peer, connection_that_holds, on_one_thread, opened};
use crate::socket::{Open, ReadyState};
use crate::wire::{Message, MessageKind};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq)]
enum Event {
    Open(u32),
    Message(String),
    Reconnecting(u32, u16),
    /// Messages that are kept, and that have failed.
    Kept(usize, usize),
    Error(ErrorCode),
    Close(u16, bool),
    Release,
}

/// What becomes of an attempt.
enum Script {
    Opens,
    Fails(ErrorCode),
    /// It does not even begin.
    Refused,
    Refuses(u16, Vec<(String, Vec<u8>)>),
    /// It takes this long, and then opens.
    Slow(Duration),
}

#[derive(Default)]
struct World {
    script: VecDeque<Script>,
    /// When each attempt began, and with which URL.
    attempts: Vec<(Instant, String)>,
    adopting: Vec<bool>,
    /// How many bytes a connection carries, and how many more it holds like TLS.
    narrow: Option<(usize, usize)>,
    peers: Vec<Peer>,
    events: Vec<Event>,
    refreshing: VecDeque<(u32, u16, Answer<Refreshed>)>,
    deciding: VecDeque<(bool, Answer<bool>)>,
}

type Shelf = Arc<Mutex<World>>;

fn world(shelf: &Shelf) -> std::sync::MutexGuard<'_, World> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Recorder(Shelf);

impl Recorder {
    fn record(&self, event: Event) {
        world(&self.0).events.push(event);
    }
}

impl Listener for Recorder {
    fn on_open(&mut self, open: &Open) {
        self.record(Event::Open(open.attempt));
    }

    fn on_message(&mut self, message: Message<'_>) {
        self.record(Event::Message(String::from_utf8_lossy(message.as_bytes()).into()));
    }

    fn on_reconnecting(&mut self, reconnecting: &Reconnecting) {
        self.record(Event::Reconnecting(reconnecting.attempt, reconnecting.loss.code));
        if reconnecting.kept + reconnecting.failed > 0 {
            self.record(Event::Kept(reconnecting.kept, reconnecting.failed));
        }
    }

    fn on_error(&mut self, error: &Error) {
        self.record(Event::Error(error.code));
    }

    fn on_close(&mut self, close: &Close) {
        self.record(Event::Close(close.code, close.was_clean));
    }

    fn on_release(&mut self) {
        self.record(Event::Release);
    }
}

struct Hooks(Shelf);

impl RefreshHook for Hooks {
    fn refresh(&self, attempt: u32, loss: &Loss, answer: Answer<Refreshed>) {
        world(&self.0).refreshing.push_back((attempt, loss.code, answer));
    }
}

impl ShouldReconnect for Hooks {
    fn should_reconnect(&self, _: &Loss, would: bool, answer: Answer<bool>) {
        world(&self.0).deciding.push_back((would, answer));
    }
}

struct Stage {
    shelf: Shelf,
    shared: Arc<Shared>,
    surroundings: watch::Sender<Surroundings>,
}

fn attempt(shelf: &Shelf, options: Options, relay: Relay, adopts: bool) -> Result<Link, Refused> {
    let mut now = world(shelf);
    now.attempts.push((Instant::now(), options.url.href()));
    now.adopting.push(adopts);
    let script = now.script.pop_front().unwrap_or(Script::Opens);
    if matches!(script, Script::Refused) {
        return Err(Refused::Resource("there are no threads left".into()));
    }
    let (capacity, holds) = now.narrow.unwrap_or((1 << 20, 0));
    let (client, peer) = connection_that_holds(capacity, holds);
    now.peers.push(peer);
    drop(now);
    Ok(Link::in_memory(options, relay, async move |_| {
        match script {
            Script::Opens | Script::Refused => {}
            Script::Slow(time) => sleep(time).await,
            Script::Fails(code) => return Err(Error::new(Phase::Tcp, code, "as the script says")),
            Script::Refuses(status, headers) => {
                let response = HttpResponse { status, headers, body: Vec::new() };
                let refused = Error::new(Phase::Handshake, ErrorCode::HttpStatus, "as the script says");
                return Err(refused.with_response(response));
            }
        }
        Ok(opened(client, None))
    }))
}

fn stage(script: impl IntoIterator<Item = Script>, change: impl FnOnce(&mut Reconnect, &Shelf)) -> Stage {
    let shelf = Shelf::default();
    world(&shelf).script.extend(script);
    let options = Options::new(Url::parse("ws://memory.example/first").unwrap());
    let mut reconnect = Reconnect::default();
    change(&mut reconnect, &shelf);
    let shared = Arc::new(Shared::new(options.max_buffered_amount, reconnect.queue));
    let now = Surroundings { network: true, foreground: true, hopes: 0 };
    let (surroundings, watch) = watch::channel(now);
    let connect = {
        let shelf = Arc::clone(&shelf);
        Box::new(move |options, relay, adopts| attempt(&shelf, options, relay, adopts))
    };
    let supervisor = Supervisor::new(Arc::clone(&shared), options, reconnect, watch, connect);
    tokio::task::spawn_local(supervisor.run(Box::new(Recorder(Arc::clone(&shelf)))));
    Stage { shelf, shared, surroundings }
}

impl Stage {
    /// What came since the last call.
    fn events(&self) -> Vec<Event> {
        std::mem::take(&mut world(&self.shelf).events)
    }

    fn attempts(&self) -> usize {
        world(&self.shelf).attempts.len()
    }

    fn state(&self) -> ReadyState {
        self.shared.ready_state()
    }

    /// The peer of the newest connection.
    fn peer(&self) -> Peer {
        world(&self.shelf).peers.pop().unwrap()
    }

    fn surround(&self, network: bool, foreground: bool) {
        self.surroundings.send_modify(|now| {
            now.hopes += u64::from((network && !now.network) || (foreground && !now.foreground));
            *now = Surroundings { network, foreground, ..*now };
        });
    }

    async fn until_open(&self) -> u32 {
        loop {
            settle().await;
            let found = self.events().into_iter().find_map(|event| match event {
                Event::Open(attempt) => Some(attempt),
                _ => None,
            });
            if let Some(attempt) = found {
                return attempt;
            }
        }
    }

    async fn ends_with(&self, expected: &[Event]) {
        settle().await;
        assert_eq!(self.events(), expected);
        assert_eq!(self.state(), ReadyState::Closed);
        let attempts = self.attempts();
        sleep(1000 * SECOND).await;
        assert_eq!((self.events(), self.attempts()), (vec![], attempts), "there is nothing after the end");
        assert!(self.shared.send(MessageKind::Text, b"late").is_err());
        self.shared.release();
        settle().await;
        assert_eq!(self.events(), [Event::Release]);
    }
}

async fn settle() {
    sleep(Duration::from_millis(2)).await;
}

fn unchanged(_: &mut Reconnect, _: &Shelf) {}

#[test]
fn a_lost_connection_is_followed_by_another() {
    on_one_thread(async {
        let stage = stage([], unchanged);
        assert_eq!(stage.state(), ReadyState::Connecting);
        settle().await;
        assert_eq!(stage.events(), [Event::Open(0)]);
        for _ in 0..3 {
            let peer = stage.peer();
            peer.send(&Frame::text("hello"));
            settle().await;
            assert_eq!(stage.events(), [Event::Message("hello".into())]);
            sleep(5 * SECOND).await;
            peer.fail_reads(ErrorKind::ConnectionReset);
            settle().await;
            assert_eq!(stage.events()[0], Event::Reconnecting(1, 1006));
            assert_eq!(stage.until_open().await, 1);
            assert_eq!(stage.state(), ReadyState::Open);
        }
        assert_eq!(world(&stage.shelf).adopting, [true, false, false, false]);
        assert_eq!(stage.shared.stats().reconnects, 3);
        assert_eq!(stage.shared.stats().messages_received, 3);
        let mut peer = stage.peer();
        stage.shared.close(Some(1000), "done");
        assert_eq!(peer.receive().await, Some(Frame::close(1000, "done")));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
        stage.ends_with(&[Event::Close(1000, true)]).await;
    });
}

#[test]
fn an_attempt_that_does_not_even_begin_has_failed() {
    on_one_thread(async {
        let stage = stage([Script::Refused, Script::Opens, Script::Refused], unchanged);
        assert_eq!(stage.until_open().await, 1);
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        assert_eq!(stage.until_open().await, 3, "the one before was refused");
    });
}

#[test]
fn a_close_code_to_stop_at_is_the_end_and_others_are_not() {
    on_one_thread(async {
        let stage = stage([], unchanged);
        settle().await;
        let peer = stage.peer();
        peer.send(&Frame::close(1001, "restart"));
        peer.finish();
        settle().await;
        assert_eq!(stage.events()[..2], [Event::Open(0), Event::Reconnecting(1, 1001)]);
        assert_eq!(stage.until_open().await, 1);
        let peer = stage.peer();
        peer.send(&Frame::close(1000, "bye"));
        peer.finish();
        stage.ends_with(&[Event::Close(1000, true)]).await;
    });
}

#[test]
fn attempts_that_fail_are_counted_and_end_with_what_the_last_one_has_told() {
    on_one_thread(async {
        let fails = || Script::Fails(ErrorCode::ConnectionRefused);
        let start = Instant::now();
        let stage =
            stage([fails(), fails(), fails(), fails()], |reconnect, _| reconnect.max_attempts = Some(3));
        sleep(10 * SECOND).await;
        let [first, second, third] = [1, 2, 3].map(|attempt| Event::Reconnecting(attempt, 1006));
        let end = [Event::Error(ErrorCode::ConnectionRefused), Event::Close(1006, false)];
        assert_eq!(stage.events(), [&[first, second, third], &end[..]].concat());
        for (index, (time, _)) in world(&stage.shelf).attempts.iter().enumerate() {
            let bounds = (1 << index) - 1;
            assert!(*time - start <= SECOND * bounds + Duration::from_millis(10));
        }
        stage.ends_with(&[]).await;
    });
}

#[test]
fn what_is_for_good_is_told_at_once() {
    let refuses = |status| Script::Refuses(status, Vec::new());
    for (script, code) in [
        (refuses(404), ErrorCode::HttpStatus),
        (refuses(401), ErrorCode::HttpStatus),
        (Script::Fails(ErrorCode::CertificateExpired), ErrorCode::CertificateExpired),
    ] {
        on_one_thread(async {
            let stage = stage([script], unchanged);
            stage.ends_with(&[Event::Error(code), Event::Close(1006, false)]).await;
            assert_eq!(stage.attempts(), 1);
        });
    }
}

/// Where a socket can be when something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Attempting,
    Open,
    Deciding,
    Waiting,
    Offline,
    Hidden,
    Refreshing,
    AttemptingAgain,
}

const STATES: [State; 8] = [
    State::Attempting,
    State::Open,
    State::Deciding,
    State::Waiting,
    State::Offline,
    State::Hidden,
    State::Refreshing,
    State::AttemptingAgain,
];

/// Brings a socket into a state.
async fn brought_to(state: State) -> Stage {
    let slow = || Script::Slow(20 * SECOND);
    let script = match state {
        State::Attempting => vec![slow()],
        State::AttemptingAgain => vec![Script::Opens, slow()],
        _ => vec![],
    };
    let stage = stage(script, |reconnect, shelf| {
        reconnect.queue = 1000;
        // So long that the test meets it: the delay is at least as long as what a server asks for.
        reconnect.min_delay = Duration::from_secs(30);
        match state {
            State::Deciding => reconnect.should_reconnect = Some(Arc::new(Hooks(Arc::clone(shelf)))),
            State::Refreshing => reconnect.refresh = Some(Arc::new(Hooks(Arc::clone(shelf)))),
            _ => {}
        }
        if matches!(state, State::Refreshing | State::AttemptingAgain) {
            reconnect.min_delay = Duration::ZERO;
        }
    });
    settle().await;
    if matches!(state, State::Attempting | State::Open) {
        return stage;
    }
    let peer = stage.peer();
    if state == State::Offline {
        stage.surround(false, true);
    } else if state == State::Hidden {
        stage.surround(true, false);
    }
    peer.fail_reads(ErrorKind::ConnectionReset);
    settle().await;
    match state {
        State::Deciding => assert_eq!(world(&stage.shelf).deciding.len(), 1),
        State::Refreshing => assert_eq!(world(&stage.shelf).refreshing.len(), 1),
        State::AttemptingAgain => assert_eq!(stage.attempts(), 2),
        _ => assert_eq!(stage.attempts(), 1, "{state:?}"),
    }
    stage
}

#[test]
fn the_state_is_connecting_wherever_it_is_not_open() {
    for state in STATES {
        on_one_thread(async {
            let stage = brought_to(state).await;
            let expected = if state == State::Open { ReadyState::Open } else { ReadyState::Connecting };
            assert_eq!(stage.state(), expected, "{state:?}");
        });
    }
}

#[test]
fn close_ends_it_at_once_in_every_state() {
    for state in STATES {
        on_one_thread(async {
            let stage = brought_to(state).await;
            stage.events();
            stage.shared.close(Some(1000), "");
            if state == State::Open {
                let mut peer = stage.peer();
                assert_eq!(peer.receive().await, Some(Frame::close(1000, "")));
                peer.send(&Frame::close(1000, ""));
                peer.finish();
                stage.ends_with(&[Event::Close(1000, true)]).await;
            } else {
                assert_eq!(stage.state(), ReadyState::Closing, "{state:?}");
                stage.ends_with(&[Event::Close(1006, false)]).await;
            }
        });
    }
}

#[test]
fn release_ends_it_at_once_in_every_state() {
    for state in STATES {
        on_one_thread(async {
            let stage = brought_to(state).await;
            stage.events();
            stage.shared.release();
            settle().await;
            if state == State::Open {
                let mut peer = stage.peer();
                assert_eq!(peer.receive().await, Some(Frame::close(1001, "")));
                peer.send(&Frame::close(1001, ""));
                peer.finish();
                settle().await;
            }
            assert_eq!(stage.events(), [Event::Release], "{state:?}");
            let attempts = stage.attempts();
            sleep(1000 * SECOND).await;
            assert_eq!((stage.events(), stage.attempts()), (vec![], attempts), "{state:?}");
            assert!(world(&stage.shelf).peers.iter().all(Peer::is_closed), "{state:?}");
        });
    }
}

#[test]
fn what_is_sent_is_kept_in_every_state_and_arrives_once_in_order() {
    for state in STATES {
        on_one_thread(async {
            let stage = brought_to(state).await;
            for text in ["one", "two", "three"] {
                stage.shared.send(MessageKind::Text, text.as_bytes()).unwrap_or_else(|_| panic!("{state:?}"));
            }
            let too_much = stage.shared.send(MessageKind::Text, &[b'x'; 1000]);
            assert_eq!(too_much.is_ok(), state == State::Open, "{state:?}");
            if state == State::Deciding {
                world(&stage.shelf).deciding.pop_front().unwrap().1.give(true);
            } else if state == State::Refreshing {
                world(&stage.shelf).refreshing.pop_front().unwrap().2.give(Refreshed::default());
            }
            stage.surround(true, true);
            while stage.state() != ReadyState::Open {
                sleep(SECOND).await;
            }
            stage.shared.send(MessageKind::Text, b"four").unwrap();
            let mut peer = stage.peer();
            for text in ["one", "two", "three"] {
                assert_eq!(peer.receive().await.unwrap().payload, text.as_bytes(), "{state:?}");
            }
            if too_much.is_ok() {
                peer.receive().await;
            }
            assert_eq!(peer.receive().await.unwrap().payload, b"four", "{state:?}");
        });
    }
}

#[test]
fn nothing_is_kept_that_the_app_does_not_want_to_be() {
    on_one_thread(async {
        let stage = stage([], |reconnect, _| reconnect.min_delay = 10 * SECOND);
        let not_open = stage.shared.send(MessageKind::Text, b"early");
        assert!(matches!(not_open, Err(Refused::InvalidState(_))));
        settle().await;
        let peer = stage.peer();
        for _ in 0..100 {
            stage.shared.send(MessageKind::Binary, &[0; 100_000]).unwrap();
        }
        settle().await;
        peer.fail_reads(ErrorKind::ConnectionReset);
        settle().await;
        let events = stage.events();
        let handed = stage.shared.stats().messages_sent as usize;
        assert!(handed < 100 && events.contains(&Event::Kept(0, 100 - handed)), "{events:?}");
        assert_eq!(stage.shared.buffered_amount(), 0);
        assert!(stage.shared.send(MessageKind::Text, b"between").is_err());
        stage.until_open().await;
        stage.shared.send(MessageKind::Text, b"after").unwrap();
        assert_eq!(stage.peer().receive().await.unwrap().payload, b"after");
    });
}

/// Messages that leave together are sent again only as far as they have not left.
#[test]
fn a_message_that_has_arrived_is_not_sent_again() {
    for (capacity, holds) in [(350, 0), (350, 300), (350, 10_000)] {
        on_one_thread(async {
            let stage = stage([], |reconnect, _| reconnect.queue = 1 << 20);
            world(&stage.shelf).narrow = Some((capacity, holds));
            stage.until_open().await;
            // Frames of 100 bytes.
            let messages: Vec<_> = (0..10).map(|number| format!("{number:094}")).collect();
            for message in &messages {
                stage.shared.send(MessageKind::Text, message.as_bytes()).unwrap();
            }
            settle().await;
            let mut first = stage.peer();
            first.fail_reads(ErrorKind::ConnectionReset);
            first.fail_writes(ErrorKind::ConnectionReset);
            stage.until_open().await;
            let mut arrived = Vec::new();
            while let Some(frame) = first.receive().await {
                arrived.push(frame.payload);
            }
            assert_eq!(arrived.len(), 3);
            let mut second = stage.peer();
            while arrived.len() < messages.len() {
                arrived.push(second.receive().await.unwrap().payload);
            }
            let sent: Vec<_> = messages.iter().map(|message| message.as_bytes()).collect();
            assert_eq!(arrived, sent, "{capacity}, {holds}");
        });
    }
}

#[test]
fn what_was_not_handed_over_at_a_loss_arrives_by_the_next_connection() {
    on_one_thread(async {
        let stage = stage([], |reconnect, _| reconnect.queue = 8 << 20);
        settle().await;
        let mut peer = stage.peer();
        let message = |number: u8| vec![number; 400_000];
        for number in 0..10 {
            stage.shared.send(MessageKind::Binary, &message(number)).unwrap();
        }
        settle().await;
        assert_eq!(peer.receive().await.unwrap().payload, message(0));
        settle().await;
        peer.fail_writes(ErrorKind::ConnectionReset);
        peer.fail_reads(ErrorKind::ConnectionReset);
        settle().await;
        let handed = stage.shared.stats().messages_sent;
        assert!((1..9).contains(&handed), "{handed}");
        let events = stage.events();
        assert!(events.contains(&Event::Kept(10 - handed as usize, 0)), "{events:?}");
        stage.until_open().await;
        let mut peer = stage.peer();
        for number in handed as u8..10 {
            assert_eq!(peer.receive().await.unwrap().payload, message(number));
        }
        settle().await;
        assert_eq!(stage.shared.stats().messages_sent, 10);
        assert_eq!(stage.shared.buffered_amount(), 0);
    });
}

#[test]
fn no_attempt_is_spent_without_a_network_or_in_the_background() {
    for (network, foreground, while_hidden) in
        [(false, true, false), (true, false, false), (false, false, true)]
    {
        on_one_thread(async {
            let stage = stage([], |reconnect, _| reconnect.while_hidden = while_hidden);
            settle().await;
            stage.surround(network, foreground);
            stage.peer().fail_reads(ErrorKind::ConnectionReset);
            sleep(3600 * SECOND).await;
            assert_eq!(stage.attempts(), 1);
            stage.events();
            let back = Instant::now();
            stage.surround(true, foreground || !while_hidden);
            assert_eq!(stage.until_open().await, 1);
            assert!(back.elapsed() <= JITTER + SECOND / 10, "{:?}", back.elapsed());
        });
    }
    on_one_thread(async {
        let stage = stage([], |reconnect, _| reconnect.while_hidden = true);
        settle().await;
        stage.surround(true, false);
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        stage.events();
        assert_eq!(stage.until_open().await, 1);
    });
}

#[test]
fn hope_brings_the_next_attempt_nearer_but_not_before_the_time_that_the_server_has_asked_for() {
    on_one_thread(async {
        let stage = stage([], |reconnect, _| reconnect.min_delay = Duration::from_secs(30));
        settle().await;
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        settle().await;
        stage.events();
        let hope = Instant::now();
        stage.surroundings.send_modify(|now| now.hopes += 1);
        stage.until_open().await;
        assert!(hope.elapsed() <= JITTER + SECOND / 10, "{:?}", hope.elapsed());
    });
    on_one_thread(async {
        let busy = Script::Refuses(503, vec![("Retry-After".into(), b"60".to_vec())]);
        let start = Instant::now();
        let stage = stage([busy], unchanged);
        sleep(10 * SECOND).await;
        stage.surroundings.send_modify(|now| now.hopes += 1);
        stage.until_open().await;
        let time = start.elapsed();
        assert!((60 * SECOND..61 * SECOND).contains(&time), "{time:?}");
    });
}

#[test]
fn each_attempt_but_the_first_is_made_with_what_the_app_gives() {
    on_one_thread(async {
        let stage =
            stage([], |reconnect, shelf| reconnect.refresh = Some(Arc::new(Hooks(Arc::clone(shelf)))));
        settle().await;
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        sleep(2 * SECOND).await;
        assert_eq!(stage.attempts(), 1, "the app has not answered");
        let (attempt, code, answer) = world(&stage.shelf).refreshing.pop_front().unwrap();
        assert_eq!((attempt, code), (1, 1006));
        let url = Some(Url::parse("ws://memory.example/second").unwrap());
        answer.give(Refreshed { url, ..Refreshed::default() });
        stage.until_open().await;
        let urls: Vec<_> = world(&stage.shelf).attempts.iter().map(|(_, url)| url.clone()).collect();
        assert_eq!(urls, ["ws://memory.example/first", "ws://memory.example/second"]);

        // It keeps what it was given, and an app that does not answer has spent an attempt.
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        sleep(2 * SECOND).await;
        drop(world(&stage.shelf).refreshing.pop_front().unwrap());
        sleep(5 * SECOND).await;
        assert_eq!(stage.attempts(), 2);
        let told = stage.events();
        assert_eq!(told, [Event::Reconnecting(2, 1006), Event::Reconnecting(3, 1006)]);
        sleep(70 * SECOND).await;
        assert_eq!(stage.events(), [Event::Reconnecting(4, 1006)], "one that never answers has a time, too");
        sleep(8 * SECOND).await;
        let late = world(&stage.shelf).refreshing.pop_front().unwrap().2;
        late.give(Refreshed::default());
        world(&stage.shelf).refreshing.pop_front().unwrap().2.give(Refreshed::default());
        assert_eq!(stage.until_open().await, 4);
        assert_eq!(world(&stage.shelf).attempts.last().unwrap().1, "ws://memory.example/second");
    });
}

#[test]
fn refused_credentials_are_refreshed_once() {
    for (new, attempts) in [(true, 2), (false, 1)] {
        on_one_thread(async {
            let refuses = || Script::Refuses(401, Vec::new());
            let stage = stage([refuses(), refuses()], |reconnect, shelf| {
                reconnect.refresh = Some(Arc::new(Hooks(Arc::clone(shelf))));
            });
            sleep(2 * SECOND).await;
            assert_eq!(stage.events(), [Event::Reconnecting(1, 1006)]);
            let headers = new.then(|| vec![("Authorization".to_owned(), "Bearer new".into())]);
            let answer = world(&stage.shelf).refreshing.pop_front().unwrap().2;
            answer.give(Refreshed { headers, ..Refreshed::default() });
            stage.ends_with(&[Event::Error(ErrorCode::HttpStatus), Event::Close(1006, false)]).await;
            assert_eq!(stage.attempts(), attempts);
        });
    }
}

#[test]
fn the_app_has_the_last_word() {
    for (script, would) in
        [(Script::Refuses(404, Vec::new()), false), (Script::Fails(ErrorCode::TimedOut), true)]
    {
        on_one_thread(async {
            let stage = stage([script], |reconnect, shelf| {
                reconnect.should_reconnect = Some(Arc::new(Hooks(Arc::clone(shelf))));
            });
            settle().await;
            assert_eq!(stage.events(), [], "nothing is told before it has decided");
            let (said, answer) = world(&stage.shelf).deciding.pop_front().unwrap();
            assert_eq!(said, would);
            answer.give(!would);
            if would {
                stage.ends_with(&[Event::Error(ErrorCode::TimedOut), Event::Close(1006, false)]).await;
            } else {
                assert_eq!(stage.until_open().await, 1);
            }
        });
    }
    // Without an answer the rules hold.
    on_one_thread(async {
        let stage = stage([Script::Fails(ErrorCode::TimedOut)], |reconnect, shelf| {
            reconnect.should_reconnect = Some(Arc::new(Hooks(Arc::clone(shelf))));
        });
        settle().await;
        assert_eq!(stage.until_open().await, 1);
    });
}

#[test]
fn a_pause_holds_for_the_next_connection_too() {
    on_one_thread(async {
        let stage = stage([], unchanged);
        settle().await;
        stage.peer().fail_reads(ErrorKind::ConnectionReset);
        settle().await;
        stage.shared.set_paused(true);
        stage.events();
        stage.until_open().await;
        stage.peer().send(&Frame::text("later"));
        sleep(SECOND).await;
        assert_eq!(stage.events(), []);
        stage.shared.set_paused(false);
        settle().await;
        assert_eq!(stage.events(), [Event::Message("later".into())]);
    });
}

#[test]
fn a_server_that_restarts_under_a_thousand_clients_gets_them_back_spread_over_time() {
    on_one_thread(async {
        let stages: Vec<_> = (0..1000).map(|_| stage([], unchanged)).collect();
        settle().await;
        sleep(10 * SECOND).await;
        let restart = Instant::now();
        for stage in &stages {
            let peer = stage.peer();
            peer.send(&Frame::close(1012, ""));
            peer.finish();
        }
        sleep(2 * SECOND).await;
        let mut histogram = [0_u32; 10];
        for stage in &stages {
            assert_eq!(stage.state(), ReadyState::Open);
            let [_, (time, _)] = world(&stage.shelf).attempts[..] else { panic!("more attempts than one") };
            histogram[((time - restart).as_millis() / 100).min(9) as usize] += 1;
        }
        println!("attempts in each tenth of a second: {histogram:?}");
        assert!(histogram.iter().all(|count| (50..=160).contains(count)), "{histogram:?}");
    });
}

#[test]
fn a_server_that_stays_away_is_not_stormed() {
    on_one_thread(async {
        let fails = || (0..100).map(|_| Script::Fails(ErrorCode::ConnectionRefused));
        let stages: Vec<_> = (0..1000).map(|_| stage(fails(), unchanged)).collect();
        let start = Instant::now();
        sleep(600 * SECOND).await;
        let mut seconds = vec![0_u32; 600];
        for stage in &stages {
            for (time, _) in &world(&stage.shelf).attempts {
                seconds[((*time - start).as_secs() as usize).min(599)] += 1;
            }
        }
        let (first_minute, last_minute) = (&seconds[2..60], &seconds[540..]);
        println!(
            "attempts a second: {:?} in the first ten, {:?} in the last ten",
            &seconds[..10],
            &seconds[590..]
        );
        // 1 000 clients that wait 15 s on average.
        assert!(last_minute.iter().all(|count| (20..=120).contains(count)), "{last_minute:?}");
        assert!(first_minute.iter().all(|&count| count <= 1000), "{first_minute:?}");
    });
}
