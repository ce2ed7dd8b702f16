//! The libraries that are measured.

use crate::case::Case;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Implementation {
    /// This library through its C ABI.
    SocketTask,
    /// A loop of reads or writes with the same bytes, without WebSocket.
    Tcp,
    /// tokio-tungstenite.
    Tungstenite,
    /// fastwebsockets.
    FastWebSockets,
    /// tokio-websockets.
    TokioWebSockets,
    /// yawc.
    Yawc,
}

impl Implementation {
    /// All, in the order of the results.
    pub const ALL: [Implementation; 6] = [
        Implementation::SocketTask,
        Implementation::Tcp,
        Implementation::Tungstenite,
        Implementation::FastWebSockets,
        Implementation::TokioWebSockets,
        Implementation::Yawc,
    ];

    /// The one with this name.
    pub fn find(name: &str) -> Option<Implementation> {
        Implementation::ALL.into_iter().find(|implementation| implementation.name() == name)
    }

    /// Its name on the command line and in the results.
    pub fn name(self) -> &'static str {
        match self {
            Implementation::SocketTask => "socket-task",
            Implementation::Tcp => "tcp",
            Implementation::Tungstenite => "tungstenite",
            Implementation::FastWebSockets => "fastwebsockets",
            Implementation::TokioWebSockets => "tokio-websockets",
            Implementation::Yawc => "yawc",
        }
    }

    /// Whether it can run the case: permessage-deflate is beyond most other libraries.
    pub fn can(self, case: &Case) -> bool {
        !case.deflate
            || matches!(self, Implementation::SocketTask | Implementation::Tcp | Implementation::Yawc)
    }
}
