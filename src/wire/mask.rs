//! Masking of what a client sends (RFC 6455, section 5.3).

use std::hash::{BuildHasher, RandomState};

const POOL: usize = 256;
/// Bytes masked at once: wide enough that the compiler uses vector registers and the checks on the vector's
/// capacity vanish beside the work.
const CHUNK: usize = 128;

/// Unpredictable masking keys; one system call serves many frames.
pub(super) struct MaskKeys {
    pool: [u8; POOL],
    /// Where the unused bytes of the pool begin.
    next: usize,
}

impl MaskKeys {
    pub(super) fn new() -> MaskKeys {
        MaskKeys { pool: [0; POOL], next: POOL }
    }

    #[inline]
    pub(super) fn next_key(&mut self) -> [u8; 4] {
        if self.next >= POOL {
            self.refill();
        }
        let mut key = [0; 4];
        key.copy_from_slice(&self.pool[self.next..self.next + 4]);
        self.next += 4;
        key
    }

    #[cold]
    fn refill(&mut self) {
        self.next = 0;
        if getrandom::fill(&mut self.pool).is_err() {
            // The opening handshake has drawn from the same source, so this does not happen; if it does, the
            // standard library's randomly keyed hash is still nothing that a script could foresee.
            let state = RandomState::new();
            for (counter, bytes) in self.pool.chunks_exact_mut(8).enumerate() {
                bytes.copy_from_slice(&state.hash_one(counter).to_ne_bytes());
            }
        }
    }
}

/// Appends `payload`, masked with `key`.
#[inline]
pub(super) fn extend_masked(out: &mut Vec<u8>, payload: &[u8], key: [u8; 4]) {
    out.reserve(payload.len());
    let mut wide = [0; CHUNK];
    for bytes in wide.chunks_exact_mut(4) {
        bytes.copy_from_slice(&key);
    }
    let (chunks, rest) = payload.as_chunks::<CHUNK>();
    for chunk in chunks {
        let mut masked = *chunk;
        for (byte, mask) in masked.iter_mut().zip(&wide) {
            *byte ^= mask;
        }
        out.extend_from_slice(&masked);
    }
    let start = out.len();
    out.extend_from_slice(rest);
    for (byte, mask) in out[start..].iter_mut().zip(&wide) {
        *byte ^= mask;
    }
}
