//! A listener that records what it is told, and the check of its contract.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use socket_task::wire::{Message, MessageKind};
use socket_task::{Close, Error, ErrorCode, Listener, Open, Options, Phase, ReadyState, Socket};

/// No test waits longer than this for an event that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// One call of the listener.
#[derive(Clone, Debug)]
pub enum Event {
    Open(Box<Open>),
    Text(String),
    Binary(Vec<u8>),
    Pong(Vec<u8>, Option<Duration>),
    Drain(u64),
    Error(Error),
    Close(Close),
    Release,
}

/// What runs inside the callbacks, after the event was recorded.
type Hook = Box<dyn FnMut(&Socket, &Event) + Send>;

/// An event and the state in which it came, or the panic of a hook, which the library contains.
type Record = Result<(Event, ReadyState), Box<dyn Any + Send>>;

struct Recorder {
    socket: Arc<OnceLock<Socket>>,
    events: Sender<Record>,
    hook: Hook,
}

impl Recorder {
    fn record(&mut self, event: Event) {
        let socket = self.socket.wait();
        // The test may have ended already.
        let _ = self.events.send(Ok((event.clone(), socket.ready_state())));
        let hook = AssertUnwindSafe(|| {
            assert_eq!(thread::current().name(), Some("socket-task"), "{event:?} came on another thread");
            (self.hook)(socket, &event);
        });
        if let Err(panic) = catch_unwind(hook) {
            let _ = self.events.send(Err(panic));
        }
    }
}

impl Listener for Recorder {
    fn on_open(&mut self, open: &Open) {
        self.record(Event::Open(Box::new(open.clone())));
    }

    fn on_message(&mut self, message: Message<'_>) {
        let bytes = message.as_bytes().to_vec();
        self.record(match message.kind() {
            MessageKind::Text => Event::Text(String::from_utf8(bytes).expect("text messages are UTF-8")),
            MessageKind::Binary => Event::Binary(bytes),
        });
    }

    fn on_pong(&mut self, data: &[u8], rtt: Option<Duration>) {
        self.record(Event::Pong(data.to_vec(), rtt));
    }

    fn on_drain(&mut self, sent: u64) {
        self.record(Event::Drain(sent));
    }

    fn on_error(&mut self, error: &Error) {
        self.record(Event::Error(error.clone()));
    }

    fn on_close(&mut self, close: &Close) {
        self.record(Event::Close(close.clone()));
    }

    fn on_release(&mut self) {
        self.record(Event::Release);
    }
}

/// A connection whose listener records.
pub struct Recording {
    pub socket: Socket,
    events: Receiver<Record>,
    seen: Vec<(Event, ReadyState)>,
}

impl Recording {
    /// Connects.
    pub fn connect(options: Options) -> Recording {
        Recording::connect_with(options, |_, _| {})
    }

    /// Connects; `hook` runs inside each callback.
    pub fn connect_with(options: Options, hook: impl FnMut(&Socket, &Event) + Send + 'static) -> Recording {
        let (sender, events) = channel();
        let cell = Arc::new(OnceLock::new());
        let recorder = Recorder { socket: cell.clone(), events: sender, hook: Box::new(hook) };
        let socket = Socket::connect(options, recorder).expect("connect is accepted");
        cell.set(socket.clone()).expect("set once");
        Recording { socket, events, seen: Vec::new() }
    }

    /// Waits for the next event.
    pub fn next(&mut self) -> Event {
        match self.receive(PATIENCE) {
            Ok(event) => event,
            Err(reason) => panic!("{reason} after {}", briefs(&self.seen)),
        }
    }

    fn receive(&mut self, patience: Duration) -> Result<Event, RecvTimeoutError> {
        let (event, state) = self.events.recv_timeout(patience)?.unwrap_or_else(|panic| resume_unwind(panic));
        self.seen.push((event.clone(), state));
        Ok(event)
    }

    /// Waits for the next event but a drain.
    pub fn next_but_drain(&mut self) -> Event {
        loop {
            match self.next() {
                Event::Drain(_) => {}
                event => return event,
            }
        }
    }

    /// Waits until the connection is open.
    pub fn opened(&mut self) -> Open {
        match self.next() {
            Event::Open(open) => *open,
            other => panic!("instead of opening: {other:?}"),
        }
    }

    /// Waits for a text message.
    pub fn text(&mut self) -> String {
        match self.next_but_drain() {
            Event::Text(text) => text,
            other => panic!("instead of a text: {}", brief(&other)),
        }
    }

    /// Waits for a binary message.
    pub fn binary(&mut self) -> Vec<u8> {
        match self.next_but_drain() {
            Event::Binary(data) => data,
            other => panic!("instead of a binary message: {}", brief(&other)),
        }
    }

    /// Waits for the close event, whatever comes before.
    pub fn closed(&mut self) -> Close {
        loop {
            if let Event::Close(close) = self.next() {
                return close;
            }
        }
    }

    /// True when nothing happens for `duration`.
    pub fn is_quiet_for(&mut self, duration: Duration) -> bool {
        self.receive(duration).err() == Some(RecvTimeoutError::Timeout)
    }

