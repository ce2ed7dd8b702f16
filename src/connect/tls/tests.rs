//! TLS with real servers: certificates good and bad, pins, client certificates, versions, resumption.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, SanType};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use socket_task_testing::certificates::{Certificates, LOCAL_NAMES, Validity};
use socket_task_testing::raw::Server;

use super::*;
use crate::connect::tests::{failed, opened, options, run, trust};
use crate::connect::timing::Profile;
use crate::error::Refused;
use crate::options::tls::crypto::provider;
use crate::options::{Identity, Options, Sha256, SignatureAlgorithm, Signer, TrustRoots, certificates};

/// A server that opens each WebSocket and waits for the client to leave.
fn server(config: Arc<ServerConfig>) -> Server {
    Server::tls(config, |mut peer| {
        if peer.try_open().is_some() {
            peer.wait_for_end();
        }
    })
}

/// Options for `server` by a name that the test certificates have.
fn options_for(server: &Server, tls: TlsOptions) -> Options {
    let mut options = options(&server.url_for_host("localhost", "/"));
    options.resolve = vec![("localhost".to_owned(), vec![server.address().ip()])];
    options.tls = tls;
    options
}

fn open_with(config: Arc<ServerConfig>, tls: TlsOptions) -> Profile {
    let server = server(config);
    opened(&options_for(&server, tls)).profile
}

fn error_with(config: Arc<ServerConfig>, tls: TlsOptions) -> Error {
    let server = server(config);
    let error = failed(&options_for(&server, tls));
    assert_eq!(error.phase, Phase::Tls, "{error}");
    error
}

fn only(root: CertificateDer<'static>) -> TlsOptions {
    TlsOptions { roots: TrustRoots::None, ca_certificates: vec![root], ..TlsOptions::default() }
}

/// The pin of a certificate.
fn pin(certificate: &CertificateDer<'_>) -> Sha256 {
    let certificate = rustls::server::ParsedCertificate::try_from(certificate).unwrap();
    Sha256::of(&certificate.subject_public_key_info())
}

#[test]
fn accepts_what_a_trusted_authority_issued() {
    let certificates = Certificates::generate();
    let profile = open_with(certificates.good.server_config(), trust(&certificates));
    assert_eq!(profile.tls_version, "TLSv1.3");
    assert!(
        ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"].contains(&profile.tls_cipher.as_str()),
        "{profile:?}"
    );
    assert!(profile.tls.duration() > Duration::ZERO);
    let config = certificates.good.server_config_with(&[&rustls::version::TLS12]);
    let profile = open_with(config, trust(&certificates));
    assert_eq!(profile.tls_version, "TLSv1.2");
    assert!(profile.tls_cipher.starts_with("TLS_ECDHE_ECDSA_"), "{profile:?}");
    // By its IP addresses too.
    let server = server(certificates.good.server_config());
    let mut by_address = options(&server.url("/"));
    by_address.tls = trust(&certificates);
    drop(opened(&by_address));
}

#[test]
fn adds_extra_roots_to_the_systems_and_to_the_bundled_ones() {
    let certificates = Certificates::generate();
    for roots in [TrustRoots::System, TrustRoots::Bundled] {
        let extra = TlsOptions { roots, ..trust(&certificates) };
        open_with(certificates.good.server_config(), extra);
        let without = TlsOptions { roots, ..TlsOptions::default() };
        let error = error_with(certificates.good.server_config(), without);
        assert_eq!(error.code, ErrorCode::CertificateUnknownIssuer, "{error}");
    }
}

