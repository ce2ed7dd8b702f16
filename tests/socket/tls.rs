//! `wss:`: whom the client trusts, and what it says of those it does not.

use std::io::Read;
use std::sync::Arc;

use rustls::ServerConfig;
use socket_task::{ErrorCode, Phase, TrustRoots};
use socket_task_testing::certificates::Identity;
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Outcome, Recording};
use crate::servers::{CERTIFICATES, options, wss};

/// A server that opens, says hello and ends properly.
fn hello(config: Arc<ServerConfig>) -> Server {
    Server::tls(config, |mut peer| {
        let Some(_) = peer.try_open() else { return };
        peer.send(&Frame::text("hello"));
        peer.send(&Frame::close(1000, ""));
        peer.finish();
    })
}

fn outcome_with(identity: &Identity) -> Outcome {
    let server = hello(identity.server_config());
    Recording::connect(options(&server.url("/"))).run()
}

#[test]
fn trusted_authority() {
    let outcome = outcome_with(&CERTIFICATES.good);
    assert!(outcome.was_open());
    outcome.assert_closed_without_error(1000, "", true);
}

#[test]
fn tls_1_2_and_1_3() {
    for (version, name) in [(&rustls::version::TLS12, "TLSv1.2"), (&rustls::version::TLS13, "TLSv1.3")] {
        let server = hello(CERTIFICATES.good.server_config_with(&[version]));
        let mut recording = Recording::connect(options(&server.url("/")));
        assert_eq!(recording.opened().profile.tls_version, name);
        assert_eq!(recording.text(), "hello");
        recording.closed();
        recording.finish();
    }
}

#[test]
fn by_host_name_and_by_address() {
    let server = hello(CERTIFICATES.good.server_config());
    for url in [server.url("/"), server.url_for_host("localhost", "/")] {
        let outcome = Recording::connect(options(&url)).run();
        outcome.assert_closed_without_error(1000, "", true);
    }
}

#[test]
fn bad_certificates() {
    for (identity, code) in [
        (&CERTIFICATES.wrong_host, ErrorCode::CertificateWrongHost),
        (&CERTIFICATES.expired, ErrorCode::CertificateExpired),
        (&CERTIFICATES.not_yet_valid, ErrorCode::CertificateNotYetValid),
        (&CERTIFICATES.unknown_authority, ErrorCode::CertificateUnknownIssuer),
        (&CERTIFICATES.self_signed, ErrorCode::CertificateUnknownIssuer),
    ] {
        let outcome = outcome_with(identity);
        assert!(!outcome.was_open());
        outcome.assert_failed(Phase::Tls, code, 1015);
    }
}

#[test]
fn self_signed_certificate_given_as_root() {
    let server = hello(CERTIFICATES.self_signed.server_config());
    let mut options = options(&server.url("/"));
    options.tls.ca_certificates = vec![CERTIFICATES.self_signed.der()];
    Recording::connect(options).run().assert_closed_without_error(1000, "", true);
}

#[test]
fn extra_roots_beside_the_platforms_and_the_bundled_ones() {
    for roots in [TrustRoots::System, TrustRoots::Bundled] {
        let server = hello(CERTIFICATES.good.server_config());
        let mut options = options(&server.url("/"));
        options.tls.roots = roots;
        Recording::connect(options.clone()).run().assert_closed_without_error(1000, "", true);
        // The name is checked there, too.
        let server = hello(CERTIFICATES.wrong_host.server_config());
        options.url = server.url("/").parse().expect("a valid URL");
        Recording::connect(options).run().assert_failed(Phase::Tls, ErrorCode::CertificateWrongHost, 1015);
    }
}

#[test]
fn private_authority_is_unknown_to_the_platform_and_to_the_bundle() {
    for roots in [TrustRoots::System, TrustRoots::Bundled] {
        let server = hello(CERTIFICATES.good.server_config());
        let mut options = options(&server.url("/"));
        options.tls.roots = roots;
        options.tls.ca_certificates.clear();
        let outcome = Recording::connect(options).run();
        outcome.assert_failed(Phase::Tls, ErrorCode::CertificateUnknownIssuer, 1015);
    }
}

#[test]
fn plain_http_server() {
    let server = Server::instead_of_tls(|mut peer| {
        peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.finish();
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Tls, ErrorCode::TlsFailed, 1015);
}

#[test]
fn end_during_the_tls_handshake() {
    let server = Server::instead_of_tls(Peer::finish);
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Tls, ErrorCode::ConnectionEnded, 1006);

    let server = Server::instead_of_tls(|mut peer| {
        // One byte: a reset any sooner may be told as one of the TCP connection's opening.
        peer.read_exact(&mut [0]).expect("a ClientHello");
        peer.reset();
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Tls, ErrorCode::ConnectionReset, 1006);
}

#[test]
fn alert_instead_of_a_handshake() {
    let server = Server::instead_of_tls(|mut peer| {
        // A fatal alert: handshake_failure (RFC 5246, section 7.2).
        peer.write(&[21, 3, 3, 0, 2, 2, 40]);
        peer.finish();
    });
    let outcome = Recording::connect(options(&server.url("/"))).run();
    outcome.assert_failed(Phase::Tls, ErrorCode::TlsFailed, 1015);
}

#[test]
fn ends_of_an_open_tls_connection() {
    let outcome = Recording::connect(options(&wss("/close?code=4321&reason=bye"))).run();
    outcome.assert_closed_without_error(4321, "bye", true);

    for path in ["/fin", "/truncate"] {
        let outcome = Recording::connect(options(&wss(path))).run();
        assert!(outcome.was_open());
        outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionEnded, 1006);
    }
    let outcome = Recording::connect(options(&wss("/reset"))).run();
    outcome.assert_failed(Phase::Closed, ErrorCode::ConnectionReset, 1006);
}
