//! From a host to a TCP connection: name resolution and Happy Eyeballs version 2 (RFC 8305).

mod nat64;

use std::future::{Future, poll_fn};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::timing::{Profile, Timer};
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Host, Options};
use crate::runtime::Pool;

/// How long an attempt runs alone before the next one starts (RFC 8305, section 5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// The time between keepalive probes that are not answered.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// "Unreachable" is not held back for longer than this by a resolver that does not answer.
const NAT64_PATIENCE: Duration = Duration::from_secs(2);

/// How many bytes the operating system takes before it can send them (docs/decisions/send-buffer.md).
#[cfg(any(target_os = "android", target_os = "linux"))]
const UNSENT: u32 = 128 << 10;

/// Where names are resolved. A look-up can hang for as long as the system lets it.
static RESOLVERS: Pool = Pool::new("socket-task-dns", 64);

/// Connects to `host`, and notes the times of both phases and the address in `profile`.
pub(crate) async fn dial(
    host: &Host,
    port: u16,
    options: &Options,
    timer: &Timer,
    profile: &mut Profile,
) -> Result<TcpStream, Error> {
    let doing = format!("resolving {host}");
    let addresses = timer.measure(&mut profile.dns, Phase::Dns, &doing, resolve(host, port, options)).await?;
    let addresses = interleave(addresses);
    let doing = format!("connecting to {} ({})", host.with_port(port), list(&addresses));
    let stream = timer.measure(&mut profile.tcp, Phase::Tcp, &doing, connect_to(&addresses)).await?;
    profile.remote_address = stream.peer_addr().ok();
    configure(&stream, options)
        .map_err(|error| Error::from_io(Phase::Tcp, &error, "setting up the TCP connection"))?;
    Ok(stream)
}

/// Connects to one of `addresses`, and on a network without IPv4 through its NAT64, if it has one.
async fn connect_to(addresses: &[SocketAddr]) -> Result<TcpStream, Error> {
    let may_lack_ipv4 = |error: &Error| {
        error.code == ErrorCode::Unreachable
            && addresses.iter().all(SocketAddr::is_ipv4)
            && nat64::is_translatable(addresses)
    };
    let error = match race(addresses, TcpStream::connect).await {
        Err(error) if may_lack_ipv4(&error) => error,
        result => return result,
    };
    let query = look_up(nat64::KNOWN_NAME.to_owned(), 0, system_resolver);
    let known: Vec<_> = timeout(NAT64_PATIENCE, query).await.into_iter().flatten().flatten().collect();
    match nat64::synthesize(addresses, &known) {
        none if none.is_empty() => Err(error),
        synthesized => race(&synthesized, TcpStream::connect).await,
    }
}

/// Sets the socket options. The sizes of the buffers are left to the operating system, which tunes them.
fn configure(stream: &TcpStream, options: &Options) -> io::Result<()> {
    stream.set_nodelay(options.tcp_no_delay)?;
    // Not worth a connection: what it does is to keep less where it can.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    let _ = SockRef::from(stream).set_tcp_notsent_lowat(UNSENT);
    if let Some(time) = options.tcp_keepalive {
        let keepalive = TcpKeepalive::new().with_time(time).with_interval(KEEPALIVE_INTERVAL.min(time));
        SockRef::from(stream).set_tcp_keepalive(&keepalive)?;
    }
    Ok(())
}

fn list(addresses: &[SocketAddr]) -> String {
    addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(", ")
}

/// The addresses of `host` in the order of the resolver, or of the option that stands in for it.
async fn resolve(host: &Host, port: u16, options: &Options) -> Result<Vec<SocketAddr>, Error> {
    let name = host.to_string();
    if let Some((_, addresses)) = options.resolve.iter().find(|(given, _)| given.eq_ignore_ascii_case(&name))
    {
        return Ok(addresses.iter().map(|&address| (address, port).into()).collect());
    }
    match host {
        Host::V4(address) => Ok(vec![(*address, port).into()]),
        Host::V6(address, None) => Ok(vec![(*address, port).into()]),
        // Never a server elsewhere, whatever a resolver says (RFC 6761, section 6.3).
        name if name.is_localhost() => {
            Ok(vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()])
        }
        // The system's resolver also turns the zone, an interface's name, into its index.
        Host::V6(_, Some(_)) | Host::Name(_) => look_up(name, port, system_resolver).await,
    }
}

