//! The C ABI. What each function promises stands in its documentation, and so in the header.
//!
//! | file | what it holds |
//! | --- | --- |
//! | [`error`] | statuses, the last error's text, the error event |
//! | [`handle`] | handles, and the registry that makes stale ones harmless |
//! | [`options`] | before `connect`: the opening handshake, times and limits |
//! | [`tls`] | before `connect`: how both sides are authenticated |
//! | [`network`] | before `connect`: addresses, proxies, redirects |
//! | [`hooks`] | what the library asks while it connects |
//! | [`callbacks`] | registration, and the listener that calls C |
//! | [`message`] | messages, and how to keep them |
//! | [`socket`] | `create`, `connect`, `send`, `close`, `release` and what can be asked |
//! | [`platform`] | for the whole process: the system's proxy, and signs that the network changed |
//! | [`logger`] | the log |
//! | [`entry`] | how every function is entered: panics and bad pointers are contained |
//!
//! Names are those of the header, hence their case.
#![allow(non_camel_case_types, unsafe_code)]

pub mod callbacks;
mod entry;
pub mod error;
pub mod handle;
pub mod hooks;
pub mod logger;
pub mod message;
pub mod network;
pub mod options;
pub mod platform;
pub mod socket;
pub mod tls;
