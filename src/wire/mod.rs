//! The data phase of RFC 6455 (section 5 on), with no input or output of its own: the peer's bytes go in
//! and events come out ([`Reader`]); messages go in and bytes for the peer come out ([`Writer`]).
//!
//! Everything here is the client's side: what we send is masked, and what we receive must not be.
//!
//! * [`reader`]: frames, fragments, UTF-8 and limits of what comes in
//! * [`writer`]: frames of what goes out
//! * [`deflate`], [`extensions`]: permessage-deflate (RFC 7692) and its negotiation
//! * [`close`]: Close frames and their codes

use std::borrow::Cow;

use crate::error::ErrorCode;

mod carry;
pub mod close;
pub mod deflate;
pub mod extensions;
mod header;
mod incoming;
mod mask;
mod message;
pub mod reader;
pub(crate) mod token;
mod utf8;
pub mod writer;

pub(crate) use header::frame_at;
pub use message::Message;
pub use reader::{Event, Reader, ReaderLimits};
pub(crate) use utf8::is_valid as is_valid_utf8;
pub use writer::{FrameKey, Writer};

/// What a data message holds (RFC 6455, section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Text, in UTF-8.
    Text,
    /// Bytes without further meaning to the protocol.
    Binary,
}

/// The content of a Close frame (RFC 6455, section 5.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseFrame {
    /// Why the sender closes; `None` when the payload was empty, which an application is told as 1005.
    pub code: Option<u16>,
    /// The same for people; at most 123 bytes.
    pub reason: String,
}

/// A rule that the peer broke, after which the connection cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What our Close frame tells the peer: 1002, 1007 or 1009 (RFC 6455, section 7.4.1).
    pub close_code: u16,
    /// What the application is told, for programs.
    pub code: ErrorCode,
    /// What the application is told, for people.
    pub message: Cow<'static, str>,
}

// Never inlined into the paths that a valid message takes.
impl Fault {
    #[cold]
    fn protocol(message: impl Into<Cow<'static, str>>) -> Fault {
        Fault { close_code: 1002, code: ErrorCode::ProtocolViolation, message: message.into() }
    }

    #[cold]
    fn invalid_utf8(message: impl Into<Cow<'static, str>>) -> Fault {
        Fault { close_code: 1007, code: ErrorCode::InvalidUtf8, message: message.into() }
    }

    #[cold]
    fn too_big(limit: usize) -> Fault {
        let message = format!("the message is larger than the limit of {limit} bytes").into();
        Fault { close_code: 1009, code: ErrorCode::MessageTooBig, message }
    }

    #[cold]
    fn bad_compression(message: &'static str) -> Fault {
        Fault { close_code: 1007, code: ErrorCode::BadCompression, message: message.into() }
    }
}
