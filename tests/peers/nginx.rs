//! nginx as the front of a server: TLS, redirects, refusals, resumed sessions.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use socket_task::options::TlsVersion;
use socket_task::{ErrorCode, Phase};

use crate::client::{echo, fail};
use crate::server::{CERTIFICATES, Directory, Program, echo_server, free_port, options};

struct Nginx {
    plain: u16,
    secure: u16,
    /// Resumes no TLS session.
    forgetful: u16,
    directory: Directory,
    _program: Program,
}

impl Nginx {
    /// `/echo` is the echo server's; `/refused` and `/redirect…` answer so.
    fn start() -> Nginx {
        let directory = Directory::new();
        let (plain, secure, forgetful, echo) = (free_port(), free_port(), free_port(), echo_server());
        let certificate = directory.write("certificate.pem", CERTIFICATES.good.pem());
        let key = directory.write("key.pem", CERTIFICATES.good.key_pem());
        let root = directory.path().display();
        let upgrade = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";
        let config = format!(
            r#"
            daemon off;
            master_process off;
            pid {root}/nginx.pid;
            error_log {root}/error.log;
            events {{ }}
            http {{
                log_format seen '$ssl_protocol $ssl_session_reused [$http_authorization] $request_uri';
                access_log {root}/access.log seen;
                client_body_temp_path {root}/body;
                proxy_temp_path {root}/proxy;
                fastcgi_temp_path {root}/fastcgi;
                uwsgi_temp_path {root}/uwsgi;
                scgi_temp_path {root}/scgi;
                server {{
                    listen 127.0.0.1:{forgetful} ssl;
                    ssl_certificate {certificate};
                    ssl_certificate_key {key};
                    ssl_protocols TLSv1.3;
                    ssl_session_tickets off;
                    ssl_session_cache off;
                    location / {{ proxy_pass http://127.0.0.1:{plain}; {upgrade} }}
                }}
                server {{
                    listen 127.0.0.1:{plain};
                    listen 127.0.0.1:{secure} ssl;
                    ssl_certificate {certificate};
                    ssl_certificate_key {key};
                    ssl_protocols TLSv1.2 TLSv1.3;
                    ssl_session_cache shared:sessions:1m;
                    location /echo {{
                        proxy_pass http://{echo};
                        {upgrade}
                    }}
                    location /refused {{ add_header Retry-After 7 always; return 503 "later\n"; }}
                    location /redirect {{ return 307 /echo/redirected; }}
                    location /redirect-to-tls {{ return 308 https://localhost:{secure}/echo/elsewhere; }}
                    location /redirect-to-plain {{ return 302 http://localhost:{plain}/echo; }}
                }}
            }}
            "#,
            certificate = certificate.display(),
            key = key.display(),
        );
        let config = directory.write("nginx.conf", config);
        let mut command = Command::new("nginx");
        command.arg("-e").arg(directory.path().join("error.log")).arg("-c").arg(config);
        let program = Program::start(&mut command, secure);
        Nginx { plain, secure, forgetful, directory, _program: program }
    }

    fn ws(&self, path: &str) -> String {
        format!("ws://localhost:{}{path}", self.plain)
    }

    fn wss(&self, path: &str) -> String {
        format!("wss://localhost:{}{path}", self.secure)
    }

    /// The line of the access log for `target`, which nginx writes at the end of the connection.
    fn logged(&self, target: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let log = std::fs::read_to_string(self.directory.path().join("access.log")).unwrap_or_default();
            match log.lines().find(|line| line.ends_with(target)) {
                Some(line) => return line.to_owned(),
                None => assert!(Instant::now() < deadline, "{target} is not in the log:\n{log}"),
            }
            sleep(Duration::from_millis(20));
        }
    }
}

#[test]
#[ignore = "needs nginx"]
fn a_second_connection_resumes_the_session() {
    let nginx = Nginx::start();
    // Sessions belong to a host and the options; no other test here has these.
    let profile = |url: String| {
        let mut options = options(&url);
        options.tls.min_version = TlsVersion::Tls13;
        echo(options).profile
    };
    assert!(!profile(nginx.wss("/echo?first")).tls_resumed);
    assert!(profile(nginx.wss("/echo?second")).tls_resumed);
    assert_eq!(nginx.logged("?first"), "TLSv1.3 . [-] /echo?first");
    assert_eq!(nginx.logged("?second"), "TLSv1.3 r [-] /echo?second");

    let quickest = |url: String, resumed: bool| {
        let profiles = (0..20).map(|_| profile(url.clone()));
        let times = profiles.map(|profile| {
            assert_eq!(profile.tls_resumed, resumed);
            profile.tls.duration()
        });
        times.min().expect("twenty")
    };
    let full = quickest(format!("wss://127.0.0.1:{}/echo", nginx.forgetful), false);
    let resumed = quickest(nginx.wss("/echo"), true);
    // Not compared: on a busy machine the difference is less than the noise.
    println!("TLS handshake: {full:?} in full, {resumed:?} resumed");
}

#[test]
#[ignore = "needs nginx"]
fn follows_its_redirects_without_credentials() {
    let nginx = Nginx::start();
    let with_credentials = |url: &str| {
        let mut options = options(url);
        options.headers = vec![("Authorization".to_owned(), "Bearer secret".into())];
        options.follow_redirects = 2;
        options
    };
    echo(with_credentials(&nginx.ws("/redirect")));
    assert!(nginx.logged("/echo/redirected").contains("[Bearer secret]"), "the origin is the same");
    echo(with_credentials(&nginx.ws("/redirect-to-tls")));
    assert!(nginx.logged("/echo/elsewhere").contains("[-]"), "the origin is another");
    let error = fail(with_credentials(&nginx.wss("/redirect-to-plain")));
    assert_eq!(error.code, ErrorCode::BadRedirect, "{error}");
}

#[test]
#[ignore = "needs nginx"]
fn tells_its_refusal() {
    let nginx = Nginx::start();
    for url in [nginx.ws("/refused"), nginx.wss("/refused")] {
        let error = fail(options(&url));
        assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::HttpStatus), "{error}");
        let response = error.response.expect("a response");
        assert_eq!((response.status, response.body.as_slice()), (503, &b"later\n"[..]));
        assert!(
            response.headers.contains(&("Retry-After".to_owned(), b"7".to_vec())),
            "{:?}",
            response.headers
        );
    }
}

#[test]
#[ignore = "needs nginx"]
fn tells_that_nginx_wants_tls() {
    let nginx = Nginx::start();
    let error = fail(options(&nginx.wss("/echo").replacen("wss:", "ws:", 1)));
    assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::HttpStatus), "{error}");
    assert!(error.message.ends_with("HTTP status 400 instead of 101; this is a port for wss"), "{error}");
}
