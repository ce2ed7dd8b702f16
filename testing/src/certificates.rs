//! Certificates made on the fly: a certificate authority and what it issues, good and bad.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PublicKeyData,
};
use ring::digest::{SHA256, digest};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use time::{Duration, OffsetDateTime};

/// The names under which a test reaches a server on this machine.
pub const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// When a certificate is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// From yesterday until tomorrow.
    Now,
    /// Until yesterday.
    Past,
    /// From tomorrow on.
    Future,
}

impl Validity {
    fn apply(self, params: &mut CertificateParams) {
        let (from, to) = match self {
            Validity::Now => (-1, 1),
            Validity::Past => (-3, -1),
            Validity::Future => (1, 3),
        };
        let now = OffsetDateTime::now_utc();
        params.not_before = now + Duration::days(from);
        params.not_after = now + Duration::days(to);
    }
}

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new authority with a key of its own.
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Validity::Now.apply(&mut params);
        let key = KeyPair::generate().expect("a key pair");
        Authority(CertifiedIssuer::self_signed(params, key).expect("a certificate of an authority"))
    }

    /// Its certificate, as PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Its certificate, as DER.
    pub fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A certificate for a server with these DNS names and IP addresses.
    pub fn issue(&self, names: &[&str], validity: Validity) -> Identity {
        self.sign(leaf(names, validity))
    }

    /// A certificate for a client.
    pub fn issue_to_client(&self, name: &str) -> Identity {
        let mut params = leaf(&[name], Validity::Now);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(params)
    }

    fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key pair");
        let certificate = params.signed_by(&key, &self.0).expect("a signed certificate");
        Identity::new(certificate, &key)
    }

    /// The SHA-256 digest of its public key in hexadecimal digits, as clients pin it.
    pub fn pin(&self) -> String {
        sha256(&self.0.key().subject_public_key_info())
    }
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A certificate and its private key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    public_key: Vec<u8>,
    pem: String,
    key_pem: String,
}

impl Identity {
    fn new(certificate: Certificate, key: &KeyPair) -> Identity {
        Identity {
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            public_key: key.subject_public_key_info(),
            pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }

    /// A certificate signed by its own key.
    pub fn self_signed(names: &[&str]) -> Identity {
        let key = KeyPair::generate().expect("a key pair");
        let certificate = leaf(names, Validity::Now).self_signed(&key).expect("a self-signed certificate");
        Identity::new(certificate, &key)
    }

    /// The certificate, as PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The private key (PKCS #8), as PEM.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The certificate, as DER.
    pub fn der(&self) -> CertificateDer<'static> {
        self.certificate.clone()
    }

    /// The SHA-256 digest of the public key in hexadecimal digits, as clients pin it.
    pub fn pin(&self) -> String {
        sha256(&self.public_key)
    }

    /// The SHA-256 digest of the certificate in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        sha256(&self.certificate)
    }

    /// What a TLS server needs that uses this identity and wants clients to have a certificate of `authority`.
    pub fn server_config_for_clients_of(&self, authority: &Authority) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(authority.der()).expect("a certificate of an authority");
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions that ring supports")
            .with_client_cert_verifier(verifier.build().expect("a verifier"))
            .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
            .expect("a key that fits the certificate");
        Arc::new(config)
    }

    /// What a TLS server needs to use this identity, with TLS 1.2 and 1.3.
    pub fn server_config(&self) -> Arc<ServerConfig> {
        self.server_config_with(rustls::ALL_VERSIONS)
    }

    /// The same for the given versions of TLS.
    pub fn server_config_with(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("versions that ring supports")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
            .expect("a key that fits the certificate");
        Arc::new(config)
    }
}

fn leaf(names: &[&str], validity: Validity) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names that fit a certificate");
    params.distinguished_name.push(DnType::CommonName, "socket-task test server");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    validity.apply(&mut params);
    params
}

/// One authority and one server certificate for each way in which a certificate can be good or bad.
pub struct Certificates {
    /// The authority that clients are told to trust.
    pub authority: Authority,
    /// For [`LOCAL_NAMES`], issued by `authority`.
    pub good: Identity,
    /// Issued by `authority` for another host.
    pub wrong_host: Identity,
    /// Issued by `authority`, no longer valid.
    pub expired: Identity,
    /// Issued by `authority`, not valid yet.
    pub not_yet_valid: Identity,
    /// For [`LOCAL_NAMES`], issued by an authority that nobody trusts.
    pub unknown_authority: Identity,
    /// For [`LOCAL_NAMES`], signed by itself.
    pub self_signed: Identity,
}

impl Certificates {
    /// Makes all of them anew.
    pub fn generate() -> Certificates {
        let authority = Authority::new("socket-task test authority");
        Certificates {
            good: authority.issue(&LOCAL_NAMES, Validity::Now),
            wrong_host: authority.issue(&["elsewhere.example"], Validity::Now),
            expired: authority.issue(&LOCAL_NAMES, Validity::Past),
            not_yet_valid: authority.issue(&LOCAL_NAMES, Validity::Future),
            unknown_authority: Authority::new("unknown test authority").issue(&LOCAL_NAMES, Validity::Now),
            self_signed: Identity::self_signed(&LOCAL_NAMES),
            authority,
        }
    }
}
