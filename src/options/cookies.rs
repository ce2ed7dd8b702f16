//! Cookies, which the application or its platform keeps.

use std::fmt;

use super::hook::{self, HookId};
use super::url::Url;

/// Keeps the cookies of the opening handshake. The library itself stores none.
///
/// The calls come from a thread that may block, one for each request and one for each response that has
/// `Set-Cookie`; the time that they take counts towards [`Options::timeout`](crate::Options::timeout).
pub trait CookieJar: fmt::Debug + Send + Sync {
    /// The value of the `Cookie` field for a request to `url`; `None` sends none.
    fn cookies(&self, url: &Url) -> Option<String>;

    /// Takes the values of the `Set-Cookie` fields of a response from `url`, one for each field.
    fn set_cookies(&self, url: &Url, values: &[String]);

    /// Jars with the same identity keep the same cookies; by default each is alone. See [`crate::prewarm`].
    fn id(&self) -> HookId {
        hook::address(self)
    }
}

impl PartialEq for dyn CookieJar {
    fn eq(&self, other: &dyn CookieJar) -> bool {
        self.id() == other.id()
    }
}
