//! Threads for what blocks, or takes longer than a connection may wait for it: started when they are needed, and ended
//! when they have had nothing to do for a while.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::Panicked;

/// For how long a thread waits for more to do.
const KEPT: Duration = Duration::from_secs(10);

/// Something to do on a thread of a [`Pool`].
pub(crate) trait Job: Send {
    /// Does it, or some of it, and gives back what is left. That is done when the others have had their turn.
    fn run(self: Box<Self>) -> Option<Box<dyn Job>>;

    /// False when nobody waits for it any more.
    fn is_wanted(&self) -> bool {
        true
    }
}

impl<F: FnOnce() + Send> Job for F {
    fn run(self: Box<Self>) -> Option<Box<dyn Job>> {
        self();
        None
    }
}

/// At most so many threads. More jobs than that wait, in order.
pub(crate) struct Pool {
    name: &'static str,
    max_threads: usize,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    jobs: VecDeque<Box<dyn Job>>,
    threads: usize,
    /// Threads that wait for a job.
    idle: usize,
}

impl State {
    fn take_unwanted(&mut self) -> VecDeque<Box<dyn Job>> {
        let (wanted, unwanted) = std::mem::take(&mut self.jobs).into_iter().partition(|job| job.is_wanted());
        self.jobs = wanted;
        unwanted
    }
}

impl Pool {
    pub const fn new(name: &'static str, max_threads: usize) -> Pool {
        let state = Mutex::new(State { jobs: VecDeque::new(), threads: 0, idle: 0 });
        Pool { name, max_threads, state, changed: Condvar::new() }
    }

    /// Lets a thread do `job`. Gives it back when there is no thread, and none can be started, with all that have waited for
    /// one.
    pub fn run(&'static self, job: Box<dyn Job>) -> Result<(), VecDeque<Box<dyn Job>>> {
        let mut state = self.lock();
        let unwanted =
            if state.jobs.len() >= self.max_threads { state.take_unwanted() } else { VecDeque::new() };
        state.jobs.push_back(job);
        let is_served = state.idle >= state.jobs.len() || state.threads == self.max_threads;
        state.threads += usize::from(!is_served);
        drop(state);
        // With what a job has, something of the app's can go, which may call us.
        drop(unwanted);
        if is_served {
            self.changed.notify_one();
            return Ok(());
        }
        let Err(error) = thread::Builder::new().name(self.name.into()).spawn(|| self.work()) else {
            return Ok(());
        };
        log::warn!("a thread for {} could not be started: {error}", self.name);
        self.not_started()
    }

    /// A thread could not be started. One that runs, or is being started, takes the jobs in their turn; if that was the only
    /// one, nobody does.
    fn not_started(&self) -> Result<(), VecDeque<Box<dyn Job>>> {
        let mut state = self.lock();
        state.threads -= 1;
        if state.threads > 0 || state.jobs.is_empty() {
            return Ok(());
        }
        Err(std::mem::take(&mut state.jobs))
    }

    /// Runs `call` on a thread, and waits for what it gives. A call that has not begun when nobody waits any more never does.
    pub async fn call<T: Send + 'static>(
        &'static self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let (answer, answered) = oneshot::channel();
        // Dropped without an answer where there is no thread.
        drop(self.run(Box::new(Call { call, answer })));
        answered.await.map_err(|_| Panicked)
    }

    fn work(&self) {
        let mut state = self.lock();
        loop {
            let Some(job) = state.jobs.pop_front() else {
                state.idle += 1;
                let (woken, waited) =
                    self.changed.wait_timeout(state, KEPT).unwrap_or_else(PoisonError::into_inner);
                state = woken;
                state.idle -= 1;
                if waited.timed_out() && state.jobs.is_empty() {
                    state.threads -= 1;
                    return;
                }
                continue;
            };
            drop(state);
            let left = catch_unwind(AssertUnwindSafe(|| job.run())).unwrap_or_else(|_| {
                log::error!("a job of {} panicked", self.name);
                None
            });
            state = self.lock();
            state.jobs.extend(left);
        }
    }

    /// Every change under the lock is whole, and no job runs under it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Call<F, T> {
    call: F,
    answer: oneshot::Sender<T>,
}

