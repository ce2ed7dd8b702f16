//! Connections of the safe Rust API against real servers: what a listener is told, and in which order.
//!
//! Every test ends with [`recording::Recording::finish`], which holds the whole sequence of events against the
//! listener's contract.

mod backpressure;
mod closing;
mod conformance;
mod echo;
mod ending;
mod fairness;
// They need a slow resolver, which stands in the place of POSIX getaddrinfo.
#[cfg(unix)]
mod hooks;
mod keepalive;
mod opening;
mod platform;
mod prewarm;
mod recording;
mod refusal;
mod release;
mod servers;
#[cfg(unix)]
mod slow_dns;
mod slow_peer;
mod timeout;
mod tls;
