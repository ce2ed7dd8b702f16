//! A queue that is full.

use loom::sync::{Arc, Notify};
use loom::thread;

use super::{check, task};
use crate::shared::{Shared, Sleep};

pub fn whoever_is_refused_is_told() {
    // Gathering, the first one waits for others and the second one for the first.
    for (sleep, lengths, name) in [
        (Sleep::Parked, [14, 14], "room: who is refused is told of room"),
        (Sleep::Gathering, [1, 20], "room: who is refused hurries what gathers, and is told of room"),
    ] {
        check(name, move || {
            let shared = Arc::new(Shared::new(20));
            let told = Arc::new(Notify::new());
            let (app, room) = (Arc::clone(&shared), Arc::clone(&told));
            let app = thread::spawn(move || {
                for length in lengths {
                    while app.send(length).is_err() {
                        room.wait();
                    }
                }
            });
            let (sum, _) = task(&shared, sleep, 2, || told.notify());
            assert_eq!((sum, shared.waits()), (lengths.iter().sum(), 0));
            app.join().unwrap();
        });
    }
}
