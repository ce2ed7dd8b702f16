//! The models.

pub mod blocked;
pub mod gathering;
pub mod parked;
pub mod room;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Poll, Wake, Waker};

use loom::sync::{Arc, Notify};
use loom::thread;

use crate::shared::{Shared, Sleep};

/// Switches from a thread that could go on, in one order. More find nothing that these do not, in the experience of loom's
/// authors.
const SWITCHES: usize = 3;

/// Runs `model` in every order.
fn check(name: &str, model: impl Fn() + Send + Sync + 'static) {
    let orders = std::sync::Arc::new(AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&orders);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(SWITCHES);
    builder.check(move || {
        count.fetch_add(1, Ordering::Relaxed);
        model();
    });
    println!("ok {name} ({} orders)", orders.load(Ordering::Relaxed));
}

/// Wakes a thread that polls.
struct Bell {
    notify: Notify,
    /// loom lets threads wake for nothing, too.
    rung: AtomicBool,
}

impl Wake for Bell {
    fn wake(self: std::sync::Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        self.notify.notify();
    }
}

/// Polls when it was woken, and never for nothing: that would hide a wake that is lost.
fn block_on<T>(mut poll: impl FnMut(&Waker) -> Poll<T>) -> T {
    let bell = std::sync::Arc::new(Bell { notify: Notify::new(), rung: AtomicBool::new(false) });
    let waker = Waker::from(std::sync::Arc::clone(&bell));
    loop {
        match poll(&waker) {
            Poll::Ready(value) => return value,
            Poll::Pending => {
                while !bell.rung.swap(false, Ordering::SeqCst) {
                    bell.notify.wait();
                }
            }
        }
    }
}

/// A connection's task, until it was told to close or has `count` messages: returns the sum of their lengths. It waits as
/// `sleep` says, `told` is called when a sender can be told of room.
fn task(shared: &Arc<Shared>, sleep: Sleep, count: usize, told: impl Fn()) -> (usize, bool) {
    let (mut came, mut sum) = (0, 0);
    block_on(|waker| {
        loop {
            if let Some((messages, closing)) = shared.collect() {
                came += messages.len();
                sum += messages.iter().sum::<usize>();
                if shared.hand_over(&messages) {
                    told();
                }
                if closing || came == count {
                    return Poll::Ready((sum, closing));
                }
            }
            if shared.park(waker, sleep) {
                return Poll::Pending;
            }
        }
    })
}

/// A message and a close of the app's wake a task that waits as `sleep` says.
fn check_close(name: &str, sleep: Sleep, limit: usize) {
    check(name, move || {
        let shared = Arc::new(Shared::new(limit));
        let app = Arc::clone(&shared);
        let app = thread::spawn(move || {
            app.send(1).unwrap();
            app.close();
        });
        let (sum, closing) = task(&shared, sleep, usize::MAX, || {});
        assert_eq!((sum, closing), (1, true));
        app.join().unwrap();
    });
}
