//! Certificates as applications give them.

use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, Error as TlsError};

use super::pem;
use super::public_key::PublicKey;
use crate::error::Refused;

/// Reads certificates that are to be trusted: any number of them, in PEM, or in DER one after the other.
///
/// # Errors
/// [`Refused::InvalidArgument`]: there is no certificate, or one is not valid.
pub fn certificates(data: &[u8]) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let certificates = read(data)?;
    for certificate in &certificates {
        rustls::RootCertStore::empty().add(certificate.clone()).map_err(|error| {
            invalid(match error {
                TlsError::InvalidCertificate(CertificateError::UnhandledCriticalExtension) => {
                    "it has a critical extension that is not known here".to_owned()
                }
                _ => "it cannot be read as an X.509 certificate".to_owned(),
            })
        })?;
    }
    Ok(certificates)
}

/// Reads certificates of any version, with any extensions, as long as they have a public key.
pub(super) fn read(data: &[u8]) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let certificates = match pem::read(data) {
        Some(certificates) => certificates.map_err(invalid)?,
        None => PublicKey::split(data),
    };
    match certificates.iter().find(|certificate| PublicKey::of(certificate).is_none()) {
        None => Ok(certificates),
        Some(other) => {
            Err(invalid(pem::what_else(other).unwrap_or_else(|| {
                format!("{} bytes are neither PEM nor a certificate in DER", other.len())
            })))
        }
    }
}

fn invalid(reason: String) -> Refused {
    Refused::InvalidArgument(format!("the certificate is not valid: {reason}"))
}
