//! What the connection's task does with its callers' wishes, and tells them.

use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::Shared;
use super::adoption::Adoption;
use super::backlog::Compression;
use super::mailbox::lock;
use super::pings::Pings;
use crate::socket::listener::Listener;
use crate::socket::queue::{Queue, Segment};
use crate::socket::ready_state::ReadyState;
use crate::wire::deflate::Deflater;
use crate::wire::writer::Writer;

/// What changed since the task last looked, beside the queue.
pub(in crate::socket) struct News {
    pub closing: bool,
    /// Messages that the app has sent are still being compressed.
    pub compressing: bool,
    pub probe: Option<Duration>,
}

impl Shared {
    /// Ready when the app wants the connection to end before it is open.
    pub fn poll_interrupted(&self, cx: &Context<'_>) -> Poll<()> {
        let mut mailbox = lock(&self.mailbox);
        self.attention.look();
        if self.ready_state() != ReadyState::Connecting {
            return Poll::Ready(());
        }
        self.leave_word(&mut mailbox, cx.waker());
        Poll::Pending
    }

    /// Ready when the app has let go of the connection.
    pub fn poll_released(&self, cx: &Context<'_>) -> Poll<()> {
        let mut mailbox = lock(&self.mailbox);
        self.attention.look();
        if self.released() {
            return Poll::Ready(());
        }
        self.leave_word(&mut mailbox, cx.waker());
        Poll::Pending
    }

    /// The opening handshake is done. False when the app wants the connection to end.
    pub fn set_open(&self, protocol: Option<String>, deflater: Option<Deflater>) -> bool {
        let mut mailbox = lock(&self.mailbox);
        if self.ready_state() != ReadyState::Connecting {
            return false;
        }
        match protocol {
            Some(protocol) if self.asks_again() => mailbox.unconfirmed = Some(protocol),
            Some(protocol) => drop(self.protocol.set(protocol)),
            None => {}
        }
        mailbox.writer = Some(Writer::new());
        mailbox.compression = deflater.map(Compression::new);
        let is_found = matches!(mailbox.adoption, Adoption::Found(_));
        if !(is_found && self.asks_again()) {
            self.set_state(ReadyState::Open);
        }
        self.attention.unpark();
        true
    }