#[test]
fn tells_why_a_certificate_is_not_acceptable() {
    use ErrorCode::*;
    let certificates = Certificates::generate();
    for (identity, code, reason) in [
        (&certificates.expired, CertificateExpired, "it expired on 20"),
        (&certificates.not_yet_valid, CertificateNotYetValid, "it is not valid before 20"),
        (&certificates.wrong_host, CertificateWrongHost, "it is valid for elsewhere.example"),
        (&certificates.unknown_authority, CertificateUnknownIssuer, "no trusted authority"),
        (&certificates.self_signed, CertificateUnknownIssuer, "no trusted authority"),
    ] {
        let error = error_with(identity.server_config(), trust(&certificates));
        assert_eq!(error.code, code, "{error}");
        assert!(error.message.starts_with("the certificate of localhost is not acceptable: "), "{error}");
        assert!(error.message.contains(reason), "{error}");
    }
    let many = certificates.authority.issue(&["*.a.example", "b.example", "10.0.0.1", "::1"], Validity::Now);
    let error = error_with(many.server_config(), trust(&certificates));
    assert!(error.message.ends_with("it is valid for *.a.example, b.example, 10.0.0.1, ::1"), "{error}");
    // A host name that looks like the address is not the address (RFC 6125, section 1.7.2).
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::DnsName("127.0.0.1".try_into().unwrap())];
    let key = KeyPair::generate().unwrap();
    let named = params.self_signed(&key).unwrap();
    let server = server(config_of(vec![named.der().clone()], &key));
    let mut by_address = options(&server.url("/"));
    by_address.tls = only(named.der().clone());
    let error = failed(&by_address);
    assert!(
        error.message.ends_with("it is valid for 127.0.0.1 (as a host name, not as an address)"),
        "{error}"
    );
}

#[test]
fn trusts_a_server_certificate_that_was_given_as_a_root() {
    let certificates = Certificates::generate();
    open_with(certificates.self_signed.server_config(), only(certificates.self_signed.der()));
    // With the CA flag, as openssl makes self-signed certificates.
    let (config, root) = self_signed_ca(&["localhost"]);
    open_with(config.clone(), only(root));
    let error = error_with(config, trust(&certificates));
    assert_eq!(error.code, ErrorCode::CertificateUnknownIssuer, "{error}");
    assert!(error.message.contains("self-signed"), "{error}");
    // It still must be for this host.
    let (config, root) = self_signed_ca(&["elsewhere.example"]);
    assert_eq!(error_with(config, only(root)).code, ErrorCode::CertificateWrongHost);
}

/// A self-signed certificate with the CA flag, used as a server's own.
fn self_signed_ca(names: &[&str]) -> (Arc<ServerConfig>, CertificateDer<'static>) {
    let mut params =
        CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (config_of(vec![certificate.der().clone()], &key), certificate.der().clone())
}

fn config_of(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into());
    Arc::new(config.unwrap())
}

#[test]
fn accepts_a_certificate_by_its_fingerprint_alone() {
    let certificates = Certificates::generate();
    for identity in [&certificates.self_signed, &certificates.wrong_host, &certificates.expired] {
        let accepting = TlsOptions {
            roots: TrustRoots::None,
            accepted_certificates: vec![Sha256::of(&identity.der())],
            ..TlsOptions::default()
        };
        open_with(identity.server_config(), accepting.clone());
        let error = error_with(certificates.good.server_config(), accepting);
        assert_eq!(error.code, ErrorCode::CertificateUnknownIssuer, "{error}");
    }
}

/// A root, an intermediate authority under it, and a server's certificate under that.
struct Chain {
    root: CertificateDer<'static>,
    intermediate: CertificateDer<'static>,
    leaf: CertificateDer<'static>,
    key: KeyPair,
}

impl Chain {
    fn new(name: &str) -> Chain {
        let authority = |name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params
        };
        let root_name = format!("{name} root");
        let root = CertifiedIssuer::self_signed(authority(&root_name), KeyPair::generate().unwrap()).unwrap();
        let intermediate_key = KeyPair::generate().unwrap();
        let intermediate = authority(name).signed_by(&intermediate_key, &root).unwrap();
        let issuer = Issuer::new(authority(name), intermediate_key);
        let key = KeyPair::generate().unwrap();
        let leaf =
            CertificateParams::new(LOCAL_NAMES.map(str::to_owned)).unwrap().signed_by(&key, &issuer).unwrap();
        Chain {
            root: root.der().clone(),
            intermediate: intermediate.der().clone(),
            leaf: leaf.der().clone(),
            key,
        }
    }

    fn config(&self, extra: &[&CertificateDer<'static>]) -> Arc<ServerConfig> {
        let sent = [&self.leaf, &self.intermediate].into_iter().chain(extra.iter().copied()).cloned();
        config_of(sent.collect(), &self.key)
    }

    fn pinned(&self, pins: &[Sha256]) -> TlsOptions {
        TlsOptions { pins: pins.to_vec(), ..only(self.root.clone()) }
    }
}

