//! Percent-encoding (URL Standard, section 1.3).

/// What a percent-encode set has besides the C0 control set, which every set has.
pub(super) type Set = &'static [u8];

pub(super) const QUERY: Set = b" \"#<>'";
pub(super) const PATH: Set = b" \"#<>?^`{}";
pub(super) const USERINFO: Set = b" \"#<>?^`{}/:;=@[\\]|";

/// Appends `text` to `encoded`, with the bytes of `set` and those outside printable ASCII percent-encoded.
pub(super) fn encode(text: &str, set: Set, encoded: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if matches!(byte, 0x20..0x7F) && !set.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// The bytes that `text` stands for. A `%` without two digits stands for itself.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair =
            (bytes[at] == b'%').then(|| digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2)))).flatten();
        if let Some((high, low)) = pair {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}
