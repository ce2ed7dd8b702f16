//! A DEFLATE compressor (RFC 1951) that does what others avoid: it looks back as far as the window allows, to the byte.

use std::collections::HashMap;

const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// Places tried for each match.
const CANDIDATES: usize = 16;

/// Compresses with blocks of fixed codes.
pub struct Encoder {
    window: usize,
    takeover: bool,
    history: Vec<u8>,
    /// The farthest that a match has looked back.
    pub farthest: usize,
}

impl Encoder {
    /// With a window of 2 to the power of `window_bits`, kept over messages or not.
    pub fn new(window_bits: u8, takeover: bool) -> Encoder {
        Encoder { window: 1 << window_bits, takeover, history: Vec::new(), farthest: 0 }
    }

    /// The payload of a compressed message (RFC 7692, section 7.2.1).
    pub fn message(&mut self, message: &[u8]) -> Vec<u8> {
        let mut bits = Bits::default();
        self.block(message, false, &mut bits);
        bits.end_message()
    }

    /// The same as two blocks, the first of them marked as final (RFC 7692, section 7.2.3.4).
    pub fn message_with_final_block(&mut self, first: &[u8], second: &[u8]) -> Vec<u8> {
        let mut bits = Bits::default();
        self.block(first, true, &mut bits);
        bits.align();
        // What follows a final block is another stream, which knows nothing of the one before.
        self.history.clear();
        self.block(second, false, &mut bits);
        bits.end_message()
    }

    fn block(&mut self, message: &[u8], is_final: bool, bits: &mut Bits) {
        let kept = if self.takeover { self.window } else { 0 };
        self.history.drain(..self.history.len().saturating_sub(kept));
        let start = self.history.len();
        self.history.extend_from_slice(message);
        let data = &self.history;
        let mut places: HashMap<[u8; SHORTEST], Vec<usize>> = HashMap::new();
        let mut remember = |at: usize| {
            if let Some(key) = data[at..].first_chunk() {
                places.entry(*key).or_default().push(at);
            }
        };
        (0..start).for_each(&mut remember);

        bits.put(u32::from(is_final), 1);
        bits.put(1, 2);
        let mut at = start;
        while at < data.len() {
            let end = match farthest_match(&places, data, at, self.window) {
                Some((distance, length)) => {
                    self.farthest = self.farthest.max(distance);
                    bits.length(length);
                    bits.distance(distance);
                    at + length
                }
                None => {
                    bits.symbol(data[at].into());
                    at + 1
                }
            };
            for place in at..end {
                if let Some(key) = data[place..].first_chunk() {
                    places.entry(*key).or_default().push(place);
                }
            }
            at = end;
        }
        bits.symbol(256);
    }
}

/// The longest match for what is at `at`, of equally long ones the farthest: distance and length.
fn farthest_match(
    places: &HashMap<[u8; SHORTEST], Vec<usize>>,
    data: &[u8],
    at: usize,
    window: usize,
) -> Option<(usize, usize)> {
    let key: &[u8; SHORTEST] = data[at..].first_chunk()?;
    let known = places.get(key)?;
    let first = known.partition_point(|place| at - place > window);
    let length = |place: usize| {
        let pairs = data[place..].iter().zip(&data[at..]).take(LONGEST);
        pairs.take_while(|(before, now)| before == now).count()
    };
    let candidates = known[first..].iter().take(CANDIDATES);
    candidates.map(|&place| (length(place), at - place)).max().map(|(length, distance)| (distance, length))
}

/// A payload that stores its message uncompressed (RFC 1951, section 3.2.4).
pub fn stored(message: &[u8]) -> Vec<u8> {
    let mut payload = Vec::new();
    for chunk in message.chunks(usize::from(u16::MAX)) {
        let length = chunk.len() as u16;
        payload.push(0);
        payload.extend_from_slice(&length.to_le_bytes());
        payload.extend_from_slice(&(!length).to_le_bytes());
        payload.extend_from_slice(chunk);
    }
    // The empty block that ends it, less its four last bytes.
    payload.push(0);
    payload
}

/// Bits in the order of RFC 1951, section 3.1.1.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    partial: u32,
    count: u32,
}

impl Bits {
    /// Puts a number of `count` bits, the lowest first.
    fn put(&mut self, number: u32, count: u32) {
        for bit in 0..count {
            self.partial |= (number >> bit & 1) << self.count;
            self.count += 1;
            if self.count == 8 {
                self.align();
            }
        }
    }

    /// Puts a code of `count` bits, the highest first.
    fn code(&mut self, code: u32, count: u32) {
        self.put(code.reverse_bits() >> (32 - count), count);
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.bytes.push(self.partial as u8);
            (self.partial, self.count) = (0, 0);
        }
    }

    /// A literal, a length or the end of the block (section 3.2.6).
    fn symbol(&mut self, symbol: u32) {
        match symbol {
            0..144 => self.code(0x30 + symbol, 8),
            144..256 => self.code(0x190 + symbol - 144, 9),
            256..280 => self.code(symbol - 256, 7),
            _ => self.code(0xC0 + symbol - 280, 8),
        }
    }

    /// The length of a match (section 3.2.5).
    fn length(&mut self, length: usize) {
        let number = (length - SHORTEST) as u32;
        match length {
            3..11 => self.symbol(257 + number),
            LONGEST => self.symbol(285),
            _ => {
                let extra = number.ilog2() - 2;
                self.symbol(261 + 4 * extra + (number >> extra & 3));
                self.put(number & ((1 << extra) - 1), extra);
            }
        }
    }

    /// The distance of a match (section 3.2.5).
    fn distance(&mut self, distance: usize) {
        let number = distance as u32 - 1;
        if number < 4 {
            self.code(number, 5);
        } else {
            let extra = number.ilog2() - 1;
            self.code(2 * extra + 2 + (number >> extra & 1), 5);
            self.put(number & ((1 << extra) - 1), extra);
        }
    }

    /// The header of the empty stored block that ends a message; the rest of it is not sent.
    fn end_message(mut self) -> Vec<u8> {
        self.put(0, 3);
        self.align();
        self.bytes
    }
}
