//! What the platform tells the library, for the whole process.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::entry::enter;
use super::hooks::{Context, Hook, socket_task_ask_callback, socket_task_set_cookie_callback};
use super::status::socket_task_status;
use crate::options::{CookieJar, ProxyResolver};
use crate::platform::{BackgroundTimeHook, DomainToAscii};
use crate::{platform, socket};

/// Sets how to find the proxy that the platform names for a URL: `ask` answers as for
/// `socket_task_set_proxy_hook`. NULL takes it away. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// # Safety
/// `ask` may be called with `context` on any thread, for as long as the process lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_system_proxy_hook(
    ask: socket_task_ask_callback,
    context: *mut c_void,
) -> socket_task_status {
    enter(|| {
        let resolver = ask.map(|_| Arc::new(Hook::for_ever(ask, None, context)) as Arc<dyn ProxyResolver>);
        platform::set_system_proxy(resolver);
        Ok(())
    })
}

/// Sets who keeps the cookies for `socket_task_set_cookies_from_system`: `ask` answers and `set_cookie` is told as for
/// `socket_task_set_cookie_hook`. NULL for both takes it away. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// # Safety
/// `ask` and `set_cookie` may be called with `context` on any thread, for as long as the process lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_system_cookie_hook(
    ask: socket_task_ask_callback,
    set_cookie: socket_task_set_cookie_callback,
    context: *mut c_void,
) -> socket_task_status {
    enter(|| {
        let is_given = ask.is_some() || set_cookie.is_some();
        let jar = is_given.then(|| Arc::new(Hook::for_ever(ask, set_cookie, context)) as Arc<dyn CookieJar>);
        platform::set_system_cookies(jar);
        Ok(())
    })
}

/// Sets how the platform converts a host name outside ASCII: `ask` is given the name in the place of a URL, and answers it in
/// ASCII (URL Standard, section 3.3, "domain to ASCII"), or not at all if it is not valid. On the thread that
/// reads the URL: that of `socket_task_create`, and the library's for a redirect. It must not block. NULL takes it away: such names are refused then. On Android and iOS the package does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// # Safety
/// `ask` may be called with `context` on any thread, for as long as the process lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_domain_to_ascii_hook(
    ask: socket_task_ask_callback,
    context: *mut c_void,
) -> socket_task_status {
    enter(|| {
        let convert = ask.map(|_| {
            let hook = Hook::for_ever(ask, None, context);
            Arc::new(move |name: &str| hook.answer(name)) as DomainToAscii
        });
        platform::set_domain_to_ascii(convert);
        Ok(())
    })
}

/// Tells whether there is a network, or that there is another one. Without one, `socket_task_set_reconnect` makes no attempt; with
/// another one, it makes the next at once. Until this is called, there is one.
///
/// Returns `SOCKET_TASK_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_network(is_there: bool) -> socket_task_status {
    enter(|| {
        platform::set_network(is_there);
        Ok(())
    })
}

/// Tells whether the app is in the foreground. In the background `socket_task_set_reconnect` makes no attempt, unless it is to;
/// when the app comes to the foreground, it makes the next at once. Until this is called, it is in the foreground.
///
/// Returns `SOCKET_TASK_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_foreground(is_in_front: bool) -> socket_task_status {
    enter(|| {
        platform::set_foreground(is_in_front);
        Ok(())
    })
}

/// Is told that a connection needs the app to run in the background for a while (`begins`), or does not any more. On any
/// thread; it must not block, and must not call the library.
pub type socket_task_background_time_callback =
    Option<unsafe extern "C" fn(begins: bool, context: *mut c_void)>;

/// Sets how the platform is asked for time in the background, for connections that `socket_task_hide` is to close: `callback`
/// is told in pairs, from `socket_task_hide` to the end of the connection or `socket_task_show`, for several connections at once
/// too; so who counts them knows whether any needs it. NULL takes it away. On iOS the package does this itself.
///
/// Returns `SOCKET_TASK_OK`.
///
/// # Safety
/// `callback` may be called with `context` on any thread, for as long as the process lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_background_time_hook(
    callback: socket_task_background_time_callback,
    context: *mut c_void,
) -> socket_task_status {
    enter(|| {
        let hook = callback.map(|call| {
            let context = Context::new(context, None);
            // SAFETY: the caller's promise.
            Arc::new(move |begins| unsafe { call(begins, context.pointer()) }) as BackgroundTimeHook
        });
        platform::set_background_time_hook(hook);
        Ok(())
    })
}

/// Does as `socket_task_probe` for every connection of the process that is open. For the one place that is
/// told when the app comes to the foreground or the network has changed; the next attempts of `socket_task_set_reconnect` are made
/// at once, too. On Android the library does this itself.
///
/// Returns `SOCKET_TASK_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_probe_all(deadline_ms: u32) -> socket_task_status {
    enter(|| {
        socket::probe_all(Duration::from_millis(deadline_ms.into()));
        Ok(())
    })
}
