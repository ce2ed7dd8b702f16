//! OpenSSL's own server: it asks for a client certificate and picks the version.

use std::path::{Path, PathBuf};
use std::process::Command;

use socket_task::options::{Identity, Sha256, TlsOptions, TlsVersion, TrustRoots};
use socket_task::{Error, ErrorCode, Phase};

use crate::client::fail;
use crate::server::{CERTIFICATES, Directory, Program, free_port, options};

/// Runs `openssl` in `directory`, with words apart by blanks.
fn run(directory: &Directory, arguments: &str) {
    let mut command = Command::new("openssl");
    command.current_dir(directory.path()).args(arguments.split(' '));
    let output = command.output().expect("openssl runs");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A certificate of version 1, of which OpenSSL makes one for each request without extensions, and its key.
fn version_1(directory: &Directory, key: &str) -> (PathBuf, PathBuf) {
    run(directory, &format!("req -newkey {key} -nodes -keyout v1.key -out v1.csr -subj /CN=device"));
    run(directory, "x509 -req -in v1.csr -signkey v1.key -days 2 -out v1.pem");
    (directory.path().join("v1.pem"), directory.path().join("v1.key"))
}

/// The certificate of a device that signs it by itself, with an extension that nobody knows, and its key.
fn odd(directory: &Directory, key: &str) -> (PathBuf, PathBuf) {
    run(
        directory,
        &format!(
            "req -x509 -newkey {key} -nodes -keyout odd.key -out odd.pem -days 2 -subj /CN=device \
             -addext 1.2.3.4=critical,ASN1:NULL"
        ),
    );
    (directory.path().join("odd.pem"), directory.path().join("odd.key"))
}

/// What becomes of a connection that accepts the certificate of this server by its fingerprint alone.
fn accept(directory: &Directory, (certificate, key): &(PathBuf, PathBuf), arguments: &[&str]) -> Error {
    run(directory, &format!("x509 -in {} -outform der -out device.der", certificate.display()));
    let output = Command::new("openssl")
        .args(["dgst", "-sha256", "-r"])
        .arg(directory.path().join("device.der"))
        .output();
    let output = String::from_utf8(output.expect("openssl runs").stdout).expect("hexadecimal digits");
    let fingerprint = Sha256::parse(output.split(' ').next().expect("the digest")).expect("a digest");
    let (port, _program) = serve(certificate, key, arguments);
    let mut with = options(&format!("wss://localhost:{port}/"));
    with.tls = TlsOptions {
        roots: TrustRoots::None,
        accepted_certificates: vec![fingerprint],
        ..TlsOptions::default()
    };
    fail(with)
}

fn serve(certificate: &Path, key: &Path, arguments: &[&str]) -> (u16, Program) {
    let port = free_port();
    let mut command = Command::new("openssl");
    command.args(["s_server", "-www", "-accept", &format!("127.0.0.1:{port}"), "-cert"]).arg(certificate);
    command.arg("-key").arg(key).args(arguments);
    (port, Program::start(&mut command, port))
}

/// `openssl s_server`, whose answer to the opening handshake is a page about the TLS connection.
fn openssl(directory: &Directory, arguments: &[&str]) -> (u16, Program) {
    let certificate = directory.write("certificate.pem", CERTIFICATES.good.pem());
    let key = directory.write("key.pem", CERTIFICATES.good.key_pem());
    serve(&certificate, &key, arguments)
}

#[test]
#[ignore = "needs openssl"]
fn gives_openssl_a_client_certificate() {
    let directory = Directory::new();
    let (certificate, key) = (CERTIFICATES.good.pem(), CERTIFICATES.good.key_pem());
    let authority = directory.write("authority.pem", CERTIFICATES.authority.pem());
    let authority = authority.to_str().expect("a path in UTF-8");
    for version in ["-tls1_2", "-tls1_3"] {
        let purpose =
            ["-purpose", "any", "-verify_return_error", "-Verify", "1", "-CAfile", authority, version];
        let (port, _program) = openssl(&directory, &purpose);
        let mut with = options(&format!("wss://localhost:{port}/"));
        let without = fail(with.clone());
        assert_eq!(without.phase, Phase::Tls, "{without}");
        with.tls.client_certificate = Identity::new(certificate.as_bytes(), key.as_bytes()).ok();
        let error = fail(with);
        // The page is no WebSocket: the handshakes of TLS have worked.
        assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::HttpStatus), "{error}");
        let body = error.response.expect("a response").body;
        assert!(body.starts_with(b"<HTML>"), "{}", body.escape_ascii());
    }
}

#[test]
#[ignore = "needs openssl"]
fn refuses_an_old_version_of_openssls_server() {
    let directory = Directory::new();
    let (port, _program) = openssl(&directory, &["-tls1_2"]);
    let mut strict = options(&format!("wss://localhost:{port}/"));
    strict.tls.min_version = TlsVersion::Tls13;
    let error = fail(strict);
    assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::TlsFailed), "{error}");
}

/// As IIS does: once it has seen the request.
#[test]
#[ignore = "needs openssl"]
fn tells_that_openssl_wants_to_renegotiate() {
    let directory = Directory::new();
    let (port, _program) = openssl(&directory, &["-tls1_2"]);
    for path in ["reneg", "renegcert"] {
        let error = fail(options(&format!("wss://localhost:{port}/{path}")));
        assert_eq!(error.phase, Phase::Handshake, "{error}");
        assert!(
            error.message.contains("the server wants to renegotiate TLS 1.2, which is not supported"),
            "{error}"
        );
    }
    let error = fail(options(&format!("wss://localhost:{port}/")));
    assert!(!error.message.contains("renegotiate"), "{error}");
}

