//! Masking of what a client sends (RFC 6455, section 5.3).

use std::hash::{BuildHasher, RandomState};

const POOL: usize = 256;
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

/// Appends `payload`, masked with `key`. One pass: the payload is read once and written once.
#[inline]
pub(super) fn extend_masked(out: &mut Vec<u8>, payload: &[u8], key: [u8; 4]) {
    // Chunks of a fixed size become vector instructions, and a large one makes the check of the vector's
    // capacity vanish beside the work. All sizes but the last are multiples of the key's, so that each chunk
    // begins with its first byte.
    let rest = extend_in_chunks::<128>(out, payload, key);
    let rest = extend_in_chunks::<16>(out, rest, key);
    let rest = extend_in_chunks::<4>(out, rest, key);
    rest.iter().zip(key).for_each(|(byte, mask)| out.push(byte ^ mask));
}

/// Appends as many whole chunks of `N` bytes as there are; gives what is left.
#[inline]
fn extend_in_chunks<'a, const N: usize>(out: &mut Vec<u8>, payload: &'a [u8], key: [u8; 4]) -> &'a [u8] {
    let (chunks, rest) = payload.as_chunks::<N>();
    let mut keys = [0; N];
    keys.as_chunks_mut().0.fill(key);
    for chunk in chunks {
        let mut masked = *chunk;
        for (byte, mask) in masked.iter_mut().zip(&keys) {
            *byte ^= mask;
        }
        out.extend_from_slice(&masked);
    }
    rest
}
