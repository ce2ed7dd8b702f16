//! What is measured: the cases, and the messages that they carry.

use std::fmt;

/// What the client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It asks once, and the server sends all messages as fast as the client takes them.
    Receive,
    /// It sends all messages as fast as it can; the server counts them.
    Send,
    /// It sends a message when the one before has come back, from where that was received.
    Echo,
}

/// What a message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes.
    Binary,
    /// Text in ASCII.
    Ascii,
    /// Chinese text: three bytes a character.
    Chinese,
    /// Text in JSON as a service might send it, which compresses about five to one.
    Json,
}

/// One line of the results.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What the client does.
    pub action: Action,
    /// What each message holds.
    pub content: Content,
    /// Bytes of a message.
    pub size: usize,
    /// Over TLS.
    pub tls: bool,
    /// With permessage-deflate.
    pub deflate: bool,
    /// Belongs to the quick run.
    pub quick: bool,
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// The largest message.
pub const MOST: usize = 16 * MIB;

/// All cases, in the order of the results.
pub fn all() -> Vec<Case> {
    use Action::{Echo, Receive, Send};
    use Content::{Ascii, Binary, Chinese, Json};
    let plain =
        |action, size, content, quick| Case { action, content, size, tls: false, deflate: false, quick };
    let mut cases = Vec::new();
    for action in [Receive, Send] {
        cases.extend([
            plain(action, 16, Ascii, true),
            plain(action, 125, Ascii, true),
            plain(action, KIB, Ascii, false),
            plain(action, KIB, Chinese, true),
            plain(action, 64 * KIB, Binary, false),
            plain(action, MIB, Binary, true),
            plain(action, MIB, Ascii, false),
            plain(action, MIB, Chinese, true),
            plain(action, MOST, Binary, true),
        ]);
    }
    cases.push(plain(Echo, 125, Ascii, true));
    cases.push(plain(Echo, 64 * KIB, Binary, false));
    for action in [Receive, Send] {
        cases.push(Case { tls: true, ..plain(action, 125, Ascii, true) });
        cases.push(Case { tls: true, ..plain(action, MIB, Binary, false) });
    }
    cases.push(Case { tls: true, ..plain(Echo, 125, Ascii, false) });
    for action in [Receive, Send] {
        cases.push(plain(action, 4 * KIB, Json, false));
        cases.push(Case { deflate: true, ..plain(action, 4 * KIB, Json, true) });
    }
    cases
}

/// The case with this [`Case::id`].
pub fn find(id: &str) -> Option<Case> {
    all().into_iter().find(|case| case.id() == id)
}

impl Case {
    /// Its name on the command line and in the URL.
    pub fn id(&self) -> String {
        let action = match self.action {
            Action::Receive => "receive",
            Action::Send => "send",
            Action::Echo => "echo",
        };
        let content = match self.content {
            Content::Binary => "binary",
            Content::Ascii => "ascii",
            Content::Chinese => "chinese",
            Content::Json => "json",
        };
        let tls = if self.tls { "-tls" } else { "" };
        let deflate = if self.deflate { "-deflate" } else { "" };
        format!("{action}-{}-{content}{tls}{deflate}", self.size)
    }

    /// Messages of a timed run, for a fraction of a second of CPU time.
    pub fn timed_messages(&self) -> u64 {
        let nanoseconds = match self.action {
            Action::Echo => 12_000 + self.size,
            _ if self.deflate => 30_000,
            _ if self.tls => 200 + self.size,
            _ => 100 + self.size / 3,
        };
        (150_000_000 / nanoseconds as u64).max(10)
    }

    /// Messages of the shorter and of the longer run whose instructions are counted.
    pub fn counted_messages(&self) -> (u64, u64) {
        let instructions = match self.action {
            Action::Echo => 10_000 + 3 * self.size,
            _ if self.deflate => 100_000,
            _ => 600 + self.size,
        };
        let messages = (20_000_000 / instructions as u64).max(4);
        (messages / 4, messages + messages / 4)
    }

    /// The payload of its messages.
    pub fn payload(&self) -> Vec<u8> {
        match self.content {
            Content::Binary => (0..self.size).map(|i| (i * 31 + (i >> 8)) as u8).collect(),
            Content::Ascii => text("The quick brown fox jumps over the lazy dog. ", self.size),
            Content::Chinese => text("天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏", self.size),
            Content::Json => json(self.size),
        }
    }

    /// Whether its messages are text.
    pub fn is_text(&self) -> bool {
        self.content != Content::Binary
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = match self.action {
            Action::Receive => "receive",
            Action::Send => "send",
            Action::Echo => "echo",
        };
        let content = match self.content {
            Content::Binary => "binary",
            Content::Ascii => "ASCII",
            Content::Chinese => "Chinese",
            Content::Json => "JSON",
        };
        match self.size {
            size if size >= MIB => write!(f, "{action} {} MiB {content}", size / MIB)?,
            size if size >= KIB => write!(f, "{action} {} KiB {content}", size / KIB)?,
            size => write!(f, "{action} {size} B {content}")?,
        }
        f.write_str(if self.tls { ", wss" } else { "" })?;
        f.write_str(if self.deflate { ", deflate" } else { "" })
    }
}

/// `size` bytes of a sentence over and over, filled up with spaces where no whole character fits.
fn text(sentence: &str, size: usize) -> Vec<u8> {
    let mut text: Vec<u8> = sentence.bytes().cycle().take(size).collect();
    if let Err(error) = std::str::from_utf8(&text) {
        let whole = error.valid_up_to();
        text[whole..].fill(b' ');
    }
    text
}

/// `size` bytes of JSON: orders with numbers that differ, filled up with spaces.
fn json(size: usize) -> Vec<u8> {
    let mut text = String::from("[");
    let mut seed: u32 = 1;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    loop {
        let order = format!(
            "{{\"order\":{},\"symbol\":\"BTC-USD\",\"side\":\"{}\",\"price\":\"{}.{:02}\",\"size\":\"0.{:06}\"}},",
            next(),
            if next() % 2 == 0 { "buy" } else { "sell" },
            60_000 + next() % 5_000,
            next() % 100,
            next() % 1_000_000,
        );
        if text.len() + order.len() > size {
            break;
        }
        text.push_str(&order);
    }
    text.pop();
    text.push(']');
    text.push_str(&" ".repeat(size - text.len()));
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_have_their_size_and_texts_are_utf8() {
        for case in all() {
            let payload = case.payload();
            assert_eq!(payload.len(), case.size, "{case}");
            assert!(!case.is_text() || std::str::from_utf8(&payload).is_ok(), "{case}");
        }
    }

    #[test]
    fn every_case_is_found_by_its_id() {
        for case in all() {
            assert_eq!(find(&case.id()).map(|found| found.to_string()), Some(case.to_string()));
        }
    }
}
