//! What is settled before `connect`: natives of `NativeSocket` over the C functions of [`crate::ffi::options`],
//! [`crate::ffi::tls`] and [`crate::ffi::network`]. All of them return a `socket_task_status`.

use std::ffi::c_char;

use jni::errors::Result;
use jni::objects::{JByteArray, JClass, JString};
use jni::sys::{jboolean, jint, jlong};
use jni::{Env, NativeMethod};

use super::socket::milliseconds;
use super::text;
use crate::ffi::options::socket_task_deflate_options;
use crate::ffi::status::socket_task_status;
use crate::ffi::types::socket_task_handle;
use crate::ffi::{network, options, tls};

pub(super) const METHODS: [NativeMethod<'_>; 22] = [
    native! { static fn add_header(handle: jlong, name: JString, value: JString) -> jint },
    native! { static fn add_protocol(handle: jlong, protocol: JString) -> jint },
    native! { static fn set_timeout(handle: jlong, milliseconds: jint) -> jint },
    native! { static fn set_close_timeout(handle: jlong, milliseconds: jint) -> jint },
    native! { static fn set_max_message_size(handle: jlong, size: jlong) -> jint },
    native! { static fn set_max_buffered_amount(handle: jlong, amount: jlong) -> jint },
    native! { static fn set_tcp_no_delay(handle: jlong, no_delay: jboolean) -> jint },
    native! { static fn set_keepalive(handle: jlong, interval: jint, timeout: jint) -> jint },
    native! {
        static fn set_per_message_deflate(
            handle: jlong,
            client_no_context_takeover: jboolean,
            server_no_context_takeover: jboolean,
            client_max_window_bits: jint,
            server_max_window_bits: jint,
            level: jint,
            threshold: jint,
        ) -> jint
    },
    native! { static fn set_trust_roots(handle: jlong, roots: jint) -> jint },
    native! { static fn add_ca_certificates(handle: jlong, certificates: jbyte[]) -> jint },
    native! { static fn add_pin(handle: jlong, pin: JString) -> jint },
    native! { static fn accept_certificate(handle: jlong, fingerprint: JString) -> jint },
    native! {
        static fn set_client_certificate(handle: jlong, certificate: jbyte[], key: jbyte[]) -> jint
    },
    native! { static fn set_server_name(handle: jlong, name: JString) -> jint },
    native! { static fn set_min_tls_version(handle: jlong, version: jint) -> jint },
    native! { static fn set_tcp_keepalive(handle: jlong, seconds: jint) -> jint },
    native! { static fn add_address(handle: jlong, host: JString, address: JString) -> jint },
    native! { static fn set_proxy(handle: jlong, url: JString) -> jint },
    native! { static fn set_proxy_from_system(handle: jlong) -> jint },
    native! { static fn set_proxy_from_environment(handle: jlong) -> jint },
    native! { static fn set_follow_redirects(handle: jlong, limit: jint) -> jint },
];

type SetText = unsafe extern "C" fn(socket_task_handle, *const c_char, usize) -> socket_task_status;
type SetTexts = unsafe extern "C" fn(
    socket_task_handle,
    *const c_char,
    usize,
    *const c_char,
    usize,
) -> socket_task_status;

fn with_text(env: &Env<'_>, set: SetText, handle: jlong, text: &JString<'_>) -> Result<jint> {
    let text = text::from_java(env, text)?;
    // SAFETY: the text outlives the call.
    Ok(unsafe { set(handle as socket_task_handle, text.as_ptr().cast(), text.len()) } as jint)
}

