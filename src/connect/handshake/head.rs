//! The head of an HTTP/1.1 message: its first line and its header fields.

use crate::error::{Error, ErrorCode, Phase};

/// The largest head of a response that is accepted, interim responses before it included, in bytes.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// The most header fields that a response may have.
const MAX_FIELDS: usize = 256;

/// How others than HTTP/1.1 begin, for messages. Bytes of the peer's own are in none: it may repeat what it was sent.
const OTHERS: [(&[u8], &str); 12] = [
    (b"HTTP/", "another version of HTTP"),
    (b"\0\0", "HTTP/2"),
    (b"GET ", "the request itself: it echoes what it is sent"),
    (b"CONNECT ", "the request itself: it echoes what it is sent"),
    (b"SSH-", "SSH"),
    (b"220", "SMTP or FTP"),
    (b"+OK", "POP3"),
    (b"* OK", "IMAP"),
    (b"RFB ", "VNC"),
    (b"-ERR", "POP3 or Redis"),
    (b"<", "HTML or XML without a header"),
    (b"{", "JSON without a header"),
];

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    /// The header fields in the order and spelling in which they came.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Reads a whole head, the blank line included.
    ///
    /// What servers and middleboxes get wrong without changing what they mean is read: a line that is no header field
    /// is left out, and blanks before the colon or more than one behind the version are passed over.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Head, httparse::Error> {
        let mut fields = vec![httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut response = httparse::Response::new(&mut fields);
        httparse::ParserConfig::default()
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_spaces_after_header_name_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .parse_response(&mut response, bytes)?;
        Ok(Head {
            status: response.code.unwrap_or_default(),
            fields: response
                .headers
                .iter()
                .map(|field| (field.name.to_owned(), unfold(field.value)))
                .collect(),
        })
    }

    /// The values of the field `name`, in their order.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.fields
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// The first value of the field `name`, if it is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values(name).next().and_then(|value| std::str::from_utf8(value).ok())
    }

    /// Whether the field `name`, a comma-separated list that may be spread over lines, has `token`.
    pub(crate) fn lists(&self, name: &str, token: &str) -> bool {
        self.values(name)
            .flat_map(|value| value.split(|&byte| byte == b','))
            .any(|element| element.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    }
}

/// The value of a field, which may go on in further lines that begin with a blank (RFC 9112, section 5.2: a user agent
/// puts blanks in the place of each such fold).
fn unfold(value: &[u8]) -> Vec<u8> {
    let mut lines = value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let mut unfolded = lines.next().unwrap_or_default().to_vec();
    for line in lines.filter(|line| !line.is_empty()) {
        if !unfolded.is_empty() {
            unfolded.push(b' ');
        }
        unfolded.extend_from_slice(line);
    }
    unfolded
}

/// `Name: value` lines.
pub(crate) fn write_fields<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (name, value) in fields {
        for part in [name, ": ", value, "\r\n"] {
            lines.extend_from_slice(part.as_bytes());
        }
    }
    lines
}

/// Collects bytes until they hold a whole head.
#[derive(Debug)]
pub(crate) struct HeadBuffer {
    /// The phase of errors.
    phase: Phase,
    /// Whose response it is, for messages: "the server".
    peer: &'static str,
    bytes: Vec<u8>,
    /// Bytes of interim responses that were dropped.
    dropped: usize,
    searched: usize,
}

impl HeadBuffer {
    pub(crate) fn new(phase: Phase, peer: &'static str) -> HeadBuffer {
        HeadBuffer { phase, peer, bytes: Vec::new(), dropped: 0, searched: 0 }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The head of the final response and what follows it, once both are there. Interim
    /// responses (1xx) other than 101 are skipped (RFC 9110, section 15.2).
    pub(crate) fn take(&mut self) -> Result<Option<(Head, Vec<u8>)>, Error> {
        loop {
            self.skip_empty_lines();
            self.check_start()?;
            let end = self.find_end();
            if self.dropped + end.unwrap_or(self.bytes.len()) > MAX_HEAD {
                return Err(self
                    .bad(format!("the header of {}'s response is larger than {MAX_HEAD} bytes", self.peer)));
            }
            let Some(end) = end else { return Ok(None) };
            let head = Head::parse(&self.bytes[..end]).map_err(|error| {
                self.bad(format!("{}'s answer is not valid HTTP/1.1: {error}", self.peer))
            })?;
            let rest = self.bytes.split_off(end);
            if !(100..200).contains(&head.status) || head.status == 101 {
                return Ok(Some((head, rest)));
            }
            self.bytes = rest;
            self.searched = 0;
            self.dropped += end;
        }
    }

    /// Empty lines before the status line are the rest of something else (RFC 9112, section 2.2, allows a server to pass
    /// them over in requests).
    fn skip_empty_lines(&mut self) {
        let empty = self.bytes.iter().take_while(|&&byte| byte == b'\r' || byte == b'\n').count();
        if empty > 0 {
            self.bytes.drain(..empty);
            self.dropped += empty;
            self.searched = 0;
        }
    }

    /// Whether nothing has come.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.dropped == 0
    }

    /// The error for a peer that ends the connection instead of answering.
    pub(crate) fn ended(&self) -> Error {
        let when = if self.bytes.is_empty() { "before" } else { "in the middle of" };
        let message = format!("{} closed the connection {when} its response", self.peer);
        Error::new(self.phase, ErrorCode::ConnectionEnded, message)
    }

    /// The index behind the blank line.
    fn find_end(&mut self) -> Option<usize> {
        let from = self.searched.saturating_sub(3);
        self.searched = self.bytes.len();
        let mut at = from;
        while let Some(offset) = self.bytes[at..].iter().position(|&byte| byte == b'\n') {
            at += offset + 1;
            match self.bytes[at..] {
                [b'\n', ..] => return Some(at + 1),
                [b'\r', b'\n', ..] => return Some(at + 2),
                _ => {}
            }
        }
        None
    }

    /// Tells what the peer speaks as soon as it is clear that it is not HTTP: one that waits for us to go
    /// on would keep us until the timeout.
    fn check_start(&self) -> Result<(), Error> {
        const START: &[u8] = b"HTTP/1.";
        let shown = &self.bytes[..self.bytes.len().min(START.len())];
        if START.starts_with(shown) {
            return Ok(());
        }
        if let [0x15 | 0x16, 3, ..] = self.bytes[..] {
            return Err(self
                .bad(format!("{}'s answer is TLS, not HTTP: is this a port for wss or https?", self.peer)));
        }
        let spoken = OTHERS.iter().find(|(start, _)| self.bytes.starts_with(start));
        let spoken = spoken.map_or("something else", |(_, name)| name);
        Err(self.bad(format!("{}'s answer is not HTTP/1.1, but {spoken}", self.peer)))
    }

    fn bad(&self, message: String) -> Error {
        let code = if self.phase == Phase::Proxy { ErrorCode::ProxyRefused } else { ErrorCode::BadHandshake };
        Error::new(self.phase, code, message)
    }
}
