//! # socket-task
//!
//! A WebSocket client (RFC 6455, RFC 7692) for React Native, Taro, Node and C. One core, the same
//! on every platform, behind a C ABI whose header is `include/socket_task.h`.
//!
//! The modules follow a connection's life; a reader finds a behaviour by asking *when* it happens:
//!
//! | when | where |
//! | --- | --- |
//! | settled before it starts | [`options`] |
//! | from the URL to the end of the opening handshake | [`connect`] |
//! | bytes to events, messages to bytes | [`wire`] |
//! | one task owns the connection until it is closed | [`socket`] |
//! | what fails, and what is refused | [`error`] |
//! | what the platform tells: system proxy, what is permitted, changes of the network | [`platform`] |
//! | the thread that it all runs on | `runtime` |
//! | the C functions, the only place where raw pointers live | `ffi` |
//! | the same for Java (feature `android`) | `android` |
//!
//! Rust programs use [`Socket`] and [`Listener`]; the C ABI and the Node addon are built on these two.

#[cfg(feature = "android")]
mod android;
pub mod connect;
pub mod error;
pub mod ffi;
pub mod options;
pub mod platform;
mod runtime;
pub mod socket;
pub mod wire;

pub use error::{Error, ErrorCode, HttpResponse, Phase, Refused};
pub use options::{Options, TlsOptions, TrustRoots};
pub use runtime::set_worker_threads;
pub use socket::{Close, Listener, Open, ReadyState, Socket, prewarm};

/// The library's version, as in its manifest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