#[test]
fn a_pin_may_be_of_any_certificate_of_the_chain() {
    let chain = Chain::new("good");
    let other = Sha256::of(b"another key");
    for certificate in [&chain.leaf, &chain.intermediate, &chain.root] {
        open_with(chain.config(&[]), chain.pinned(&[other, pin(certificate)]));
    }
    let error = error_with(chain.config(&[]), chain.pinned(&[other]));
    assert_eq!(error.code, ErrorCode::PinMismatch, "{error}");
    for seen in [pin(&chain.leaf), pin(&chain.intermediate)] {
        assert!(error.message.contains(&seen.to_string()), "{error}");
    }
}

/// Who has any certificate that the roots accept could send the pinned one along with it.
#[test]
fn a_pinned_certificate_that_leads_nowhere_does_not_count() {
    let chain = Chain::new("good");
    let stray = Chain::new("stray");
    for pinned in [&stray.intermediate, &stray.leaf, &stray.root] {
        let error = error_with(chain.config(&[pinned]), chain.pinned(&[pin(pinned)]));
        assert_eq!(error.code, ErrorCode::PinMismatch, "{error}");
    }
    // Nor does a pin replace the trust in a root.
    let error = error_with(
        chain.config(&[]),
        TlsOptions { ca_certificates: vec![stray.root.clone()], ..chain.pinned(&[pin(&chain.leaf)]) },
    );
    assert_eq!(error.code, ErrorCode::CertificateUnknownIssuer, "{error}");
}

#[test]
fn pins_hold_for_a_certificate_accepted_by_its_fingerprint() {
    let certificates = Certificates::generate();
    let certificate = certificates.self_signed.der();
    let mut tls = TlsOptions {
        roots: TrustRoots::None,
        accepted_certificates: vec![Sha256::of(&certificate)],
        pins: vec![pin(&certificate)],
        ..TlsOptions::default()
    };
    open_with(certificates.self_signed.server_config(), tls.clone());
    tls.pins = vec![Sha256::of(b"another key")];
    assert_eq!(error_with(certificates.self_signed.server_config(), tls).code, ErrorCode::PinMismatch);
}

#[test]
fn pins_and_fingerprints_are_what_openssl_computes() {
    let certificate = certificates(include_bytes!("../../options/tls/testdata/rsa.pem")).unwrap().remove(0);
    assert_eq!(
        Sha256::parse(include_str!("../../options/tls/testdata/rsa.pin").trim()),
        Ok(pin(&certificate))
    );
    assert_eq!(
        Sha256::parse(include_str!("../../options/tls/testdata/rsa.fingerprint").trim()),
        Ok(Sha256::of(&certificate))
    );
    // The verifier computes a pin in its own way, from certificates of all kinds.
    assert_eq!(verifier::pin_of(&verifier::anchor_of(&certificate).unwrap()), pin(&certificate));
}

#[test]
fn overrides_the_server_name() {
    let certificates = Certificates::generate();
    let named = |name: &str| TlsOptions { server_name: Some(name.to_owned()), ..trust(&certificates) };
    open_with(certificates.wrong_host.server_config(), named("elsewhere.example"));
    let error = error_with(certificates.good.server_config(), named("elsewhere.example"));
    assert_eq!(error.code, ErrorCode::CertificateWrongHost, "{error}");
    assert!(named("no name").validate().is_err());
}

#[test]
fn refuses_versions_below_the_lowest() {
    let certificates = Certificates::generate();
    let strict = TlsOptions { min_version: TlsVersion::Tls13, ..trust(&certificates) };
    open_with(certificates.good.server_config(), strict.clone());
    let error = error_with(certificates.good.server_config_with(&[&rustls::version::TLS12]), strict);
    assert_eq!(error.code, ErrorCode::TlsFailed, "{error}");
    assert!(error.message.contains("version"), "{error}");
}

