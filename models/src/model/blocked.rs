//! A task whose network takes nothing: messages do not wake it.

use loom::sync::Arc;
use loom::thread;

use super::{check, task};
use crate::shared::{Shared, Sleep};

pub fn closing_wakes_and_messages_are_there() {
    check("blocked: a close wakes it, and finds the messages of all", || {
        let shared = Arc::new(Shared::new(100));
        let sender = Arc::clone(&shared);
        let sender = thread::spawn(move || sender.send(1).unwrap());
        let app = Arc::clone(&shared);
        let app = thread::spawn(move || {
            app.send(2).unwrap();
            sender.join().unwrap();
            app.close();
        });
        let (sum, closing) = task(&shared, Sleep::Blocked, usize::MAX, || {});
        assert_eq!((sum, closing), (3, true));
        app.join().unwrap();
    });
}
