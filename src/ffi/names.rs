//! What numbers are called: in the log of a C program a word tells more.

use std::ffi::c_char;

use super::error::{socket_task_error_code, socket_task_phase};
use super::socket::socket_task_ready_state;
use super::status::socket_task_status;

/// The name of `value`, a number that may be none of the type's. The compiler sees to it that no variant lacks one.
macro_rules! name {
    ($value:ident, $type:ty { $($variant:ident => $name:literal),* $(,)? }) => {{
        let _ = |value: $type| match value { $(<$type>::$variant => ()),* };
        $(const $variant: i32 = <$type>::$variant as i32;)*
        match $value { $($variant => $name,)* _ => c"unknown" }.as_ptr()
    }};
}

/// The name of a `socket_task_status`, "buffer-full": NUL-terminated, valid for ever; "unknown" for a number that
/// this version does not have.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_status_name(status: i32) -> *const c_char {
    name!(status, socket_task_status {
        SOCKET_TASK_OK => c"ok",
        SOCKET_TASK_INVALID_HANDLE => c"invalid-handle",
        SOCKET_TASK_INVALID_STATE => c"invalid-state",
        SOCKET_TASK_INVALID_ARGUMENT => c"invalid-argument",
        SOCKET_TASK_INVALID_URL => c"invalid-url",
        SOCKET_TASK_INVALID_UTF8 => c"invalid-utf8",
        SOCKET_TASK_BUFFER_FULL => c"buffer-full",
        SOCKET_TASK_OUT_OF_RESOURCES => c"out-of-resources",
        SOCKET_TASK_INTERNAL => c"internal",
        SOCKET_TASK_MESSAGE_TOO_BIG => c"message-too-big",
    })
}

/// The name of a `socket_task_phase`, "handshake": NUL-terminated, valid for ever; "unknown" for a number that this
/// version does not have. It is the word that the JavaScript API has for it.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_phase_name(phase: i32) -> *const c_char {
    name!(phase, socket_task_phase {
        SOCKET_TASK_PHASE_URL => c"url",
        SOCKET_TASK_PHASE_DNS => c"dns",
        SOCKET_TASK_PHASE_TCP => c"tcp",
        SOCKET_TASK_PHASE_PROXY => c"proxy",
        SOCKET_TASK_PHASE_TLS => c"tls",
        SOCKET_TASK_PHASE_HANDSHAKE => c"handshake",
        SOCKET_TASK_PHASE_PROTOCOL => c"protocol",
        SOCKET_TASK_PHASE_TIMEOUT => c"timeout",
        SOCKET_TASK_PHASE_CLOSED => c"closed",
    })
}

/// The name of a `socket_task_error_code`, "connection-refused": NUL-terminated, valid for ever; "unknown" for a number
/// that this version does not have. It is the word that the JavaScript API has for it.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_error_code_name(code: i32) -> *const c_char {
    name!(code, socket_task_error_code {
        SOCKET_TASK_ERROR_OTHER => c"other",
        SOCKET_TASK_ERROR_TIMED_OUT => c"timed-out",
        SOCKET_TASK_ERROR_NAME_NOT_RESOLVED => c"name-not-resolved",
        SOCKET_TASK_ERROR_CONNECTION_REFUSED => c"connection-refused",
        SOCKET_TASK_ERROR_UNREACHABLE => c"unreachable",
        SOCKET_TASK_ERROR_CONNECTION_RESET => c"connection-reset",
        SOCKET_TASK_ERROR_CONNECTION_ENDED => c"connection-ended",
        SOCKET_TASK_ERROR_TLS_FAILED => c"tls-failed",
        SOCKET_TASK_ERROR_CERTIFICATE_EXPIRED => c"certificate-expired",
        SOCKET_TASK_ERROR_CERTIFICATE_NOT_YET_VALID => c"certificate-not-yet-valid",
        SOCKET_TASK_ERROR_CERTIFICATE_WRONG_HOST => c"certificate-wrong-host",
        SOCKET_TASK_ERROR_CERTIFICATE_UNKNOWN_ISSUER => c"certificate-unknown-issuer",
        SOCKET_TASK_ERROR_CERTIFICATE_REVOKED => c"certificate-revoked",
        SOCKET_TASK_ERROR_CERTIFICATE_INVALID => c"certificate-invalid",
        SOCKET_TASK_ERROR_PIN_MISMATCH => c"pin-mismatch",
        SOCKET_TASK_ERROR_PROXY_REFUSED => c"proxy-refused",
        SOCKET_TASK_ERROR_PROXY_AUTHENTICATION => c"proxy-authentication",
        SOCKET_TASK_ERROR_HTTP_STATUS => c"http-status",
        SOCKET_TASK_ERROR_BAD_HANDSHAKE => c"bad-handshake",
        SOCKET_TASK_ERROR_ACCEPT_MISMATCH => c"accept-mismatch",
        SOCKET_TASK_ERROR_BAD_PROTOCOL => c"bad-protocol",
        SOCKET_TASK_ERROR_BAD_EXTENSION => c"bad-extension",
        SOCKET_TASK_ERROR_BAD_REDIRECT => c"bad-redirect",
        SOCKET_TASK_ERROR_PROTOCOL_VIOLATION => c"protocol-violation",
        SOCKET_TASK_ERROR_INVALID_UTF8 => c"invalid-utf8",
        SOCKET_TASK_ERROR_MESSAGE_TOO_BIG => c"message-too-big",
        SOCKET_TASK_ERROR_BAD_COMPRESSION => c"bad-compression",
        SOCKET_TASK_ERROR_PONG_TIMEOUT => c"pong-timeout",
        SOCKET_TASK_ERROR_CLEARTEXT_NOT_PERMITTED => c"cleartext-not-permitted",
    })
}

/// The name of a `socket_task_ready_state`, "open": NUL-terminated, valid for ever; "unknown" for a number that this
/// version does not have.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_ready_state_name(state: i32) -> *const c_char {
    name!(state, socket_task_ready_state {
        SOCKET_TASK_NEW => c"new",
        SOCKET_TASK_CONNECTING => c"connecting",
        SOCKET_TASK_OPEN => c"open",
        SOCKET_TASK_CLOSING => c"closing",
        SOCKET_TASK_CLOSED => c"closed",
    })
}