fn with_texts(
    env: &Env<'_>,
    set: SetTexts,
    handle: jlong,
    [first, second]: [&JString<'_>; 2],
) -> Result<jint> {
    let (first, second) = (text::from_java(env, first)?, text::from_java(env, second)?);
    let handle = handle as socket_task_handle;
    // SAFETY: the texts outlive the call.
    Ok(unsafe { set(handle, first.as_ptr().cast(), first.len(), second.as_ptr().cast(), second.len()) }
        as jint)
}

fn add_header(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    name: JString<'_>,
    value: JString<'_>,
) -> Result<jint> {
    with_texts(env, options::socket_task_add_header, handle, [&name, &value])
}

fn add_protocol(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, protocol: JString<'_>) -> Result<jint> {
    with_text(env, options::socket_task_add_protocol, handle, &protocol)
}

fn set_timeout(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, time: jint) -> Result<jint> {
    Ok(options::socket_task_set_timeout(handle as socket_task_handle, milliseconds(time)) as jint)
}

fn set_close_timeout(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, time: jint) -> Result<jint> {
    Ok(options::socket_task_set_close_timeout(handle as socket_task_handle, milliseconds(time)) as jint)
}

fn set_max_message_size(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, size: jlong) -> Result<jint> {
    Ok(options::socket_task_set_max_message_size(handle as socket_task_handle, bytes(size)) as jint)
}

fn set_max_buffered_amount(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, amount: jlong) -> Result<jint> {
    Ok(options::socket_task_set_max_buffered_amount(handle as socket_task_handle, bytes(amount)) as jint)
}

fn set_tcp_no_delay(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, no_delay: jboolean) -> Result<jint> {
    Ok(options::socket_task_set_tcp_no_delay(handle as socket_task_handle, no_delay) as jint)
}

fn set_keepalive(
    _: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    interval: jint,
    timeout: jint,
) -> Result<jint> {
    let (interval, timeout) = (milliseconds(interval), milliseconds(timeout));
    Ok(options::socket_task_set_keepalive(handle as socket_task_handle, interval, timeout) as jint)
}

#[expect(clippy::too_many_arguments, reason = "Java has no structs")]
fn set_per_message_deflate(
    _: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    client_no_context_takeover: jboolean,
    server_no_context_takeover: jboolean,
    client_max_window_bits: jint,
    server_max_window_bits: jint,
    level: jint,
    threshold: jint,
) -> Result<jint> {
    let options = socket_task_deflate_options {
        struct_size: size_of::<socket_task_deflate_options>(),
        client_no_context_takeover,
        server_no_context_takeover,
        client_max_window_bits,
        server_max_window_bits,
        level,
        threshold: bytes(threshold.into()),
    };
    let handle = handle as socket_task_handle;
    // SAFETY: a whole struct, which outlives the call.
    Ok(unsafe { options::socket_task_set_per_message_deflate(handle, &options) } as jint)
}

fn set_trust_roots(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, roots: jint) -> Result<jint> {
    Ok(tls::socket_task_set_trust_roots(handle as socket_task_handle, roots) as jint)
}

fn add_ca_certificates(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    certificates: JByteArray<'_>,
) -> Result<jint> {
    let certificates = env.convert_byte_array(&certificates)?;
    let handle = handle as socket_task_handle;
    // SAFETY: the bytes outlive the call.
    Ok(unsafe { tls::socket_task_add_ca_certificates(handle, certificates.as_ptr(), certificates.len()) }
        as jint)
}

fn add_pin(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, pin: JString<'_>) -> Result<jint> {
    with_text(env, tls::socket_task_add_pin, handle, &pin)
}

fn accept_certificate(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    fingerprint: JString<'_>,
) -> Result<jint> {
    with_text(env, tls::socket_task_accept_certificate, handle, &fingerprint)
}

fn set_client_certificate(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    certificate: JByteArray<'_>,
    key: JByteArray<'_>,
) -> Result<jint> {
    let (certificate, key) = (env.convert_byte_array(&certificate)?, env.convert_byte_array(&key)?);
    // SAFETY: the bytes outlive the call.
    let status = unsafe {
        tls::socket_task_set_client_certificate(
            handle as socket_task_handle,
            certificate.as_ptr(),
            certificate.len(),
            key.as_ptr(),
            key.len(),
        )
    };
    Ok(status as jint)
}

fn set_server_name(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, name: JString<'_>) -> Result<jint> {
    with_text(env, tls::socket_task_set_server_name, handle, &name)
}

fn set_min_tls_version(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, version: jint) -> Result<jint> {
    Ok(tls::socket_task_set_min_tls_version(handle as socket_task_handle, version) as jint)
}

fn set_tcp_keepalive(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, seconds: jint) -> Result<jint> {
    // What is no possible number is refused, as the largest is.
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Ok(network::socket_task_set_tcp_keepalive(handle as socket_task_handle, seconds) as jint)
}

fn add_address(
    env: &mut Env<'_>,
    _: JClass<'_>,
    handle: jlong,
    host: JString<'_>,
    address: JString<'_>,
) -> Result<jint> {
    with_texts(env, network::socket_task_add_address, handle, [&host, &address])
}

fn set_proxy(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, url: JString<'_>) -> Result<jint> {
    with_text(env, network::socket_task_set_proxy, handle, &url)
}

fn set_proxy_from_system(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    Ok(network::socket_task_set_proxy_from_system(handle as socket_task_handle) as jint)
}

fn set_proxy_from_environment(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
    Ok(network::socket_task_set_proxy_from_environment(handle as socket_task_handle) as jint)
}

fn set_follow_redirects(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, limit: jint) -> Result<jint> {
    // Java has checked the range.
    let limit = u8::try_from(limit).unwrap_or(u8::MAX);
    Ok(network::socket_task_set_follow_redirects(handle as socket_task_handle, limit) as jint)
}

/// Java has checked that the number is not negative. One that no size can be is as good as the largest.
fn bytes(number: jlong) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
