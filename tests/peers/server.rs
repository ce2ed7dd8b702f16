//! Programs started for a test, and the echo server behind them.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use socket_task::{Options, TrustRoots};
use socket_task_testing::certificates::Certificates;
use socket_task_testing::echo::Echo;

pub static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(Certificates::generate);

static ECHO: LazyLock<(SocketAddr, Echo)> = LazyLock::new(|| {
    let echo = Echo::new();
    (echo.tcp(), echo)
});

/// Where the echo server listens, without TLS.
pub fn echo_server() -> SocketAddr {
    ECHO.0
}

/// Options for `url` that trust the test authority only.
pub fn options(url: &str) -> Options {
    let mut options = Options::new(url.parse().expect("a valid URL"));
    options.timeout = Duration::from_secs(10);
    options.tls.roots = TrustRoots::None;
    options.tls.ca_certificates = vec![CERTIFICATES.authority.der()];
    options
}

/// A port that nobody listens on, and that nobody gets by chance: Linux gives ports from 32768 on to those who
/// do not care which.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let port = 20_000 + NEXT.fetch_add(1, Ordering::Relaxed) % 10_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// A directory for a test, removed at its end.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Directory {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("socket-task-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a directory");
        Directory(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a file");
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running program, ended with this.
pub struct Program(Child);

impl Program {
    /// Starts it and waits until it listens on `port` of this machine.
    pub fn start(command: &mut Command, port: u16) -> Program {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut program = Program(child.unwrap_or_else(|error| panic!("{command:?}: {error}")));
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Ok(Some(status)) = program.0.try_wait() {
                panic!("{command:?} ended: {status}");
            }
            assert!(Instant::now() < deadline, "{command:?} does not listen");
            sleep(Duration::from_millis(20));
        }
        program
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
