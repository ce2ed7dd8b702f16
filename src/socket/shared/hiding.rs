//! What happens while the app is hidden: a connection that is to be closed then has its time for that.

use std::sync::{Mutex, PoisonError};

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
    /// Whoever is told is told without the lock.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> (Option<BackgroundTime>, T)) -> T {
        let (unused, result) = change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        drop(unused);
        result
    }

    /// The app is hidden. Returns which turn this is.
    pub fn begin(&self) -> usize {
        let time = BackgroundTime::begin();
        self.change(|state| {
            state.turn = state.turn.wrapping_add(1);
            let before = if state.is_over { time } else { std::mem::replace(&mut state.time, time) };
            (before, state.turn)
        })
    }

    /// Whether nothing has changed since that turn.
    pub fn is_still(&self, turn: usize) -> bool {
        self.change(|state| (None, state.turn == turn))
    }

    /// The app is seen again.
    pub fn end(&self) {
        self.change(|state| {
            state.turn = state.turn.wrapping_add(1);
            (state.time.take(), ())
        });
    }

    /// The connection is over.
    pub fn finish(&self) {
        self.change(|state| {
            state.is_over = true;
            (state.time.take(), ())
        });
    }
}
