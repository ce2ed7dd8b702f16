//! The echo server as a process, with proxies beside it, for test programs in other languages.
//!
//! `echo-server DIRECTORY` writes certificates into DIRECTORY, prints one line of `key=value` pairs and serves until its
//! standard input ends. The keys are listed in the crate's README.

use std::error::Error;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use socket_task_testing::certificates::Certificates;
use socket_task_testing::echo::Echo;
use socket_task_testing::proxy::{Access, Proxies};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: echo-server DIRECTORY")?);
    let certificates = Certificates::generate();
    let client = certificates.authority.issue_to_client("client.example");
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut tell = |key: &str, value: String| pairs.push((key.to_owned(), value));

    for (key, name, pem) in [
        ("ca", "ca.pem", certificates.authority.pem().as_str()),
        ("self_signed", "self-signed.pem", certificates.self_signed.pem()),
        ("client", "client.pem", client.pem()),
        ("client_key", "client-key.pem", client.key_pem()),
    ] {
        let path = directory.join(name);
        std::fs::write(&path, pem)?;
        tell(key, path.display().to_string());
    }
    tell("ca_pin", certificates.authority.pin());
    tell("wss_pin", certificates.good.pin());
    tell("self_signed_fingerprint", certificates.self_signed.fingerprint());

    let echo = Echo::new();
    tell("ws_port", echo.tcp().port().to_string());
    let good = &certificates.good;
    for (key, config) in [
        ("wss_port", good.server_config()),
        ("wss_wrong_host_port", certificates.wrong_host.server_config()),
        ("wss_expired_port", certificates.expired.server_config()),
        ("wss_not_yet_valid_port", certificates.not_yet_valid.server_config()),
        ("wss_unknown_authority_port", certificates.unknown_authority.server_config()),
        ("wss_self_signed_port", certificates.self_signed.server_config()),
        ("wss_tls12_port", good.server_config_with(&[&rustls::version::TLS12])),
        ("wss_mutual_port", good.server_config_for_clients_of(&certificates.authority)),
    ] {
        tell(key, echo.tls(config).port().to_string());
    }

    let proxies = Proxies::new();
    for (key, address) in [
        ("http_proxy_port", proxies.http(Access::Free)),
        ("http_password_proxy_port", proxies.http(Access::Password)),
        ("https_proxy_port", proxies.https(good.server_config(), Access::Free)),
        ("socks_proxy_port", proxies.socks(Access::Free)),
        ("socks_password_proxy_port", proxies.socks(Access::Password)),
    ] {
        tell(key, address.port().to_string());
    }

    let line: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut out = io::stdout().lock();
    writeln!(out, "{}", line.join(" "))?;
    out.flush()?;
    io::stdin().lock().read_to_end(&mut Vec::new())?;
    Ok(())
}
