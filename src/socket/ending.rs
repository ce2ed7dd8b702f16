//! How a connection ended.

use super::listener::Close;
use crate::error::Error;

/// How a connection ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// The peer's Close frame came.
    Close(Close),
    /// No Close frame came, and this is why.
    Failed(Error),
    /// The app did not wait for a Close frame, or none came in time after the app's own.
    Dropped,
}
