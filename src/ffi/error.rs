//! Why a connection failed, as C is told.

use super::types::{socket_task_header, socket_task_text};
use crate::error::{Error, ErrorCode, Phase};

/// The part of a connection's life in which it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum socket_task_phase {
    /// Reading the URL.
    SOCKET_TASK_PHASE_URL = 1,
    /// Resolving the host name.
    SOCKET_TASK_PHASE_DNS = 2,
    /// Opening the TCP connection.
    SOCKET_TASK_PHASE_TCP = 3,
    /// Asking a proxy for the connection.
    SOCKET_TASK_PHASE_PROXY = 4,
    /// The TLS handshake, the check of the certificate included.
    SOCKET_TASK_PHASE_TLS = 5,
    /// The opening handshake (RFC 6455, section 4).
    SOCKET_TASK_PHASE_HANDSHAKE = 6,
    /// The open connection: the peer broke the WebSocket protocol.
    SOCKET_TASK_PHASE_PROTOCOL = 7,
    /// The open connection: the peer stopped answering.
    SOCKET_TASK_PHASE_TIMEOUT = 8,
    /// The open connection: it ended without a Close frame.
    SOCKET_TASK_PHASE_CLOSED = 9,
}

/// What went wrong, finer than the phase. Later versions may add codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum socket_task_error_code {
    /// None of the others; the message tells.
    SOCKET_TASK_ERROR_OTHER = 1,
    /// The time to open ran out; the phase tells where.
    SOCKET_TASK_ERROR_TIMED_OUT = 2,
    /// The host name has no address.
    SOCKET_TASK_ERROR_NAME_NOT_RESOLVED = 3,
    /// The host refused the TCP connection.
    SOCKET_TASK_ERROR_CONNECTION_REFUSED = 4,
    /// There is no route to the host.
    SOCKET_TASK_ERROR_UNREACHABLE = 5,
    /// The connection was reset.
    SOCKET_TASK_ERROR_CONNECTION_RESET = 6,
    /// The connection ended (TCP FIN) where more was due.
    SOCKET_TASK_ERROR_CONNECTION_ENDED = 7,
    /// The TLS handshake failed for another reason than the certificate.
    SOCKET_TASK_ERROR_TLS_FAILED = 8,
    /// The certificate is past its validity.
    SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED = 9,
    /// The certificate is not valid yet.
    SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID = 10,
    /// The certificate is for other names.
    SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST = 11,
    /// No trusted root certificate leads to the certificate.
    SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER = 12,
    /// The certificate was revoked.
    SOCKET_TASK_ERROR_CERTIFICATE_REVOKED = 13,
    /// The certificate is unacceptable for another reason.
    SOCKET_TASK_ERROR_CERTIFICATE_INVALID = 14,
    /// No certificate of the chain has a pinned key.
    SOCKET_TASK_ERROR_PIN_MISMATCH = 15,
    /// The proxy refused the connection.
    SOCKET_TASK_ERROR_PROXY_REFUSED = 16,
    /// The proxy wants credentials, or others.
    SOCKET_TASK_ERROR_PROXY_AUTHENTICATION = 17,
    /// The server answered with another HTTP status than 101.
    SOCKET_TASK_ERROR_HTTP_STATUS = 18,
    /// The server's response is no valid answer to the opening handshake.
    SOCKET_TASK_ERROR_BAD_HANDSHAKE = 19,
    /// `Sec-WebSocket-Accept` does not match the key.
    SOCKET_TASK_ERROR_ACCEPT_MISMATCH = 20,
    /// The server chose a sub-protocol that was not offered.
    SOCKET_TASK_ERROR_BAD_PROTOCOL = 21,
    /// The server chose an extension, or a parameter of one, that was not offered.
    SOCKET_TASK_ERROR_BAD_EXTENSION = 22,
    /// A redirect that may not be followed.
    SOCKET_TASK_ERROR_BAD_REDIRECT = 23,
    /// The peer broke the protocol; it was sent close code 1002.
    SOCKET_TASK_ERROR_PROTOCOL_VIOLATION = 24,
    /// A text message is not UTF-8; the peer was sent close code 1007.
    SOCKET_TASK_ERROR_INVALID_UTF8 = 25,
    /// A message is larger than the limit; the peer was sent close code 1009.
    SOCKET_TASK_ERROR_MESSAGE_TOO_BIG = 26,
    /// A compressed message does not decompress; the peer was sent close code 1007.
    SOCKET_TASK_ERROR_BAD_COMPRESSION = 27,
    /// No pong came in time.
    SOCKET_TASK_ERROR_PONG_TIMEOUT = 28,
    /// The platform does not let the app make connections that are not encrypted (`ws:`).
    SOCKET_TASK_ERROR_CLEARTEXT_NOT_PERMITTED = 29,
}

