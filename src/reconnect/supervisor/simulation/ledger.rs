//! What was sent, told and received, and the promises that are checked against it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use socket_task_testing::chaos::Journal;

use crate::error::{Error, Refused};
use crate::options::Reconnect;
use crate::socket::{Close, ReadyState, Reconnecting};

/// How a world has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// By the app.
    Closed,
    /// By a close code of the server's.
    Stopped,
    /// By an error.
    Failed,
    /// The app let go of it before it had ended.
    LetGo,
    /// Messages were kept for another connection.
    Kept,
    /// Messages have failed with a connection.
    Dropped,
}

#[derive(Default)]
pub(super) struct Ledger {
    pub journal: Journal,
    max_attempts: Option<u32>,
    max_delay: Duration,

    /// Each message begins with its number, of those that were made.
    made: u32,
    /// Those that were accepted and have neither left nor failed, in order.
    waiting: VecDeque<u32>,
    accepted: u64,
    drained: u64,
    failed: u64,
    /// The connection by which each has arrived, by its number.
    arrived: BTreeMap<u32, u64>,

    connections: u64,
    /// The connection of the message that was heard last, and its number there.
    heard: Option<(u64, u64)>,

    is_open: bool,
    attempt: u32,
    error: bool,
    close: Option<Close>,
    released: bool,
    has_ended: bool,
    were_kept: bool,
    pub is_paused: bool,
    pub has_released: bool,
    pub is_calm: bool,
}

impl Ledger {
    pub fn begin(&mut self, rules: &Reconnect) {
        self.journal.begin();
        self.max_attempts = rules.max_attempts;
        self.max_delay = rules.max_delay;
        let Reconnect { min_delay, max_delay, max_attempts, stop_codes, queue, .. } = rules;
        let hooks = (rules.should_reconnect.is_some(), rules.refresh.is_some());
        self.journal.note(format!(
            "delays {min_delay:?} to {max_delay:?}, attempts {max_attempts:?}, stops at {stop_codes:?}, queue {queue}, hooks {hooks:?}"
        ));
    }

    // ---- servers ----

    /// An attempt begins.
    pub fn begins(&mut self, is_first: bool, makes_sense: bool) {
        self.journal
            .check(is_first || makes_sense, || "an attempt without a network, or in the background".into());
        self.journal.check(!self.has_ended, || "an attempt though the app has ended it".into());
        self.journal.check(self.close.is_none(), || "an attempt after the end".into());
    }

    pub fn begin_connection(&mut self) -> u64 {
        self.connections += 1;
        self.connections
    }

    pub fn arrives(&mut self, connection: u64, message: &[u8]) {
        let number = message.first_chunk().map_or(0, |number| u32::from_be_bytes(*number));
        self.journal.note(format!("arrives by {connection}: {number}"));
        // A server may read what has come by an earlier connection when the next is there already.
        let before = self.arrived.range(..number).next_back().is_none_or(|(_, by)| *by <= connection);
        let behind = self.arrived.range(number + 1..).next().is_none_or(|(_, by)| *by > connection);
        self.journal.check(before && behind, || format!("{number} arrives out of order"));
        let is_new = self.arrived.insert(number, connection).is_none();
        self.journal.check(is_new, || format!("{number} arrives twice"));
    }

    // ---- the app ----

    pub fn next_message(&mut self, length: usize) -> Vec<u8> {
        self.made += 1;
        let mut message = self.made.to_be_bytes().to_vec();
        message.resize(message.len() + length, 7);
        message
    }

    pub fn app_sends(&mut self, length: usize, state: ReadyState, result: &Result<(), Refused>) {
        self.journal.note(format!("app: message {}, {} bytes, {state:?}: {result:?}", self.made, length));
        if result.is_ok() {
            self.journal
                .check(!self.has_ended && self.close.is_none(), || "a message is accepted at the end".into());
            self.accepted += 1;
            self.waiting.push_back(self.made);
        }
    }

    pub fn app_ends(&mut self, how: &str) {
        self.journal.note(format!("app: {how}"));
        self.has_ended = true;
    }

    // ---- what the app is told ----

    fn is_told(&mut self, what: String) {
        self.journal.note(format!("told: {what}"));
        self.journal.check(self.close.is_none(), || format!("{what} follows on_close"));
        self.journal.check(!self.has_released, || format!("{what} follows release"));
    }

    pub fn on_open(&mut self, attempt: u32) {
        self.is_told(format!("open, attempt {attempt}"));
        self.journal.check(!self.has_ended, || "it opens though the app has ended it".into());
        self.journal.check(!self.is_open, || "it opens twice".into());
        let expected = self.attempt;
        self.journal
            .check(attempt == expected, || format!("attempt {attempt}, and {expected} was announced"));
        self.is_open = true;
    }

