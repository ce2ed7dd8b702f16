//! permessage-deflate (RFC 7692) against a server whose compression is another implementation: decompression by
//! miniz_oxide, compression by [`encoder`], which goes to the limits of what the client has to accept.
//!
//! Every test ends with [`recording::Recording::finish`], as those of `tests/socket` do.

mod blocks;
mod callers;
mod decoder;
mod encoder;
mod faults;
#[path = "../socket/recording.rs"]
#[allow(dead_code)]
mod recording;
mod server;
#[path = "../socket/servers.rs"]
#[allow(dead_code)]
mod servers;
mod windows;
