//! tinyproxy (HTTP) and microsocks (SOCKS 5).

use std::process::Command;

use socket_task::options::{Proxy, ProxySource};
use socket_task::{ErrorCode, Options, Phase};
use socket_task_testing::echo::Echo;

use crate::client::{echo, fail};
use crate::server::{CERTIFICATES, Directory, Program, echo_server, free_port, options};

fn through(url: &str, proxy: &str) -> Options {
    Options { proxy: ProxySource::Fixed(Proxy::parse(proxy).expect("a proxy")), ..options(url) }
}

/// Echoes over `ws:` and `wss:` through `proxy`, by a name that the proxy resolves.
fn echo_through(proxy: &str) {
    let plain = through(&format!("ws://localhost:{}/", echo_server().port()), proxy);
    let profile = echo(plain).profile;
    assert!(!profile.proxy.duration().is_zero(), "{profile:?}");
    let secure = Echo::new();
    let port = secure.tls(CERTIFICATES.good.server_config()).port();
    let profile = echo(through(&format!("wss://localhost:{port}/"), proxy)).profile;
    assert_eq!(profile.tls_version, "TLSv1.3");
}

fn tinyproxy(directory: &Directory, credentials: &str) -> (u16, Program) {
    let port = free_port();
    let config = directory
        .write("tinyproxy.conf", format!("Port {port}\nListen 127.0.0.1\nTimeout 60\n{credentials}\n"));
    let program = Program::start(Command::new("tinyproxy").arg("-d").arg("-c").arg(config), port);
    (port, program)
}

#[test]
#[ignore = "needs tinyproxy"]
fn goes_through_tinyproxy() {
    let directory = Directory::new();
    let (port, _program) = tinyproxy(&directory, "");
    echo_through(&format!("http://127.0.0.1:{port}"));
    let closed = format!("ws://localhost:{}/", free_port());
    let error = fail(through(&closed, &format!("127.0.0.1:{port}")));
    assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::ProxyRefused), "{error}");
    assert!(error.response.is_some_and(|response| response.status >= 400));
}

#[test]
#[ignore = "needs tinyproxy"]
fn authenticates_to_tinyproxy() {
    let directory = Directory::new();
    let (port, _program) = tinyproxy(&directory, "BasicAuth user password");
    echo_through(&format!("http://user:password@127.0.0.1:{port}"));
    for userinfo in ["", "user:wrong@"] {
        let error = fail(through("ws://localhost/", &format!("http://{userinfo}127.0.0.1:{port}")));
        assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::ProxyAuthentication), "{error}");
    }
}

#[test]
#[ignore = "needs microsocks"]
fn goes_through_microsocks() {
    let port = free_port();
    let mut command = Command::new("microsocks");
    let _program = Program::start(command.args(["-i", "127.0.0.1", "-p"]).arg(port.to_string()), port);
    echo_through(&format!("socks5://127.0.0.1:{port}"));
    let closed = format!("ws://localhost:{}/", free_port());
    let error = fail(through(&closed, &format!("socks5://127.0.0.1:{port}")));
    assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::ProxyRefused), "{error}");
    assert!(error.message.contains("the connection was refused"), "{error}");
}

#[test]
#[ignore = "needs microsocks"]
fn authenticates_to_microsocks() {
    let port = free_port();
    let mut command = Command::new("microsocks");
    command.args(["-i", "127.0.0.1", "-u", "user", "-P", "password", "-p"]).arg(port.to_string());
    let _program = Program::start(&mut command, port);
    echo_through(&format!("socks5://user:password@127.0.0.1:{port}"));
    for userinfo in ["", "user:wrong@"] {
        let error = fail(through("ws://localhost/", &format!("socks5://{userinfo}127.0.0.1:{port}")));
        assert_eq!((error.phase, error.code), (Phase::Proxy, ErrorCode::ProxyAuthentication), "{error}");
    }
}
