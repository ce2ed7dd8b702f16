//! Certificates as applications give them.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};

use crate::error::Refused;

/// Reads certificates: PEM, any number of them, or one in DER.
///
/// # Errors
/// [`Refused::InvalidArgument`]: there is no certificate, or one is not valid.
pub fn certificates(data: &[u8]) -> Result<Vec<CertificateDer<'static>>, Refused> {
    let invalid =
        |reason: String| Refused::InvalidArgument(format!("the certificate is not valid: {reason}"));
    let certificates = if is_pem(data) {
        CertificateDer::pem_slice_iter(data)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| invalid(pem_fault(&error).to_owned()))?
    } else {
        vec![CertificateDer::from(data.to_vec())]
    };
    if certificates.is_empty() {
        return Err(Refused::InvalidArgument("there is no certificate in the PEM text".to_owned()));
    }
    for certificate in &certificates {
        rustls::RootCertStore::empty()
            .add(certificate.clone())
            .map_err(|error| invalid(error.to_string()))?;
    }
    Ok(certificates)
}

/// What is wrong with a PEM text. The error's own words have the text in them, and that may be a key.
pub(super) fn pem_fault(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::IllegalSectionStart { .. } => {
            "a BEGIN line of its PEM text does not end where it should; are the line breaks lost?"
        }
        pem::Error::MissingSectionEnd { .. } => {
            "its PEM text has no END line for the BEGIN line; are line breaks lost?"
        }
        pem::Error::Base64Decode(_) => "what its PEM text holds is not Base64",
        pem::Error::NoItemsFound => "its PEM text holds none",
        _ => "its PEM text cannot be read",
    }
}

/// Whether this is PEM; otherwise it is DER.
pub(super) fn is_pem(data: &[u8]) -> bool {
    data.windows(11).any(|window| window == b"-----BEGIN ")
}
