//! The Node half of the seam that `js/native/seam.ts` describes: the core behind Node-API.
//!
//! [`session`] one module instance, with its [`sockets`] and the [`queue`] of their events · [`socket`] one connection ·
//! [`listener`] and [`flow`] between a connection and the queue · [`cookies`] and [`questions`] what a connection asks JavaScript ·
//! [`event`] what goes through the queue, and the [`arguments`] that it is for JavaScript · [`options`] what `connect` is given ·
//! [`log`] and its [`line`]s · [`extra_roots`] whom Node trusts besides

mod arguments;
mod cookies;
mod event;
mod extra_roots;
mod flow;
mod line;
mod listener;
mod lock;
mod log;
mod options;
mod questions;
mod queue;
mod refusal;
mod session;
mod socket;
mod sockets;

use napi::bindgen_prelude::Object;
use napi_derive::napi;
use socket_task::options::Url;

/// The version of the seam that this addon was written for; `SEAM` in `js/native/seam.ts`.
const SEAM: u32 = 6;

/// Adds the constants of `NativeModule`. The macro names a constant as Rust does, whatever `js_name` says.
#[napi(module_exports)]
pub fn add_constants(mut exports: Object<'_>) -> napi::Result<()> {
    extra_roots::note_file();
    exports.set("version", socket_task::VERSION)?;
    exports.set("seam", SEAM)
}

/// Reads a URL and serializes it as the URL Standard does.
#[napi]
pub fn serialize_url(url: String) -> refusal::Result<String> {
    Url::parse(&url).map(|url| url.serialization()).map_err(refusal::refusal)
}
