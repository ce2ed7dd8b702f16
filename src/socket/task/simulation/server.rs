//! A server that says what comes to its mind, and the network's way to the client.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use socket_task_testing::chaos::Random;
use socket_task_testing::frame::{Frame, opcode};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use super::app::message;
use super::book::Book;
use crate::socket::transport::memory::Peer;
use crate::wire::MessageKind;

/// How often a server may dawdle over what it receives.
const NAPS: u32 = 100;

/// What is on its way to the client.
enum Parcel {
    Bytes(Vec<u8>),
    /// The end of the stream.
    Fin,
}

pub(super) struct Server {
    hand: Peer,
    book: Arc<Mutex<Book>>,
    /// Messages have up to so many bytes.
    scale: usize,
    parcels: RefCell<VecDeque<Parcel>>,
    /// There is something to carry, or the client has gone.
    news: Notify,
    has_gone: Cell<bool>,
}

impl Server {
    pub fn new(hand: Peer, book: Arc<Mutex<Book>>, scale: usize) -> Server {
        Server {
            hand,
            book,
            scale,
            parcels: RefCell::default(),
            news: Notify::new(),
            has_gone: Cell::new(false),
        }
    }

    /// Until the client has gone.
    pub async fn serve(self, mut random: Random) {
        let server = Rc::new(self);
        let speech = tokio::task::spawn_local(Rc::clone(&server).speak(random.branch()));
        let network = tokio::task::spawn_local(Rc::clone(&server).carry(random.branch()));
        server.listen(random.branch()).await;
        server.has_gone.set(true);
        server.news.notify_one();
        speech.await.expect("it speaks to the end");
        network.await.expect("the network works to the end");
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// Sleeps, until all is calm at most.
    async fn nap(&self, time: Duration) {
        let hurry = Arc::clone(&self.book().hurry);
        if !self.book().is_calm {
            let _ = timeout(time, hurry.notified()).await;
        }
    }

    fn put(&self, parcel: Parcel) {
        self.parcels.borrow_mut().push_back(parcel);
        self.news.notify_one();
    }

    fn send(&self, bytes: Vec<u8>) {
        self.put(Parcel::Bytes(bytes));
    }

    /// The server says nothing any more.
    fn finish(&self, with_fin: bool) {
        self.book().has_finished = true;
        if with_fin {
            self.put(Parcel::Fin);
        }
    }

    // ---- speaking ----

    async fn speak(self: Rc<Server>, mut random: Random) {
        for _ in 0..random.within(0..30) {
            match random.within(0..4) {
                0 => {}
                1 => yield_now().await,
                2 => self.nap(random.millis(0..100)).await,
                _ => self.nap(random.millis(0..3_000)).await,
            }
            if self.book().has_finished || self.book().is_calm {
                return;
            }
            self.say(&mut random);
        }
    }

    fn say(&self, random: &mut Random) {
        match random.within(0..26) {
            0..=14 => self.say_message(random),
            15..=17 => self.ping(random),
            18 => self.send(Frame::pong(*b"never asked for").encode()),
            19 if random.once_in(3) => self.close(random),
            20 if random.once_in(3) => self.break_the_protocol(random),
            21 if random.once_in(6) => {
                self.book().journal.note("server: ends without a word".into());
                self.finish(true);
            }
            22 if random.once_in(6) => self.reset(random),
            23 if random.once_in(6) => {
                let mut book = self.book();
                book.journal.note("the client's writes fail".into());
                book.lost_writes = true;
                self.hand.fail_writes(ErrorKind::BrokenPipe);
            }
            _ => {}
        }
    }

    /// In one frame or in several, with pings between them.
    fn say_message(&self, random: &mut Random) {
        let (kind, payload) = message(random, (self.scale as u64).min(2_000));
        self.book().server_says(kind, &payload);
        let opcode = if kind == MessageKind::Text { opcode::TEXT } else { opcode::BINARY };
        let mut frames = vec![Frame::new(opcode, payload)];
        for _ in 0..random.within(0..8).saturating_sub(4) {
            let last = frames.last_mut().unwrap();
            last.fin = false;
            let at = random.within(0..last.payload.len() as u64 + 1) as usize;
            let rest = last.payload.split_off(at);
            frames.push(Frame::continuation(rest));
        }
        for frame in frames {
            let is_last = frame.fin;
            self.send(frame.encode());
            if !is_last && random.once_in(4) {
                self.ping(random);
            }
        }
    }

    fn ping(&self, random: &mut Random) {
        let payload = random.number().to_be_bytes();
        self.book().server_pings(&payload);
        self.send(Frame::ping(payload).encode());
    }

    fn close(&self, random: &mut Random) {
        let (code, reason) =
            random.pick(&[(Some(1_000), ""), (Some(1_001), "bye"), (Some(4_321), "漢"), (None, "")]);
        self.book().server_closes(code, reason);
        let frame = code.map_or_else(Frame::close_empty, |code| Frame::close(code, reason));
        self.send(frame.encode());
        self.finish(random.once_in(2));
    }

    fn break_the_protocol(&self, random: &mut Random) {
        let faults = [
            Frame::text("x").with_rsv(1).encode(),
            Frame::new(0x3, *b"x").encode(),
            Frame::new(0xB, []).encode(),
            Frame::text("x").encode_masked([1, 2, 3, 4]),
            Frame::ping([7; 126]).encode(),
            Frame::ping(*b"x").not_final().encode(),
            Frame::text(*b"\xC3\x28").encode(),
            Frame::continuation("x").encode(),
            Frame::close(1_005, "").encode(),
            Frame::new(opcode::CLOSE, *b"x").encode(),
            [Frame::text("x").not_final().encode(), Frame::text("x").encode()].concat(),
            Frame::binary(vec![7; 100_001]).encode(),
        ];
        let fault = &faults[random.within(0..faults.len() as u64) as usize];
        let mut book = self.book();
        book.journal.note("server: breaks the protocol".into());
        book.server_broke = true;
        drop(book);
        self.send(fault.clone());
        self.finish(random.once_in(4));
    }

    fn reset(&self, random: &mut Random) {
        let mut book = self.book();
        book.journal.note("the connection is reset".into());
        (book.lost_reads, book.lost_writes, book.has_finished) = (true, true, true);
        drop(book);
        if random.once_in(2) {
            self.hand.drop_unread();
        }
        self.parcels.borrow_mut().clear();
        self.hand.fail_reads(ErrorKind::ConnectionReset);
        self.hand.fail_writes(ErrorKind::ConnectionReset);
    }

    // ---- the network ----

    /// Brings what the server says to the client, in pieces.
    async fn carry(self: Rc<Server>, mut random: Random) {
        while !self.has_gone.get() {
            let parcel = self.parcels.borrow_mut().pop_front();
            match parcel {
                None => self.news.notified().await,
                Some(Parcel::Fin) => self.hand.finish(),
                Some(Parcel::Bytes(bytes)) => {
                    let mut rest = &bytes[..];
                    while !rest.is_empty() && !self.book().lost_reads {
                        let count = if random.once_in(2) {
                            rest.len()
                        } else {
                            random.within(1..rest.len() as u64 + 1) as usize
                        };
                        self.hand.send_bytes(&rest[..count]);
                        rest = &rest[count..];
                        match random.within(0..16) {
                            0 => self.nap(random.millis(0..2_000)).await,
                            1 | 2 => self.nap(random.millis(0..20)).await,
                            3..=6 => yield_now().await,
                            _ => {}
                        }
                    }
                }
            }
        }
    }

    // ---- listening ----

    /// Receives until the client has gone, and answers what it feels like answering.
    async fn listen(&self, mut random: Random) {
        let mut hand = self.hand.other_hand();
        let (answers_pings, answers_close) = (!random.once_in(8), !random.once_in(8));
        let mut naps = 0;
        loop {
            if naps < NAPS && random.once_in(8) {
                naps += 1;
                let longest = if random.once_in(16) { 20_000 } else { 50 };
                self.nap(random.millis(0..longest)).await;
            }
            let limit = if naps < NAPS { random.pick(&[1, 10, 1_000, usize::MAX]) } else { usize::MAX };
            if hand.receive_bytes(limit).await.is_none() {
                return;
            }
            self.book().took = Some(Instant::now());
            while let Some(frame) = hand.take_frame() {
                self.book().arrives(frame.clone());
                if self.book().has_finished {
                    continue;
                }
                match frame.opcode {
                    opcode::PING if answers_pings => self.send(Frame::pong(frame.payload).encode()),
                    opcode::CLOSE if answers_close => {
                        self.book().server_closes(frame.close_code(), "");
                        self.send(
                            frame
                                .close_code()
                                .map_or_else(Frame::close_empty, |code| Frame::close(code, ""))
                                .encode(),
                        );
                        self.finish(!random.once_in(4));
                    }
                    _ => {}
                }
            }
        }
    }
}
