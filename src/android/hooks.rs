//! What the library asks the app while it connects, and its log: functions of the C ABI, passed on to Java's `Hooks`.

use std::ffi::{c_char, c_void};
use std::{ptr, slice};

use jni::errors::Result;
use jni::ids::JStaticMethodID;
use jni::objects::{JByteArray, JClass, JObject, JString};
use jni::refs::Global;
use jni::signature::JavaType;
use jni::sys::{jint, jlong, jvalue};
use jni::{Env, NativeMethod};

use super::attach::{Told, with_java};
use super::classes::{call_static, classes};
use super::text;
use crate::ffi::hooks::{
    socket_task_answer, socket_task_answer_set, socket_task_set_cookie_hook, socket_task_set_proxy_hook,
};
use crate::ffi::logger::{SOCKET_TASK_LOG_OFF, socket_task_log_level, socket_task_set_logger};
use crate::ffi::signer::{
    socket_task_set_client_signer, socket_task_signature, socket_task_signature_algorithm,
    socket_task_signature_set,
};
use crate::ffi::types::socket_task_handle;

pub(super) const METHODS: [NativeMethod<'_>; 4] = [
    native! {
        static fn set_client_signer(
            handle: jlong,
            certificates: jbyte[],
            key: "com.sockettask.ClientKey",
        ) -> jint
    },
    native! {
        static fn set_proxy_hook(
            handle: jlong,
            resolver: "com.sockettask.SocketTaskBuilder$ProxyResolver",
        ) -> jint
    },
    native! {
        static fn set_cookie_hook(handle: jlong, jar: "com.sockettask.SocketTaskBuilder$CookieJar") -> jint
    },
    native! { static fn set_log_level(level: jint) -> jint },
];

/// What the app answers with: a `ProxyResolver`, a `CookieJar`, a `ClientKey`, …
pub(super) type Hook = Global<JObject<'static>>;

pub(super) fn context(env: &Env<'_>, hook: &JObject<'_>) -> Result<*mut c_void> {
    let hook: Hook = env.new_global_ref(hook)?;
    Ok(Box::into_raw(Box::new(hook)).cast())
}

fn set_proxy_hook(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, resolver: JObject<'_>) -> Result<jint> {
    let (handle, context) = (handle as socket_task_handle, context(env, &resolver)?);
    // SAFETY: the callbacks can be called with a Hook on every thread.
    Ok(unsafe { socket_task_set_proxy_hook(handle, Some(ask_for_proxy), Some(destroy), context) } as jint)
}

fn set_cookie_hook(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, jar: JObject<'_>) -> Result<jint> {
    let (handle, context) = (handle as socket_task_handle, context(env, &jar)?);
    let (ask, set) = (Some(ask_for_cookies as _), Some(set_cookie as _));
    // SAFETY: the callbacks can be called with a Hook on every thread.
    Ok(unsafe { socket_task_set_cookie_hook(handle, ask, set, Some(destroy), context) } as jint)
}

fn set_client_signer(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    certificates: JByteArray<'_>,
    key: JObject<'_>,
) -> Result<jint> {
    let certificates = env.convert_byte_array(&certificates)?;
    let (handle, context) = (handle as socket_task_handle, context(env, &key)?);
    let (data, length) = (certificates.as_ptr(), certificates.len());
    // SAFETY: the certificates outlive the call; the callbacks can be called with a Hook on every thread.
    Ok(unsafe { socket_task_set_client_signer(handle, data, length, Some(sign), Some(destroy), context) }
        as jint)
}

// SAFETY of the callbacks: the library calls them with the Hook that they were set with, until `destroy`; the texts that
// they are given are UTF-8 and live until they return.

unsafe extern "C" fn ask_for_proxy(
    url: *const c_char,
    length: usize,
    answer: *mut socket_task_answer,
    context: *mut c_void,
) {
    // SAFETY: see above.
    unsafe { ask("the proxy", classes().proxy, text(url, length), answer, context) };
}

unsafe extern "C" fn ask_for_cookies(
    url: *const c_char,
    length: usize,
    answer: *mut socket_task_answer,
    context: *mut c_void,
) {
    // SAFETY: see above.
    unsafe { ask("cookies", classes().cookies, text(url, length), answer, context) };
}

/// Asks a Hook by a method of Java's `Hooks`, which takes it and the URL and returns a text or null.
///
/// # Safety
/// `context` is the Hook, and `answer` the one that the hook was given, which has not returned.
unsafe fn ask(
    what: &str,
    method: JStaticMethodID,
    url: &str,
    answer: *mut socket_task_answer,
    context: *mut c_void,
) {
    let ask = |env: &mut Env<'_>| {
        // SAFETY: the caller's promise.
        let hook = unsafe { &*context.cast::<Hook>() };
        let url = text::to_java(env, url)?;
        let arguments = [jvalue { l: hook.as_raw() }, jvalue { l: url.as_raw() }];
        // SAFETY: what the method takes and returns.
        let result = unsafe {
            env.call_static_method_unchecked(&classes().hooks, method, JavaType::Object, &arguments)?
        };
        string(env, result.l()?)
    };
    // SAFETY: the caller's promise.
    unsafe { respond(what, answer, with_java(ask)) };
}

