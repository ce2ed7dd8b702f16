//! Name resolution and Happy Eyeballs.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::time::Instant;

use socket_task_testing::raw::{FullBacklog, Server};

use super::*;
use crate::connect::tests::{failed, opened, options, run};

fn addresses(list: &[&str]) -> Vec<SocketAddr> {
    list.iter().map(|address| address.parse().unwrap()).collect()
}

#[test]
fn alternates_the_families() {
    let resolved = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"]);
    assert_eq!(interleave(resolved), addresses(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]));
    let resolved = addresses(&["1.1.1.1:1", "2.2.2.2:1", "[::1]:1"]);
    assert_eq!(interleave(resolved), addresses(&["1.1.1.1:1", "[::1]:1", "2.2.2.2:1"]));
    assert_eq!(interleave(Vec::new()), Vec::new());
}

/// An attempt for [`race`]: how long it takes and how it ends.
async fn attempt(millis: u64, result: Result<u16, io::ErrorKind>) -> io::Result<u16> {
    sleep(Duration::from_millis(millis)).await;
    result.map_err(io::Error::from)
}

/// Runs a race of attempts, numbered by their ports, in the time of the test; gives its result, the
/// ports that were tried, and the milliseconds it took.
fn race_of(attempts: &[(u64, Result<u16, io::ErrorKind>)]) -> (Result<u16, Error>, Vec<u16>, u64) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let addresses: Vec<SocketAddr> =
            (0..attempts.len()).map(|port| (Ipv4Addr::LOCALHOST, port as u16).into()).collect();
        let tried = std::cell::RefCell::new(Vec::new());
        let start = tokio::time::Instant::now();
        let result = race(&addresses, |address| {
            tried.borrow_mut().push(address.port());
            let (millis, result) = attempts[usize::from(address.port())];
            attempt(millis, result)
        })
        .await;
        (result, tried.into_inner(), start.elapsed().as_millis() as u64)
    })
}

#[test]
fn gives_each_attempt_a_head_start() {
    let refused = Err(io::ErrorKind::ConnectionRefused);
    let (result, tried, millis) = race_of(&[(100, Ok(0)), (0, Ok(1))]);
    assert_eq!((result, tried, millis), (Ok(0), vec![0], 100));
    let (result, tried, millis) = race_of(&[(10_000, Ok(0)), (10_000, Ok(1)), (50, Ok(2))]);
    assert_eq!((result, tried, millis), (Ok(2), vec![0, 1, 2], 550));
    // The first one may still win.
    let (result, tried, millis) = race_of(&[(300, Ok(0)), (10_000, Ok(1))]);
    assert_eq!((result, tried, millis), (Ok(0), vec![0, 1], 300));
    // A failure starts the next one at once.
    let (result, tried, millis) = race_of(&[(20, refused), (20, refused), (20, Ok(2))]);
    assert_eq!((result, tried, millis), (Ok(2), vec![0, 1, 2], 60));
}

#[test]
fn tells_the_most_telling_failure() {
    let unreachable = Err(io::ErrorKind::NetworkUnreachable);
    let refused = Err(io::ErrorKind::ConnectionRefused);
    let (result, _, millis) = race_of(&[(0, unreachable), (1_000, refused), (0, unreachable)]);
    let error = result.unwrap_err();
    assert_eq!((error.phase, error.code, millis), (Phase::Tcp, ErrorCode::ConnectionRefused, 1_000));
    for port in 0..3 {
        assert!(error.message.contains(&format!("127.0.0.1:{port}: ")), "{error}");
    }
    let (result, ..) = race_of(&[(0, unreachable)]);
    assert_eq!(result.unwrap_err().code, ErrorCode::Unreachable);
    let (result, ..) = race_of(&[]);
    assert_eq!(result.unwrap_err().phase, Phase::Tcp);
}

