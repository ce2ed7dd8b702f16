//! An app that does what comes to its mind, in callbacks too.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use socket_task_testing::chaos::{Random, dawdle};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout_at};

use super::book::Book;
use crate::error::Error;
use crate::runtime;
use crate::socket::listener::{Close, Listener, Open};
use crate::socket::shared::Shared;
use crate::socket::turn::pretend_to_work;
use crate::wire::{Message, MessageKind};

/// What is longer is compressed by another thread, for which paused time does not wait.
const LONGEST_COMPRESSED: u64 = 4 << 10;

pub(super) struct Recorder {
    shared: Arc<Shared>,
    book: Arc<Mutex<Book>>,
    random: Random,
}

impl Recorder {
    pub fn new(shared: &Arc<Shared>, book: &Arc<Mutex<Book>>, random: Random) -> Recorder {
        Recorder { shared: Arc::clone(shared), book: Arc::clone(book), random }
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// A callback may do what the app may do, and takes its time.
    fn react(&mut self) {
        if self.random.once_in(4) {
            pretend_to_work(Duration::from_micros(self.random.within(0..2_000)));
        }
        if self.random.once_in(8) {
            act(&self.shared, &self.book, 200, &mut self.random);
        }
    }
}

impl Listener for Recorder {
    fn on_open(&mut self, _: &Open) {
        self.book().on_open();
        self.react();
    }

    fn on_message(&mut self, message: Message<'_>) {
        self.book().on_message(message.kind(), message.as_bytes());
        self.react();
    }

    fn on_pong(&mut self, _: &[u8], _: Option<Duration>) {
        self.book().on_pong();
        self.react();
    }

    fn on_drain(&mut self, sent: u64) {
        self.book().on_drain(sent);
        self.react();
    }

    fn on_error(&mut self, error: &Error) {
        self.book().on_error(error);
        self.react();
    }

    fn on_close(&mut self, close: &Close) {
        self.book().on_close(close);
        self.react();
    }

    fn on_release(&mut self) {
        self.book().on_release();
    }
}

/// The life of an app. It has let go at its end.
pub(super) async fn live(shared: &Arc<Shared>, book: &Mutex<Book>, scale: usize, mut random: Random) {
    for _ in 0..random.within(0..30) {
        dawdle(&mut random).await;
        act(shared, book, scale, &mut random);
        book.lock().unwrap().look(shared);
    }
    sleep(random.millis(0..20_000)).await;
    if book.lock().unwrap().is_paused() && !random.once_in(4) {
        pause(shared, book);
    }
    book.lock().unwrap().calm_down();
    sleep(Duration::from_secs(2)).await;
    book.lock().unwrap().look_when_calm(shared);
    if random.once_in(4) {
        release(shared, book);
        return;
    }
    close(shared, book, &mut random);
    let closed = Arc::clone(&book.lock().unwrap().closed);
    loop {
        let due = book.lock().unwrap().due().expect("it was closed");
        if book.lock().unwrap().is_over_for_the_app() {
            break;
        }
        if due < Instant::now() {
            book.lock().unwrap().journal.broken("it does not end in time");
            break;
        }
        let _ = timeout_at(due + Duration::from_millis(1), closed.notified()).await;
    }
    // Too late, and harmless.
    for _ in 0..random.within(0..3) {
        act(shared, book, scale, &mut random);
        yield_now().await;
    }
    release(shared, book);
}

fn act(shared: &Arc<Shared>, book: &Mutex<Book>, scale: usize, random: &mut Random) {
    match random.within(0..24) {
        0..=13 => send(shared, book, scale, random),
        14 | 15 => ping(shared, book, random),
        16..=18 => pause(shared, book),
        19 => {
            let deadline = random.millis(500..5_000);
            book.lock().unwrap().journal.note(format!("app: probe, {deadline:?}"));
            shared.probe(deadline);
        }
        20 if random.once_in(2) => {
            let time = random.millis(0..20_000);
            book.lock().unwrap().journal.note(format!("the device sleeps for {time:?}"));
            runtime::pretend_to_sleep(time);
            runtime::look_for_sleep();
            shared.look_up();
        }
        21 if random.once_in(4) => close(shared, book, random),
        22 if random.once_in(16) => release(shared, book),
        _ => {}
    }
}

fn send(shared: &Arc<Shared>, book: &Mutex<Book>, scale: usize, random: &mut Random) {
    let is_compressed = book.lock().unwrap().compresses();
    let (kind, payload) =
        message(random, if is_compressed { LONGEST_COMPRESSED.min(scale as u64) } else { scale as u64 });
    let state = shared.ready_state();
    let result = shared.send(kind, &payload);
    book.lock().unwrap().app_sends(kind, &payload, state, result);
}

/// A message of up to `longest` bytes, and mostly a short one.
pub(super) fn message(random: &mut Random, longest: u64) -> (MessageKind, Vec<u8>) {
    let bound = random.pick(&[20, 20, 200, 5_000, longest]).min(longest);
    let length = random.within(0..bound + 1) as usize;
    if random.once_in(2) {
        let mut bytes = vec![0; length];
        bytes.iter_mut().for_each(|byte| *byte = random.number() as u8);
        return (MessageKind::Binary, bytes);
    }
    let mut text = String::new();
    while text.len() < length {
        text.push(random.pick(&['a', 'é', '漢', '🚀', '\0', '"']));
    }
    while text.len() > length {
        text.pop();
    }
    (MessageKind::Text, text.into_bytes())
}

fn ping(shared: &Arc<Shared>, book: &Mutex<Book>, random: &mut Random) {
    let payload = random.number().to_be_bytes()[..random.within(0..9) as usize].to_vec();
    let result = shared.ping(&payload);
    book.lock().unwrap().app_pings(&payload, result);
}

/// Pauses, or goes on.
fn pause(shared: &Arc<Shared>, book: &Mutex<Book>) {
    let mut book = book.lock().unwrap();
    book.look(shared);
    let paused = !book.is_paused();
    book.app_pauses(paused);
    shared.set_paused(paused);
}

fn close(shared: &Arc<Shared>, book: &Mutex<Book>, random: &mut Random) {
    let code = random.once_in(4).then_some(4_000).or(Some(1_000));
    book.lock().unwrap().app_ends(&format!("close {code:?}"));
    shared.close(code, if random.once_in(2) { "enough" } else { "" });
}

fn release(shared: &Arc<Shared>, book: &Mutex<Book>) {
    let mut book = book.lock().unwrap();
    book.app_ends("release");
    book.has_released = true;
    shared.release();
}
