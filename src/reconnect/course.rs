//! The rules: whether there is another attempt after a loss, and when. Without I/O, and without a clock.

use std::time::{Duration, SystemTime};

use super::chance;
use crate::error::ErrorCode;
use crate::options::{Loss, Reconnect};

/// The longest time that a server can ask for: more is a mistake of its own.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

const UNAUTHORIZED: u16 = 401;
const FORBIDDEN: u16 = 403;
const NOT_FOUND: u16 = 404;

/// How far a socket has come with its attempts.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// The attempts in a row after the first.
    attempt: u32,
    /// A refusal for want of (other) credentials was followed by an attempt with others.
    has_asked_anew: bool,
}

/// An attempt that is to be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub attempt: u32,
    /// After this time,
    pub delay: Duration,
    /// or sooner if there is hope, but not before this one: the server has asked for it.
    pub least: Duration,
}

impl Course {
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// A connection was open for this long.
    pub fn was_open(&mut self, time: Duration, reconnect: &Reconnect) {
        self.has_asked_anew = false;
        if time >= reconnect.stable_after {
            self.attempt = 0;
        }
    }

    /// Whether the rules are for another attempt.
    pub fn would_go_on(&self, loss: &Loss, reconnect: &Reconnect) -> bool {
        match status(loss) {
            Some(NOT_FOUND) => return false,
            Some(UNAUTHORIZED | FORBIDDEN) => return reconnect.refresh.is_some() && !self.has_asked_anew,
            _ => {}
        }
        match &loss.error {
            None => !reconnect.stop_codes.contains(&loss.code),
            Some(error) => !is_for_good(error.code),
        }
    }

    /// The attempt after a loss; `None` when there were enough.
    pub fn next(&mut self, loss: &Loss, reconnect: &Reconnect) -> Option<Next> {
        if reconnect.max_attempts.is_some_and(|most| self.attempt >= most) {
            return None;
        }
        self.attempt = self.attempt.saturating_add(1);
        self.has_asked_anew |= wants_credentials(loss);
        let least = retry_after(loss).unwrap_or_default();
        let delay = chance::up_to(reconnect.bound(self.attempt)).max(least);
        Some(Next { attempt: self.attempt, delay, least })
    }
}

/// Whether the server wants (other) credentials.
pub(super) fn wants_credentials(loss: &Loss) -> bool {
    matches!(status(loss), Some(UNAUTHORIZED | FORBIDDEN))
}

fn status(loss: &Loss) -> Option<u16> {
    loss.error.as_ref()?.response.as_deref().map(|response| response.status)
}

/// What another attempt does not change: the server's certificate, and what the platform forbids.
fn is_for_good(code: ErrorCode) -> bool {
    use ErrorCode::{
        CertificateExpired, CertificateInvalid, CertificateNotYetValid, CertificateRevoked,
        CertificateUnknownIssuer, CertificateWrongHost, CleartextNotPermitted, PinMismatch,
    };
    matches!(
        code,
        CertificateExpired
            | CertificateInvalid
            | CertificateNotYetValid
            | CertificateRevoked
            | CertificateUnknownIssuer
            | CertificateWrongHost
            | CleartextNotPermitted
            | PinMismatch
    )
}

/// The server's `Retry-After` (RFC 9110, section 10.2.3), of which a date counts from the response's own: the clocks of phones are
/// wrong too often.
fn retry_after(loss: &Loss) -> Option<Duration> {
    let response = loss.error.as_ref()?.response.as_deref()?;
    let field = |wanted: &str| {
        let (_, value) = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(std::str::from_utf8(value).ok()?.trim())
    };
    let value = field("retry-after")?;
    let time = if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // So many digits that they are no number any more are a long time, too.
        value.parse().map_or(LONGEST_RETRY_AFTER, Duration::from_secs)
    } else {
        let date = field("date").and_then(|date| httpdate::parse_http_date(date).ok());
        let date = date.unwrap_or_else(SystemTime::now);
        httpdate::parse_http_date(value).ok()?.duration_since(date).ok()?
    };
    Some(time.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests;
