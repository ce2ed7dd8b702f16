//! The client's own certificate.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use super::public_key::PublicKey;
use super::signer::{ExternalKey, Signer};
use super::{certificates, crypto, pem};
use crate::error::Refused;
use crate::options::HookId;

/// A certificate and its private key, with which the client proves who it is (mutual TLS).
#[derive(Clone)]
pub struct Identity {
    certified_key: Arc<CertifiedKey>,
    /// Who signs, if that is not the library.
    signer: Option<Arc<dyn Signer>>,
}

impl Identity {
    /// Reads the certificate and those of its issuers (PEM, the own one first, or one in DER; of version 1 too, for the
    /// server is to judge them) and the key (PEM or DER; PKCS #8, SEC 1 or PKCS #1; not encrypted).
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`]: one of both is not valid, or they do not belong together.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Identity, Refused> {
        let chain = certificates::read(certificate)?;
        let key = private_key(key)?;
        let provider = crypto::provider();
        // The loader takes RSA, ECDSA and EdDSA keys in turn and tells of none of them why not.
        let key = provider.key_provider.load_private_key(key).map_err(|_| {
            invalid("its kind is not supported: RSA with 2048 to 8192 bits, P-256, P-384 and Ed25519 are")
        })?;
        let public = chain.first().and_then(PublicKey::of);
        if key.public_key().is_some_and(|own| public.is_none_or(|public| own.as_ref() != public.info)) {
            let message = "the client's private key does not belong to its certificate";
            return Err(Refused::InvalidArgument(message.to_owned()));
        }
        Ok(Identity { certified_key: Arc::new(CertifiedKey::new(chain, key)), signer: None })
    }

    /// Reads certificates as [`Identity::new`] does; the private key stays with `signer`.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`]: a certificate is not valid, or has a key of another kind than RSA, P-256, P-384, P-521
    /// and Ed25519.
    pub fn with_signer(certificate: &[u8], signer: Arc<dyn Signer>) -> Result<Identity, Refused> {
        let chain = certificates::read(certificate)?;
        let key = chain.first().and_then(PublicKey::of);
        let key = key.and_then(|key| ExternalKey::new(&key, Arc::clone(&signer))).ok_or_else(|| {
            let message =
                "the key in the client's certificate is none of RSA, P-256, P-384, P-521 and Ed25519";
            Refused::InvalidArgument(message.to_owned())
        })?;
        let certified_key = Arc::new(CertifiedKey::new(chain, Arc::new(key)));
        Ok(Identity { certified_key, signer: Some(signer) })
    }

    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified_key)
    }

    /// Who signs, if that is the app, which may take its time.
    pub(crate) fn signer_id(&self) -> Option<HookId> {
        self.signer.as_ref().map(|signer| signer.id())
    }
}

/// The key in what the application gave.
fn private_key(data: &[u8]) -> Result<PrivateKeyDer<'static>, Refused> {
    let encrypted = |data: &[u8]| data.windows(9).any(|window| window == b"ENCRYPTED");
    match pem::read(data) {
        Some(_) if encrypted(data) => {
            Err(Refused::InvalidArgument("the client's private key is encrypted".to_owned()))
        }
        // The first one, as everywhere.
        Some(keys) => Ok(keys.map_err(invalid)?.remove(0)),
        None => PrivateKeyDer::try_from(data.to_vec()).map_err(|_| {
            invalid(pem::what_else(data).unwrap_or_else(|| {
                format!("{} bytes are neither PEM nor a key in DER (PKCS #8, SEC 1 or PKCS #1)", data.len())
            }))
        }),
    }
}

fn invalid(reason: impl fmt::Display) -> Refused {
    Refused::InvalidArgument(format!("the client's private key is not valid: {reason}"))
}

/// Equal certificates have equal keys: [`Identity::new`] has made sure that they belong together, and signers tell who they are.
impl PartialEq for Identity {
    fn eq(&self, other: &Identity) -> bool {
        self.signer_id() == other.signer_id() && self.certified_key.cert == other.certified_key.cert
    }
}

impl Eq for Identity {}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates)", self.certified_key.cert.len())
    }
}
