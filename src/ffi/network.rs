//! The way to the server: addresses, proxies, redirects.

use std::ffi::c_char;
use std::time::Duration;

use super::entry::text;
use super::handle::configure;
use super::status::socket_task_status;
use super::types::socket_task_handle;
use crate::options::{Proxy, ProxySource, check, headers};

/// Lets the operating system probe a silent connection (`SO_KEEPALIVE`) after this much time, in
/// milliseconds: 1 to 32 767 000, rounded up to whole seconds; 0, the default, does not.
/// `socket_task_set_ping_interval` notices a dead peer sooner and through proxies.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_tcp_keepalive(
    handle: socket_task_handle,
    milliseconds: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.tcp_keepalive = check::tcp_keepalive(Duration::from_millis(milliseconds.into()))?;
        Ok(())
    })
}

/// Adds an IP address for a host name, which the resolver is then not asked for. Several are tried in
/// the order in which they were added.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for an empty name or what is not an IP address,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `host` and `address` point to as many bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_address(
    handle: socket_task_handle,
    host: *const c_char,
    host_length: usize,
    address: *const c_char,
    address_length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let (host, address) =
            unsafe { (text(host, host_length, "host")?, text(address, address_length, "address")?) };
        let address = check::address(host, address)?;
        let resolve = &mut new.options.resolve;
        match resolve.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(host)) {
            Some((_, addresses)) => addresses.push(address),
            None => resolve.push((host.into(), vec![address])),
        }
        Ok(())
    })
}

/// Goes through a proxy: `http://`, `https://` or `socks5://`, with user and password before the host
/// if it wants them. The proxy resolves the server's name. An empty URL, the default, goes directly.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a URL that is not valid, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `url` points to `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_proxy(
    handle: socket_task_handle,
    url: *const c_char,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let url = unsafe { text(url, length, "url")? };
        new.options.proxy =
            if url.is_empty() { ProxySource::Direct } else { ProxySource::Fixed(Proxy::parse(url)?) };
        Ok(())
    })
}

/// Adds a header field for the proxy, if the connection goes through an HTTP one: it is in the `CONNECT` request beside that
/// request's own, and the server never sees it. Fields are sent in the order, the spelling and the number in which they were
/// added. A `User-Agent` or `Proxy-Authorization` takes the place of the library's own; an empty `User-Agent` sends none.
///
/// `name` and `value` are as for `socket_task_add_header`; `Host`, `Upgrade` and what frames messages of HTTP is refused.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a field that is not acceptable,
/// `SOCKET_TASK_INVALID_UTF8`, `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `name` and `value` point to as many bytes as their lengths say, or are NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_proxy_header(
    handle: socket_task_handle,
    name: *const c_char,
    name_length: usize,
    value: *const c_char,
    value_length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let (name, value) =
            unsafe { (text(name, name_length, "name")?, text(value, value_length, "value")?) };
        headers::check_for_proxy(name, value)?;
        new.options.proxy_headers.push((name.into(), value.into()));
        Ok(())
    })
}

/// Goes through the proxy that the environment names when `socket_task_connect` is called:
/// `https_proxy` or `HTTPS_PROXY` for `wss:`, `http_proxy` for `ws:`, then `all_proxy` or `ALL_PROXY`;
/// not for the hosts in `no_proxy` or `NO_PROXY`.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_proxy_from_environment(handle: socket_task_handle) -> socket_task_status {
    configure(handle, |new| {
        new.options.proxy = ProxySource::Environment;
        Ok(())
    })
}

/// Goes through the proxy that the platform names when `socket_task_connect` is called, as
/// `socket_task_set_system_proxy_hook` says; without that, the one that the environment names.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_proxy_from_system(handle: socket_task_handle) -> socket_task_status {
    configure(handle, |new| {
        new.options.proxy = ProxySource::System;
        Ok(())
    })
}

/// Sets how many HTTP redirects to follow, 0 to 20: 0 by default, as browsers do. They never lead from
/// `wss:` to `ws:`. When the origin changes, `Authorization`, `Cookie` and `Proxy-Authorization`, the
/// URL's user and password, and the client's certificate stay behind.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another number, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_follow_redirects(
    handle: socket_task_handle,
    limit: u32,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.follow_redirects = check::follow_redirects(limit)?;
        Ok(())
    })
}