impl<F: FnOnce() -> T + Send, T: Send> Job for Call<F, T> {
    fn run(self: Box<Self>) -> Option<Box<dyn Job>> {
        let Call { call, answer } = *self;
        if !answer.is_closed() {
            // Nobody may wait any more.
            let _ = answer.send(call());
        }
        None
    }

    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    struct Steps {
        name: char,
        left: u32,
        done: Sender<char>,
    }

    impl Job for Steps {
        fn run(mut self: Box<Self>) -> Option<Box<dyn Job>> {
            self.left -= 1;
            self.done.send(self.name).unwrap();
            if self.left > 0 { Some(self) } else { None }
        }
    }

    fn run(pool: &'static Pool, job: impl Job + 'static) {
        assert!(pool.run(Box::new(job)).is_ok());
    }

    /// Keeps a thread until the sender is dropped.
    fn block(pool: &'static Pool) -> Sender<()> {
        let (sender, receiver): (_, Receiver<()>) = channel();
        run(pool, move || assert!(receiver.recv().is_err()));
        sender
    }

    #[test]
    fn jobs_take_turns() {
        static POOL: Pool = Pool::new("test-turns", 1);
        let blocked = block(&POOL);
        let (done, names) = channel();
        for name in ['a', 'b'] {
            run(&POOL, Steps { name, left: 3, done: done.clone() });
        }
        drop((blocked, done));
        assert_eq!(names.iter().collect::<String>(), "ababab");
    }

    #[test]
    fn blocked_ones_leave_the_others_a_thread() {
        static POOL: Pool = Pool::new("test-blocked", 4);
        let _blocked = [block(&POOL), block(&POOL), block(&POOL)];
        for _ in 0..10 {
            let (done, is_done) = channel();
            run(&POOL, move || done.send(()).unwrap());
            is_done.recv().unwrap();
        }
        assert_eq!(POOL.lock().threads, 4);
    }

    #[test]
    fn a_panic_costs_the_job_alone() {
        static POOL: Pool = Pool::new("test-panic", 1);
        run(&POOL, || panic!("as it was meant to"));
        let (done, is_done) = channel();
        run(&POOL, move || done.send(()).unwrap());
        is_done.recv().unwrap();
    }

    #[test]
    fn jobs_without_a_thread_are_given_back_to_the_last_who_has_tried_to_start_one() {
        static POOL: Pool = Pool::new("test-no-thread", 2);
        let (done, names) = channel();
        let mut state = POOL.lock();
        state.threads = 2;
        for name in ['a', 'b'] {
            state.jobs.push_back(Box::new(Steps { name, left: 1, done: done.clone() }));
        }
        drop(state);
        assert!(POOL.not_started().is_ok(), "another one is being started");
        let left = POOL.not_started().expect_err("there is no thread");
        left.into_iter().for_each(|job| drop(job.run()));
        drop(done);
        assert_eq!(names.iter().collect::<String>(), "ab");
    }

    #[test]
    fn what_nobody_waits_for_any_more_does_not_pile_up() {
        struct Unwanted;
        impl Job for Unwanted {
            fn run(self: Box<Self>) -> Option<Box<dyn Job>> {
                None
            }

            fn is_wanted(&self) -> bool {
                false
            }
        }
        impl Drop for Unwanted {
            fn drop(&mut self) {
                drop(POOL.lock());
            }
        }
        static POOL: Pool = Pool::new("test-unwanted", 2);
        let _blocked = [block(&POOL), block(&POOL)];
        for _ in 0..100 {
            run(&POOL, Unwanted);
        }
        assert!(POOL.lock().jobs.len() <= 2 + 2);
    }
}
