//! A task that waits for whatever comes.

use loom::sync::Arc;
use loom::thread;

use super::{check, check_close, task};
use crate::shared::{Shared, Sleep};

pub fn every_message_arrives() {
    check("parked: every message arrives", || {
        let shared = Arc::new(Shared::new(100));
        let senders = [1, 2].map(|length| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.send(length).unwrap())
        });
        let (sum, _) = task(&shared, Sleep::Parked, 2, || {});
        assert_eq!((sum, shared.waits()), (3, 0));
        for sender in senders {
            sender.join().unwrap();
        }
    });
}

pub fn closing_arrives() {
    check_close("parked: a close arrives, and what was sent before", Sleep::Parked, 100);
}
