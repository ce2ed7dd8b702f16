//! What a TLS session has taken and not handed on, to the byte. The session itself tells only whether there is something.

use std::collections::VecDeque;

use rustls::{CipherSuite, ClientConnection, ProtocolVersion};

/// A record carries so much at most (RFC 8446, section 5.1).
const FRAGMENT: usize = 1 << 14;

/// How much longer a record is than what it carries.
pub(crate) fn overhead(session: &ClientConnection) -> usize {
    /// Type, version and length.
    const HEADER: usize = 5;
    /// Of each cipher that there is.
    const TAG: usize = 16;
    /// The real type (RFC 8446, section 5.2).
    const TYPE: usize = 1;
    /// The part of the nonce that is sent (RFC 5288, section 3); ChaCha20 sends none (RFC 7905, section 2).
    const NONCE: usize = 8;
    use CipherSuite::{
        TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    };
    let suite = session.negotiated_cipher_suite().map(|suite| suite.suite());
    let own = match (session.protocol_version(), suite) {
        (Some(ProtocolVersion::TLSv1_3), _) => TYPE,
        (
            _,
            Some(TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 | TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256),
        ) => 0,
        _ => NONCE,
    };
    HEADER + own + TAG
}

/// The records of one direction. Places in it are counted in bytes of records.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// Where the last one ends.
    end: u64,
    /// Those that may not have been handed on.
    waiting: VecDeque<Record>,
}

#[derive(Debug)]
struct Record {
    end: u64,
    carries: usize,
}

impl Records {
    /// The session has given away all that it had, which ends here. Whatever else it says, an alert perhaps, is counted by that.
    pub(crate) fn begin_at(&mut self, end: u64) {
        self.end = end;
    }

    /// The session has made records of `length` bytes, each `overhead` longer than what it carries.
    pub(crate) fn make(&mut self, length: usize, overhead: usize) {
        let mut rest = length;
        while rest > 0 {
            let carries = rest.min(FRAGMENT);
            self.end += (carries + overhead) as u64;
            self.waiting.push_back(Record { end: self.end, carries });
            rest -= carries;
        }
    }

    /// Everything before this place was handed on. What is left of a record is of no use to the peer: it waits as a whole.
    pub(crate) fn hand_on(&mut self, place: u64) {
        while self.waiting.front().is_some_and(|record| record.end <= place) {
            self.waiting.pop_front();
        }
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
    }

    /// How many bytes the records behind this place carry.
    pub(crate) fn behind(&self, place: u64) -> usize {
        self.waiting.iter().filter(|record| record.end > place).map(|record| record.carries).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_waits_until_all_of_it_was_handed_on() {
        let mut records = Records::default();
        records.begin_at(1_000);
        records.make(10, 22);
        records.make(FRAGMENT + 1, 22);
        assert_eq!(records.behind(1_000), 10 + FRAGMENT + 1);
        assert_eq!(records.behind(1_031), 10 + FRAGMENT + 1);
        assert_eq!(records.behind(1_032), FRAGMENT + 1);
        records.hand_on(1_032 + FRAGMENT as u64 + 22);
        assert_eq!(records.behind(0), 1);
        records.hand_on(1_032 + FRAGMENT as u64 + 22 + 22);
        assert_eq!(records.behind(0), 1);
        records.hand_on(1_032 + FRAGMENT as u64 + 22 + 23);
        assert_eq!(records.behind(0), 0);
    }
}
