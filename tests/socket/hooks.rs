//! Hooks that never answer, while others do, and names are looked up.

use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use socket_task::options::{
    CookieJar, HookId, Identity, Proxy, ProxyResolver, ProxySource, SignatureAlgorithm, Signer, Url,
};
use socket_task::{ErrorCode, Options, Phase};
use socket_task_testing::raw::Server;

use crate::recording::Recording;
use crate::servers::{CERTIFICATES, options, options_with_timeout, ws, wss};
use crate::slow_dns;

/// Tells that it was asked, and answers when the test is over.
struct Hanging {
    id: Option<HookId>,
    asked: Sender<()>,
    over: Mutex<Receiver<()>>,
}

impl Hanging {
    fn hang(&self) {
        let _ = self.asked.send(());
        let over = self.over.lock().map(|over| over.recv());
        assert!(over.is_ok_and(|over| over.is_err()), "nothing is sent");
    }
}

impl fmt::Debug for Hanging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hanging")
    }
}

impl ProxyResolver for Hanging {
    fn proxy_for(&self, _: &Url) -> Option<Proxy> {
        self.hang();
        None
    }

    fn id(&self) -> HookId {
        self.id.unwrap_or([std::ptr::from_ref(self).addr(), 0, 0])
    }
}

impl Signer for Hanging {
    fn sign(&self, _: SignatureAlgorithm, _: &[u8]) -> Option<Vec<u8>> {
        self.hang();
        None
    }
}

/// One that answers.
#[derive(Debug)]
struct Jar;

impl CookieJar for Jar {
    fn cookies(&self, _: &Url) -> Option<String> {
        Some("a=b".to_owned())
    }

    fn set_cookies(&self, _: &Url, _: &[String]) {}
}

/// Connections that wait for hooks that hang, with this identity or each with its own.
struct Stuck {
    connections: Vec<Recording>,
    asked: Receiver<()>,
    over: Vec<Sender<()>>,
}

impl Stuck {
    fn new(connections: usize, id: Option<HookId>, timeout: Duration) -> Stuck {
        Stuck::with(connections, id, |hook| Options {
            proxy: ProxySource::Resolver(hook),
            ..options_with_timeout(&ws("/"), timeout)
        })
    }

    fn with(connections: usize, id: Option<HookId>, options: impl Fn(Arc<Hanging>) -> Options) -> Stuck {
        let (sender, asked) = channel();
        let (mut recordings, mut over) = (Vec::new(), Vec::new());
        for _ in 0..connections {
            let (end, ended) = channel();
            over.push(end);
            let hook = Hanging { id, asked: sender.clone(), over: Mutex::new(ended) };
            recordings.push(Recording::connect(options(Arc::new(hook))));
        }
        Stuck { connections: recordings, asked, over }
    }

    /// Waits until so many hooks were asked.
    fn wait_until_asked(&self, hooks: usize) {
        for _ in 0..hooks {
            self.asked.recv_timeout(Duration::from_secs(20)).expect("a hook is asked");
        }
    }

    fn finish(self) {
        drop(self.over);
        for connection in self.connections {
            connection.finish();
        }
    }
}

fn assert_others_open() {
    let mut named = Recording::connect(options(&slow_dns::slow()));
    let mut with_hook = Recording::connect(Options { cookies: Some(Arc::new(Jar)), ..options(&ws("/")) });
    with_hook.opened();
    named.opened();
    with_hook.finish();
    named.finish();
}

#[test]
fn many_hooks_that_never_answer_stop_nobody_else() {
    let stuck = Stuck::new(100, None, Duration::from_secs(60));
    stuck.wait_until_asked(100);
    assert_others_open();
    stuck.finish();
}

#[test]
fn one_hook_that_never_answers_takes_few_threads_however_many_connections_ask_it() {
    let stuck = Stuck::new(100, Some([1, 2, 3]), Duration::from_secs(60));
    stuck.wait_until_asked(32);
    assert_others_open();
    assert!(stuck.asked.try_recv().is_err(), "the others wait for their turn");
    stuck.finish();
}

#[test]
fn a_hook_that_never_answers_ends_with_the_time_to_open() {
    let mut stuck = Stuck::new(1, None, Duration::from_millis(100));
    let outcome = stuck.connections.remove(0).run();
    outcome.assert_failed(Phase::Proxy, ErrorCode::TimedOut, 1006);
    stuck.finish();
}

#[test]
fn many_signers_that_never_answer_stop_no_other_handshake() {
    let client = CERTIFICATES.authority.issue_to_client("client");
    let config = CERTIFICATES.good.server_config_for_clients_of(&CERTIFICATES.authority);
    let server = Server::tls(config, |mut peer| drop(thread::spawn(move || peer.try_open().is_some())));
    let stuck = Stuck::with(100, None, |signer| {
        let mut options = options_with_timeout(&server.url("/"), Duration::from_secs(60));
        let identity = Identity::with_signer(client.pem().as_bytes(), signer).expect("a certificate");
        options.tls.client_certificate = Some(identity);
        options
    });
    stuck.wait_until_asked(100);
    // One whose roots are yet to be read.
    let mut other = options(&wss("/"));
    other.tls.ca_certificates = vec![CERTIFICATES.authority.der(); 3];
    let mut other = Recording::connect(other);
    other.opened();
    other.finish();
    stuck.finish();
}
