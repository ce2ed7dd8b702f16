//! What has gone through a connection so far.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a connection has carried so far, for diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Messages that were handed to the operating system.
    pub messages_sent: u64,
    /// Messages that were delivered, or wait to be.
    pub messages_received: u64,
    /// Bytes of the messages and pings that were handed to the operating system, framing not counted, before compression.
    pub bytes_sent: u64,
    /// Bytes of the messages that came, framing not counted, after decompression.
    pub bytes_received: u64,
    /// How long the last ping of the app that was answered has taken.
    pub rtt: Option<Duration>,
    /// How many connections were opened after the first, with [`Options::reconnect`](crate::Options::reconnect).
    pub reconnects: u64,
}

impl Stats {
    /// With what another connection has carried after this.
    pub(crate) fn and_then(&self, later: &Stats) -> Stats {
        Stats {
            messages_sent: self.messages_sent + later.messages_sent,
            messages_received: self.messages_received + later.messages_received,
            bytes_sent: self.bytes_sent + later.bytes_sent,
            bytes_received: self.bytes_received + later.bytes_received,
            rtt: later.rtt.or(self.rtt),
            reconnects: self.reconnects + later.reconnects,
        }
    }
}

/// Written by the connection's task alone, read by anybody.
#[derive(Default)]
pub(super) struct Traffic {
    messages_sent: AtomicU64,
    messages_received: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
    /// In microseconds, and one more; 0 for none.
    rtt: AtomicU64,
}

/// One thread writes: no need for what costs more.
fn add(counter: &AtomicU64, amount: u64) {
    counter.store(counter.load(Ordering::Relaxed) + amount, Ordering::Relaxed);
}

impl Traffic {
    /// So many messages have left in all, and so many more bytes.
    pub fn has_sent(&self, messages: u64, more_bytes: usize) {
        self.messages_sent.store(messages, Ordering::Relaxed);
        add(&self.bytes_sent, more_bytes as u64);
    }

    #[inline]
    pub fn has_received(&self, bytes: usize) {
        add(&self.messages_received, 1);
        add(&self.bytes_received, bytes as u64);
    }

    pub fn was_answered(&self, rtt: Duration) {
        let micros = u64::try_from(rtt.as_micros()).unwrap_or(u64::MAX - 1);
        self.rtt.store(micros.saturating_add(1), Ordering::Relaxed);
    }

    /// Another connection takes the place of the one that has carried this.
    pub fn begin_anew(&self) {
        let Traffic { messages_sent, messages_received, bytes_sent, bytes_received, rtt } = self;
        for counter in [messages_sent, messages_received, bytes_sent, bytes_received, rtt] {
            counter.store(0, Ordering::Relaxed);
        }
    }

    pub fn stats(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            messages_sent: read(&self.messages_sent),
            messages_received: read(&self.messages_received),
            bytes_sent: read(&self.bytes_sent),
            bytes_received: read(&self.bytes_received),
            rtt: read(&self.rtt).checked_sub(1).map(Duration::from_micros),
            reconnects: 0,
        }
    }
}
