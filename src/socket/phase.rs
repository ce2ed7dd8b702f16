//! The phases of a connection that was opened, and what is known in each of them.

use std::io;

use tokio::time::Instant;

use super::ending::Ending;
use super::listener::Close;
use crate::wire::CloseFrame;

/// No code was in the Close frame (RFC 6455, section 7.1.5).
const NO_STATUS_RECEIVED: u16 = 1005;

#[derive(Debug, Default)]
pub(super) enum Phase {
    /// Messages go both ways.
    #[default]
    Open,
    /// Nothing can be written any more. What the peer sent before, its Close frame perhaps, can still be read.
    WriteFailed {
        cause: io::Error,
        /// When to stop reading.
        deadline: Instant,
    },
    /// The closing handshake is under way: our Close frame is queued or written.
    Closing {
        /// When to give up, unless there is progress.
        deadline: Instant,
        ours: OurSide,
        peers: PeerSide,
    },
}

/// Our side of the closing handshake.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OurSide {
    /// Frames are still to be written, the Close frame last.
    Queued,
    /// All of them were written.
    Written,
    /// The sending direction of the TCP connection was shut down after them.
    ShutDown,
    /// They cannot be written any more.
    Failed,
}

/// The peer's side of the closing handshake.
#[derive(Debug)]
pub(super) enum PeerSide {
    /// Its Close frame has not come.
    Awaited,
    /// This one has come.
    Closed(CloseFrame),
    /// None will: it broke the protocol, so nothing follows our Close frame.
    Broken,
}

impl Phase {
    pub fn is_open(&self) -> bool {
        matches!(self, Phase::Open)
    }

    pub fn is_closing(&self) -> bool {
        matches!(self, Phase::Closing { .. })
    }

    pub fn can_write(&self) -> bool {
        !matches!(self, Phase::WriteFailed { .. } | Phase::Closing { ours: OurSide::Failed, .. })
    }

    /// When time is up in this phase.
    pub fn deadline(&self) -> Option<Instant> {
        match self {
            Phase::Open => None,
            Phase::WriteFailed { deadline, .. } | Phase::Closing { deadline, .. } => Some(*deadline),
        }
    }

    pub fn deadline_mut(&mut self) -> Option<&mut Instant> {
        match self {
            Phase::Open => None,
            Phase::WriteFailed { deadline, .. } | Phase::Closing { deadline, .. } => Some(deadline),
        }
    }

    /// Our Close frame is queued. `deadline` holds unless the handshake has begun before.
    pub fn close(&mut self, deadline: Instant) {
        let ours = match self {
            Phase::Open => OurSide::Queued,
            Phase::WriteFailed { .. } => OurSide::Failed,
            Phase::Closing { .. } => return,
        };
        *self = Phase::Closing { deadline, ours, peers: PeerSide::Awaited };
    }

    /// The peer's Close frame has come, or its fault, behind which it says nothing that matters.
    pub fn peer_ended(&mut self, how: PeerSide, deadline: Instant) {
        self.close(deadline);
        if let Phase::Closing { peers, .. } = self {
            *peers = how;
        }
    }

    /// Nothing can be written any more. Reading goes on, at most until `deadline` if no other one is set.
    pub fn write_failed(&mut self, cause: io::Error, deadline: Instant) {
        match self {
            Phase::Closing { ours, .. } => *ours = OurSide::Failed,
            _ => *self = Phase::WriteFailed { cause, deadline },
        }
    }

    /// Follows the closing handshake while bytes leave. Its deadline moves when the last of them have left, and before
    /// that with each progress, unless the peer broke the protocol.
    pub fn wrote(&mut self, progress: bool, all: bool, next_deadline: impl FnOnce() -> Instant) {
        let Phase::Closing { deadline, ours, peers } = self else { return };
        let is_last = all && *ours == OurSide::Queued;
        if is_last {
            *ours = OurSide::Written;
        }
        if is_last || (progress && !matches!(peers, PeerSide::Broken)) {
            *deadline = next_deadline();
        }
    }

    /// Bytes of the peer have come: perhaps what it had to say before its Close frame. The time runs anew until
    /// `next_deadline`.
    pub fn heard(&mut self, next_deadline: Instant) {
        if let Phase::Closing { deadline, peers: PeerSide::Awaited, .. } = self {
            *deadline = next_deadline.max(*deadline);
        }
    }

    /// Whether the sending direction is to be shut down now. Nobody will answer a peer that broke the protocol: our FIN
    /// tells it that the Close frame was the last. The connection is kept until its own comes, since closing with bytes
    /// unread would reset it and could take the Close frame away from the peer.
    pub fn wants_shutdown(&self) -> bool {
        matches!(self, Phase::Closing { ours: OurSide::Written, peers: PeerSide::Broken, .. })
    }

    pub fn shut_down(&mut self) {
        if let Phase::Closing { ours, .. } = self {
            *ours = OurSide::ShutDown;
        }
    }

    /// How the closing handshake has ended when nothing more is to come.
    pub fn into_ending(self) -> Ending {
        match self {
            Phase::Closing { ours, peers: PeerSide::Closed(CloseFrame { code, reason }), .. } => {
                let was_clean = matches!(ours, OurSide::Written | OurSide::ShutDown);
                Ending::Close(Close { code: code.unwrap_or(NO_STATUS_RECEIVED), reason, was_clean })
            }
            _ => Ending::Dropped,
        }
    }
}

#[cfg(test)]
mod tests;
