//! What the library asks the program while it connects: for a proxy, and for cookies.

use std::ffi::{c_char, c_void};
use std::fmt;
use std::sync::Arc;

use super::entry::{enter, out, text};
use super::handle::configure;
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::{CookieJar, HookId, Proxy, ProxyResolver, ProxySource, Url};
use crate::platform::SystemCookies;

/// Takes the answer of a hook; see `socket_task_answer_set`. Valid during the hook's call.
pub struct socket_task_answer {
    text: Option<String>,
}

/// Answers: copies the text into the place that the hook was given. The last call counts; without one
/// the answer is "none".
///
/// Returns `SOCKET_TASK_INVALID_UTF8`, or `SOCKET_TASK_INVALID_ARGUMENT` for NULL.
///
/// # Safety
/// `answer` is the one that the hook was given, and the hook has not returned; `data` points to
/// `length` bytes, or is NULL with length 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_answer_set(
    answer: *mut socket_task_answer,
    data: *const c_char,
    length: usize,
) -> socket_task_status {
    enter(|| {
        // SAFETY: the caller's promise.
        let (answer, data) = unsafe { (out(answer, "answer")?, text(data, length, "data")?) };
        answer.text = Some(data.into());
        Ok(())
    })
}

/// Is asked something about a URL, which holds no user and no password. On a thread of the library that
/// may block, for different connections on several at once.
pub type socket_task_ask_callback = Option<
    unsafe extern "C" fn(
        url: *const c_char,
        length: usize,
        answer: *mut socket_task_answer,
        context: *mut c_void,
    ),
>;

/// Is given the value of a `Set-Cookie` field of a response from `url`, once for each field. On a
/// thread that may block.
pub type socket_task_set_cookie_callback = Option<
    unsafe extern "C" fn(
        url: *const c_char,
        url_length: usize,
        value: *const c_char,
        value_length: usize,
        context: *mut c_void,
    ),
>;

/// Is told that a hook is not called any more, on any thread: its context can be freed. That may be
/// after `on_release`, or within a call that replaces the hook, so it must call no function of the
/// library.
pub type socket_task_destroy_callback = Option<unsafe extern "C" fn(context: *mut c_void)>;

/// A context that is destroyed with the last reference to it.
pub(super) struct Context {
    context: *mut c_void,
    destroy: socket_task_destroy_callback,
}

impl Context {
    pub(super) fn new(context: *mut c_void, destroy: socket_task_destroy_callback) -> Context {
        Context { context, destroy }
    }

    pub(super) fn pointer(&self) -> *mut c_void {
        self.context
    }
}

// SAFETY: the library only passes the context on; whoever sets a hook promises that it may be called on any thread.
unsafe impl Send for Context {}
// SAFETY: as above, and on several threads at once.
unsafe impl Sync for Context {}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy {
            // SAFETY: the promise of whoever set the hook, and nobody uses the context any more.
            unsafe { destroy(self.context) };
        }
    }
}

pub(super) struct Hook {
    ask: socket_task_ask_callback,
    set_cookie: socket_task_set_cookie_callback,
    context: Context,
}

impl Hook {
    /// One whose context nobody frees.
    pub(super) fn for_ever(
        ask: socket_task_ask_callback,
        set_cookie: socket_task_set_cookie_callback,
        context: *mut c_void,
    ) -> Hook {
        Hook { ask, set_cookie, context: Context { context, destroy: None } }
    }

    /// The same functions with the same context answer the same.
    fn id(&self) -> HookId {
        let ask = self.ask.map_or(0, |ask| ask as usize);
        let set_cookie = self.set_cookie.map_or(0, |set_cookie| set_cookie as usize);
        [ask, set_cookie, self.context.context as usize]
    }

    fn ask(&self, url: &Url) -> Option<String> {
        self.answer(&url.href())
    }

    /// What the hook answers when it is asked about `text`.
    pub(super) fn answer(&self, text: &str) -> Option<String> {
        let mut answer = socket_task_answer { text: None };
        if let Some(ask) = self.ask {
            // SAFETY: the promise of whoever set the hook.
            unsafe { ask(text.as_ptr().cast(), text.len(), &mut answer, self.context.context) };
        }
        answer.text.filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl ProxyResolver for Hook {
    fn proxy_for(&self, url: &Url) -> Option<Proxy> {
        let answer = self.ask(url)?;
        Proxy::parse(&answer)
            .inspect_err(|refused| log::warn!("the proxy hook's answer is ignored: {refused}"))
            .ok()
    }

    fn id(&self) -> HookId {
        self.id()
    }
}

impl CookieJar for Hook {
    fn cookies(&self, url: &Url) -> Option<String> {
        self.ask(url)
    }

    fn set_cookies(&self, url: &Url, values: &[String]) {
        let Some(set_cookie) = self.set_cookie else { return };
        let url = url.href();
        for value in values {
            let (value, length) = (value.as_ptr().cast(), value.len());
            // SAFETY: the promise of whoever set the hook.
            unsafe { set_cookie(url.as_ptr().cast(), url.len(), value, length, self.context.context) };
        }
    }

    fn id(&self) -> HookId {
        self.id()
    }
}

/// Asks the program for the proxy to go through, once for each connection: `ask` answers with a URL as
/// for `socket_task_set_proxy`, or with none to go directly. `destroy` is called when `ask` is not
/// called any more; if this function fails, it is called at once. Both can be NULL.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// Both callbacks may be called with `context` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_proxy_hook(
    handle: socket_task_handle,
    ask: socket_task_ask_callback,
    destroy: socket_task_destroy_callback,
    context: *mut c_void,
) -> socket_task_status {
    let hook = Hook { ask, set_cookie: None, context: Context { context, destroy } };
    configure(handle, |new| {
        new.options.proxy = match ask {
            Some(_) => ProxySource::Resolver(Arc::new(hook)),
            None => ProxySource::Direct,
        };
        Ok::<(), Failure>(())
    })
}

/// Keeps cookies: `ask` answers with the value of the `Cookie` field for a request to a URL, or with
/// none; `set_cookie` is given what the response sets. `ask` is not called when a `Cookie` header was
/// added. `destroy` is called when neither of them is called any more; if this function fails, it is
/// called at once. Each can be NULL.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// The callbacks may be called with `context` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_cookie_hook(
    handle: socket_task_handle,
    ask: socket_task_ask_callback,
    set_cookie: socket_task_set_cookie_callback,
    destroy: socket_task_destroy_callback,
    context: *mut c_void,
) -> socket_task_status {
    let hook = Hook { ask, set_cookie, context: Context { context, destroy } };
    configure(handle, |new| {
        new.options.cookies = Some(Arc::new(hook));
        Ok::<(), Failure>(())
    })
}

/// Sends and keeps the cookies that the platform keeps for all of the app, as `socket_task_set_system_cookie_hook` says;
/// without that, none. The platform is not asked when a `Cookie` header was added.
///
/// Returns `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_cookies_from_system(handle: socket_task_handle) -> socket_task_status {
    configure(handle, |new| {
        new.options.cookies = Some(Arc::new(SystemCookies));
        Ok::<(), Failure>(())
    })
}
