//! What the tests of socket-task share: certificates made on the fly, an echo server on tokio-tungstenite
//! (the independent peer) and a scripted server for everything that a proper one never does.

pub mod certificates;
pub mod chaos;
mod compressed;
pub mod deflate;
pub mod echo;
pub mod frame;
pub mod http;
pub mod proxy;
pub mod raw;
