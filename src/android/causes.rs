//! Why a connection was lost: `SocketTaskError` and `SocketTaskLoss`, which Java's `Hooks` makes.

use std::slice;

use jni::Env;
use jni::errors::Result;
use jni::ids::JStaticMethodID;
use jni::objects::JObject;
use jni::signature::JavaType;
use jni::sys::jvalue;

use super::classes::classes;
use super::{binary, text};
use crate::ffi::error::socket_task_error;
use crate::ffi::listener::socket_task_loss;

/// A `SocketTaskError`.
///
/// # Safety
/// `error` is one of the library's.
pub(super) unsafe fn error<'local>(
    env: &mut Env<'local>,
    error: *const socket_task_error,
) -> Result<JObject<'local>> {
    // SAFETY: the caller's promise.
    let (error, headers, body, message) = unsafe {
        let error = &*error;
        let headers = text::headers(env, error.headers, error.header_count)?;
        (error, headers, slice::from_raw_parts(error.body, error.body_length), text::text(error.message))
    };
    let (message, body) = (text::to_java(env, message)?, binary::copy(env, body)?);
    let arguments = [
        jvalue { i: error.phase as i32 },
        jvalue { i: error.code as i32 },
        jvalue { i: error.os_error },
        jvalue { i: error.http_status },
        jvalue { l: message.as_raw() },
        jvalue { l: headers.as_raw() },
        jvalue { l: body.as_raw() },
    ];
    // SAFETY: what the method takes and returns.
    unsafe { make(env, classes().error, &arguments) }
}

/// A `SocketTaskLoss`.
///
/// # Safety
/// `loss` is one of the library's.
pub(super) unsafe fn loss<'local>(
    env: &mut Env<'local>,
    loss: *const socket_task_loss,
) -> Result<JObject<'local>> {
    // SAFETY: the caller's promise.
    let (loss, reason) = unsafe { (&*loss, text::text((*loss).reason)) };
    let cause = match loss.error.is_null() {
        true => JObject::null(),
        // SAFETY: as above.
        false => unsafe { error(env, loss.error)? },
    };
    let reason = text::to_java(env, reason)?;
    let arguments = [
        jvalue { i: loss.code.into() },
        jvalue { l: reason.as_raw() },
        jvalue { z: loss.was_clean },
        jvalue { l: cause.as_raw() },
    ];
    // SAFETY: what the method takes and returns.
    unsafe { make(env, classes().loss, &arguments) }
}

/// # Safety
/// `method` is one of `Hooks` that takes `arguments` and returns an object.
unsafe fn make<'local>(
    env: &mut Env<'local>,
    method: JStaticMethodID,
    arguments: &[jvalue],
) -> Result<JObject<'local>> {
    // SAFETY: the caller's promise.
    unsafe { env.call_static_method_unchecked(&classes().hooks, method, JavaType::Object, arguments)?.l() }
}
