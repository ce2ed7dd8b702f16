//! What was said and heard on both sides, and the promises that are checked against it.

use std::sync::Arc;
use std::time::Duration;

use socket_task_testing::chaos::Journal;
use socket_task_testing::deflate::{Deflate, Parameters};
use socket_task_testing::frame::{Frame, RSV1, opcode};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::OPENING_FAILED;
use crate::error::{Error, ErrorCode, Phase, Refused};
use crate::options::Options;
use crate::socket::keepalive::Keepalive;
use crate::socket::listener::Close;
use crate::socket::ready_state::ReadyState;
use crate::socket::shared::Shared;
use crate::socket::transport::memory::Peer;
use crate::wire::MessageKind;
use crate::wire::close::ABNORMAL_CLOSURE;

/// Any number of close timeouts in which a peer may go on to send, and one in which it may answer.
const CLOSE_TIMEOUTS: u32 = 6;

type Said = (MessageKind, Vec<u8>);

/// How a world has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// With a Close frame of both sides.
    Clean,
    /// The connection was lost.
    Lost,
    /// It never opened.
    Refused,
    /// The server broke the protocol.
    Broken,
    /// The server did not answer in time.
    Silent,
    /// The app let go of it before it had ended.
    LetGo,
}

#[derive(Default)]
pub(super) struct Book {
    pub journal: Journal,
    close_timeout: Duration,
    buffered_limit: usize,
    inflate: Option<Deflate>,

    // ---- from the server to the app ----
    /// What the server has said, and how much of it the app has heard.
    said: Vec<Said>,
    heard: usize,
    /// The server's Close frame: its code and its reason.
    server_closed: Option<(Option<u16>, String)>,
    pub server_broke: bool,
    /// Pings of the server, and how many were answered or made up for by a later answer.
    pinged: Vec<Vec<u8>>,
    ponged: usize,
    /// The server said nothing more.
    pub has_finished: bool,
    /// The network lost something: what the client was to read, what it was to write.
    pub lost_reads: bool,
    pub lost_writes: bool,

    // ---- from the app to the server ----
    accepted: Vec<Said>,
    arrived: usize,
    pings: Vec<Vec<u8>>,
    pings_arrived: usize,
    client_closed: Option<Option<u16>>,
    /// When the server last took bytes.
    pub took: Option<Instant>,

    // ---- the app ----
    is_paused: bool,
    /// How many bytes had been read when the app has paused.
    read_at_pause: u64,
    wire: Option<Peer>,
    /// When the app wanted the end.
    closed_at: Option<Instant>,
    pub has_released: bool,
    opened: bool,
    error: Option<(Phase, ErrorCode)>,
    close: Option<Close>,
    released: bool,
    drained: u64,

    /// Nothing stalls any more, but what has been lost. Who sleeps is woken.
    pub is_calm: bool,
    pub hurry: Arc<Notify>,
    /// The app has nothing more to wait for.
    pub closed: Arc<Notify>,
}

impl Book {
    pub fn begin(&mut self, options: &Options, deflate: Option<Parameters>, wire: Peer) {
        self.wire = Some(wire);
        self.journal.begin();
        self.close_timeout = options.close_timeout;
        self.buffered_limit = options.max_buffered_amount;
        self.inflate = deflate.map(Deflate::new);
        let Options { ping_interval, max_message_size, .. } = options;
        self.journal.note(format!(
            "close timeout {:?}, ping interval {ping_interval:?}, messages up to {max_message_size}, queue up to {}, {deflate:?}",
            self.close_timeout, self.buffered_limit
        ));
    }

    pub fn compresses(&self) -> bool {
        self.inflate.is_some()
    }

    // ---- what the server does ----

    pub fn server_says(&mut self, kind: MessageKind, payload: &[u8]) {
        self.journal.note(format!("server: {kind:?} of {}", payload.len()));
        self.said.push((kind, payload.to_vec()));
    }

    pub fn server_pings(&mut self, payload: &[u8]) {
        self.journal.note(format!("server: ping {}", self.pinged.len()));
        self.pinged.push(payload.to_vec());
    }

