//! The phase of a connection, as an application sees it.

/// Where in its life a connection is (WHATWG's `readyState`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ReadyState {
    /// On the way: from the DNS look-up to the opening handshake.
    Connecting = 0,
    /// Messages go both ways.
    Open = 1,
    /// The closing handshake has begun, from either side, or the connection is failing.
    Closing = 2,
    /// Over. The close event was delivered, or is about to be.
    Closed = 3,
}
