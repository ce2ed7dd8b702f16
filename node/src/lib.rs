//! The Node half of the seam that `js/native/NativeSocket.ts` describes: the core behind Node-API.
//!
//! [`session`] sockets of one module instance and their event queue · [`socket`] one connection ·
//! [`cookies`] what a connection asks JavaScript ·
//! [`event`] what goes through the queue, and how JavaScript sees it · [`options`] what `connect` is given

mod cookies;
mod event;
mod options;
mod queue;
mod refusal;
mod session;
mod socket;

use napi_derive::napi;

/// The version of the core library.
#[napi(js_name = "version")]
pub const VERSION: &str = socket_task::VERSION;
