//! The servers that all tests share, and options that fit them.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use socket_task::{Options, TrustRoots};
use socket_task_testing::certificates::Certificates;
use socket_task_testing::echo::Echo;

pub static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(Certificates::generate);

struct Shared {
    _echo: Echo,
    tcp: SocketAddr,
    tls: SocketAddr,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let echo = Echo::new();
    Shared { tcp: echo.tcp(), tls: echo.tls(CERTIFICATES.good.server_config()), _echo: echo }
});

/// The echo server's `ws:` URL with this path.
pub fn ws(path: &str) -> String {
    format!("ws://{}{path}", SHARED.tcp)
}

/// The echo server's `wss:` URL with this path.
pub fn wss(path: &str) -> String {
    format!("wss://{}{path}", SHARED.tls)
}

/// Options for `url` with which no failure takes long. The test authority is trusted, and nobody else.
pub fn options(url: &str) -> Options {
    let mut options = Options::new(url.parse().expect("a valid URL"));
    options.timeout = Duration::from_secs(10);
    options.tls.roots = TrustRoots::None;
    options.tls.ca_certificates = vec![CERTIFICATES.authority.der()];
    options
}

/// The same with this time to open.
pub fn options_with_timeout(url: &str, timeout: Duration) -> Options {
    Options { timeout, ..options(url) }
}