    pub fn server_closes(&mut self, code: Option<u16>, reason: &str) {
        self.journal.note(format!("server: close {code:?}"));
        self.server_closed = Some((code, reason.to_owned()));
    }

    /// A frame of the client has arrived.
    pub fn arrives(&mut self, frame: Frame) {
        self.journal.note(format!("arrives: opcode {}, {} bytes", frame.opcode, frame.payload.len()));
        self.journal.check(self.client_closed.is_none(), || "something follows the Close frame".into());
        self.journal.check(frame.fin, || "a message is cut into pieces".into());
        match frame.opcode {
            opcode::TEXT => self.message_arrives(MessageKind::Text, frame),
            opcode::BINARY => self.message_arrives(MessageKind::Binary, frame),
            opcode::PING if Keepalive::is_ours(&frame.payload) => {}
            opcode::PING => {
                let expected = self.pings.get(self.pings_arrived) == Some(&frame.payload);
                self.journal.check(expected, || "a ping arrives that is not the next one of the app".into());
                self.pings_arrived += 1;
            }
            opcode::PONG => {
                let rest = &self.pinged[self.ponged..];
                match rest.iter().position(|ping| *ping == frame.payload) {
                    Some(at) => self.ponged += at + 1,
                    None => self.journal.broken("a pong answers no ping, or an old one"),
                }
            }
            opcode::CLOSE => self.client_closed = Some(frame.close_code()),
            other => self.journal.broken(format!("a frame with opcode {other} arrives")),
        }
    }

    fn message_arrives(&mut self, kind: MessageKind, frame: Frame) {
        let payload = match &mut self.inflate {
            Some(inflate) if frame.rsv == RSV1 => inflate.decompress(&frame.payload),
            _ => frame.payload,
        };
        let expected = self.accepted.get(self.arrived).is_some_and(|sent| *sent == (kind, payload));
        self.journal.check(expected, || "a message arrives that is not the next one of the app".into());
        self.arrived += 1;
    }

    // ---- what the app does ----

    pub fn app_sends(
        &mut self,
        kind: MessageKind,
        payload: &[u8],
        state: ReadyState,
        result: Result<(), Refused>,
    ) {
        self.journal.note(format!("app: {kind:?} of {}: {result:?}", payload.len()));
        match result {
            Ok(()) => {
                self.journal.check(state == ReadyState::Open, || format!("a message is accepted: {state:?}"));
                self.accepted.push((kind, payload.to_vec()));
            }
            Err(Refused::InvalidState(_)) => {
                self.journal
                    .check(state != ReadyState::Open, || "an open connection refuses a message".into());
            }
            Err(Refused::MessageTooBig { limit, length }) => {
                self.journal.check(length > limit, || "a message that fits is too big".into());
            }
            // The small ones are more in their frames.
            Err(Refused::BufferFull { .. }) => {}
            Err(other) => self.journal.broken(format!("a message is refused: {other}")),
        }
    }

    pub fn app_pings(&mut self, payload: &[u8], result: Result<(), Refused>) {
        self.journal.note(format!("app: ping: {result:?}"));
        if result.is_ok() {
            self.pings.push(payload.to_vec());
        }
    }

