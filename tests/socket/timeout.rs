//! The time to open runs out, in each phase. (For the look-up of the name see `slow_dns`.)

use std::time::{Duration, Instant};

use socket_task::{ErrorCode, Phase};
use socket_task_testing::http;
use socket_task_testing::raw::{FullBacklog, Server};

use crate::recording::Recording;
use crate::servers::{CERTIFICATES, options_with_timeout, ws};

const TIMEOUT: Duration = Duration::from_millis(300);

/// Connects to `url`, where nothing leads to an open connection, and expects the timeout in `phase`, in time.
fn assert_times_out(url: &str, phase: Phase) {
    let start = Instant::now();
    let outcome = Recording::connect(options_with_timeout(url, TIMEOUT)).run();
    let elapsed = start.elapsed();
    assert!(!outcome.was_open());
    let error = outcome.assert_failed(phase, ErrorCode::TimedOut, 1006);
    assert!(error.message.contains("300"), "{error}");
    assert!(elapsed >= TIMEOUT, "{elapsed:?}");
    assert!(elapsed < TIMEOUT * 10, "{elapsed:?}");
}

#[test]
fn while_connecting() {
    let backlog = FullBacklog::new();
    assert_times_out(&backlog.url(), Phase::Tcp);
}

#[test]
fn before_the_first_byte_of_tls() {
    let server = Server::instead_of_tls(|mut peer| {
        peer.wait_for_end();
    });
    assert_times_out(&server.url("/"), Phase::Tls);
}

#[test]
fn in_the_middle_of_the_tls_handshake() {
    let server = Server::instead_of_tls(|mut peer| {
        // The head of a TLS record of 16 KiB that never comes.
        peer.write(&[22, 3, 3, 0x40, 0]);
        peer.wait_for_end();
    });
    assert_times_out(&server.url("/"), Phase::Tls);
}

#[test]
fn before_the_response() {
    assert_times_out(&ws("/silent"), Phase::Handshake);
    let server = Server::tls(CERTIFICATES.good.server_config(), |mut peer| {
        peer.wait_for_end();
    });
    assert_times_out(&server.url("/"), Phase::Handshake);
}

#[test]
fn in_the_middle_of_the_response() {
    let server = Server::tcp(|mut peer| {
        let request = peer.read_request().expect("a request");
        let response = http::switching_protocols(&request, &[]);
        peer.write(&response[..response.len() - 1]);
        peer.wait_for_end();
    });
    assert_times_out(&server.url("/"), Phase::Handshake);
}

#[test]
fn while_the_response_drips() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        let head = format!("HTTP/1.1 101 Switching Protocols\r\nX-Long: {}", "x".repeat(1000));
        peer.drip(head.as_bytes(), Duration::from_millis(20));
    });
    assert_times_out(&server.url("/"), Phase::Handshake);
}

#[test]
fn an_open_connection_outlives_it() {
    let mut recording = Recording::connect(options_with_timeout(&ws("/"), TIMEOUT));
    recording.opened();
    assert!(recording.is_quiet_for(TIMEOUT * 2));
    recording.socket.send_text("alive").expect("open");
    assert_eq!(recording.text(), "alive");
    recording.finish();
}