/// A fingerprint was given: the certificate needs no other quality than that its key has signed the handshake.
#[test]
#[ignore = "needs openssl"]
fn accepts_the_certificates_of_devices_by_their_fingerprints() {
    let weak: &[&str] = &["-cipher", "DEFAULT@SECLEVEL=0", "-tls1_2"];
    for (key, arguments) in [
        ("rsa:2048", &["-tls1_2"][..]),
        ("rsa:2048", &["-tls1_3"]),
        ("rsa:1024", weak),
        ("rsa-pss -pkeyopt rsa_keygen_bits:2048", &["-tls1_3"]),
        ("ec -pkeyopt ec_paramgen_curve:prime256v1", &["-tls1_2"]),
        ("ec -pkeyopt ec_paramgen_curve:secp384r1", &["-tls1_3"]),
        ("ed25519", &["-tls1_2"]),
        ("ed25519", &["-tls1_3"]),
    ] {
        let directory = Directory::new();
        for device in [version_1(&directory, key), odd(&directory, key)] {
            let error = accept(&directory, &device, arguments);
            // The page is no WebSocket: the handshakes of TLS have worked.
            assert_eq!(
                (error.phase, error.code),
                (Phase::Handshake, ErrorCode::HttpStatus),
                "{key}: {error}"
            );
        }
    }
}

#[test]
#[ignore = "needs openssl"]
fn tells_which_signature_cannot_be_verified() {
    for (key, arguments, expected) in [
        // TLS 1.3 signs with RSASSA-PSS, for which there is no algorithm with keys so short.
        (
            "rsa:1024",
            &["-cipher", "DEFAULT@SECLEVEL=0", "-tls1_3"][..],
            "the server's key is RSA with 1024 bits",
        ),
        ("ec -pkeyopt ec_paramgen_curve:secp521r1", &["-tls1_3"], "keys RSA, P-256, P-384 and Ed25519"),
        ("ec -pkeyopt ec_paramgen_curve:secp521r1", &["-tls1_2"], "keys RSA, P-256, P-384 and Ed25519"),
    ] {
        let directory = Directory::new();
        let device = odd(&directory, key);
        let error = accept(&directory, &device, arguments);
        assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::TlsFailed), "{key}: {error}");
        assert!(error.message.contains(expected), "{key}: {error}");
    }
}

/// OpenSSL's `x509 -req` makes such certificates unless it is told otherwise.
#[test]
#[ignore = "needs openssl"]
fn gives_openssl_a_client_certificate_of_version_1() {
    let directory = Directory::new();
    let (certificate, key) = version_1(&directory, "rsa:2048");
    let read = |path: &Path| std::fs::read(path).expect("a file of OpenSSL's");
    for version in ["-tls1_2", "-tls1_3"] {
        let wanted = [
            "-Verify",
            "1",
            "-verify_return_error",
            "-CAfile",
            certificate.to_str().expect("UTF-8"),
            version,
        ];
        let (port, _program) = openssl(&directory, &wanted);
        let mut with = options(&format!("wss://localhost:{port}/"));
        with.tls.client_certificate =
            Some(Identity::new(&read(&certificate), &read(&key)).expect("an identity"));
        let error = fail(with);
        assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::HttpStatus), "{error}");
    }
    let other = version_1(&directory, "rsa:2048").1;
    let refused =
        Identity::new(CERTIFICATES.good.pem().as_bytes(), &read(&other)).expect_err("another's key");
    assert!(refused.to_string().contains("does not belong to its certificate"), "{refused}");
}

#[test]
#[ignore = "needs openssl"]
fn tells_of_an_authority_whose_signatures_cannot_be_verified() {
    let directory = Directory::new();
    run(
        &directory,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp521r1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca",
    );
    run(&directory, "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost");
    directory.write("names", "subjectAltName=DNS:localhost\n");
    run(
        &directory,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 -out server.pem -extfile names",
    );
    let path = |name: &str| directory.path().join(name);
    let (port, _program) = serve(&path("server.pem"), &path("server.key"), &[]);
    let mut with = options(&format!("wss://localhost:{port}/"));
    with.tls.ca_certificates =
        socket_task::options::certificates(&std::fs::read(path("ca.pem")).expect("a file"))
            .expect("a certificate");
    with.tls.roots = TrustRoots::None;
    let error = fail(with);
    assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::CertificateInvalid), "{error}");
    assert!(error.message.contains("is signed in a way that cannot be verified here"), "{error}");
}

#[test]
#[ignore = "needs openssl"]
fn tells_a_server_without_a_cipher_suite_of_today() {
    let directory = Directory::new();
    for cipher in ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"] {
        let (port, _program) = openssl(&directory, &["-tls1_2", "-cipher", cipher]);
        let error = fail(options(&format!("wss://localhost:{port}/")));
        assert_eq!((error.phase, error.code), (Phase::Tls, ErrorCode::TlsFailed), "{error}");
        assert!(error.message.contains("handshake_failure") && error.message.contains("ECDHE"), "{error}");
    }
}

/// OpenSSL ends the connection without a word, or with an alert.
#[test]
#[ignore = "needs openssl"]
fn tells_that_a_port_is_for_tls() {
    let directory = Directory::new();
    let (port, _program) = openssl(&directory, &[]);
    let error = fail(options(&format!("ws://localhost:{port}/")));
    assert_eq!(error.phase, Phase::Handshake, "{error}");
    assert!(error.message.ends_with("is this a port for wss or https?"), "{error}");
}
