//! Why a call was refused, as JavaScript sees it: an `Error` with a `code`.

use socket_task::Refused;

/// The `code` of the `Error`.
#[derive(Clone, Copy)]
pub enum Code {
    InvalidArgument,
    InvalidUrl,
    InvalidState,
    BufferFull,
    MessageTooBig,
    Resource,
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        match self {
            Code::InvalidArgument => "invalid-argument",
            Code::InvalidUrl => "invalid-url",
            Code::InvalidState => "invalid-state",
            Code::BufferFull => "buffer-full",
            Code::MessageTooBig => "message-too-big",
            Code::Resource => "resource",
        }
    }
}

/// Node-API itself failed.
impl From<napi::Status> for Code {
    fn from(_: napi::Status) -> Code {
        Code::Resource
    }
}

/// The result of a call that may be refused.
pub type Result<T> = napi::Result<T, Code>;

/// The `Error` for what the core refused.
pub fn refusal(refused: Refused) -> napi::Error<Code> {
    let code = match refused {
        Refused::InvalidArgument(_) | Refused::InvalidUtf8 => Code::InvalidArgument,
        Refused::InvalidUrl(_) => Code::InvalidUrl,
        Refused::InvalidState(_) => Code::InvalidState,
        Refused::BufferFull { .. } => Code::BufferFull,
        Refused::MessageTooBig { .. } => Code::MessageTooBig,
        Refused::Resource(_) => Code::Resource,
    };
    napi::Error::new(code, refused.to_string())
}
