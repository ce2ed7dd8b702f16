//! What the platform says for the whole process. The other tests are in that process too: hence a policy and a proxy
//! that are about hosts of these tests only. `probe_all` would concern all of them; `tests/c/platform.c` has it.

use std::sync::{Arc, Once};

use socket_task::options::{Proxy, ProxyResolver, ProxySource, Url};
use socket_task::platform::{set_cleartext_policy, set_system_proxy};
use socket_task::{ErrorCode, Options, Phase};
use socket_task_testing::http::response;
use socket_task_testing::raw::Server;

use crate::recording::Recording;
use crate::servers::{CERTIFICATES, options, ws};

const FORBIDDEN: &str = "forbidden.test";
const PERMITTED: &str = "permitted.test";
const FAULTY: &str = "faulty.test";

fn set_policy() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_cleartext_policy(Some(Arc::new(|host| {
            assert_ne!(host, FAULTY, "as it was meant to");
            host != FORBIDDEN && host != "::ffff:127.0.0.1"
        })));
    });
}

/// Options for the server under this name.
fn under(name: &str, server: &Server, url: &str) -> Options {
    Options { resolve: vec![(name.to_owned(), vec![server.address().ip()])], ..options(url) }
}

fn echo_once() -> Server {
    Server::tcp(|mut peer| {
        if peer.try_open().is_some() {
            peer.wait_for_end();
        }
    })
}

fn assert_not_permitted(options: Options) {
    let mut recording = Recording::connect(options);
    recording.closed();
    recording.finish().assert_failed(Phase::Url, ErrorCode::CleartextNotPermitted, 1006);
}

#[test]
fn ws_is_refused_where_the_policy_forbids_it() {
    set_policy();
    let server = Server::tcp(|_| panic!("nobody may come"));
    assert_not_permitted(under(FORBIDDEN, &server, &server.url_for_host(FORBIDDEN, "/")));
    // Through a proxy it is not encrypted either.
    let mut proxied = under(FORBIDDEN, &server, &server.url_for_host(FORBIDDEN, "/"));
    proxied.proxy = ProxySource::Fixed(Proxy::parse(&server.address().to_string()).expect("a proxy"));
    assert_not_permitted(proxied);
    // As the policy knows an address: without brackets.
    assert_not_permitted(options("ws://[::ffff:127.0.0.1]/"));
}

#[test]
fn ws_is_as_good_as_ever_where_the_policy_permits_it() {
    set_policy();
    let server = echo_once();
    let mut recording = Recording::connect(under(PERMITTED, &server, &server.url_for_host(PERMITTED, "/")));
    recording.opened();
    recording.finish();
}

#[test]
fn wss_is_none_of_the_policys_business() {
    set_policy();
    let identity =
        CERTIFICATES.authority.issue(&[FORBIDDEN], socket_task_testing::certificates::Validity::Now);
    let server = Server::tls(identity.server_config(), |mut peer| {
        if peer.try_open().is_some() {
            peer.wait_for_end();
        }
    });
    let mut recording = Recording::connect(under(FORBIDDEN, &server, &server.url_for_host(FORBIDDEN, "/")));
    recording.opened();
    recording.finish();
}

#[test]
fn a_redirect_is_no_way_round_the_policy() {
    set_policy();
    let server = Server::tcp(|mut peer| {
        peer.read_request().expect("a request");
        peer.write(&response(302, &[("Location", "ws://forbidden.test:1/")], b""));
        peer.finish();
    });
    let mut redirected = under(PERMITTED, &server, &server.url_for_host(PERMITTED, "/"));
    redirected.follow_redirects = 3;
    assert_not_permitted(redirected);
}

#[test]
fn a_fault_of_the_policy_is_contained() {
    set_policy();
    let mut recording = Recording::connect(options("ws://faulty.test/"));
    recording.closed();
    recording.finish().assert_failed(Phase::Url, ErrorCode::Other, 1006);
}

#[derive(Debug)]
struct NowhereFor(&'static str);

impl ProxyResolver for NowhereFor {
    fn proxy_for(&self, url: &Url) -> Option<Proxy> {
        (url.host().to_string() == self.0).then(|| Proxy::parse("http://127.0.0.1:1").expect("a proxy"))
    }
}

#[test]
fn the_systems_proxy_is_taken_by_who_asks_for_it() {
    set_system_proxy(Some(Arc::new(NowhereFor("proxied.test"))));
    let with_systems_proxy = |url: &str| Options { proxy: ProxySource::System, ..options(url) };
    let mut recording = Recording::connect(with_systems_proxy("ws://proxied.test/"));
    recording.closed();
    recording.finish().assert_failed(Phase::Proxy, ErrorCode::ConnectionRefused, 1006);

    let mut recording = Recording::connect(with_systems_proxy(&ws("/")));
    recording.opened();
    recording.finish();
}
