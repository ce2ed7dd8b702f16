//! Many connections at once.

use std::io;

/// Connections of one implementation.
pub trait Fleet {
    /// Opens one more.
    fn open(&mut self) -> io::Result<()>;

    /// Sends a binary message on the connection and waits until it is back.
    fn echo(&mut self, connection: usize, payload: &[u8]) -> io::Result<()>;
}
