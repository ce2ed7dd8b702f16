//! permessage-deflate (RFC 7692): what is offered, what was agreed, and the two directions.

mod deflater;
mod inflater;
mod negotiation;

pub use deflater::{Deflater, Step};
pub use inflater::Inflater;
pub use negotiation::{DeflateOptions, Negotiated};

/// The extension's registered name.
pub(super) const NAME: &str = "permessage-deflate";
/// The end of every flushed block, which is not sent (RFC 7692, section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];
/// zlib has no smaller window for a stream without header.
const MIN_ZLIB_WINDOW_BITS: u8 = 9;
const MAX_WINDOW_BITS: u8 = 15;

#[cfg(test)]
mod tests;
