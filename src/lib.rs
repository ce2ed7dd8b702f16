//! # socket-task
//!
//! A WebSocket client (RFC 6455, RFC 7692) for React Native, Taro, Node and C. One core, the same
//! on every platform, behind a C ABI whose header is `include/socket_task.h`.
//!
//! The modules follow a connection's life; a reader finds a behaviour by asking *when* it happens. They are floors of
//! a house: each stands only on those above it in this table, and no two files stand on each other
//! (`scripts/floors.mjs` sees to both).
//!
//! | floor | what it holds |
//! | --- | --- |
//! | [`error`] | what fails, and what is refused |
//! | [`wire`] | bytes to events, messages to bytes, without I/O |
//! | `runtime` | beside `wire`: the thread that it all runs on |
//! | [`options`] | the words: what is settled before a connection starts |
//! | [`platform`] | what the platform tells: the system's proxy, what is permitted |
//! | [`connect`] | the acts: from the URL to the end of the opening handshake |
//! | [`socket`] | one task owns the connection until it is closed |
//! | this file | what Rust programs use |
//! | [`ffi`] | the C functions, the only place where raw pointers live |
//! | `android` | the same for Java (feature `android`) |
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
pub use socket::{Close, Listener, Open, ReadyState, Socket, prewarm, probe_all};

/// The library's version, as in its manifest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
