//! The C ABI. What each function promises stands in its documentation, and so in the header.
//!
//! | file | what it holds |
//! | --- | --- |
//! | [`types`] | what several functions and structs have in common: handle, text, header field, span of time |
//! | [`status`] | what a call returns, and the text of the last failure |
//! | `entry` | how every function is entered: panics and bad pointers are contained |
//! | [`error`] | why a connection failed |
//! | [`names`] | what the numbers are called |
//! | [`message`] | messages, and how to keep them |
//! | [`listener`] | the other events, and the listener that calls C |
//! | `handle` | the registry that makes stale handles harmless |
//! | [`callbacks`] | before `connect`: which functions are called |
//! | [`options`] | before `connect`: the opening handshake, times and limits |
//! | [`tls`] | before `connect`: how both sides are authenticated |
//! | [`network`] | before `connect`: addresses, proxies, redirects |
//! | [`reconnect`] | before `connect`: one connection after another, and the answers to what is asked meanwhile |
//! | `questions` | the answers that are waited for |
//! | [`hooks`] | what the library asks while it connects |
//! | [`version`] | which library this is, and for which header |
//! | [`signer`] | a private key of the client's that somebody else has |
//! | [`socket`] | `create`, `connect`, `send`, `close`, `release` and what can be asked |
//! | [`platform`] | for the whole process: the system's proxy, and signs that the network changed |
//! | [`logger`] | the log |
//!
//! Names are those of the header, hence their case.
#![allow(non_camel_case_types, unsafe_code)]

pub mod callbacks;
mod entry;
pub mod error;
mod handle;
pub mod hooks;
pub mod listener;
pub mod logger;
pub mod message;
pub mod names;
pub mod network;
pub mod options;
pub mod platform;
mod questions;
pub mod reconnect;
pub mod signer;
pub mod socket;
pub mod status;
pub mod tls;
pub mod types;
pub mod version;
