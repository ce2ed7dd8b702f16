//! Whether the server's certificate is acceptable.

use std::fmt;
use std::sync::Arc;
#[cfg(target_os = "android")]
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};

use super::signature::{self, Version::Tls12, Version::Tls13};
use crate::options::tls::PublicKey;
use crate::options::{Sha256, TlsOptions, TrustRoots};

/// No certificate of the chain has a pinned key. Holds the pins of the keys that were there.
#[derive(Debug)]
pub(super) struct PinMismatch(pub(super) Vec<Sha256>);

impl fmt::Display for PinMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen: Vec<String> = self.0.iter().map(Sha256::to_string).collect();
        write!(f, "no certificate of the chain has a pinned key; the keys seen are {}", seen.join(", "))
    }
}

impl std::error::Error for PinMismatch {}

/// The certificate's signature is not of the authority that it names. Apart from [`CertificateError::BadSignature`], which
/// is left to the signature in the handshake.
#[derive(Debug)]
pub(super) struct NotOfItsIssuer;

impl fmt::Display for NotOfItsIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its signature is not of the authority that it names")
    }
}

impl std::error::Error for NotOfItsIssuer {}

/// Checks a server's certificate as [`TlsOptions`] say.
#[derive(Debug)]
pub(super) struct Verifier {
    /// Tried in order; one that accepts is enough. Empty when no authority is trusted at all.
    authorities: Vec<Arc<dyn ServerCertVerifier>>,
    extra_roots: Vec<CertificateDer<'static>>,
    accepted: Vec<Sha256>,
    pins: Vec<Sha256>,
    /// The roots known here that have a pinned key. Servers seldom send their root.
    pinned_roots: Vec<TrustAnchor<'static>>,
    provider: Arc<CryptoProvider>,
}

/// The presented certificates and what they are to be checked against.
struct Presented<'a> {
    end_entity: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    server_name: &'a ServerName<'a>,
    ocsp_response: &'a [u8],
    now: UnixTime,
}

impl Verifier {
    pub(super) fn new(options: &TlsOptions, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
        let extra = &options.ca_certificates;
        let mut authorities: Vec<Arc<dyn ServerCertVerifier>> = Vec::new();
        match options.roots {
            TrustRoots::System => authorities = system(extra, &provider)?,
            TrustRoots::Bundled => authorities.push(webpki(bundled(), extra, &provider)?),
            TrustRoots::None if extra.is_empty() => {}
            TrustRoots::None => authorities.push(webpki(RootCertStore::empty(), extra, &provider)?),
        }
        Ok(Verifier {
            authorities,
            extra_roots: extra.clone(),
            accepted: options.accepted_certificates.clone(),
            pins: options.pins.clone(),
            pinned_roots: bundled()
                .roots
                .into_iter()
                .chain(extra.iter().filter_map(anchor_of))
                .filter(|root| options.pins.contains(&pin_of(root)))
                .collect(),
            provider,
        })
    }

    /// Whether the certificate is accepted by its fingerprint, as it is.
    fn accepts(&self, certificate: &CertificateDer<'_>) -> bool {
        !self.accepted.is_empty() && self.accepted.contains(&Sha256::of(certificate))
    }

    fn check_authority(&self, presented: &Presented<'_>) -> Result<(), Error> {
        if self.accepts(presented.end_entity) {
            return Ok(());
        }
        let mut result = Err(CertificateError::UnknownIssuer.into());
        for authority in &self.authorities {
            result = presented.verify(authority.as_ref());
            if result.is_ok() {
                return Ok(());
            }
        }
        // A certificate that was given as trusted is trusted as the server's own too. The path
        // builder refuses it there when it bears the CA flag, as `openssl req -x509` makes it do.
        let Err(error) = result else { return Ok(()) };
        if error == Error::InvalidCertificate(CertificateError::BadSignature) {
            return Err(CertificateError::Other(OtherError(Arc::new(NotOfItsIssuer))).into());
        }
        if is_ca_used_as_end_entity(&error)
            && self.extra_roots.iter().any(|root| root == presented.end_entity)
        {
            return rustls::client::verify_server_name(
                &ParsedCertificate::try_from(presented.end_entity)?,
                presented.server_name,
            );
        }
        Err(self.with_details(error, presented))
    }

    /// The platforms' verifiers do not tell dates or names. Asks another one for them.
    fn with_details(&self, error: Error, presented: &Presented<'_>) -> Error {
        use CertificateError::{
            ExpiredContext, NotValidForNameContext, NotValidYetContext, Revoked, UnknownIssuer,
        };
        if matches!(error, Error::InvalidCertificate(UnknownIssuer | Revoked)) {
            return error;
        }
        match anchor_of(presented.end_entity).map(|anchor| self.verify_up_to(vec![anchor], presented)) {
            Some(Err(Error::InvalidCertificate(
                details @ (ExpiredContext { .. } | NotValidYetContext { .. } | NotValidForNameContext { .. }),
            ))) => details.into(),
            _ => error,
        }
    }

