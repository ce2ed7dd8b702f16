//! The client's own certificate.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::CertifiedKey;

use super::certificates::{certificates, is_pem, pem_fault};
use super::crypto;
use crate::error::Refused;

/// A certificate and its private key, with which the client proves who it is (mutual TLS).
#[derive(Clone)]
pub struct Identity(Arc<CertifiedKey>);

impl Identity {
    /// Reads the certificate and those of its issuers (PEM, the own one first, or one in DER) and the
    /// key (PEM or DER; PKCS #8, SEC 1 or PKCS #1; not encrypted).
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`]: one of both is not valid, or they do not belong together.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Identity, Refused> {
        let invalid = |reason: String| Refused::InvalidArgument(reason);
        let chain = certificates(certificate)?;
        let key = if is_pem(key) {
            if key.windows(9).any(|window| window == b"ENCRYPTED") {
                return Err(invalid("the client's private key is encrypted".to_owned()));
            }
            PrivateKeyDer::from_pem_slice(key).map_err(|error| pem_fault(&error))
        } else {
            PrivateKeyDer::try_from(key.to_vec())
        };
        let key =
            key.map_err(|reason| invalid(format!("the client's private key is not valid: {reason}")))?;
        match CertifiedKey::from_der(chain, key, &crypto::provider()) {
            Ok(certified) => Ok(Identity(Arc::new(certified))),
            Err(rustls::Error::InconsistentKeys(_)) => {
                Err(invalid("the client's private key does not belong to its certificate".to_owned()))
            }
            Err(error) => Err(invalid(format!("the client's private key is not valid: {error}"))),
        }
    }

    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0)
    }
}

/// Equal certificates have equal keys: [`Identity::new`] has made sure that they belong together.
impl PartialEq for Identity {
    fn eq(&self, other: &Identity) -> bool {
        self.0.cert == other.0.cert
    }
}

impl Eq for Identity {}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({} certificates)", self.0.cert.len())
    }
}