    pub fn on_message(&mut self, message: &[u8]) {
        let text = String::from_utf8_lossy(message).into_owned();
        self.is_told(format!("message {text}"));
        self.journal.check(!self.has_ended, || "a message though the app has ended it".into());
        self.journal.check(self.is_open && !self.error, || "a message out of time".into());
        let heard =
            text.split_once('/').and_then(|(of, number)| Some((of.parse().ok()?, number.parse().ok()?)));
        let before = self.heard;
        self.journal.check(heard > before, || format!("{heard:?} is heard after {before:?}"));
        self.heard = heard;
    }

    pub fn on_drain(&mut self, sent: u64) {
        self.is_told(format!("drain {sent}"));
        let (before, accepted, failed) = (self.drained, self.accepted, self.failed);
        self.journal.check(sent >= before && sent + failed <= accepted, || {
            format!("{sent} have left after {before}, of {accepted} of which {failed} have failed")
        });
        for _ in before..sent {
            self.waiting.pop_front();
        }
        self.drained = sent;
    }

    pub fn on_reconnecting(&mut self, told: &Reconnecting) {
        let Reconnecting { attempt, delay, kept, failed, .. } = *told;
        self.is_told(format!("reconnecting: attempt {attempt} in {delay:?}, {kept} kept, {failed} failed"));
        self.journal.check(!self.has_ended, || "another connection though the app has ended it".into());
        self.journal.check(self.max_attempts.is_none_or(|most| attempt <= most), || {
            "more attempts than there may be".into()
        });
        let longest = self.max_delay.max(Duration::from_secs(30));
        self.journal.check(delay <= longest, || format!("a delay of {delay:?}"));
        let waiting = self.waiting.len();
        self.journal
            .check(kept + failed == waiting, || format!("{kept} kept and {failed} failed, of {waiting}"));
        self.waiting.truncate(kept);
        self.failed += failed as u64;
        self.were_kept |= kept > 0;
        self.attempt = attempt;
        self.is_open = false;
    }

    pub fn on_error(&mut self, error: &Error) {
        self.is_told(format!("error {:?} {:?}", error.phase, error.code));
        self.journal.check(!self.error, || "a second error".into());
        self.journal.check(!self.has_ended, || "an error though the app has ended it".into());
        self.error = true;
    }

    pub fn on_close(&mut self, close: &Close) {
        self.is_told(format!("close {}, clean: {}", close.code, close.was_clean));
        self.close = Some(close.clone());
    }

    pub fn on_release(&mut self) {
        self.journal.note("told: release".into());
        self.journal.check(self.has_released, || "on_release before release".into());
        self.journal.check(!self.released, || "on_release twice".into());
        self.released = true;
    }

    // ---- whether all is as it has to be ----

    /// When nothing has stood in the way of a connection for long.
    pub fn look_when_calm(&mut self, state: ReadyState, buffered: usize) {
        self.journal.note(format!("all is calm: {state:?}, {buffered} bytes buffered"));
        if self.close.is_some() || self.has_ended {
            return;
        }
        self.journal.check(state == ReadyState::Open, || format!("all is calm, and it is {state:?}"));
        let waiting = self.waiting.len();
        self.journal.check(waiting == 0 && buffered == 0, || {
            format!("{waiting} messages do not leave, {buffered} bytes")
        });
        let (arrived, drained) = (self.arrived.len() as u64, self.drained);
        self.journal
            .check(arrived == drained, || format!("{drained} messages have left, and {arrived} arrived"));
    }

    /// Long after the app has closed it.
    pub fn is_to_be_closed(&mut self, state: ReadyState) {
        self.journal.check(state == ReadyState::Closed, || format!("it is {state:?} long after close"));
        self.journal.check(self.close.is_some() || self.has_released, || "on_close was not called".into());
    }

    /// When all is over.
    pub fn settle(&mut self, has_ended: bool) {
        self.journal.note("all is over".into());
        self.journal.check(has_ended, || "the supervisor goes on".into());
        self.journal.check(self.released, || "on_release was not called".into());
        let (arrived, drained) = (self.arrived.len() as u64, self.drained);
        let is_exact = if self.close.is_some() { arrived == drained } else { arrived >= drained };
        self.journal.check(is_exact, || format!("{drained} messages have left, and {arrived} arrived"));
    }

    pub fn outcomes(&self) -> Vec<Outcome> {
        [
            (Outcome::Closed, self.close.is_some() && self.has_ended && !self.error),
            (Outcome::Stopped, self.close.as_ref().is_some_and(|close| close.code != 1_006) && !self.error),
            (Outcome::Failed, self.error),
            (Outcome::LetGo, self.close.is_none()),
            (Outcome::Kept, self.were_kept),
            (Outcome::Dropped, self.failed > 0),
        ]
        .into_iter()
        .filter_map(|(outcome, is_it)| is_it.then_some(outcome))
        .collect()
    }
}
