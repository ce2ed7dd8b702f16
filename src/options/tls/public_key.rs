//! The public key of a certificate, whatever else is in it.

use rustls::pki_types::CertificateDer;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT Version`, which certificates of version 1 do not have.
const VERSION: u8 = 0xA0;

/// With these an AlgorithmIdentifier's content begins (RFC 8017, appendix C): rsaEncryption and id-RSASSA-PSS.
const RSA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01";
const RSA_PSS: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A";

/// The same of elliptic curves (RFC 5480, section 2.1.1; RFC 8410, section 3), which end with it.
const P256: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
const P384: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x05\x2B\x81\x04\x00\x22";
const P521: &[u8] = b"\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x05\x2B\x81\x04\x00\x23";
const ED25519: &[u8] = b"\x06\x03\x2B\x65\x70";

/// A public key with its algorithm, as a certificate has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey<'a> {
    /// The SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in DER.
    pub(crate) info: &'a [u8],
    /// The AlgorithmIdentifier's content.
    pub(crate) algorithm: &'a [u8],
    /// What its bit string holds: for RSA an RSAPublicKey.
    pub(crate) key: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// The key of `certificate`, of version 1 too and with any extensions. Nothing is checked but where the key is.
    pub(crate) fn of(certificate: &'a CertificateDer<'_>) -> Option<PublicKey<'a>> {
        let mut outer = Reader(certificate);
        let mut certificate = Reader(outer.take(SEQUENCE)?.content);
        let mut to_be_signed = Reader(certificate.take(SEQUENCE)?.content);
        if to_be_signed.0.first() == Some(&VERSION) {
            to_be_signed.take(VERSION)?;
        }
        to_be_signed.take(INTEGER)?;
        // The signature's algorithm, the issuer, the validity and the subject.
        for _ in 0..4 {
            to_be_signed.take(SEQUENCE)?;
        }
        PublicKey::read(to_be_signed.take(SEQUENCE)?)
    }

    /// The certificates in `data`, one in DER after the other; all of it is one where it is none.
    pub(super) fn split(data: &[u8]) -> Vec<CertificateDer<'static>> {
        let (mut reader, mut found) = (Reader(data), Vec::new());
        while !reader.0.is_empty() {
            let Some(certificate) = reader.take(SEQUENCE) else {
                return vec![CertificateDer::from(data.to_vec())];
            };
            found.push(CertificateDer::from(certificate.whole.to_vec()));
        }
        if found.is_empty() { vec![CertificateDer::from(data.to_vec())] } else { found }
    }

    fn read(info: Element<'a>) -> Option<PublicKey<'a>> {
        let mut content = Reader(info.content);
        let algorithm = content.take(SEQUENCE)?.content;
        let [0, key @ ..] = content.take(BIT_STRING)?.content else { return None };
        Some(PublicKey { info: info.whole, algorithm, key })
    }

    /// What kind of key it is, if it is one of those that sign in TLS.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self.algorithm {
            P256 => Some("P-256"),
            P384 => Some("P-384"),
            P521 => Some("P-521"),
            ED25519 => Some("Ed25519"),
            algorithm => algorithm.starts_with(RSA).then_some("RSA"),
        }
    }

    /// Whether it is an RSA key for RSASSA-PSS alone.
    pub(crate) fn is_rsa_pss(&self) -> bool {
        self.algorithm.starts_with(RSA_PSS)
    }

    /// The length of an RSA key (RFC 8017, appendix A.1.1), rounded up to bytes. `None` for other keys.
    pub(crate) fn rsa_bits(&self) -> Option<usize> {
        if !self.algorithm.starts_with(RSA) && !self.is_rsa_pss() {
            return None;
        }
        let modulus = Reader(Reader(self.key).take(SEQUENCE)?.content).take(INTEGER)?.content;
        let zeros = modulus.iter().take_while(|&&byte| byte == 0).count();
        Some((modulus.len() - zeros) * 8)
    }
}

#[derive(Clone, Copy)]
struct Element<'a> {
    whole: &'a [u8],
    content: &'a [u8],
}

/// Takes DER elements from the front (X.690, section 10: lengths are definite and in the shortest form).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        let (first, rest) = self.0.split_first()?;
        let (&length, rest) = rest.split_first()?;
        let (length, rest) = match length {
            0..=0x7F => (usize::from(length), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
                let length = bytes.iter().fold(0_u64, |length, &byte| length << 8 | u64::from(byte));
                (usize::try_from(length).ok()?, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        (*first == tag).then_some(Element { whole, content })
    }
}

#[cfg(test)]
mod tests {
    use rustls::server::ParsedCertificate;

    use super::*;
    use crate::options::certificates;

    #[test]
    fn finds_the_key() {
        for pem in [&include_bytes!("testdata/ec.pem")[..], include_bytes!("testdata/rsa.pem")] {
            let certificate = certificates(pem).unwrap().remove(0);
            let expected = ParsedCertificate::try_from(&certificate).unwrap().subject_public_key_info();
            assert_eq!(PublicKey::of(&certificate).unwrap().info, expected.as_ref());
        }
        let bits = |pem: &[u8]| PublicKey::of(&certificates(pem).unwrap()[0]).unwrap().rsa_bits();
        assert_eq!(bits(include_bytes!("testdata/rsa.pem")), Some(2048));
        assert_eq!(bits(include_bytes!("testdata/ec.pem")), None);
    }

    #[test]
    fn what_is_no_certificate_has_no_key() {
        let whole = certificates(include_bytes!("testdata/rsa.pem")).unwrap().remove(0);
        for length in 0..whole.len() {
            let cut = CertificateDer::from(whole[..length].to_vec());
            assert_eq!(PublicKey::of(&cut), None, "{length}");
        }
        for index in 0..whole.len() {
            for value in [0, 0x7F, 0x80, 0x84, 0xFF] {
                let mut changed = whole.to_vec();
                changed[index] = value;
                // Whatever it finds, it looks at nothing outside.
                let _ = PublicKey::of(&CertificateDer::from(changed)).map(|key| key.rsa_bits());
            }
        }
    }
}
