//! When the phases of a connection began and ended, and the one deadline over all of them.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorCode, Phase};
use crate::runtime;

/// How long one phase took. Both times are monotonic and count from the start of `connect`.
/// A phase that was not needed has an `end` equal to its `start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub start: Duration,
    /// When it ended.
    pub end: Duration,
}

impl Span {
    /// How long it took.
    pub fn duration(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }
}

/// What is known about how a connection was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Resolving the host name; the proxy's, when there is one.
    pub dns: Span,
    /// Opening the TCP connection, all attempts included.
    pub tcp: Span,
    /// Asking the proxy for the connection, with the TLS handshake with the proxy.
    pub proxy: Span,
    /// The TLS handshake with the server.
    pub tls: Span,
    /// The opening handshake, from sending the request to the end of the response's header.
    pub handshake: Span,
    /// The address at the other end of the TCP connection.
    pub remote_address: Option<SocketAddr>,
    /// The TLS version, `TLSv1.2` or `TLSv1.3`; empty without TLS.
    pub tls_version: String,
    /// The TLS cipher suite in IANA's spelling, `TLS_AES_128_GCM_SHA256`; empty without TLS.
    pub tls_cipher: String,
    /// Whether an earlier TLS session was resumed.
    pub tls_resumed: bool,
}

/// The time that connecting may take, and the time it has taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timer {
    start: Instant,
    timeout: Duration,
    /// How long the device had slept at the start.
    slept: Duration,
}

impl Timer {
    pub(crate) fn start(timeout: Duration) -> Timer {
        runtime::look_for_sleep();
        Timer { start: Instant::now(), timeout, slept: runtime::slept() }
    }

    /// The time since the start, the device's sleep included.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed() + runtime::slept().saturating_sub(self.slept)
    }

    /// The time that is left.
    pub(crate) fn remaining(&self) -> Duration {
        self.timeout.saturating_sub(self.elapsed())
    }

    /// Runs `future` until the deadline. `doing` completes the sentence "timed out after 60000 ms while …".
    pub(crate) async fn limit<T>(
        &self,
        phase: Phase,
        doing: &str,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut future = pin!(tokio::time::timeout(self.remaining(), future));
        // After a sleep there may be less time left than the timer has.
        let within_time = poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Pending if self.remaining().is_zero() => Poll::Ready(None),
            polled => polled.map(Result::ok),
        });
        within_time.await.unwrap_or_else(|| {
            let message = format!("timed out after {} ms while {doing}", self.timeout.as_millis());
            Err(Error::new(phase, ErrorCode::TimedOut, message))
        })
    }

    /// Like [`Timer::limit`], and notes in `span` when the phase began and ended.
    pub(crate) async fn measure<T>(
        &self,
        span: &mut Span,
        phase: Phase,
        doing: &str,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        log::debug!("{doing}");
        span.start = self.elapsed();
        let result = self.limit(phase, doing, future).await;
        span.end = self.elapsed();
        result
    }

    /// The span of a phase that is not needed.
    pub(crate) fn skip(&self) -> Span {
        let now = self.elapsed();
        Span { start: now, end: now }
    }
}
