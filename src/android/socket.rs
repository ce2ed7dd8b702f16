//! The life of a connection: natives of `NativeSocket` over the C functions of [`crate::ffi::socket`]. What they return
//! is a `socket_task_status`, where nothing else is said.

use std::ffi::CStr;

use jni::elements::ReleaseMode;
use jni::errors::{Error, Result};
use jni::objects::{JByteArray, JByteBuffer, JClass, JObject, JString};
use jni::sys::{jint, jlong};
use jni::{Env, NativeMethod};

use super::binary::{release_message, retained_bytes};
use super::{events, text};
use crate::VERSION;
use crate::ffi::socket as c;
use crate::ffi::socket::socket_task_ready_state;
use crate::ffi::status::{socket_task_last_error_message, socket_task_status};
use crate::ffi::types::socket_task_handle;

/// An array that is no longer is copied to the stack.
const ON_THE_STACK: usize = 4 << 10;

pub(super) const METHODS: [NativeMethod<'_>; 19] = [
    native! { static fn version() -> JString },
    native! { static fn last_error() -> JString },
    native! { static fn set_worker_threads(threads: jint) -> jint },
    native! { static fn create(url: JString) -> jlong },
    native! { static fn connect(handle: jlong, delivery: com.sockettask.Delivery) -> jint },
    native! { static fn prewarm(handle: jlong, lifetime: jint) -> jint },
    native! { static fn send_text(handle: jlong, text: JString) -> jint },
    native! { static fn send_array(handle: jlong, array: jbyte[], offset: jint, length: jint) -> jint },
    native! {
        static fn send_buffer(handle: jlong, buffer: JByteBuffer, offset: jint, length: jint) -> jint
    },
    native! { static fn ping(handle: jlong, data: jbyte[]) -> jint },
    native! { static fn close(handle: jlong, code: jint, reason: JString) -> jint },
    native! { static fn pause(handle: jlong) -> jint },
    native! { static fn resume(handle: jlong) -> jint },
    native! { static fn probe(handle: jlong, deadline: jint) -> jint },
    native! { static fn ready_state(handle: jlong) -> jint },
    native! { static fn buffered_amount(handle: jlong) -> jlong },
    native! { static fn release(handle: jlong) -> jint },
    native! { static fn release_message(message: jlong) },
    native! { static fn retained_bytes() -> jlong },
];

fn version<'local>(env: &mut Env<'local>, _: JClass<'local>) -> Result<JString<'local>> {
    text::to_java(env, VERSION)
}

/// Why the last call failed that failed on this thread.
fn last_error<'local>(env: &mut Env<'local>, _: JClass<'local>) -> Result<JString<'local>> {
    // SAFETY: never NULL, NUL-terminated, and valid until another call fails on this thread.
    let message = unsafe { CStr::from_ptr(socket_task_last_error_message()) };
    text::to_java(env, &message.to_string_lossy())
}

fn set_worker_threads(_: &mut Env<'_>, _: JClass<'_>, threads: jint) -> Result<jint> {
    // None is as little acceptable as a negative number.
    Ok(c::socket_task_set_worker_threads(usize::try_from(threads).unwrap_or(0)) as jint)
}

/// The handle, or 0.
fn create(env: &mut Env<'_>, _: JClass<'_>, url: JString<'_>) -> Result<jlong> {
    let url = text::from_java(env, &url)?;
    let mut handle = 0;
    // SAFETY: both outlive the call.
    unsafe { c::socket_task_create(url.as_ptr().cast(), url.len(), &mut handle) };
    Ok(handle as jlong)
}

fn connect(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, delivery: JObject<'_>) -> Result<jint> {
    let handle = handle as socket_task_handle;
    let listening = events::listen(env, handle, &delivery)?;
    if listening != socket_task_status::SOCKET_TASK_OK {
        return Ok(listening as jint);
    }
    Ok(c::socket_task_connect(handle) as jint)
}

fn prewarm(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, lifetime: jint) -> Result<jint> {
    Ok(c::socket_task_prewarm(handle as socket_task_handle, milliseconds(lifetime)) as jint)
}

fn send_text(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, text: JString<'_>) -> Result<jint> {
    let text = text::from_java(env, &text)?;
    let handle = handle as socket_task_handle;
    // SAFETY: it outlives the call.
    Ok(unsafe { c::socket_task_send_text(handle, text.as_ptr().cast(), text.len()) } as jint)
}

