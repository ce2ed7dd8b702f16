//! Private keys that stay where they are: in a key store of the platform, on a chip, on a card.

use std::fmt;
use std::sync::Arc;

use rustls::sign::{Signer as TlsSigner, SigningKey};
use rustls::{Error, SignatureAlgorithm as KeyKind, SignatureScheme};

use super::public_key::PublicKey;
use crate::options::hook::{self, HookId};

/// How a signature is made: the numbers of TLS (RFC 8446, section 4.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum SignatureAlgorithm {
    /// ECDSA with P-256 and SHA-256; like all of ECDSA in DER, r and s.
    EcdsaP256Sha256 = 0x0403,
    /// ECDSA with P-384 and SHA-384.
    EcdsaP384Sha384 = 0x0503,
    /// ECDSA with P-521 and SHA-512.
    EcdsaP521Sha512 = 0x0603,
    /// RSASSA-PSS with SHA-256, for the mask too, and a salt as long as the digest. TLS 1.3 has no other kind of RSA.
    RsaPssSha256 = 0x0804,
    /// The same with SHA-384.
    RsaPssSha384 = 0x0805,
    /// The same with SHA-512.
    RsaPssSha512 = 0x0806,
    /// Ed25519.
    Ed25519 = 0x0807,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256 = 0x0401,
    /// The same with SHA-384.
    RsaPkcs1Sha384 = 0x0501,
    /// The same with SHA-512.
    RsaPkcs1Sha512 = 0x0601,
}

const RSA: [SignatureAlgorithm; 6] = [
    SignatureAlgorithm::RsaPssSha256,
    SignatureAlgorithm::RsaPssSha384,
    SignatureAlgorithm::RsaPssSha512,
    SignatureAlgorithm::RsaPkcs1Sha256,
    SignatureAlgorithm::RsaPkcs1Sha384,
    SignatureAlgorithm::RsaPkcs1Sha512,
];

/// Whoever has the private key of a client's certificate.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Signs `message`, the whole of it and no digest, once for each TLS handshake in which the server asks for the
    /// certificate. `None` when that cannot be done: the handshake fails then. Called on a thread that may block, and for
    /// different connections on several at once.
    fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Option<Vec<u8>>;

    /// Signers with the same identity have the same key; by default each is alone. See [`crate::prewarm`].
    fn id(&self) -> HookId {
        hook::address(self)
    }
}

/// The key of a certificate, in the hands of a [`Signer`].
#[derive(Debug)]
pub(super) struct ExternalKey {
    signer: Arc<dyn Signer>,
    kind: KeyKind,
    algorithms: &'static [SignatureAlgorithm],
}

impl ExternalKey {
    /// `None` for a key with which nothing here can be signed.
    pub(super) fn new(key: &PublicKey<'_>, signer: Arc<dyn Signer>) -> Option<ExternalKey> {
        let (kind, algorithms): (_, &[_]) = match key.name()? {
            "RSA" => (KeyKind::RSA, &RSA),
            "P-256" => (KeyKind::ECDSA, &[SignatureAlgorithm::EcdsaP256Sha256]),
            "P-384" => (KeyKind::ECDSA, &[SignatureAlgorithm::EcdsaP384Sha384]),
            "P-521" => (KeyKind::ECDSA, &[SignatureAlgorithm::EcdsaP521Sha512]),
            _ => (KeyKind::ED25519, &[SignatureAlgorithm::Ed25519]),
        };
        Some(ExternalKey { signer, kind, algorithms })
    }
}

impl SigningKey for ExternalKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn TlsSigner>> {
        let is_offered = |algorithm: &&SignatureAlgorithm| offered.contains(&scheme(**algorithm));
        let algorithm = *self.algorithms.iter().find(is_offered)?;
        Some(Box::new(Signature { signer: Arc::clone(&self.signer), algorithm }))
    }

    fn algorithm(&self) -> KeyKind {
        self.kind
    }
}

#[derive(Debug)]
struct Signature {
    signer: Arc<dyn Signer>,
    algorithm: SignatureAlgorithm,
}

impl TlsSigner for Signature {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = self.signer.sign(self.algorithm, message);
        signature
            .ok_or_else(|| Error::General("the app has not signed for the client's certificate".to_owned()))
    }

    fn scheme(&self) -> SignatureScheme {
        scheme(self.algorithm)
    }
}

fn scheme(algorithm: SignatureAlgorithm) -> SignatureScheme {
    SignatureScheme::from(algorithm as u16)
}