/// A server that tells of each connection whether it resumed a session (`None` when the TLS handshake failed),
/// opens the WebSocket and waits for the client to leave.
struct TellingServer {
    address: SocketAddr,
    sessions: mpsc::Receiver<Option<bool>>,
}

impl TellingServer {
    fn new(config: Arc<ServerConfig>) -> TellingServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, sessions) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = rustls::StreamOwned::new(session, stream.unwrap());
                if sender.send(TellingServer::converse(&mut stream).ok()).is_err() {
                    return;
                }
                // Not to lose the alert: closing with unread data would reset the connection.
                let _ = stream.sock.shutdown(Shutdown::Write);
                let _ = std::io::copy(&mut stream.sock, &mut std::io::sink());
            }
        });
        TellingServer { address, sessions }
    }

    fn converse(
        stream: &mut rustls::StreamOwned<rustls::ServerConnection, TcpStream>,
    ) -> std::io::Result<bool> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let request = socket_task_testing::http::Request::new(&head);
        stream.write_all(&socket_task_testing::http::switching_protocols(&request, &[]))?;
        Ok(stream.conn.handshake_kind() == Some(rustls::HandshakeKind::Resumed))
    }

    fn options(&self, tls: TlsOptions) -> Options {
        let mut options = options(&format!("wss://{}/", self.address));
        options.tls = tls;
        options
    }
}

/// A server that wants one of these certificates from its clients.
fn mutual(
    clients: &[CertificateDer<'static>],
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> (Arc<ServerConfig>, TlsOptions) {
    let mut roots = rustls::RootCertStore::empty();
    for client in clients {
        roots.add(client.clone()).unwrap();
    }
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build().unwrap();
    let own = Chain::new("own");
    let key = PrivatePkcs8KeyDer::from(own.key.serialize_der()).into();
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![own.leaf.clone(), own.intermediate.clone()], key)
        .unwrap();
    (Arc::new(config), only(own.root))
}

#[test]
fn proves_who_it_is_with_each_kind_of_key() {
    let (ec, rsa) = (
        &include_bytes!("../../options/tls/testdata/ec.pem")[..],
        &include_bytes!("../../options/tls/testdata/rsa.pem")[..],
    );
    let trusted = [certificates(ec).unwrap().remove(0), certificates(rsa).unwrap().remove(0)];
    for (certificate, key) in [
        (ec, &include_bytes!("../../options/tls/testdata/ec-pkcs8.key")[..]),
        (ec, include_bytes!("../../options/tls/testdata/ec-sec1.key")),
        (rsa, include_bytes!("../../options/tls/testdata/rsa-pkcs8.key")),
        (rsa, include_bytes!("../../options/tls/testdata/rsa-pkcs1.key")),
    ] {
        for versions in [&[&rustls::version::TLS13], &[&rustls::version::TLS12]] {
            let (config, tls) = mutual(&trusted, versions);
            let identity = Some(Identity::new(certificate, key).unwrap());
            open_with(config, TlsOptions { client_certificate: identity, ..tls });
        }
    }
}

/// Signs with a key that nobody else sees, on threads that may block.
#[derive(Debug)]
struct KeyStore(Option<Identity>);

impl Signer for KeyStore {
    fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Option<Vec<u8>> {
        assert_ne!(std::thread::current().name(), Some("socket-task"), "it would hold up all connections");
        let key = Arc::clone(&self.0.as_ref()?.certified_key().key);
        let signer = key
            .choose_scheme(&[rustls::SignatureScheme::from(algorithm as u16)])
            .expect("a scheme of this key");
        signer.sign(message).ok()
    }
}

#[test]
fn proves_who_it_is_with_a_key_that_it_has_not() {
    for kind in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519] {
        let key = KeyPair::generate_for(kind).unwrap();
        let certificate = CertificateParams::new(["client".to_owned()]).unwrap().self_signed(&key).unwrap();
        signs(certificate.pem().as_bytes(), key.serialize_pem().as_bytes());
    }
    let rsa = include_bytes!("../../options/tls/testdata/rsa.pem");
    signs(rsa, include_bytes!("../../options/tls/testdata/rsa-pkcs8.key"));
    let der = certificates(rsa).unwrap().remove(0);
    signs(&der, include_bytes!("../../options/tls/testdata/rsa-pkcs8.key"));

    let other = Identity::with_signer(b"no certificate", Arc::new(KeyStore(None)));
    assert!(matches!(other, Err(Refused::InvalidArgument(_))));
}

