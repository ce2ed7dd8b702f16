//! How a connection that was opened in advance gets its listener.

use crate::socket::listener::Listener;

/// Whether somebody can adopt the connection.
#[derive(Default)]
pub(in crate::socket) enum Adoption {
    /// It has its listener.
    #[default]
    Over,
    /// It waits for one.
    Open,
    /// This one was found, and the task has not noticed yet.
    Found(Box<dyn Listener>),
}

impl Adoption {
    /// The listener that was found; at most once. With `last`, none can be found from now on.
    pub fn take(&mut self, last: bool) -> Option<Box<dyn Listener>> {
        match std::mem::take(self) {
            Adoption::Found(listener) => Some(listener),
            Adoption::Open if !last => {
                *self = Adoption::Open;
                None
            }
            _ => None,
        }
    }
}
