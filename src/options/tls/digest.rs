//! SHA-256 digests of certificates and keys, as people write them.

use std::fmt;

use data_encoding::BASE64;

use crate::error::Refused;

/// A SHA-256 digest: of a certificate (its fingerprint) or of a public key (a pin).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `data`.
    pub(crate) fn of(data: &[u8]) -> Sha256 {
        let mut digest = [0; 32];
        digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, data).as_ref());
        Sha256(digest)
    }

    /// Reads a digest in Base64, with or without `sha256/` before it, or in hexadecimal digits, with or
    /// without colons between the bytes.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`] for any other text.
    pub fn parse(text: &str) -> Result<Sha256, Refused> {
        let digest = text.strip_prefix("sha256/").unwrap_or(text);
        let hex = digest.replace(':', "");
        let bytes = match hex.len() {
            64 => read_digits(hex.bytes(), 4, |digit| char::from(digit).to_digit(16)),
            _ => digest
                .strip_suffix('=')
                .filter(|digits| digits.len() == 43)
                .and_then(|digits| read_digits(digits.bytes(), 6, base64_digit)),
        };
        bytes.map(Sha256).ok_or_else(|| {
            Refused::InvalidArgument(format!(
                "a text of length {} is no SHA-256 digest: give sha256/ and 44 characters of Base64, or 64 hexadecimal digits",
                text.len()
            ))
        })
    }
}

/// Puts digits of `width` bits each together; what is left over of the last one must be zero. The decoder of
/// data-encoding, of which everything else needs only the encoder, would add 45 kB to the library.
fn read_digits(
    digits: impl Iterator<Item = u8>,
    width: u32,
    value: impl Fn(u8) -> Option<u32>,
) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (mut filled, mut bits, mut pending) = (0, 0, 0);
    for digit in digits {
        pending = pending << width | value(digit)?;
        bits += width;
        if bits >= 8 {
            bits -= 8;
            *bytes.get_mut(filled)? = (pending >> bits) as u8;
            pending &= (1 << bits) - 1;
            filled += 1;
        }
    }
    (filled == bytes.len() && pending == 0).then_some(bytes)
}

fn base64_digit(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256/{}", BASE64.encode(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_spelling() {
        // The digest of the empty string, FIPS 180-4.
        let base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let colons: Vec<String> = hex
            .to_uppercase()
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).into())
            .collect();
        let expected = Sha256::of(b"");
        for text in [base64, &format!("sha256/{base64}"), hex, &colons.join(":")] {
            assert_eq!(Sha256::parse(text), Ok(expected), "{text}");
        }
        assert_eq!(expected.to_string(), format!("sha256/{base64}"));
    }

    #[test]
    fn reads_what_it_writes() {
        for seed in 0..100_u8 {
            let digest = Sha256::of(&[seed]);
            assert_eq!(Sha256::parse(&digest.to_string()), Ok(digest));
        }
    }

    #[test]
    fn refuses_other_texts() {
        let digest = Sha256::of(b"").to_string();
        for text in [
            "",
            "sha256/",
            "sha1/2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
            "47DEQpj8HBSa",
            &"g".repeat(64),
            &"é".repeat(32),
            &digest.replace('=', ""),
            &digest.replace("U=", "=="),
            &format!("{digest}="),
            &digest.replace('+', "-"),
            // Two bits more than a digest has.
            &digest.replace("U=", "V="),
        ] {
            assert!(matches!(Sha256::parse(text), Err(Refused::InvalidArgument(_))), "{text}");
        }
    }
}
