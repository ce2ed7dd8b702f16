//! Events on their way from the library's thread to the JavaScript thread.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};

use crate::arguments::Arguments;
use crate::event::Event;
use crate::flow::Flow;
use crate::lock::lock;

/// With more bytes of events than this in the queue, connections that bring further ones are not read from.
const HIGH_WATER: usize = 4 << 20;

/// With no more than this they are read from again.
const LOW_WATER: usize = HIGH_WATER / 2;

/// How long events come one after the other before timers and the rest of the event loop have their turn.
const SLICE: Duration = Duration::from_millis(8);

/// Makes the JavaScript thread take the next event, as a task of its own. Weak: by itself it does not keep the
/// process alive.
pub type Wake = ThreadsafeFunction<(), (), Arguments, Status, false, true>;

/// The queue of a session.
#[derive(Default)]
pub struct EventQueue {
    waiting: Mutex<Waiting>,
    /// None when the session has ended.
    wake: Mutex<Option<Wake>>,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<(u32, Event)>,
    /// Those of connections whose events nobody wants yet.
    held: HashMap<u32, Vec<Event>>,
    /// Bytes that both take.
    size: usize,
    /// The connections that are not read from until there is room.
    throttled: Vec<Arc<Flow>>,
    /// Whether a wake is under way. Node runs what is asked for meanwhile before anything else: so one at a time.
    is_under_way: bool,
    /// Since when `busy` was not counted on.
    since: Option<Instant>,
    /// For how long the event loop may have had no turn.
    busy: Duration,
}

impl Waiting {
    /// Whether the event loop is owed a turn. What is not known to have been idle counts as busy.
    fn is_over(&mut self) -> bool {
        let now = Instant::now();
        self.busy += self.since.replace(now).map_or(Duration::ZERO, |since| now - since);
        let over = self.busy >= SLICE;
        if over {
            self.busy = Duration::ZERO;
        }
        over
    }

    /// Connections to be read from again.
    fn relieved(&mut self) -> Vec<Arc<Flow>> {
        if self.size <= LOW_WATER { mem::take(&mut self.throttled) } else { Vec::new() }
    }

    /// Whether a wake is needed, which is then under way.
    fn wants_wake(&mut self) -> bool {
        let wanted = !self.events.is_empty() && !self.is_under_way;
        if wanted {
            self.is_under_way = true;
        }
        wanted
    }

    /// As [`Waiting::wants_wake`], for who is not a wake himself.
    fn wants_first_wake(&mut self) -> bool {
        let wanted = self.wants_wake();
        if wanted {
            self.since = Some(Instant::now());
        }
        wanted
    }
}

impl EventQueue {
    /// Whom to wake. Until then nobody is.
    pub fn set_wake(&self, wake: Wake) {
        *lock(&self.wake) = Some(wake);
    }

    /// Keeps the events of the connection `id` until [`EventQueue::deliver`].
    pub fn hold(&self, id: u32) {
        lock(&self.waiting).held.insert(id, Vec::new());
    }

    /// Lets the events of the connection come, those that were held before the others.
    pub fn deliver(&self, id: u32) {
        let mut waiting = lock(&self.waiting);
        let held = waiting.held.remove(&id).unwrap_or_default();
        waiting.events.extend(held.into_iter().map(|event| (id, event)));
        let wake = waiting.wants_first_wake();
        drop(waiting);
        self.wake_if(wake);
    }

    /// Appends a line of the log, which is of no connection.
    pub fn push_line(&self, line: Event) {
        let mut waiting = lock(&self.waiting);
        waiting.size += line.size();
        waiting.events.push_back((0, line));
        let wake = waiting.wants_first_wake();
        drop(waiting);
        self.wake_if(wake);
    }

    /// Appends an event of the connection `id`. Called on the library's thread.
    pub fn push(&self, id: u32, event: Event, flow: &Arc<Flow>) {
        let mut waiting = lock(&self.waiting);
        waiting.size += event.size();
        let held = if event.can_wait() { waiting.held.get_mut(&id) } else { None };
        match held {
            Some(held) => held.push(event),
            None => waiting.events.push_back((id, event)),
        }
        if waiting.size > HIGH_WATER && flow.throttle(true) {
            waiting.throttled.push(Arc::clone(flow));
        }
        let wake = waiting.wants_first_wake();
        drop(waiting);
        self.wake_if(wake);
    }

    /// Takes the next event for a wake, and asks for another one if there are more. None when the event loop is to have
    /// its turn first: then there is no wake under way, and [`EventQueue::go_on`] or the next event makes one.
    pub fn next(&self, is_live: impl Fn(u32) -> bool) -> Option<(u32, Event)> {
        let mut waiting = lock(&self.waiting);
        waiting.is_under_way = false;
        if waiting.is_over() {
            return None;
        }
        let mut next = None;
        while let Some((id, event)) = waiting.events.pop_front() {
            waiting.size -= event.size();
            if is_live(id) {
                next = Some((id, event));
                break;
            }
        }
        let relieved = waiting.relieved();
        let wake = waiting.wants_wake();
        drop(waiting);
        for flow in relieved {
            flow.throttle(false);
        }
        self.wake_if(wake);
        next
    }

    /// The event loop has had its turn.
    pub fn go_on(&self) {
        let wake = lock(&self.waiting).wants_first_wake();
        self.wake_if(wake);
    }

    fn wake_if(&self, wanted: bool) {
        if wanted && let Some(wake) = &*lock(&self.wake) {
            // The environment may be closing: then nobody waits for the event.
            wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    /// The connection was released: what is held of it is dropped.
    pub fn forget(&self, id: u32) {
        let mut waiting = lock(&self.waiting);
        let held = waiting.held.remove(&id).unwrap_or_default();
        waiting.size -= held.iter().map(Event::size).sum::<usize>();
        let relieved = waiting.relieved();
        drop(waiting);
        for flow in relieved {
            flow.throttle(false);
        }
    }

    /// While `alive`, the process does not exit by itself.
    pub fn keep_process_alive(&self, env: &Env, alive: bool) -> Result<()> {
        // Deprecated in favour of clones and drops, which cannot do this: the function stays, only
        // the event loop's count of it changes.
        #[allow(deprecated)]
        match &mut *lock(&self.wake) {
            Some(wake) if alive => wake.refer(env),
            Some(wake) => wake.unref(env),
            None => Ok(()),
        }
    }

    /// From now on nothing is called, and nothing waits.
    pub fn end(&self) {
        drop(lock(&self.wake).take());
        let Waiting { throttled, .. } = mem::take(&mut *lock(&self.waiting));
        for flow in throttled {
            flow.throttle(false);
        }
    }

    /// Whether [`EventQueue::end`] was called.
    pub fn has_ended(&self) -> bool {
        lock(&self.wake).is_none()
    }
}
