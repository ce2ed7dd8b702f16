//! What the platform tells the library, for the whole process.

use std::ffi::c_void;
use std::sync::Arc;
use std::time::Duration;

use super::entry::enter;
use super::hooks::{Hook, socket_task_ask_callback};
use super::status::socket_task_status;
use crate::options::ProxyResolver;
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
        let resolver = ask.map(|_| Arc::new(Hook::for_ever(ask, context)) as Arc<dyn ProxyResolver>);
        platform::set_system_proxy(resolver);
        Ok(())
    })
}

/// Does as `socket_task_probe` for every connection of the process that is open. For the one place that is
/// told when the app comes to the foreground or the network has changed. On Android the library does this
/// itself.
///
/// Returns `SOCKET_TASK_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_probe_all(deadline_ms: u32) -> socket_task_status {
    enter(|| {
        socket::probe_all(Duration::from_millis(deadline_ms.into()));
        Ok(())
    })
}
