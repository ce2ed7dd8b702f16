//! The little of HTTP/1.1 that the test servers need.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The head of a request, as it came.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
}

impl Request {
    /// From the bytes up to and including the blank line.
    ///
    /// # Panics
    /// When they are not UTF-8 or do not start with a request line: a test's client sends neither.
    pub fn new(head: &[u8]) -> Request {
        let head = String::from_utf8(head.to_vec()).expect("a request head in UTF-8");
        assert!(head.lines().next().is_some_and(|line| line.split(' ').count() == 3), "{head:?}");
        Request { head }
    }

    /// All lines of the head, without the blank one.
    pub fn head(&self) -> &str {
        self.head.trim_end()
    }

    /// The request target: path and query.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The path of the target.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// A parameter of the target's query, percent-decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.target().split_once('?')?.1;
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| percent_decode(value))
        })
    }

    /// A parameter of the target's query as a number, or `default` when it is absent.
    pub fn number(&self, name: &str, default: u64) -> u64 {
        self.parameter(name).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    /// The values of a header field, in order; its name in any case.
    pub fn header_values(&self, name: &str) -> Vec<&str> {
        let fields = self.head().lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).first().copied()
    }

    /// The sub-protocols that the client offers, most wanted first.
    pub fn protocols(&self) -> Vec<&str> {
        let values = self.header_values("Sec-WebSocket-Protocol");
        values.into_iter().flat_map(|value| value.split(',')).map(str::trim).collect()
    }

    /// The right `Sec-WebSocket-Accept` for this request.
    pub fn accept_key(&self) -> String {
        derive_accept_key(self.header("Sec-WebSocket-Key").unwrap_or_default().as_bytes())
    }
}

/// A response head and body; the blank line and `Content-Length` are added.
pub fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} {}\r\n", reason_phrase(status)).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The response that opens a WebSocket, with these header fields beside the three that it must have.
pub fn switching_protocols(request: &Request, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n",
        request.accept_key()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn reason_phrase(status: u16) -> &'static str {
    match status {
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Test",
    }
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_target_and_fields() {
        let request = Request::new(
            b"GET /a/b?code=4000&reason=so%20long+%E4%BD%A0 HTTP/1.1\r\nHost: x\r\n\
              sec-websocket-protocol: a, b\r\nSec-WebSocket-Protocol: c\r\n\r\n",
        );
        assert_eq!(request.path(), "/a/b");
        assert_eq!(request.number("code", 1), 4000);
        assert_eq!(request.parameter("reason").as_deref(), Some("so long 你"));
        assert_eq!(request.parameter("none"), None);
        assert_eq!(request.protocols(), ["a", "b", "c"]);
    }

    #[test]
    fn accept_key_is_that_of_the_example_in_rfc_6455_section_1_3() {
        let request = Request::new(b"GET / HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assert_eq!(request.accept_key(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
