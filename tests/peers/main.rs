//! Connections through and to programs that others wrote: nginx, tinyproxy, microsocks, OpenSSL.
//!
//! They are Debian packages of these names; on a machine that has them:
//! `cargo test --test peers -- --ignored`.

mod client;
#[cfg(target_os = "linux")]
mod nat64;
mod nginx;
mod proxies;
mod server;
mod tls;
