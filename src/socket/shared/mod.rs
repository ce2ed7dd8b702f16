//! What callers' threads and the connection's task share.
//!
//! [`callers`] has the functions of the app's threads, [`task`] those of the connection's task, and [`compression`] what lies
//! between them where messages are compressed; [`waking`] is how the former reach the latter.

mod adoption;
mod attention;
mod backlog;
mod callers;
mod compression;
mod hiding;
mod mailbox;
mod pings;
mod task;
mod waiting;
mod waking;

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock};

use super::ready_state::ReadyState;
use super::traffic::Traffic;
use crate::connect;
use crate::options::Options;
use adoption::Adoption;
use attention::Attention;
pub(super) use callers::GOING_AWAY;
pub(crate) use callers::NOT_OPEN;
use hiding::Hiding;
use mailbox::Mailbox;
pub(super) use task::News;
use waiting::Waiting;
pub(super) use waking::GATHERED;

pub(super) struct Shared {
    /// Held briefly: no large message is copied, and none is compressed, under it.
    mailbox: Mutex<Mailbox>,
    /// A [`ReadyState`]; changes only under the mailbox's lock.
    state: AtomicU8,
    /// An [`Interest`]; changes only under the mailbox's lock, and never back.
    interest: AtomicU8,
    attention: Attention,
    waiting: Waiting,
    paused: AtomicBool,
    hiding: Hiding,
    /// It is connecting for who has adopted it until hooks were asked again. Changes only under the mailbox's lock.
    asks_again: AtomicBool,
    protocol: OnceLock<String>,
    pub traffic: Traffic,
}

/// What the app still wants of the connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Interest {
    Everything,
    /// Its end: `close` was called.
    End,
    /// Nothing: `release` was called.
    Nothing,
}

impl Shared {
    /// `adoptable`: the connection waits for a listener that adopts it.
    pub fn new(options: &Options, adoptable: bool) -> Shared {
        let adoption = if adoptable { Adoption::Open } else { Adoption::Over };
        Shared {
            mailbox: Mutex::new(Mailbox::new(adoption)),
            state: AtomicU8::new(ReadyState::Connecting as u8),
            interest: AtomicU8::new(Interest::Everything as u8),
            attention: Attention::default(),
            waiting: Waiting::new(options.max_buffered_amount),
            paused: AtomicBool::new(false),
            hiding: Hiding::default(),
            asks_again: AtomicBool::new(adoptable && connect::asks_hooks(options)),
            protocol: OnceLock::new(),
            traffic: Traffic::default(),
        }
    }

    #[inline]
    pub fn ready_state(&self) -> ReadyState {
        match self.state.load(Ordering::Acquire) {
            0 => ReadyState::Connecting,
            1 => ReadyState::Open,
            2 => ReadyState::Closing,
            _ => ReadyState::Closed,
        }
    }

    /// To be called with the mailbox locked.
    fn set_state(&self, state: ReadyState) {
        self.state.store(state as u8, Ordering::Release);
    }

    #[inline]
    pub fn buffered_amount(&self) -> usize {
        self.waiting.bytes()
    }

    #[inline]
    pub fn paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// `close` or `release` was called.
    #[inline]
    pub fn closed_by_app(&self) -> bool {
        self.interest.load(Ordering::Relaxed) >= Interest::End as u8
    }

    /// `release` was called.
    #[inline]
    pub fn released(&self) -> bool {
        self.interest.load(Ordering::Acquire) >= Interest::Nothing as u8
    }

    /// To be called with the mailbox locked.
    fn lose_interest(&self, interest: Interest) {
        self.interest.fetch_max(interest as u8, Ordering::Release);
    }
}
