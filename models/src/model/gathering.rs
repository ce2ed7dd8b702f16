//! A task whose messages gather: half of the limit, frames counted, is enough.

use std::task::Poll;

use loom::sync::Arc;
use loom::thread;

use super::{block_on, check, check_close};
use crate::shared::{HEADER, Shared, Sleep};

/// What is enough, in messages of one byte.
const ENOUGH: usize = 2;

const LIMIT: usize = 2 * ENOUGH * (1 + HEADER);

/// The task has begun to wait, or does so now, and looks when it is woken. (One that had collected the first message would need its timer.)
pub fn enough_wakes() {
    check("gathering: enough messages wake it, and not before", || {
        let shared = Arc::new(Shared::new(LIMIT));
        let senders = [(); ENOUGH].map(|()| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.send(1).unwrap())
        });
        let mut waits = false;
        block_on(|waker| {
            if !waits && shared.park(waker, Sleep::Gathering) {
                waits = true;
                return Poll::Pending;
            }
            let (messages, _) = shared.collect().unwrap();
            assert_eq!(messages.len(), ENOUGH);
            Poll::Ready(())
        });
        for sender in senders {
            sender.join().unwrap();
        }
    });
}

pub fn closing_wakes() {
    check_close("gathering: a close wakes it", Sleep::Gathering, LIMIT);
}