#[test]
fn reaches_the_second_address_when_the_first_is_dead() {
    let server = Server::tcp(|mut peer| {
        peer.try_open();
    });
    let port = server.address().port();
    let dead = FullBacklog::at((Ipv4Addr::new(127, 0, 0, 2), port).into());
    let mut options = options(&format!("ws://Two.example:{port}/"));
    options.resolve = vec![("two.EXAMPLE".to_owned(), vec![dead.address().ip(), Ipv4Addr::LOCALHOST.into()])];
    let start = Instant::now();
    let opened = opened(&options);
    // About 250 ms when nothing else runs here; the dead address alone would take minutes.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(opened.profile.remote_address, Some(server.address()));
    assert!(opened.profile.tcp.duration() >= ATTEMPT_DELAY, "{:?}", opened.profile);
}

#[test]
fn names_every_address_that_refused() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut options = options(&format!("ws://two.example:{port}/"));
    options.resolve = vec![(
        "two.example".to_owned(),
        vec![Ipv4Addr::new(127, 0, 0, 2).into(), Ipv4Addr::LOCALHOST.into()],
    )];
    let error = failed(&options);
    assert_eq!(error.code, ErrorCode::ConnectionRefused);
    assert!(error.message.contains("127.0.0.2") && error.message.contains("127.0.0.1"), "{error}");
}

/// The link-local addresses of this machine and their interfaces, as Linux lists them.
fn link_local_addresses() -> Vec<(Ipv6Addr, String)> {
    let list = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let entry = |line: &str| {
        let mut columns = line.split_whitespace();
        let address = u128::from_str_radix(columns.next()?, 16).ok()?;
        Some((Ipv6Addr::from(address), columns.next_back()?.to_owned()))
    };
    list.lines().filter_map(entry).filter(|(address, _)| address.is_unicast_link_local()).collect()
}

#[test]
fn reaches_ipv6_addresses_with_and_without_a_zone() {
    // Machines without IPv6 have nothing to reach.
    let Ok(listener) = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)) else { return };
    let port = listener.local_addr().unwrap().port();
    let mut hosts = vec!["[::1]".to_owned(), "[::1%251]".to_owned()];
    hosts.extend(
        link_local_addresses().iter().map(|(address, interface)| format!("[{address}%25{interface}]")),
    );
    for host in hosts {
        let url = crate::options::Url::parse(&format!("ws://{host}:{port}/")).unwrap();
        let options = options("ws://unused/");
        let stream = run(async {
            let timer = Timer::start(options.timeout);
            dial(url.host(), url.port(), &options, &timer, &mut Profile::default()).await
        });
        assert_eq!(stream.unwrap().peer_addr().unwrap().port(), port, "{host}");
    }
}

#[test]
fn sets_the_socket_options() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let dial_with = |options: &Options| {
        run(async {
            let host = Host::V4(Ipv4Addr::LOCALHOST);
            let timer = Timer::start(options.timeout);
            let stream = dial(&host, address.port(), options, &timer, &mut Profile::default()).await.unwrap();
            let socket = SockRef::from(&stream);
            #[cfg(unix)]
            let time = || socket.tcp_keepalive_time().unwrap();
            // Windows does not tell it.
            #[cfg(windows)]
            let time = || Duration::from_secs(45);
            let keepalive = socket.keepalive().unwrap().then(time);
            (stream.nodelay().unwrap(), keepalive)
        })
    };
    let mut options = options("ws://unused/");
    assert_eq!(dial_with(&options), (true, None));
    options.tcp_no_delay = false;
    options.tcp_keepalive = Some(Duration::from_secs(45));
    assert_eq!(dial_with(&options), (false, Some(Duration::from_secs(45))));
}

/// All sockets live on one thread: a slow resolver must not hold it up.
#[test]
fn a_slow_resolver_delays_no_other_socket() {
    let address: SocketAddr = (Ipv4Addr::LOCALHOST, 80).into();
    run(async {
        let slow = tokio::spawn(look_up("slow.example".to_owned(), 80, move |_, _| {
            std::thread::sleep(Duration::from_secs(2));
            Ok(vec![address, address])
        }));
        let quick = look_up("localhost".to_owned(), 80, system_resolver).await.unwrap();
        assert!(!quick.is_empty());
        assert!(!slow.is_finished());
        assert_eq!(slow.await.unwrap().unwrap(), [address], "each address is there once");
    });
}