/// Why a connection failed. Valid during the callback.
#[repr(C)]
pub struct socket_task_error {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// Where in the connection's life.
    pub phase: socket_task_phase,
    /// What, for programs.
    pub code: socket_task_error_code,
    /// The operating system's error number (`errno`); 0 when there is none.
    pub os_error: i32,
    /// The HTTP status of a server or proxy that refused; 0 when there is none.
    pub http_status: i32,
    /// What, for people.
    pub message: socket_task_text,
    /// Header fields of the refusal.
    pub headers: *const socket_task_header,
    /// How many they are.
    pub header_count: usize,
    /// The first bytes of the refusal's body, 1024 at most.
    pub body: *const u8,
    /// How many they are.
    pub body_length: usize,
}

/// Calls `give` with what C is told of `error`.
pub(super) fn with_c_error<T>(error: &Error, give: impl FnOnce(&socket_task_error) -> T) -> T {
    let response = error.response.as_deref();
    let headers = response.map(|response| socket_task_header::list(&response.headers)).unwrap_or_default();
    let body = response.map_or(&[][..], |response| &response.body);
    give(&socket_task_error {
        struct_size: size_of::<socket_task_error>(),
        phase: error.phase.into(),
        code: error.code.into(),
        os_error: error.os_error,
        http_status: response.map_or(0, |response| response.status.into()),
        message: socket_task_text::new(error.message.as_bytes()),
        headers: headers.as_ptr(),
        header_count: headers.len(),
        body: body.as_ptr(),
        body_length: body.len(),
    })
}

/// Makes the same list once for Rust and once for C, checked by the compiler.
macro_rules! same_values {
    ($rust:ty => $c:ty { $($from:ident => $to:ident),* $(,)? }) => {
        impl From<$rust> for $c {
            fn from(value: $rust) -> $c {
                $(const _: () = assert!(<$rust>::$from as i32 == <$c>::$to as i32);)*
                match value { $(<$rust>::$from => <$c>::$to),* }
            }
        }
    };
}

same_values!(Phase => socket_task_phase {
    Url => SOCKET_TASK_PHASE_URL,
    Dns => SOCKET_TASK_PHASE_DNS,
    Tcp => SOCKET_TASK_PHASE_TCP,
    Proxy => SOCKET_TASK_PHASE_PROXY,
    Tls => SOCKET_TASK_PHASE_TLS,
    Handshake => SOCKET_TASK_PHASE_HANDSHAKE,
    Protocol => SOCKET_TASK_PHASE_PROTOCOL,
    Timeout => SOCKET_TASK_PHASE_TIMEOUT,
    Closed => SOCKET_TASK_PHASE_CLOSED,
});

same_values!(ErrorCode => socket_task_error_code {
    Other => SOCKET_TASK_ERROR_OTHER,
    TimedOut => SOCKET_TASK_ERROR_TIMED_OUT,
    NameNotResolved => SOCKET_TASK_ERROR_NAME_NOT_RESOLVED,
    ConnectionRefused => SOCKET_TASK_ERROR_CONNECTION_REFUSED,
    Unreachable => SOCKET_TASK_ERROR_UNREACHABLE,
    ConnectionReset => SOCKET_TASK_ERROR_CONNECTION_RESET,
    ConnectionEnded => SOCKET_TASK_ERROR_CONNECTION_ENDED,
    TlsFailed => SOCKET_TASK_ERROR_TLS_FAILED,
    CertificateExpired => SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED,
    CertificateNotYetValid => SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID,
    CertificateWrongHost => SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST,
    CertificateUnknownIssuer => SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER,
    CertificateRevoked => SOCKET_TASK_ERROR_CERTIFICATE_REVOKED,
    CertificateInvalid => SOCKET_TASK_ERROR_CERTIFICATE_INVALID,
    PinMismatch => SOCKET_TASK_ERROR_PIN_MISMATCH,
    ProxyRefused => SOCKET_TASK_ERROR_PROXY_REFUSED,
    ProxyAuthentication => SOCKET_TASK_ERROR_PROXY_AUTHENTICATION,
    HttpStatus => SOCKET_TASK_ERROR_HTTP_STATUS,
    BadHandshake => SOCKET_TASK_ERROR_BAD_HANDSHAKE,
    AcceptMismatch => SOCKET_TASK_ERROR_ACCEPT_MISMATCH,
    BadProtocol => SOCKET_TASK_ERROR_BAD_PROTOCOL,
    BadExtension => SOCKET_TASK_ERROR_BAD_EXTENSION,
    BadRedirect => SOCKET_TASK_ERROR_BAD_REDIRECT,
    ProtocolViolation => SOCKET_TASK_ERROR_PROTOCOL_VIOLATION,
    InvalidUtf8 => SOCKET_TASK_ERROR_INVALID_UTF8,
    MessageTooBig => SOCKET_TASK_ERROR_MESSAGE_TOO_BIG,
    BadCompression => SOCKET_TASK_ERROR_BAD_COMPRESSION,
    PongTimeout => SOCKET_TASK_ERROR_PONG_TIMEOUT,
    CleartextNotPermitted => SOCKET_TASK_ERROR_CLEARTEXT_NOT_PERMITTED,
});
