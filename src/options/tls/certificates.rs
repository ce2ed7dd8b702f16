//! Certificates as applications give them.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

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
            .map_err(|error| invalid(error.to_string()))?
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

/// Whether this is PEM; otherwise it is DER.
pub(super) fn is_pem(data: &[u8]) -> bool {
    data.windows(11).any(|window| window == b"-----BEGIN ")
}
