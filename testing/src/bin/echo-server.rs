//! The echo server as a process, for test programs in other languages.
//!
//! `echo-server DIRECTORY` writes the certificates `ca.pem` and `self-signed.pem` into DIRECTORY, prints one
//! line of `key=value` pairs and serves until its standard input ends.

use std::error::Error;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use socket_task_testing::certificates::Certificates;
use socket_task_testing::echo::Echo;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: echo-server DIRECTORY")?);
    let certificates = Certificates::generate();
    let ca = directory.join("ca.pem");
    std::fs::write(&ca, certificates.authority.pem())?;
    let self_signed = directory.join("self-signed.pem");
    std::fs::write(&self_signed, certificates.self_signed.pem())?;

    let echo = Echo::new();
    let mut line = format!("ws_port={}", echo.tcp().port());
    for (name, identity) in [
        ("wss", &certificates.good),
        ("wss_wrong_host", &certificates.wrong_host),
        ("wss_expired", &certificates.expired),
        ("wss_not_yet_valid", &certificates.not_yet_valid),
        ("wss_unknown_authority", &certificates.unknown_authority),
        ("wss_self_signed", &certificates.self_signed),
    ] {
        line.push_str(&format!(" {name}_port={}", echo.tls(identity.server_config()).port()));
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{line} ca={} self_signed={}", ca.display(), self_signed.display())?;
    out.flush()?;
    io::stdin().lock().read_to_end(&mut Vec::new())?;
    Ok(())
}