    /// Whether the app has paused it.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    pub fn app_pauses(&mut self, paused: bool) {
        self.journal.note(format!("app: paused: {paused}"));
        self.is_paused = paused;
        self.read_at_pause = self.read();
    }

    fn read(&self) -> u64 {
        self.wire.as_ref().map_or(0, Peer::read_by_client)
    }

    /// The app wants the end.
    pub fn app_ends(&mut self, how: &str) {
        self.journal.note(format!("app: {how}"));
        self.closed_at.get_or_insert_with(Instant::now);
    }

    /// Until when the end has to be told that the app has wanted.
    pub fn due(&self) -> Option<Instant> {
        let began = self.closed_at.max(self.took)?;
        Some(began + CLOSE_TIMEOUTS * self.close_timeout + Duration::from_secs(2))
    }

    /// It has heard of the end, or wanted to hear nothing any more.
    pub fn is_over_for_the_app(&self) -> bool {
        self.close.is_some() || self.has_released
    }

    // ---- what the app is told ----

    /// What holds for every event but the last.
    fn is_told(&mut self, what: String) {
        self.journal.note(format!("told: {what}"));
        self.journal.check(self.close.is_none(), || format!("{what} follows on_close"));
        self.journal.check(!self.has_released, || format!("{what} follows release"));
    }

    pub fn on_open(&mut self) {
        self.is_told("open".into());
        self.journal.check(!self.opened, || "it opens twice".into());
        self.journal.check(self.closed_at.is_none(), || "it opens though the app has closed it".into());
        self.opened = true;
    }

    pub fn on_message(&mut self, kind: MessageKind, payload: &[u8]) {
        self.is_told(format!("{kind:?} of {}", payload.len()));
        self.journal.check(self.opened && self.error.is_none(), || "a message out of time".into());
        self.journal.check(self.closed_at.is_none(), || "a message though the app has closed".into());
        self.journal
            .check(!self.is_paused || self.lost_writes, || "a message though the app has paused".into());
        let expected =
            self.said.get(self.heard).is_some_and(|(said, bytes)| *said == kind && bytes == payload);
        self.journal.check(expected, || "a message that is not the next one of the server".into());
        self.heard += 1;
    }

    pub fn on_pong(&mut self) {
        self.is_told("pong".into());
    }

    pub fn on_drain(&mut self, sent: u64) {
        self.is_told(format!("drain {sent}"));
        self.journal.check(sent >= self.drained, || "fewer messages have left than before".into());
        self.journal
            .check(sent <= self.accepted.len() as u64, || "more messages have left than were sent".into());
        self.drained = sent;
    }

    pub fn on_error(&mut self, error: &Error) {
        self.is_told(format!("error {:?} {:?}", error.phase, error.code));
        self.journal.check(self.error.is_none(), || "a second error".into());
        self.journal.check(self.closed_at.is_none(), || "an error though the app has closed".into());
        let (phase, code) = (error.phase, error.code);
        let has_reason = match (phase, code) {
            (Phase::Tcp, code) => code == OPENING_FAILED && !self.opened,
            (Phase::Protocol, _) => self.server_broke,
            (Phase::Timeout, ErrorCode::PongTimeout) => true,
            (Phase::Closed, ErrorCode::ConnectionEnded) => self.has_finished,
            (Phase::Closed, ErrorCode::ConnectionReset) => self.lost_reads || self.lost_writes,
            _ => false,
        };
        self.journal.check(has_reason, || format!("an error without a reason: {error:?}"));
        self.error = Some((phase, code));
    }

    pub fn on_close(&mut self, close: &Close) {
        self.is_told(format!("close {}, clean: {}", close.code, close.was_clean));
        match &self.server_closed {
            _ if close.code == ABNORMAL_CLOSURE => {
                self.journal.check(close.reason.is_empty() && !close.was_clean, || {
                    "1006 with a reason, or clean".into()
                });
                let is_told_why = self.error.is_some() || self.closed_at.is_some();
                self.journal.check(is_told_why, || "it ends for no reason".into());
            }
            Some((code, reason)) => {
                let is_it = close.code == code.unwrap_or(1005) && close.reason == *reason;
                self.journal.check(is_it, || format!("{close:?} is not what the server has said"));
            }
            None => self.journal.broken(format!("{close:?}, and the server has not closed")),
        }
        self.close = Some(close.clone());
        self.closed.notify_one();
    }

    pub fn on_release(&mut self) {
        self.journal.note("told: release".into());
        self.journal.check(self.has_released, || "on_release before release".into());
        self.journal.check(!self.released, || "on_release twice".into());
        self.released = true;
    }

    // ---- whether all is as it has to be ----

    /// At any time.
    pub fn look(&mut self, shared: &Shared) {
        let buffered = shared.buffered_amount();
        self.journal.check(buffered <= self.buffered_limit, || format!("{buffered} bytes are buffered"));
        if self.is_paused && shared.ready_state() == ReadyState::Open && !self.lost_writes {
            let more = self.read() - self.read_at_pause;
            self.journal.check(more == 0, || format!("{more} bytes are read though the app has paused"));
        }
    }

    pub fn calm_down(&mut self) {
        self.is_calm = true;
        self.hurry.notify_waiters();
    }

    /// When nothing has stalled for a while.
    pub fn look_when_calm(&mut self, shared: &Shared) {
        if shared.ready_state() != ReadyState::Open
            || self.lost_writes
            || self.has_finished
            || self.lost_reads
        {
            return;
        }
        let (buffered, waits) = (shared.buffered_amount(), self.accepted.len() - self.arrived);
        self.journal.check(buffered == 0 && waits == 0, || {
            format!("{waits} messages do not leave, {buffered} bytes are buffered")
        });
        self.journal.check(self.drained == self.accepted.len() as u64, || {
            "the app was not told that all has left".into()
        });
        let pings = self.pings.len() - self.pings_arrived;
        self.journal.check(pings == 0, || format!("{pings} pings do not leave"));
        if !self.is_paused {
            let waits = self.said.len() - self.heard;
            self.journal.check(waits == 0, || format!("{waits} messages of the server are not delivered"));
            self.journal.check(self.ponged == self.pinged.len(), || "the last ping is not answered".into());
        }
    }

    /// When all is over, and all that was on its way has arrived.
    pub fn settle(&mut self, shared: &Shared) {
        self.journal.note("all is over".into());
        self.journal.check(shared.ready_state() == ReadyState::Closed, || "it is not closed".into());
        self.journal.check(self.released, || "on_release was not called".into());
        let (drained, arrived) = (self.drained, self.arrived);
        self.journal.check(drained <= arrived as u64, || {
            format!("{drained} messages have left, and {arrived} arrived")
        });
        let Some(close) = self.close.clone() else { return };
        // Otherwise one would be sent again by the next connection, or not at all.
        self.journal.check(drained == arrived as u64, || {
            format!("{drained} messages have left, and {arrived} arrived")
        });
        if close.was_clean {
            let (accepted, arrived) = (self.accepted.len(), self.arrived);
            self.journal.check(self.client_closed.is_some(), || {
                "clean, and the server has got no Close frame".into()
            });
            self.journal.check(accepted == arrived, || {
                format!("clean, and {arrived} of {accepted} messages have arrived")
            });
            self.journal
                .check(self.pings.len() == self.pings_arrived, || "clean, and a ping is missing".into());
            let buffered = shared.buffered_amount();
            self.journal.check(buffered == 0, || format!("clean, and {buffered} bytes are buffered"));
        }
        // The server's last words were on their way, and nobody was in a hurry.
        let is_heard_out =
            self.closed_at.is_none() && !self.lost_reads && !self.lost_writes && !self.timed_out();
        if is_heard_out && self.opened {
            self.journal.check(self.heard == self.said.len(), || {
                "not all that the server has said was delivered".into()
            });
            let is_told = self.server_closed.is_some() == (close.code != ABNORMAL_CLOSURE);
            self.journal.check(is_told, || "the server's Close frame was not told".into());
            self.journal.check(self.server_broke == matches!(self.error, Some((Phase::Protocol, _))), || {
                "the server has broken the protocol, and nobody was told".into()
            });
        }
    }

    fn timed_out(&self) -> bool {
        matches!(self.error, Some((Phase::Timeout, _)))
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        let close = self.close.as_ref();
        let is_of = |phase| self.error.is_some_and(|(of, _)| of == phase);
        [
            (Outcome::Clean, close.is_some_and(|close| close.was_clean)),
            (Outcome::Lost, is_of(Phase::Closed)),
            (Outcome::Refused, is_of(Phase::Tcp)),
            (Outcome::Broken, is_of(Phase::Protocol)),
            (Outcome::Silent, is_of(Phase::Timeout)),
            (Outcome::LetGo, close.is_none()),
        ]
        .into_iter()
        .filter_map(|(outcome, is_it)| is_it.then_some(outcome))
        .collect()
    }
}
