//! Whether the server has signed the handshake with the key of its certificate.

use std::fmt;
use std::sync::Arc;

use ring::signature::{
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    UnparsedPublicKey, VerificationAlgorithm,
};
use rustls::SignatureScheme::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use crate::options::tls::PublicKey;

/// RSASSA-PSS with keys that are for nothing else (RFC 8446, section 4.2.3).
const PSS_KEY_SCHEMES: [(SignatureScheme, &ring::signature::RsaParameters); 3] = [
    (SignatureScheme::Unknown(0x080B), &ring::signature::RSA_PSS_2048_8192_SHA512),
    (SignatureScheme::Unknown(0x080A), &ring::signature::RSA_PSS_2048_8192_SHA384),
    (SignatureScheme::Unknown(0x0809), &ring::signature::RSA_PSS_2048_8192_SHA256),
];

/// The shortest RSA key for which there are all signatures.
const RSA_BITS: usize = 2048;

/// There is no algorithm for what the server's key signs so.
#[derive(Debug)]
pub(super) struct Unverifiable {
    bits: usize,
}

impl fmt::Display for Unverifiable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the server's key is RSA with {} bits, and signatures of one shorter than {RSA_BITS} are verified only if they are \
             of TLS 1.2, PKCS #1, and SHA-256 or SHA-512",
            self.bits
        )
    }
}

impl std::error::Error for Unverifiable {}

/// The version of TLS whose rules for signatures hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Tls12,
    Tls13,
}

/// The schemes to offer. `any` is for servers whose certificates are accepted by their fingerprints: schemes for more kinds
/// of keys, and for TLS 1.2 PKCS #1 first, which alone serves for the short RSA keys of old devices.
pub(super) fn schemes(algorithms: &WebPkiSupportedAlgorithms, any: bool) -> Vec<SignatureScheme> {
    let mut schemes = algorithms.supported_schemes();
    if any {
        schemes.sort_by_key(|scheme| !is_pkcs1(*scheme));
        schemes.extend(PSS_KEY_SCHEMES.map(|(scheme, _)| scheme));
    }
    schemes
}

fn is_pkcs1(scheme: SignatureScheme) -> bool {
    matches!(scheme, RSA_PKCS1_SHA256 | RSA_PKCS1_SHA384 | RSA_PKCS1_SHA512)
}

/// Checks the signature by the key of `certificate`. With `any` nothing else in the certificate counts, nor the length of
/// its key: it was accepted by its fingerprint.
pub(super) fn verify(
    version: Version,
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
    any: bool,
) -> Result<HandshakeSignatureValid, Error> {
    if any {
        return verify_by_key(version, message, certificate, signed, algorithms);
    }
    match version {
        Version::Tls12 => verify_tls12_signature(message, certificate, signed, algorithms),
        Version::Tls13 => verify_tls13_signature(message, certificate, signed, algorithms),
    }
}

fn verify_by_key(
    version: Version,
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let key = PublicKey::of(certificate).ok_or(CertificateError::BadEncoding)?;
    let short = key.rsa_bits().filter(|&bits| bits < RSA_BITS);
    if let Some(bits) = short
        && (version == Version::Tls13 || !matches!(signed.scheme, RSA_PKCS1_SHA256 | RSA_PKCS1_SHA512))
    {
        return Err(Error::Other(OtherError(Arc::new(Unverifiable { bits }))));
    }
    let by = |algorithm: &'static dyn VerificationAlgorithm| {
        UnparsedPublicKey::new(algorithm, key.key).verify(message, signed.signature()).is_ok()
    };
    let pss = PSS_KEY_SCHEMES.into_iter().find(|(scheme, _)| *scheme == signed.scheme);
    let is_valid = match (signed.scheme, pss) {
        (_, Some((_, algorithm))) => key.is_rsa_pss() && by(algorithm),
        (scheme, None) if version == Version::Tls13 && is_pkcs1(scheme) => false,
        (RSA_PKCS1_SHA256, None) if short.is_some() => by(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (RSA_PKCS1_SHA512, None) if short.is_some() => by(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (scheme, None) => {
            let found = algorithms.mapping.iter().find(|(known, _)| *known == scheme);
            let candidates = found.map_or(&[][..], |(_, candidates)| *candidates);
            // A scheme names curve and hash in TLS 1.3, and only the hash in TLS 1.2 (RFC 8446, section 4.2.3).
            let count = if version == Version::Tls13 { candidates.len().min(1) } else { candidates.len() };
            candidates[..count]
                .iter()
                .find(|algorithm| algorithm.public_key_alg_id().as_ref() == key.algorithm)
                .is_some_and(|algorithm| {
                    algorithm.verify_signature(key.key, message, signed.signature()).is_ok()
                })
        }
    };
    match is_valid {
        true => Ok(HandshakeSignatureValid::assertion()),
        false => Err(CertificateError::BadSignature.into()),
    }
}
