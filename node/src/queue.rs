//! Events on their way from the library's thread to the JavaScript thread.

use std::mem;
use std::sync::{Arc, Mutex};

use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};

use crate::event::Event;
use crate::flow::Flow;
use crate::lock::lock;

/// With more bytes of events than this in the queue, connections that bring further ones are not read from.
const HIGH_WATER: usize = 4 << 20;

/// Calls the session's `onEvents`. Weak: by itself it does not keep the process alive.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// The queue of a session.
pub struct EventQueue {
    waiting: Mutex<Waiting>,
    /// None when the session has ended.
    wake: Mutex<Option<Wake>>,
}

#[derive(Default)]
struct Waiting {
    events: Vec<(u32, Event)>,
    /// Bytes that `events` take.
    size: usize,
    /// The connections that are not read from until the queue was taken.
    throttled: Vec<Arc<Flow>>,
}

impl EventQueue {
    /// A queue that calls `on_events` when it is no longer empty.
    pub fn new(on_events: Function<'_, (), ()>) -> Result<EventQueue> {
        let wake =
            on_events.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>().build()?;
        Ok(EventQueue { waiting: Mutex::default(), wake: Mutex::new(Some(wake)) })
    }

    /// Appends an event of the connection `id`. Called on the library's thread.
    pub fn push(&self, id: u32, event: Event, flow: &Arc<Flow>) {
        let mut waiting = lock(&self.waiting);
        waiting.size += event.size();
        waiting.events.push((id, event));
        let first = waiting.events.len() == 1;
        if waiting.size > HIGH_WATER && flow.throttle(true) {
            waiting.throttled.push(Arc::clone(flow));
        }
        drop(waiting);
        if first && let Some(wake) = &*lock(&self.wake) {
            // The environment may be closing: then nobody waits for the event.
            wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    /// Takes all events.
    pub fn take(&self) -> Vec<(u32, Event)> {
        let Waiting { events, throttled, .. } = mem::take(&mut *lock(&self.waiting));
        for flow in throttled {
            flow.throttle(false);
        }
        events
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

    /// From now on nothing is called. Returns false when that was so before.
    pub fn end(&self) -> bool {
        let ended = lock(&self.wake).take().is_some();
        drop(self.take());
        ended
    }

    /// Whether [`EventQueue::end`] was called.
    pub fn has_ended(&self) -> bool {
        lock(&self.wake).is_none()
    }
}
