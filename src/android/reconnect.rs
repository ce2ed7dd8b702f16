//! One connection after another: natives of `NativeSocket` over the C functions of [`crate::ffi::reconnect`], and what the
//! app is asked meanwhile.

use std::ffi::c_void;

use jni::errors::Result;
use jni::objects::{JClass, JIntArray, JObject};
use jni::signature::{JavaType, Primitive};
use jni::sys::{jboolean, jdouble, jint, jlong, jvalue};
use jni::{Env, NativeMethod};

use super::attach::{Told, with_java};
use super::causes;
use super::classes::{call_static, classes};
use super::hooks::{Hook, context, destroy};
use super::options::{number, size};
use super::socket::milliseconds;
use crate::ffi::listener::socket_task_loss;
use crate::ffi::reconnect::{
    socket_task_answer_refresh, socket_task_answer_should_reconnect, socket_task_fail_refresh,
    socket_task_reconnect_options, socket_task_set_reconnect, socket_task_set_refresh_hook,
    socket_task_set_should_reconnect_hook,
};
use crate::ffi::types::socket_task_handle;

pub(super) const METHODS: [NativeMethod<'_>; 5] = [
    native! {
        static fn set_reconnect(
            handle: jlong,
            min_delay: jint,
            max_delay: jint,
            factor: jdouble,
            max_attempts: jint,
            stable_after: jint,
            stop_codes: jint[],
            queue: jlong,
            while_hidden: jboolean,
        ) -> jint
    },
    native! {
        static fn set_refresh_hook(
            handle: jlong,
            refresher: "com.sockettask.SocketTaskReconnectOptions$Refresher",
        ) -> jint
    },
    native! {
        static fn set_should_reconnect_hook(
            handle: jlong,
            decider: "com.sockettask.SocketTaskReconnectOptions$Decider",
        ) -> jint
    },
    native! { static fn answer_refresh(handle: jlong, ticket: jlong, fresh: jlong) -> jint },
    native! { static fn fail_refresh(handle: jlong, ticket: jlong) -> jint },
];

#[expect(clippy::too_many_arguments, reason = "Java has no structs")]
fn set_reconnect(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    min_delay: jint,
    max_delay: jint,
    factor: jdouble,
    max_attempts: jint,
    stable_after: jint,
    stop_codes: JIntArray<'_>,
    queue: jlong,
    while_hidden: jboolean,
) -> Result<jint> {
    let mut codes = vec![0; stop_codes.len(env)?];
    stop_codes.get_region(env, 0, &mut codes)?;
    // What is no 16-bit number is no close code either, as 0 is not.
    let codes: Vec<u16> = codes.into_iter().map(|code| u16::try_from(code).unwrap_or(0)).collect();
    let options = socket_task_reconnect_options {
        struct_size: size_of::<socket_task_reconnect_options>(),
        min_delay_ms: milliseconds(min_delay),
        max_delay_ms: milliseconds(max_delay),
        factor,
        max_attempts: u32::try_from(max_attempts).unwrap_or(0),
        stable_after_ms: milliseconds(stable_after),
        stop_codes: codes.as_ptr(),
        stop_code_count: codes.len(),
        queue: size(queue),
        while_hidden,
    };
    // SAFETY: a whole struct, which outlives the call, with its codes.
    Ok(unsafe { socket_task_set_reconnect(handle as socket_task_handle, &options) } as jint)
}

fn set_refresh_hook(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, refresher: JObject<'_>) -> Result<jint> {
    let (handle, context) = (handle as socket_task_handle, context(env, &refresher)?);
    // SAFETY: the callbacks can be called with a Hook on every thread.
    Ok(unsafe { socket_task_set_refresh_hook(handle, Some(refresh), Some(destroy), context) } as jint)
}

fn set_should_reconnect_hook(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    decider: JObject<'_>,
) -> Result<jint> {
    let (handle, context) = (handle as socket_task_handle, context(env, &decider)?);
    let (decide, destroy) = (Some(should_reconnect as _), Some(destroy as _));
    // SAFETY: the callbacks can be called with a Hook on every thread.
    Ok(unsafe { socket_task_set_should_reconnect_hook(handle, decide, destroy, context) } as jint)
}

/// `fresh` stays Java's; 0 changes nothing.
fn answer_refresh(
    _: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    ticket: jlong,
    fresh: jlong,
) -> Result<jint> {
    Ok(socket_task_answer_refresh(handle as socket_task_handle, ticket as u64, fresh as socket_task_handle)
        as jint)
}

fn fail_refresh(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, ticket: jlong) -> Result<jint> {
    Ok(socket_task_fail_refresh(handle as socket_task_handle, ticket as u64) as jint)
}

// SAFETY of the callbacks: the library calls them with the Hook that they were set with, until `destroy`; what they are given
// lives until they return.

unsafe extern "C" fn refresh(
    handle: socket_task_handle,
    attempt: u32,
    loss: *const socket_task_loss,
    ticket: u64,
    context: *mut c_void,
) {
    let ask = |env: &mut Env<'_>| {
        // SAFETY: see above.
        let (hook, loss) = unsafe { (&*context.cast::<Hook>(), causes::loss(env, loss)?) };
        let arguments = [
            jvalue { l: hook.as_raw() },
            jvalue { j: handle as jlong },
            jvalue { i: number(attempt) },
            jvalue { l: loss.as_raw() },
            jvalue { j: ticket as jlong },
        ];
        // SAFETY: what the method takes.
        unsafe { call_static(env, &classes().hooks, classes().refresh, &arguments) }
    };
    if let Err(error) = with_java(ask) {
        log::warn!("Java could not be asked what to connect with: {}", Told(&error));
        // The attempt has failed; one that is answered already is left alone.
        socket_task_fail_refresh(handle, ticket);
    }
}

unsafe extern "C" fn should_reconnect(
    handle: socket_task_handle,
    loss: *const socket_task_loss,
    would: bool,
    ticket: u64,
    context: *mut c_void,
) {
    let ask = |env: &mut Env<'_>| {
        // SAFETY: see above.
        let (hook, loss) = unsafe { (&*context.cast::<Hook>(), causes::loss(env, loss)?) };
        let arguments = [jvalue { l: hook.as_raw() }, jvalue { l: loss.as_raw() }, jvalue { z: would }];
        let boolean = JavaType::Primitive(Primitive::Boolean);
        let (class, method) = (&classes().hooks, classes().should_reconnect);
        // SAFETY: what the method takes and returns.
        unsafe { env.call_static_method_unchecked(class, method, boolean, &arguments)?.z() }
    };
    let answer = with_java(ask).unwrap_or_else(|error| {
        log::warn!("Java could not be asked whether to connect again: {}", Told(&error));
        would
    });
    socket_task_answer_should_reconnect(handle, ticket, answer);
}
