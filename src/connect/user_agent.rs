//! Who asks, for servers and proxies.

use crate::options::Options;

/// Sent unless the application gives its own `User-Agent`; an empty one removes the field.
const USER_AGENT: &str = concat!("socket-task/", env!("CARGO_PKG_VERSION"));

/// The application's `User-Agent`, empty when it wants none, or the library's own.
pub(super) fn user_agent(options: &Options) -> &str {
    let given = options.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("User-Agent"));
    given.map_or(USER_AGENT, |(_, value)| value.expose())
}
