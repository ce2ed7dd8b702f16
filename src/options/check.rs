//! What a number or a text may be, and what is told where it is not: the one place for all languages. A number is not told
//! again: a language with larger ones than the core's has given another.

use std::net::IpAddr;
use std::time::Duration;

use rustls::pki_types::ServerName;

use crate::error::Refused;
use crate::wire::deflate::DeflateOptions;

/// As many redirects as may be followed.
const MAX_REDIRECTS: u8 = 20;
/// What Linux takes for `TCP_KEEPIDLE`, in seconds.
const MAX_TCP_KEEPALIVE: u64 = 32_767;

fn refuse<T>(message: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::InvalidArgument(message.into()))
}

fn some_time(time: Duration, what: &str) -> Result<Duration, Refused> {
    if time.is_zero() { refuse(format!("the {what} must be 1 ms or more")) } else { Ok(time) }
}

fn some_bytes(bytes: usize, what: &str) -> Result<usize, Refused> {
    if bytes == 0 { refuse(format!("the {what} must be 1 byte or more")) } else { Ok(bytes) }
}

/// The whole time to open.
pub fn timeout(time: Duration) -> Result<Duration, Refused> {
    some_time(time, "timeout")
}

/// How long the answer to a ping may take.
pub fn pong_timeout(time: Duration) -> Result<Duration, Refused> {
    some_time(time, "pong timeout")
}

/// The largest message to accept.
pub fn max_message_size(bytes: usize) -> Result<usize, Refused> {
    some_bytes(bytes, "maximum message size")
}

/// The most bytes that may wait to be sent.
pub fn max_buffered_amount(bytes: usize) -> Result<usize, Refused> {
    some_bytes(bytes, "maximum buffered amount")
}

/// When the operating system probes: none where the time is 0, otherwise rounded up to whole seconds.
pub fn tcp_keepalive(time: Duration) -> Result<Option<Duration>, Refused> {
    let seconds = time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0));
    if seconds > MAX_TCP_KEEPALIVE {
        return refuse(format!("the TCP keepalive must be at most {} ms", MAX_TCP_KEEPALIVE * 1000));
    }
    Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
}

/// How many redirects to follow.
pub fn follow_redirects(limit: u32) -> Result<u8, Refused> {
    match u8::try_from(limit) {
        Ok(limit) if limit <= MAX_REDIRECTS => Ok(limit),
        _ => refuse(format!("the number of redirects to follow must be 0 to {MAX_REDIRECTS}")),
    }
}

/// The parameters of permessage-deflate.
pub fn deflate(options: &DeflateOptions) -> Result<(), Refused> {
    let windows = [("client", options.client_max_window_bits), ("server", options.server_max_window_bits)];
    for (side, bits) in windows {
        if bits.is_some_and(|bits| !(8..=15).contains(&bits)) {
            return refuse(format!("the window of the {side} must be 8 to 15 bits"));
        }
    }
    if options.level > 9 {
        return refuse("the compression level must be 0 to 9");
    }
    Ok(())
}

/// An address of a host that the resolver is not asked for.
pub fn address(host: &str, address: &str) -> Result<IpAddr, Refused> {
    if host.is_empty() {
        return refuse(format!("cannot resolve a host without a name to {address:?}"));
    }
    address
        .parse()
        .or_else(|_| refuse(format!("cannot resolve {host} to {address:?}, which is not an IP address")))
}

/// The name to ask the server for and to find in its certificate.
pub fn server_name(name: &str) -> Result<(), Refused> {
    match ServerName::try_from(name) {
        Ok(_) => Ok(()),
        Err(_) => refuse("the server's name must be a host name or an IP address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn times_and_sizes() {
        assert_eq!(told(timeout(Duration::ZERO)), "the timeout must be 1 ms or more");
        assert_eq!(told(pong_timeout(Duration::ZERO)), "the pong timeout must be 1 ms or more");
        assert_eq!(told(max_message_size(0)), "the maximum message size must be 1 byte or more");
        assert_eq!(told(max_buffered_amount(0)), "the maximum buffered amount must be 1 byte or more");
        assert_eq!(timeout(Duration::MAX).unwrap(), Duration::MAX);
        assert_eq!(max_message_size(usize::MAX).unwrap(), usize::MAX);
    }

    #[test]
    fn keepalive_is_in_whole_seconds() {
        let keepalive = |milliseconds| tcp_keepalive(Duration::from_millis(milliseconds));
        let seconds = |number| Some(Duration::from_secs(number));
        assert_eq!(keepalive(0).unwrap(), None);
        assert_eq!(keepalive(1).unwrap(), seconds(1));
        assert_eq!(keepalive(1000).unwrap(), seconds(1));
        assert_eq!(keepalive(1001).unwrap(), seconds(2));
        assert_eq!(keepalive(32_767_000).unwrap(), seconds(32_767));
        assert_eq!(told(keepalive(32_767_001)), "the TCP keepalive must be at most 32767000 ms");
        assert!(tcp_keepalive(Duration::MAX).is_err());
    }

    #[test]
    fn redirects() {
        assert_eq!(follow_redirects(20).unwrap(), 20);
        for limit in [21, 256, u32::MAX] {
            assert_eq!(told(follow_redirects(limit)), "the number of redirects to follow must be 0 to 20");
        }
    }

    #[test]
    fn parameters_of_deflate() {
        let checked = |level, client_max_window_bits, server_max_window_bits| {
            let options = DeflateOptions {
                level,
                client_max_window_bits,
                server_max_window_bits,
                ..Default::default()
            };
            deflate(&options).map_err(|refused| refused.to_string())
        };
        let refused = |text: &str| Err(text.to_owned());
        assert_eq!(checked(0, None, None), Ok(()));
        assert_eq!(checked(9, Some(8), Some(15)), Ok(()));
        assert_eq!(checked(10, None, None), refused("the compression level must be 0 to 9"));
        assert_eq!(checked(6, Some(7), None), refused("the window of the client must be 8 to 15 bits"));
        assert_eq!(checked(6, Some(16), None), refused("the window of the client must be 8 to 15 bits"));
        assert_eq!(checked(6, None, Some(7)), refused("the window of the server must be 8 to 15 bits"));
        assert_eq!(checked(6, None, Some(16)), refused("the window of the server must be 8 to 15 bits"));
    }

    #[test]
    fn addresses() {
        assert_eq!(address("a.test", "::1").unwrap(), "::1".parse::<IpAddr>().unwrap());
        assert_eq!(
            told(address("a.test", "1.2.3")),
            "cannot resolve a.test to \"1.2.3\", which is not an IP address"
        );
        assert_eq!(told(address("", "::1")), "cannot resolve a host without a name to \"::1\"");
    }
}
