//! How both sides of a `wss:` connection are authenticated.

mod certificates;
pub(crate) mod crypto;
mod digest;
mod identity;
mod pem;
mod public_key;
mod signer;

use std::fmt;

use rustls::pki_types::CertificateDer;

use super::check;
use crate::error::Refused;
pub use certificates::certificates;
pub use digest::Sha256;
pub use identity::Identity;
pub(crate) use public_key::PublicKey;
pub use signer::{SignatureAlgorithm, Signer};

/// Which certificate authorities are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrustRoots {
    /// The platform's own, checked by the platform's own verifier.
    #[default]
    System,
    /// Mozilla's, as they were when the library was built (feature `bundled-roots`).
    Bundled,
    /// None but the ones in [`TlsOptions::ca_certificates`].
    None,
}

impl TrustRoots {
    /// The same, if this library has them.
    pub(crate) fn available(self) -> Result<TrustRoots, Refused> {
        match self {
            TrustRoots::Bundled if !cfg!(feature = "bundled-roots") => Err(Refused::InvalidArgument(
                "this library was built without bundled root certificates".to_owned(),
            )),
            roots => Ok(roots),
        }
    }
}

/// The lowest TLS version to accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    #[default]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// How both sides of a `wss:` connection are authenticated.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// The roots to start from.
    pub roots: TrustRoots,
    /// Certificate authorities trusted beside `roots`; see [`certificates()`]. The
    /// server's own certificate can be among them.
    pub ca_certificates: Vec<CertificateDer<'static>>,
    /// If there are any, one certificate of the verified chain must have one of these public keys: SHA-256
    /// digests of the SubjectPublicKeyInfo. A root that the server does not send is known here
    /// when it is in `ca_certificates` or one of the bundled roots.
    pub pins: Vec<Sha256>,
    /// Fingerprints (SHA-256 of the DER form) of server certificates to accept as they are, whoever
    /// issued them, for whatever host and time. `pins` still apply.
    pub accepted_certificates: Vec<Sha256>,
    /// The client's own certificate, for servers that ask for one.
    pub client_certificate: Option<Identity>,
    /// The name to ask the server for and to find in its certificate, instead of the URL's host.
    pub server_name: Option<String>,
    /// The lowest version to accept.
    pub min_version: TlsVersion,
}

impl fmt::Debug for TlsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsOptions")
            .field("roots", &self.roots)
            .field("ca_certificates", &self.ca_certificates.len())
            .field("pins", &self.pins.len())
            .field("accepted_certificates", &self.accepted_certificates.len())
            .field("client_certificate", &self.client_certificate)
            .field("server_name", &self.server_name)
            .field("min_version", &self.min_version)
            .finish()
    }
}

impl TlsOptions {
    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        self.server_name.as_deref().map_or(Ok(()), check::server_name)?;
        self.roots.available()?;
        if matches!(self.roots, TrustRoots::None)
            && self.ca_certificates.is_empty()
            && self.accepted_certificates.is_empty()
        {
            return Err(Refused::InvalidArgument(
                "no certificate authority is trusted: without roots there must be authorities or accepted certificates"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