/// Connects with both versions of TLS; with a key store that does not sign, the handshake fails with a word about it.
fn signs(certificate: &[u8], key: &[u8]) {
    let own = certificates(certificate).unwrap();
    for versions in [&[&rustls::version::TLS13], &[&rustls::version::TLS12]] {
        let (config, tls) = mutual(&own, versions);
        let with = |store: KeyStore| {
            let identity = Identity::with_signer(certificate, Arc::new(store)).unwrap();
            TlsOptions { client_certificate: Some(identity), ..tls.clone() }
        };
        for _ in 0..2 {
            let profile =
                open_with(Arc::clone(&config), with(KeyStore(Identity::new(certificate, key).ok())));
            assert!(!profile.tls_resumed);
        }
        let server = server(config);
        let error = failed(&options_for(&server, with(KeyStore(None))));
        assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::TlsFailed), "{error}");
        assert!(error.message.ends_with("the app has not signed for the client's certificate"), "{error}");
    }
}

#[test]
fn tells_that_the_server_wants_another_client_certificate() {
    let ec = include_bytes!("../../options/tls/testdata/ec.pem");
    let trusted = certificates(include_bytes!("../../options/tls/testdata/rsa.pem")).unwrap();
    let identity = Identity::new(ec, include_bytes!("../../options/tls/testdata/ec-sec1.key")).unwrap();
    for versions in [&[&rustls::version::TLS13], &[&rustls::version::TLS12]] {
        let (config, tls) = mutual(&trusted, versions);
        let server = TellingServer::new(config);
        for (identity, reason) in [
            (None, "the server sent the alert"),
            (Some(&identity), "it does not accept the client certificate"),
        ] {
            let error =
                failed(&server.options(TlsOptions { client_certificate: identity.cloned(), ..tls.clone() }));
            assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::TlsFailed), "{error}");
            assert!(error.message.contains(reason), "{error}");
            assert_eq!(server.sessions.recv(), Ok(None));
        }
    }
}

#[test]
fn resumes_the_session_of_an_earlier_socket() {
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let certificates = Certificates::generate();
        let server = TellingServer::new(certificates.good.server_config_with(&[version]));
        let connect = |tls: TlsOptions| {
            let resumed = opened(&server.options(tls)).profile.tls_resumed;
            assert_eq!(server.sessions.recv(), Ok(Some(resumed)), "what the server saw");
            resumed
        };
        let tls = trust(&certificates);
        assert!(!connect(tls.clone()));
        assert!(connect(tls.clone()));
        // What other options have accepted is not accepted here.
        let pinned = TlsOptions { pins: vec![pin(&certificates.good.der())], ..tls.clone() };
        assert!(!connect(pinned));
        assert!(connect(tls));
    }
}

#[test]
fn keeps_a_limited_number_of_configurations() {
    let options = |number: usize| TlsOptions {
        roots: TrustRoots::None,
        accepted_certificates: vec![Sha256::of(&number.to_le_bytes())],
        ..TlsOptions::default()
    };
    run(async {
        let first = configuration(&options(0)).await.unwrap();
        assert!(Arc::ptr_eq(&first, &configuration(&options(0)).await.unwrap()));
        for number in 1..=CACHED_CONFIGURATIONS {
            configuration(&options(number)).await.unwrap();
        }
        assert!(configurations().len() <= CACHED_CONFIGURATIONS);
        assert!(!Arc::ptr_eq(&first, &configuration(&options(0)).await.unwrap()));
    });
}

