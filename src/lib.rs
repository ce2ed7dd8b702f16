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
//! | [`reconnect`] | one connection after another |
//! | this file | what Rust programs use |
//! | [`ffi`] | the C functions, the only place where raw pointers live |
//! | `android` | the same for Java (feature `android`) |
//!
//! Rust programs use [`Socket`] and [`Listener`]; the C ABI and the Node addon are built on these two. The crate is in no
//! registry: `cargo add --path` takes it from a checkout.
//!
//! ```
//! use std::sync::mpsc;
//!
//! use socket_task::options::{Secret, Url};
//! use socket_task::wire::Message;
//! use socket_task::{Close, Error, Listener, Open, Options, Socket};
//!
//! /// Runs on the library's thread: it hands over and returns.
//! struct Handler(mpsc::Sender<String>);
//!
//! impl Listener for Handler {
//!     fn on_open(&mut self, _: &Open) {
//!         let _ = self.0.send("open".into());
//!     }
//!     fn on_message(&mut self, message: Message<'_>) {
//!         let _ = self.0.send(String::from_utf8_lossy(message.as_bytes()).into());
//!     }
//!     fn on_error(&mut self, error: &Error) {
//!         let _ = self.0.send(error.to_string());
//!     }
//!     fn on_close(&mut self, close: &Close) {
//!         let _ = self.0.send(format!("closed with {}", close.code));
//!     }
//! }
//!
//! # let server = socket_task_testing::echo::Echo::new();
//! # let url = format!("ws://{}/echo", server.tcp());
//! let (sender, events) = mpsc::channel();
//! let mut options = Options::new(Url::parse(&url)?);
//! options.headers.push(("Authorization".into(), Secret::new("Bearer …".into())));
//! let socket = Socket::connect(options, Handler(sender))?;
//!
//! assert_eq!(events.recv()?, "open");
//! socket.send_text("hello")?;
//! assert_eq!(events.recv()?, "hello");
//! socket.close(Some(1000), "done")?;
//! assert_eq!(events.recv()?, "closed with 1000");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | feature | |
//! | --- | --- |
//! | `bundled-roots` (default) | Mozilla's root certificates, for [`TrustRoots::Bundled`] |
//! | `android` | the natives of the Java classes in `android/` |

#[cfg(feature = "android")]
mod android;
pub mod connect;
pub mod error;
pub mod ffi;
mod logging;
pub mod options;
pub mod platform;
pub mod reconnect;
mod runtime;
pub mod socket;
mod sync;
pub mod wire;

pub use error::{Error, ErrorCode, HttpResponse, Phase, Refused};
pub use logging::{LogGuard, LogLevel, LogSink, add_log_sink};
pub use options::{Options, TlsOptions, TrustRoots};
pub use reconnect::Socket;
pub use runtime::set_worker_threads;
pub use socket::{Close, Listener, Open, ReadyState, Reconnecting, Stats, prewarm, probe_all};

/// The library's version, as in its manifest.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