    /// Waits for the end of the connection, then as [`Recording::finish`].
    pub fn run(mut self) -> Outcome {
        self.closed();
        self.finish()
    }

    /// Releases the socket, waits until the listener is dropped, and checks all that it was told.
    pub fn finish(self) -> Outcome {
        self.socket.release();
        self.wait_for_release()
    }

    /// The same for a socket that a hook releases.
    pub fn wait_for_release(mut self) -> Outcome {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.receive(end.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("the listener is alive after {}", briefs(&self.seen))
                }
            }
        }
        check_contract(&self.seen);
        Outcome { events: self.seen.into_iter().map(|(event, _)| event).collect() }
    }
}

/// Everything that one connection told its listener.
pub struct Outcome {
    pub events: Vec<Event>,
}

impl Outcome {
    /// Whether it was open once.
    pub fn was_open(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::Open(_)))
    }

    /// How many messages it was told to have handed over at most, if it was told.
    pub fn drained(&self) -> Option<u64> {
        let drains = self.events.iter().filter_map(|event| match event {
            Event::Drain(sent) => Some(*sent),
            _ => None,
        });
        drains.max()
    }

    /// Its failure, if it failed.
    pub fn error(&self) -> Option<&Error> {
        self.events.iter().find_map(|event| match event {
            Event::Error(error) => Some(error),
            _ => None,
        })
    }

    /// How it ended, if that was before its release.
    pub fn close(&self) -> Option<&Close> {
        self.events.iter().find_map(|event| match event {
            Event::Close(close) => Some(close),
            _ => None,
        })
    }

    /// Expects a failure and the end of a connection without Close frame.
    pub fn assert_failed(&self, phase: Phase, code: ErrorCode, close_code: u16) -> &Error {
        let error = self.error().unwrap_or_else(|| panic!("no error in {:?}", self.events));
        assert_eq!((error.phase, error.code), (phase, code), "{error:?}");
        assert!(!error.message.is_empty());
        self.assert_closed(close_code, "", false);
        error
    }

    /// Expects an end, with or without failure.
    pub fn assert_closed(&self, code: u16, reason: &str, was_clean: bool) {
        let expected = Close { code, reason: reason.to_owned(), was_clean };
        assert_eq!(self.close(), Some(&expected), "{:?}", self.error());
    }

    /// Expects an end without failure.
    pub fn assert_closed_without_error(&self, code: u16, reason: &str, was_clean: bool) {
        self.assert_closed(code, reason, was_clean);
        assert_eq!(self.error(), None);
    }

    /// Expects that the socket was released before it was closed, and told nothing of its end.
    pub fn assert_released_early(&self) {
        assert!(self.close().is_none() && self.error().is_none(), "{:?}", self.events);
    }
}

/// The listener's contract: at most one open, first; at most one error, with nothing but a drain between it and the
/// close; one close, or none when the release came first; one release, last.
fn check_contract(events: &[(Event, ReadyState)]) {
    let mut opens = 0;
    let mut errors = 0;
    let mut closes = 0;
    let mut releases = 0;
    for (index, (event, state)) in events.iter().enumerate() {
        let context = || format!("{} at {index} of {}", brief(event), briefs(events));
        assert_eq!(releases, 0, "an event after the release: {}", context());
        if !matches!(event, Event::Release) {
            assert_eq!(closes, 0, "an event after the close: {}", context());
        }
        match event {
            Event::Open(_) => {
                assert_eq!(index, 0, "open must be first: {}", context());
                opens += 1;
                assert_ne!(*state, ReadyState::Connecting, "{}", context());
            }
            Event::Text(_) | Event::Binary(_) | Event::Pong(..) => {
                assert_eq!((opens, errors), (1, 0), "{}", context());
                assert!(!matches!(state, ReadyState::Connecting | ReadyState::Closed), "{}", context());
            }
            Event::Drain(_) => assert_eq!(opens, 1, "{}", context()),
            Event::Error(_) => {
                assert_eq!(errors, 0, "{}", context());
                errors += 1;
            }
            Event::Close(_) => {
                closes += 1;
                assert_eq!(*state, ReadyState::Closed, "{}", context());
            }
            Event::Release => releases += 1,
        }
    }
    assert_eq!(releases, 1, "no release in {}", briefs(events));
    // Only a release inside on_error keeps the close back.
    let released_inside_error = matches!(events, [.., (Event::Error(_), _), (Event::Release, _)]);
    assert!(errors <= closes || released_inside_error, "an error without a close in {}", briefs(events));
}

/// The events in short; of a long list the last ones.
fn briefs(events: &[(Event, ReadyState)]) -> String {
    let skipped = events.len().saturating_sub(10);
    let last: Vec<_> = events[skipped..].iter().map(|(event, _)| brief(event)).collect();
    format!("{skipped} events, {}", last.join(", "))
}

/// An event without its megabytes.
fn brief(event: &Event) -> String {
    match event {
        Event::Open(_) => "open".to_owned(),
        Event::Text(text) => format!("text of {} bytes", text.len()),
        Event::Binary(data) => format!("binary of {} bytes", data.len()),
        event => format!("{event:?}"),
    }
}
