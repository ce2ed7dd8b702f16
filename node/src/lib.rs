//! The Node half of the seam that `js/native/NativeSocket.ts` describes: the core behind Node-API.
//!
//! [`session`] one module instance, with its [`sockets`] and the [`queue`] of their events · [`socket`] one connection ·
//! [`listener`] and [`flow`] between a connection and the queue · [`cookies`] what a connection asks JavaScript ·
//! [`event`] what goes through the queue, and how JavaScript sees it · [`options`] what `connect` is given

mod cookies;
mod event;
mod flow;
mod listener;
mod lock;
mod options;
mod queue;
mod refusal;
mod session;
mod socket;
mod sockets;

use napi_derive::napi;

/// The version of the core library.
#[napi(js_name = "version")]
pub const VERSION: &str = socket_task::VERSION;
