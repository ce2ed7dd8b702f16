//! Why a call was refused ([`Refused`]) and why a connection failed ([`Error`]).

use std::fmt;
use std::io;

/// The part of a connection's life in which it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Phase {
    /// Reading the URL.
    Url = 1,
    /// Resolving the host name.
    Dns = 2,
    /// Opening the TCP connection.
    Tcp = 3,
    /// Asking a proxy for the connection.
    Proxy = 4,
    /// The TLS handshake, the check of the server's certificate included.
    Tls = 5,
    /// The opening handshake (RFC 6455, section 4).
    Handshake = 6,
    /// The open connection: the peer broke the WebSocket protocol.
    Protocol = 7,
    /// The open connection: the peer stopped answering.
    Timeout = 8,
    /// The open connection: it ended without a Close frame.
    Closed = 9,
}

impl Phase {
    /// The name that messages and the JavaScript API use.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Url => "url",
            Phase::Dns => "dns",
            Phase::Tcp => "tcp",
            Phase::Proxy => "proxy",
            Phase::Tls => "tls",
            Phase::Handshake => "handshake",
            Phase::Protocol => "protocol",
            Phase::Timeout => "timeout",
            Phase::Closed => "closed",
        }
    }
}

/// What went wrong, finer than the [`Phase`] and stable: programs may compare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ErrorCode {
    /// None of the others; the message tells.
    Other = 1,
    /// The time to open ran out; the phase tells where.
    TimedOut = 2,
    /// The host name has no address.
    NameNotResolved = 3,
    /// The host refused the TCP connection.
    ConnectionRefused = 4,
    /// No route to the host or its network.
    Unreachable = 5,
    /// The connection was reset.
    ConnectionReset = 6,
    /// The connection ended (TCP FIN) where more was due.
    ConnectionEnded = 7,
    /// The TLS handshake failed for another reason than the certificate.
    TlsFailed = 8,
    /// The certificate is past its validity.
    CertificateExpired = 9,
    /// The certificate is not valid yet.
    CertificateNotYetValid = 10,
    /// The certificate is for other names.
    CertificateWrongHost = 11,
    /// No trusted root certificate leads to the certificate.
    CertificateUnknownIssuer = 12,
    /// The certificate was revoked.
    CertificateRevoked = 13,
    /// The certificate is unacceptable for another reason.
    CertificateInvalid = 14,
    /// No certificate of the chain has one of the pinned keys.
    PinMismatch = 15,
    /// The proxy refused the connection.
    ProxyRefused = 16,
    /// The proxy wants (other) credentials.
    ProxyAuthentication = 17,
    /// The server answered with another HTTP status than 101.
    HttpStatus = 18,
    /// The server's response is no valid answer to the opening handshake.
    BadHandshake = 19,
    /// `Sec-WebSocket-Accept` does not match the key.
    AcceptMismatch = 20,
    /// The server chose a sub-protocol that was not offered.
    BadProtocol = 21,
    /// The server chose an extension, or a parameter of one, that was not offered.
    BadExtension = 22,
    /// A redirect that may not be followed.
    BadRedirect = 23,
    /// The peer broke the protocol (close code 1002).
    ProtocolViolation = 24,
    /// A text message is not UTF-8 (close code 1007).
    InvalidUtf8 = 25,
    /// A message is larger than the limit (close code 1009).
    MessageTooBig = 26,
    /// A compressed message does not decompress (close code 1007).
    BadCompression = 27,
    /// No pong came in time.
    PongTimeout = 28,
    /// The platform does not let the app make connections that are not encrypted.
    CleartextNotPermitted = 29,
}

/// What a server answered instead of opening the WebSocket.
///
/// [`Debug`](fmt::Debug) leaves the values of the header fields and the body out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Header fields in the order and spelling in which they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The first bytes of the body, [`HttpResponse::BODY_LIMIT`] at most.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// How much of a refused handshake's body is kept, in bytes.
    pub const BODY_LIMIT: usize = 1024;
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("headers", &FieldNames(&self.headers))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The names of header fields. Their values may be cookies.
pub(crate) struct FieldNames<'a>(pub(crate) &'a [(String, Vec<u8>)]);

impl fmt::Debug for FieldNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Why a connection failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where in the connection's life.
    pub phase: Phase,
    /// What, for programs.
    pub code: ErrorCode,
    /// The operating system's error number; 0 when there is none.
    pub os_error: i32,
    /// The server's answer, when it refused the opening handshake.
    pub response: Option<Box<HttpResponse>>,
    /// What, for people.
    pub message: String,
}

impl Error {
    /// An error without operating-system number or response.
    pub fn new(phase: Phase, code: ErrorCode, message: impl Into<String>) -> Error {
        Error { phase, code, os_error: 0, response: None, message: message.into() }
    }

    /// The same error with the answer that it is about.
    pub(crate) fn with_response(self, response: HttpResponse) -> Error {
        Error { response: Some(Box::new(response)), ..self }
    }

    /// The error that the operating system gave in `phase` while doing `what` ("connecting to 10.0.0.1:443").
    pub fn from_io(phase: Phase, error: &io::Error, what: impl fmt::Display) -> Error {
        use io::ErrorKind;
        let code = match error.kind() {
            ErrorKind::ConnectionRefused => ErrorCode::ConnectionRefused,
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                ErrorCode::ConnectionReset
            }
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
                ErrorCode::Unreachable
            }
            ErrorKind::TimedOut => ErrorCode::TimedOut,
            ErrorKind::UnexpectedEof => ErrorCode::ConnectionEnded,
            _ => ErrorCode::Other,
        };
        Error {
            phase,
            code,
            os_error: error.raw_os_error().unwrap_or(0),
            response: None,
            message: format!("{what}: {error}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Why a call was refused. The socket stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// An argument is not acceptable.
    #[error("{0}")]
    InvalidArgument(String),
    /// The URL is not acceptable.
    #[error("{0}")]
    InvalidUrl(String),
    /// The socket's state does not allow the call.
    #[error("{0}")]
    InvalidState(&'static str),
    /// The text is not UTF-8.
    #[error("the text is not valid UTF-8")]
    InvalidUtf8,
    /// The message would take the send queue past `max_buffered_amount`, or so many small ones wait that their frames do.
    #[error("the send queue is full: {buffered} of {limit} bytes are waiting and the message has {length}")]
    BufferFull {
        /// Bytes in the queue.
        buffered: usize,
        /// The queue's limit in bytes.
        limit: usize,
        /// The message's length in bytes.
        length: usize,
    },
    /// The message has more bytes than `max_buffered_amount`, so that it never fits.
    #[error("the message has {length} bytes and the send queue has room for {limit}, even when it is empty")]
    MessageTooBig {
        /// The queue's limit in bytes.
        limit: usize,
        /// The message's length in bytes.
        length: usize,
    },
    /// The library could not start its thread, or memory or another resource ran out.
    #[error("{0}")]
    Resource(String),
}
