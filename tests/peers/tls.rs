//! OpenSSL's own server: it asks for a client certificate and picks the version.

use std::process::Command;

use socket_task::options::{Identity, TlsVersion};
use socket_task::{ErrorCode, Phase};

use crate::client::fail;
use crate::server::{CERTIFICATES, Directory, Program, free_port, options};

/// `openssl s_server`, whose answer to the opening handshake is a page about the TLS connection.
fn openssl(directory: &Directory, arguments: &[&str]) -> (u16, Program) {
    let port = free_port();
    let certificate = directory.write("certificate.pem", CERTIFICATES.good.pem());
    let key = directory.write("key.pem", CERTIFICATES.good.key_pem());
    let mut command = Command::new("openssl");
    command.args(["s_server", "-www", "-accept", &format!("127.0.0.1:{port}"), "-cert"]).arg(certificate);
    command.arg("-key").arg(key).args(arguments);
    (port, Program::start(&mut command, port))
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
