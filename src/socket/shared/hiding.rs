//! What happens while the app is hidden: a connection that is to be closed then has its time for that.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::platform::BackgroundTime;

#[derive(Default)]
pub(super) struct Hiding(Mutex<State>);

#[derive(Default)]
struct State {
    /// How often the app was hidden or shown.
    turn: usize,
    time: Option<BackgroundTime>,
    is_over: bool,
}

impl Hiding {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The app is hidden. Returns which turn this is.
    pub fn begin(&self) -> usize {
        let mut time = BackgroundTime::begin();
        let mut state = self.lock();
        state.turn = state.turn.wrapping_add(1);
        if !state.is_over {
            mem::swap(&mut state.time, &mut time);
        }
        let turn = state.turn;
        // Whoever is told is told without the lock.
        drop(state);
        drop(time);
        turn
    }

    /// Whether nothing has changed since that turn.
    pub fn is_still(&self, turn: usize) -> bool {
        self.lock().turn == turn
    }

    /// The app is seen again.
    pub fn end(&self) {
        let mut state = self.lock();
        state.turn = state.turn.wrapping_add(1);
        let time = state.time.take();
        drop(state);
        drop(time);
    }

    /// The connection is over.
    pub fn finish(&self) {
        let mut state = self.lock();
        state.is_over = true;
        let time = state.time.take();
        drop(state);
        drop(time);
    }
}