#[test]
fn tells_failures_of_the_tls_handshake() {
    let certificates = Certificates::generate();
    let error_of = |script: fn(socket_task_testing::raw::Peer)| {
        let server = Server::instead_of_tls(script);
        let error = failed(&options_for(&server, trust(&certificates)));
        assert_eq!(error.phase, Phase::Tls, "{error}");
        error
    };
    let error = error_of(|mut peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.wait_for_end();
    });
    assert_eq!(error.code, ErrorCode::TlsFailed);
    assert!(error.message.contains("is not TLS"), "{error}");
    let error = error_of(|peer| peer.finish());
    assert_eq!(error.code, ErrorCode::ConnectionEnded);
    let error = error_of(|mut peer| {
        let mut hello = [0; 5];
        let _ = peer.read_exact(&mut hello);
        peer.reset();
    });
    assert_eq!(error.code, ErrorCode::ConnectionReset, "{error}");
    let error = error_of(|mut peer| {
        // A fatal alert: handshake_failure.
        peer.write(&[0x15, 3, 3, 0, 2, 2, 40]);
        peer.wait_for_end();
    });
    assert!(
        error.message.contains("the alert handshake_failure: it wants a client certificate, or"),
        "{error}"
    );
    let error = error_of(|mut peer| {
        // The beginning of a record, and a bare end.
        peer.write(&[0x16, 3, 3, 0x10]);
        peer.finish();
    });
    assert_eq!(error.code, ErrorCode::ConnectionEnded);
    assert!(error.message.ends_with("closed the connection during the TLS handshake"), "{error}");
    let error = error_of(|mut peer| {
        // A handshake record with a message that is none.
        peer.write(&[0x16, 3, 3, 0, 4, 99, 0, 0, 0]);
        peer.wait_for_end();
    });
    assert!(error.message.ends_with("the server does not keep to the TLS protocol"), "{error}");
}

/// Each kind of failure that there is in words of our own: no name of a type, no dump of bytes, no address of a page.
#[test]
fn tells_each_failure_in_words() {
    use rustls::{CertificateError, Error as TlsError, InvalidMessage, PeerIncompatible, PeerMisbehaved};
    let certificate = [
        CertificateError::BadEncoding,
        CertificateError::BadSignature,
        CertificateError::UnhandledCriticalExtension,
        CertificateError::UnknownRevocationStatus,
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id: vec![6, 8, 42],
            supported_algorithms: vec![],
        },
        CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id: vec![6, 8, 42],
            public_key_algorithm_id: vec![6, 8, 42],
        },
        CertificateError::InvalidPurpose,
        CertificateError::InvalidOcspResponse,
        CertificateError::ApplicationVerificationFailure,
        CertificateError::Other(rustls::OtherError(Arc::new(webpki::Error::UnsupportedCertVersion))),
        CertificateError::Other(rustls::OtherError(Arc::new(webpki::Error::MalformedNameConstraint))),
    ];
    let errors = certificate.into_iter().map(TlsError::InvalidCertificate).chain([
        TlsError::InappropriateMessage {
            expect_types: vec![rustls::ContentType::Alert],
            got_type: rustls::ContentType::Handshake,
        },
        TlsError::InvalidMessage(InvalidMessage::MessageTooShort),
        TlsError::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
        TlsError::PeerMisbehaved(PeerMisbehaved::IllegalTlsInnerPlaintext),
        TlsError::AlertReceived(rustls::AlertDescription::BadRecordMac),
        TlsError::NoCertificatesPresented,
        TlsError::DecryptError,
        TlsError::HandshakeNotComplete,
    ]);
    for error in errors {
        let name = format!("{error:?}");
        let told = failure::of_handshake(&io::Error::other(error.clone()), "a.example").message;
        let later = in_words(io::Error::other(error)).to_string();
        for text in [told, later] {
            assert!(text.len() > 25 && !text.contains("::") && !text.contains("http"), "{name}: {text}");
            let camel_case = text.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| {
                let pairs = word.as_bytes().windows(2);
                // Poly1305 and ChaCha20 are names of the field.
                *word != "ChaCha20"
                    && pairs.clone().any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            });
            assert_eq!(camel_case, None, "{name}: {text}");
            assert!(!text.contains(['[', '{']), "{name}: {text}");
        }
    }
}
