//! A network that has IPv6 only, with a server of IPv4 behind its NAT64: a network namespace of Linux, for which this test
//! starts itself again. In there the address that a NAT64 would translate is the server's own.

use std::net::TcpListener;
use std::process::Command;

use socket_task::{ErrorCode, Options};
use tokio_tungstenite::tungstenite;

use crate::client;

/// As the resolver of such a network answers (RFC 7050), and 192.0.2.1 behind the well-known prefix.
const SET_UP: &str = "
    ip link set lo up &&
    ip -6 address add 64:ff9b::c000:201/128 dev lo &&
    printf '64:ff9b::c000:aa ipv4only.arpa\\n' >\"$HOSTS\" &&
    mount --bind \"$HOSTS\" /etc/hosts &&
    exec \"$0\" --exact nat64::inside --ignored --nocapture";

#[test]
#[ignore = "needs the right to make namespaces, and the programs ip and unshare"]
fn an_address_of_ipv4_is_reached_from_a_network_without() {
    let can = Command::new("unshare").args(["--map-root-user", "--net", "--mount", "true"]).status();
    if !can.is_ok_and(|status| status.success()) {
        println!("skipped: there is no right to make namespaces");
        return;
    }
    let hosts = std::env::temp_dir().join(format!("socket-task-hosts-{}", std::process::id()));
    let status = Command::new("unshare")
        .args(["--map-root-user", "--net", "--mount", "sh", "-c", SET_UP])
        .arg(std::env::current_exe().expect("the test's file"))
        .env("HOSTS", &hosts)
        .env("INSIDE", "1")
        .status();
    let _ = std::fs::remove_file(hosts);
    assert!(status.expect("unshare").success());
}

/// What runs inside.
#[test]
#[ignore = "run by the other test"]
fn inside() {
    if std::env::var_os("INSIDE").is_none() {
        return;
    }
    let listener = TcpListener::bind("[64:ff9b::c000:201]:0").expect("the server's address");
    let address = listener.local_addr().expect("the port");
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let mut socket = tungstenite::accept(stream).expect("an opening handshake");
        while let Ok(message) = socket.read() {
            if !message.is_close() {
                socket.send(message).expect("the client is there");
            }
        }
    });
    let to =
        |host: &str| Options::new(format!("ws://{host}:{}/", address.port()).parse().expect("a valid URL"));
    let open = client::echo(to("192.0.2.1"));
    assert_eq!(open.profile.remote_address, Some(address));
    server.join().expect("the server's checks");
    // Nobody listens any more; and what a NAT64 may not translate is as unreachable as it was.
    let error = client::fail(to("192.0.2.1"));
    assert_eq!(error.code, ErrorCode::ConnectionRefused, "{error}");
    assert!(error.message.contains("[64:ff9b::c000:201]"), "{error}");
    assert_eq!(client::fail(to("10.0.0.1")).code, ErrorCode::Unreachable);
}
