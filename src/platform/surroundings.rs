//! Where the app is: whether there is a network, and whether somebody looks at it.

use std::sync::LazyLock;

use tokio::sync::watch;

/// What the platform has told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Surroundings {
    /// There is a network, as far as is known.
    pub network: bool,
    /// The app is in the foreground, as far as is known.
    pub foreground: bool,
    /// Grows with everything that makes a connection likelier: a network, another one, the app's coming to the foreground, the
    /// device's waking up.
    pub hopes: u64,
}

static SURROUNDINGS: LazyLock<watch::Sender<Surroundings>> =
    LazyLock::new(|| watch::Sender::new(Surroundings { network: true, foreground: true, hopes: 0 }));

/// Tells whether there is a network, or that there is another one. Without one, [`Options::reconnect`](crate::Options::reconnect)
/// makes no attempt; with another one, it makes the next at once.
pub fn set_network(is_there: bool) {
    SURROUNDINGS.send_modify(|now| {
        now.network = is_there;
        now.hopes += u64::from(is_there);
    });
}

/// Tells whether the app is in the foreground. In the background [`Options::reconnect`](crate::Options::reconnect) makes no
/// attempt, unless it is to; when the app comes to the foreground, it makes the next at once.
pub fn set_foreground(is_in_front: bool) {
    SURROUNDINGS.send_modify(|now| {
        now.hopes += u64::from(is_in_front && !now.foreground);
        now.foreground = is_in_front;
    });
}

/// A connection has become likelier: the device has woken up, say.
pub(crate) fn hope() {
    SURROUNDINGS.send_modify(|now| now.hopes += 1);
}

pub(crate) fn watch() -> watch::Receiver<Surroundings> {
    SURROUNDINGS.subscribe()
}