/// Blocks until the system's resolver has an answer.
fn system_resolver(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    (name, port).to_socket_addrs().map(Iterator::collect)
}

/// Asks `resolver` on a thread that may block.
async fn look_up<R>(name: String, port: u16, resolver: R) -> Result<Vec<SocketAddr>, Error>
where
    R: FnOnce(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + 'static,
{
    let query = name.clone();
    let answer = RESOLVERS
        .call(move || resolver(&query, port))
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)));
    let not_resolved = |reason: &dyn std::fmt::Display| {
        Error::new(Phase::Dns, ErrorCode::NameNotResolved, format!("cannot resolve {name}: {reason}"))
    };
    match answer {
        Ok(addresses) if addresses.is_empty() => Err(not_resolved(&"it has no address")),
        Ok(mut addresses) => {
            // Without a socket type in the query a resolver may give an address once for each type.
            let mut seen = Vec::new();
            addresses.retain(|address| {
                !seen.contains(address) && {
                    seen.push(*address);
                    true
                }
            });
            Ok(addresses)
        }
        Err(error) => {
            let os_error = error.raw_os_error().unwrap_or(0);
            Err(Error { os_error, ..not_resolved(&error) })
        }
    }
}

/// Alternates the address families, beginning with the resolver's first choice (RFC 8305, section 4).
fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut interleaved = Vec::with_capacity(preferred.len() + other.len());
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    loop {
        let pair = [preferred.next(), other.next()];
        if pair == [None, None] {
            return interleaved;
        }
        interleaved.extend(pair.into_iter().flatten());
    }
}

/// Connects to the first of `addresses` that answers: each attempt gets a head start of
/// [`ATTEMPT_DELAY`] over the next one, which begins at once when no attempt is left running.
/// The losers are closed when this future ends or is dropped.
async fn race<C, F, T>(addresses: &[SocketAddr], connect: C) -> Result<T, Error>
where
    C: Fn(SocketAddr) -> F,
    F: Future<Output = io::Result<T>>,
{
    let mut waiting = addresses.iter().copied();
    let mut running: Vec<(SocketAddr, Pin<Box<F>>)> = Vec::new();
    let mut failures: Vec<(SocketAddr, io::Error)> = Vec::new();
    let mut delay = Box::pin(sleep(Duration::ZERO));
    poll_fn(|cx| {
        loop {
            let mut failed = false;
            let mut index = 0;
            while index < running.len() {
                let (address, attempt) = &mut running[index];
                match attempt.as_mut().poll(cx) {
                    Poll::Ready(Ok(stream)) => return Poll::Ready(Ok(stream)),
                    Poll::Ready(Err(error)) => {
                        failures.push((*address, error));
                        drop(running.remove(index));
                        failed = true;
                    }
                    Poll::Pending => index += 1,
                }
            }
            let start = failed || running.is_empty() || delay.as_mut().poll(cx).is_ready();
            if !start {
                return Poll::Pending;
            }
            match waiting.next() {
                Some(address) => {
                    running.push((address, Box::pin(connect(address))));
                    delay = Box::pin(sleep(ATTEMPT_DELAY));
                }
                None if running.is_empty() => return Poll::Ready(Err(failure(&failures))),
                None => return Poll::Pending,
            }
        }
    })
    .await
}

/// One error for all attempts: the code of the most telling one, the addresses and reasons of all.
fn failure(failures: &[(SocketAddr, io::Error)]) -> Error {
    let reasons: Vec<String> =
        failures.iter().map(|(address, error)| format!("{address}: {error}")).collect();
    let what = format!("cannot connect to {}", reasons.join("; "));
    // A host that refuses is alive; "unreachable" often says only that this device has no IPv6.
    let telling = |error: &io::Error| match Error::from_io(Phase::Tcp, error, "").code {
        ErrorCode::ConnectionRefused => 0,
        ErrorCode::ConnectionReset => 1,
        ErrorCode::TimedOut => 2,
        ErrorCode::Other => 3,
        _ => 4,
    };
    match failures.iter().map(|(_, error)| error).min_by_key(|error| telling(error)) {
        Some(error) => Error { message: what, ..Error::from_io(Phase::Tcp, error, "") },
        None => Error::new(Phase::Tcp, ErrorCode::Other, "there is no address to connect to"),
    }
}

#[cfg(test)]
mod tests;