    /// Whether a certificate on the way from the server's to a root has a pinned key (RFC 7469, section
    /// 2.6). A server can send certificates that do not belong there, so a key other than its
    /// own counts only when a way leads to it.
    fn check_pins(&self, presented: &Presented<'_>) -> Result<(), Error> {
        if self.pins.is_empty() {
            return Ok(());
        }
        let mut seen = Vec::new();
        let mut pinned = self.pinned_roots.clone();
        for certificate in std::iter::once(presented.end_entity).chain(presented.intermediates) {
            let Some(key) = PublicKey::of(certificate) else { continue };
            let pin = Sha256::of(key.info);
            if !self.pins.contains(&pin) {
                seen.push(pin);
            } else if certificate == presented.end_entity {
                return Ok(());
            } else {
                pinned.extend(anchor_of(certificate));
            }
        }
        if !pinned.is_empty() && self.verify_up_to(pinned, presented).is_ok() {
            return Ok(());
        }
        Err(CertificateError::Other(OtherError(Arc::new(PinMismatch(seen)))).into())
    }

    fn verify_up_to(
        &self,
        anchors: Vec<TrustAnchor<'static>>,
        presented: &Presented<'_>,
    ) -> Result<(), Error> {
        presented.verify(webpki(RootCertStore { roots: anchors }, &[], &self.provider)?.as_ref())
    }
}

impl Presented<'_> {
    fn verify(&self, verifier: &dyn ServerCertVerifier) -> Result<(), Error> {
        verifier
            .verify_server_cert(
                self.end_entity,
                self.intermediates,
                self.server_name,
                self.ocsp_response,
                self.now,
            )
            .map(|_| ())
    }
}

/// The platform's own verifier, which also trusts `extra`.
#[cfg(not(target_os = "android"))]
fn system(
    extra: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Vec<Arc<dyn ServerCertVerifier>>, Error> {
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(
        extra.iter().cloned(),
        Arc::clone(provider),
    )?;
    Ok(vec![Arc::new(verifier)])
}

/// The platform's own verifier, and one that trusts `extra`: Android's cannot be given roots.
#[cfg(target_os = "android")]
fn system(
    extra: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Vec<Arc<dyn ServerCertVerifier>>, Error> {
    let platform = OfAndroid(rustls_platform_verifier::Verifier::new(Arc::clone(provider))?);
    let mut verifiers: Vec<Arc<dyn ServerCertVerifier>> = vec![Arc::new(platform)];
    if !extra.is_empty() {
        verifiers.push(webpki(RootCertStore::empty(), extra, provider)?);
    }
    Ok(verifiers)
}

/// Whether Java has said how Android's verifier is asked, which panics otherwise. A program of C alone has no Java.
#[cfg(target_os = "android")]
pub(crate) static ANDROID_CAN_BE_ASKED: AtomicBool = AtomicBool::new(false);

#[cfg(target_os = "android")]
#[derive(Debug)]
struct OfAndroid(rustls_platform_verifier::Verifier);

#[cfg(target_os = "android")]
impl ServerCertVerifier for OfAndroid {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if !ANDROID_CAN_BE_ASKED.load(Ordering::Acquire) {
            let text =
                "Android's trust store cannot be asked before com.sockettask.Platform.install was called";
            return Err(Error::General(text.to_owned()));
        }
        self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn bundled() -> RootCertStore {
    #[cfg(feature = "bundled-roots")]
    return webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    #[cfg(not(feature = "bundled-roots"))]
    return RootCertStore::empty();
}

fn webpki(
    mut roots: RootCertStore,
    extra: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    for root in extra {
        roots.add(root.clone())?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Error::General(error.to_string()))
}

pub(super) fn anchor_of(certificate: &CertificateDer<'_>) -> Option<TrustAnchor<'static>> {
    webpki::anchor_from_trusted_cert(certificate).ok().map(|anchor| anchor.to_owned())
}

/// The digest of the SubjectPublicKeyInfo.
pub(super) fn pin_of(anchor: &TrustAnchor<'_>) -> Sha256 {
    Sha256::of(&webpki::spki_for_anchor(anchor))
}

pub(super) fn is_ca_used_as_end_entity(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(error))) = error else { return false };
    matches!(error.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let presented = Presented { end_entity, intermediates, server_name, ocsp_response, now };
        self.check_authority(&presented)?;
        self.check_pins(&presented)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        signature::verify(Tls12, message, certificate, signed, algorithms, self.accepts(certificate))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        signature::verify(Tls13, message, certificate, signed, algorithms, self.accepts(certificate))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        signature::schemes(&self.provider.signature_verification_algorithms, !self.accepted.is_empty())
    }
}