unsafe extern "C" fn sign(
    algorithm: socket_task_signature_algorithm,
    message: *const u8,
    length: usize,
    signature: *mut socket_task_signature,
    context: *mut c_void,
) {
    let sign = |env: &mut Env<'_>| {
        // SAFETY: see above.
        let (key, message) = unsafe { (&*context.cast::<Hook>(), slice::from_raw_parts(message, length)) };
        let message = env.byte_array_from_slice(message)?;
        let arguments = [jvalue { l: key.as_raw() }, jvalue { i: algorithm }, jvalue { l: message.as_raw() }];
        // SAFETY: what the method takes and returns.
        let result = unsafe {
            env.call_static_method_unchecked(&classes().hooks, classes().sign, JavaType::Array, &arguments)?
        };
        let result = result.l()?;
        if result.is_null() {
            return Ok(None);
        }
        // SAFETY: the method returns an array of bytes.
        let result = unsafe { JByteArray::from_raw(env, result.into_raw()) };
        env.convert_byte_array(&result).map(Some)
    };
    match with_java(sign) {
        // SAFETY: see above.
        Ok(Some(made)) => unsafe {
            socket_task_signature_set(signature, made.as_ptr(), made.len());
        },
        Ok(None) => {}
        Err(error) => log::warn!("Java could not be asked for a signature: {}", Told(&error)),
    }
}

unsafe extern "C" fn set_cookie(
    url: *const c_char,
    url_length: usize,
    value: *const c_char,
    value_length: usize,
    context: *mut c_void,
) {
    let tell = |env: &mut Env<'_>| {
        // SAFETY: see above.
        let (jar, url, value) =
            unsafe { (&*context.cast::<Hook>(), text(url, url_length), text(value, value_length)) };
        let (url, value) = (text::to_java(env, url)?, text::to_java(env, value)?);
        let arguments =
            [jvalue { l: jar.as_raw() }, jvalue { l: url.as_raw() }, jvalue { l: value.as_raw() }];
        // SAFETY: what the method takes.
        unsafe { call_static(env, &classes().hooks, classes().set_cookie, &arguments) }
    };
    if let Err(error) = with_java(tell) {
        log::warn!("a cookie could not be told to Java: {}", Told(&error));
    }
}

pub(super) unsafe extern "C" fn destroy(context: *mut c_void) {
    let destroy = |_: &mut Env<'_>| {
        // SAFETY: see above; and it is not used any more.
        drop(unsafe { Box::from_raw(context.cast::<Hook>()) });
        Ok(())
    };
    if let Err(error) = with_java(destroy) {
        log::warn!("a reference to a Java object stays: {}", Told(&error));
    }
}

/// # Safety
/// `answer` is the one that the hook was given, which has not returned.
unsafe fn respond(what: &str, answer: *mut socket_task_answer, response: Result<Option<String>>) {
    match response {
        // SAFETY: the caller's promise.
        Ok(Some(text)) => unsafe {
            socket_task_answer_set(answer, text.as_ptr().cast(), text.len());
        },
        Ok(None) => {}
        Err(error) => log::warn!("Java could not be asked for {what}: {}", Told(&error)),
    }
}

/// The text of what Java has returned, which may be null.
pub(super) fn string<'local>(env: &mut Env<'local>, object: JObject<'local>) -> Result<Option<String>> {
    if object.is_null() {
        return Ok(None);
    }
    let string = env.cast_local::<JString<'_>>(object)?;
    text::from_java(env, &string).map(Some)
}

/// # Safety
/// `text` points to `length` bytes of UTF-8, for as long as `'a`.
unsafe fn text<'a>(text: *const c_char, length: usize) -> &'a str {
    // SAFETY: the caller's promise.
    unsafe { str::from_utf8_unchecked(slice::from_raw_parts(text.cast(), length)) }
}

/// Whether and how much is told to `Hooks.log`.
fn set_log_level(_: &mut Env<'_>, _: JClass<'_>, level: jint) -> Result<jint> {
    let callback = (level != SOCKET_TASK_LOG_OFF).then_some(log_line as _);
    // SAFETY: the callback can be called on every thread.
    Ok(unsafe { socket_task_set_logger(level, callback, ptr::null_mut()) } as jint)
}

unsafe extern "C" fn log_line(
    level: socket_task_log_level,
    line: *const c_char,
    length: usize,
    _: *mut c_void,
) {
    let tell = |env: &mut Env<'_>| {
        // SAFETY: see above.
        let line = text::to_java(env, unsafe { text(line, length) })?;
        let arguments = [jvalue { i: level }, jvalue { l: line.as_raw() }];
        // SAFETY: what the method takes.
        unsafe { call_static(env, &classes().hooks, classes().log, &arguments) }
    };
    // A line about a line that could not be told could not be told either.
    let _ = with_java(tell);
}
