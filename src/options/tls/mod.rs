//! How both sides of a `wss:` connection are authenticated.

mod certificates;
pub(crate) mod crypto;
mod digest;
mod identity;

use rustls::pki_types::{CertificateDer, ServerName};

use crate::error::Refused;
pub use certificates::certificates;
pub use digest::Sha256;
pub use identity::Identity;

/// Which certificate authorities are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrustRoots {
    /// The platform's own, checked by the platform's own verifier.
    #[default]
    System,
    /// Mozilla's, as they were when the library was built (feature `bundled-roots`).
    Bundled,
    /// None but the ones in [`TlsOptions::extra_roots`].
    None,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// The roots to start from.
    pub roots: TrustRoots,
    /// Certificate authorities trusted beside `roots`; see [`certificates`]. The
    /// server's own certificate can be among them.
    pub extra_roots: Vec<CertificateDer<'static>>,
    /// If there are any, one certificate of the verified chain must have one of these public keys: SHA-256
    /// digests of the SubjectPublicKeyInfo. A root that the server does not send is known here
    /// when it is in `extra_roots` or one of the bundled roots.
    pub pins: Vec<Sha256>,
    /// Fingerprints (SHA-256 of the DER form) of server certificates to accept as they are, whoever
    /// issued them, for whatever host and time. `pins` still apply.
    pub accepted_certificates: Vec<Sha256>,
    /// The client's own certificate, for servers that ask for one.
    pub identity: Option<Identity>,
    /// The name to ask the server for and to find in its certificate, instead of the URL's host.
    pub server_name: Option<String>,
    /// The lowest version to accept.
    pub min_version: TlsVersion,
}

impl TlsOptions {
    /// Checks what the types cannot express.
    ///
    /// # Errors
    /// [`Refused::InvalidArgument`], which names the option.
    pub fn validate(&self) -> Result<(), Refused> {
        let invalid = |message: String| Err(Refused::InvalidArgument(message));
        if let Some(name) = &self.server_name
            && ServerName::try_from(name.as_str()).is_err()
        {
            return invalid(format!("{name:?} cannot be the name in a server's certificate"));
        }
        let nothing = self.extra_roots.is_empty() && self.accepted_certificates.is_empty();
        match self.roots {
            TrustRoots::None if nothing => invalid(
                "no certificate authority is trusted: without roots there must be extra ones or accepted certificates"
                    .to_owned(),
            ),
            TrustRoots::Bundled if !cfg!(feature = "bundled-roots") => {
                invalid("the library was built without bundled roots".to_owned())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
