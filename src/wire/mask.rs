//! Masking of what a client sends (RFC 6455, section 5.3).

use rand::Rng;

const POOL: usize = 256;

/// Unpredictable masking keys, many drawn at once.
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
        rand::rng().fill_bytes(&mut self.pool);
    }
}

/// From this length on a payload is masked while it is copied. A shorter one stays in the processor's cache, where
/// masking it afterwards takes less than checking the room in the vector again and again.
const LONG: usize = 1024;

/// Appends `payload`, masked with `key`.
#[inline]
pub(super) fn extend_masked(out: &mut Vec<u8>, payload: &[u8], key: [u8; 4]) {
    // Chunks of a fixed size become vector instructions. The size is a multiple of the key's, so that each chunk
    // begins with its first byte.
    let (chunks, rest) = if payload.len() < LONG { (&[][..], payload) } else { payload.as_chunks::<128>() };
    for chunk in chunks {
        let mut masked = *chunk;
        mask(&mut masked, key);
        out.extend_from_slice(&masked);
    }
    let start = out.len();
    out.extend_from_slice(rest);
    mask(&mut out[start..], key);
}

/// Masks `bytes`, the first of which is the first of its payload.
#[inline]
fn mask(bytes: &mut [u8], key: [u8; 4]) {
    let word = u32::from_ne_bytes(key);
    let (blocks, rest) = bytes.as_chunks_mut::<16>();
    for block in blocks {
        for word_of in block.as_chunks_mut().0 {
            *word_of = (u32::from_ne_bytes(*word_of) ^ word).to_ne_bytes();
        }
    }
    let (words, rest) = rest.as_chunks_mut();
    for word_of in words {
        *word_of = (u32::from_ne_bytes(*word_of) ^ word).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(key) {
        *byte ^= mask;
    }
}