    /// Who has adopted the connection; at most once. With `last`, nobody can from now on.
    pub fn take_adopter(&self, last: bool) -> Option<Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        if self.asks_again() { None } else { mailbox.adoption.take(last) }
    }

    /// Whether its hooks have to answer as before when it is adopted.
    pub fn asks_again(&self) -> bool {
        self.asks_again.load(Ordering::Relaxed)
    }

    /// Whether somebody has adopted it and was not told.
    pub fn is_adopted(&self) -> bool {
        matches!(lock(&self.mailbox).adoption, Adoption::Found(_))
    }

    /// The hooks have answered as before: the connection is open. False when the app wants it to end.
    pub fn confirm_adopted(&self) -> bool {
        let mut mailbox = lock(&self.mailbox);
        if self.ready_state() != ReadyState::Connecting {
            return false;
        }
        if let Some(protocol) = mailbox.unconfirmed.take() {
            let _ = self.protocol.set(protocol);
        }
        self.asks_again.store(false, Ordering::Relaxed);
        self.set_state(ReadyState::Open);
        self.attention.fall_behind();
        true
    }

    /// The connection is not for who has adopted it, if somebody has. Nobody can from now on; another one takes its place.
    pub fn refuse_adopted(&self) -> Option<Box<dyn Listener>> {
        let mut mailbox = lock(&self.mailbox);
        self.asks_again.store(false, Ordering::Relaxed);
        let adopter = mailbox.adoption.take(true);
        mailbox.queue = Queue::default();
        mailbox.writer = None;
        mailbox.compression = None;
        mailbox.probe = None;
        mailbox.unconfirmed = None;
        self.traffic.begin_anew();
        self.attention.unpark();
        adopter
    }

    /// Stops reading until somebody adopts the connection.
    pub fn pause_parked(&self) {
        let mailbox = lock(&self.mailbox);
        if matches!(mailbox.adoption, Adoption::Open) {
            self.paused.store(true, Ordering::Relaxed);
        }
    }

    /// The connection is ending for another reason than the app's wish. False when it was ending
    /// already.
    pub fn set_closing(&self) -> bool {
        let _mailbox = lock(&self.mailbox);
        let was_open = self.ready_state() == ReadyState::Open;
        if was_open {
            self.set_state(ReadyState::Closing);
        }
        was_open
    }

    /// The connection is over.
    pub fn set_closed(&self) {
        self.hiding.finish();
        let mut mailbox = lock(&self.mailbox);
        self.set_state(ReadyState::Closed);
        mailbox.queue = Queue::default();
        mailbox.pings = Pings::default();
        mailbox.writer = None;
        mailbox.compression = None;
    }

    /// Takes what callers have left: frames go behind `queue`. None when there are no news.
    pub fn collect(&self, queue: &mut Queue) -> Option<News> {
        // What changes meanwhile, parking finds. While it runs, what callbacks send need not wake it.
        if !self.attention.is_behind() {
            self.attention.unpark();
            return None;
        }
        let mut mailbox = lock(&self.mailbox);
        self.attention.look();
        queue.append(&mut mailbox.queue);
        Some(News {
            closing: self.ready_state() == ReadyState::Closing,
            compressing: mailbox.is_compressing(),
            probe: mailbox.probe.take(),
        })
    }

    /// Takes the frames alone, behind `queue`; news stay news. The `last` one follows all that the app has sent, which is
    /// later where messages are still being compressed. Returns whether they are.
    pub fn take_frames(&self, queue: &mut Queue, pongs: Option<Segment>, last: Segment) -> bool {
        let mut mailbox = lock(&self.mailbox);
        queue.append(&mut mailbox.queue);
        pongs.into_iter().for_each(|pongs| queue.push(pongs));
        let is_compressing = mailbox.is_compressing();
        let tail = if is_compressing { mailbox.tail() } else { queue };
        tail.push(last);
        is_compressing
    }

    /// Called before the task waits. False when there are news to collect first.
    pub fn park(&self, waker: &Waker) -> bool {
        !self.attention.is_behind() && self.leave_word(&mut lock(&self.mailbox), waker)
    }

    /// As [`Shared::park`], where messages are to gather before they are collected: for some time, or while the network takes
    /// nothing.
    pub fn gather(&self, waker: &Waker, is_blocked: bool) -> bool {
        self.leave_word_to_gather(&mut lock(&self.mailbox), waker, is_blocked)
    }

    /// `amount` bytes of messages were handed to the operating system, in `framed` bytes of frames. True when the app waits
    /// for room and has it now.
    pub fn handed_over(&self, amount: usize, framed: usize) -> bool {
        self.waiting.hand_over(amount, framed)
    }

    /// When the ping that a pong with `data` answers was queued, if the app has sent it.
    pub fn take_ping(&self, data: &[u8]) -> Option<Instant> {
        lock(&self.mailbox).pings.take(data)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::options::{CookieJar, Options, Url};

    #[derive(Debug)]
    struct Jar;

    impl CookieJar for Jar {
        fn cookies(&self, _: &Url) -> Option<String> {
            None
        }

        fn set_cookies(&self, _: &Url, _: &[String]) {}
    }

    struct Nobody;

    impl Listener for Nobody {}

    /// One that was opened in advance, then probed, then adopted; its hooks are being asked again.
    fn adopted() -> Shared {
        let mut options = Options::new(Url::parse("ws://memory.example/").unwrap());
        options.cookies = Some(Arc::new(Jar));
        let shared = Shared::new(&options, true);
        assert!(shared.set_open(Some("first".to_owned()), None));
        shared.traffic.has_received(1);
        shared.probe(Duration::from_secs(1));
        assert!(shared.adopt(Box::new(Nobody)).is_ok());
        assert!(shared.poll_interrupted(&Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(shared.protocol(), None);
        shared
    }

    #[test]
    fn an_adopted_one_keeps_its_probe_and_its_protocol() {
        let shared = adopted();
        assert!(shared.confirm_adopted());
        assert_eq!(shared.protocol(), Some("first"));
        let news = shared.collect(&mut Queue::default()).expect("there are news");
        assert_eq!(news.probe, Some(Duration::from_secs(1)));
    }

    #[test]
    fn one_that_is_made_anew_has_nothing_of_the_one_before() {
        let shared = adopted();
        assert!(shared.refuse_adopted().is_some());
        assert!(shared.set_open(Some("second".to_owned()), None));
        assert_eq!(shared.protocol(), Some("second"));
        assert_eq!(shared.traffic.stats().messages_received, 0);
    }
}