fn send_array(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    array: JByteArray<'_>,
    offset: jint,
    length: jint,
) -> Result<jint> {
    let size = usize::try_from(length).map_err(|_| out_of_bounds())?;
    if size <= ON_THE_STACK {
        let mut bytes = [0; ON_THE_STACK];
        array.get_region(env, offset, &mut bytes[..size])?;
        return Ok(send(handle, &bytes[..size]));
    }
    // SAFETY: the bytes are only read. The app must not write to the array during the call; it would send a mixture of old and
    // new bytes.
    let bytes = unsafe { array.get_elements(env, ReleaseMode::NoCopyBack)? };
    let start = usize::try_from(offset).map_err(|_| out_of_bounds())?;
    let range = start..start.saturating_add(size);
    Ok(send(handle, bytes.get(range).ok_or_else(out_of_bounds)?))
}

fn send_buffer(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    buffer: JByteBuffer<'_>,
    offset: jint,
    length: jint,
) -> Result<jint> {
    let (offset, length) = (offset as usize, length as usize);
    let capacity = env.get_direct_buffer_capacity(&buffer)?;
    if offset.checked_add(length).is_none_or(|end| end > capacity) {
        return Err(out_of_bounds());
    }
    if length == 0 {
        return Ok(send(handle, &[]));
    }
    let start = env.get_direct_buffer_address(&buffer)?;
    let handle = handle as socket_task_handle;
    // SAFETY: the range is inside the buffer, whose memory stays while there is a reference to it.
    Ok(unsafe { c::socket_task_send_binary(handle, start.add(offset), length) } as jint)
}

fn ping(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, data: JByteArray<'_>) -> Result<jint> {
    let data = env.convert_byte_array(&data)?;
    let handle = handle as socket_task_handle;
    // SAFETY: it outlives the call.
    Ok(unsafe { c::socket_task_ping(handle, data.as_ptr(), data.len()) } as jint)
}

fn close(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, code: jint, reason: JString<'_>) -> Result<jint> {
    let reason = text::from_java(env, &reason)?;
    // Java gives no other than a 16-bit number.
    let code = u16::try_from(code).unwrap_or(1);
    let handle = handle as socket_task_handle;
    // SAFETY: the reason outlives the call.
    Ok(unsafe { c::socket_task_close(handle, code, reason.as_ptr().cast(), reason.len()) } as jint)
}

fn pause(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    Ok(c::socket_task_pause(handle as socket_task_handle) as jint)
}

fn resume(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    Ok(c::socket_task_resume(handle as socket_task_handle) as jint)
}

fn probe(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, deadline: jint) -> Result<jint> {
    Ok(c::socket_task_probe(handle as socket_task_handle, milliseconds(deadline)) as jint)
}

/// A `socket_task_ready_state`: CLOSED for a handle that is not valid any more.
fn ready_state(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    let mut state = socket_task_ready_state::SOCKET_TASK_CLOSED;
    // SAFETY: it outlives the call.
    unsafe { c::socket_task_get_ready_state(handle as socket_task_handle, &mut state) };
    Ok(state as jint)
}

/// Bytes; -1 for a handle that is not valid any more.
fn buffered_amount(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jlong> {
    let mut amount = 0;
    // SAFETY: it outlives the call.
    let status = unsafe { c::socket_task_get_buffered_amount(handle as socket_task_handle, &mut amount) };
    Ok(if status == socket_task_status::SOCKET_TASK_OK { amount as jlong } else { -1 })
}

fn release(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    Ok(c::socket_task_release(handle as socket_task_handle) as jint)
}

/// Sends the bytes of a Java array.
fn send(handle: jlong, bytes: &[i8]) -> jint {
    let handle = handle as socket_task_handle;
    // SAFETY: they outlive the call.
    unsafe { c::socket_task_send_binary(handle, bytes.as_ptr().cast(), bytes.len()) as jint }
}

/// Java has checked that the number is not negative.
pub(super) fn milliseconds(time: jint) -> u32 {
    u32::try_from(time).unwrap_or(0)
}

/// Java has checked its arguments, so that this is a mistake of ours.
fn out_of_bounds() -> Error {
    Error::NullPtr("a range outside of the bytes")
}
