//! What is settled before `connect`: natives of `NativeSocket` over the C functions of [`crate::ffi::options`],
//! [`crate::ffi::tls`] and [`crate::ffi::network`]. All of them return a `socket_task_status`.

use jni::errors::Result;
use jni::objects::{JByteArray, JClass, JString};
use jni::sys::{jboolean, jint, jlong};
use jni::{Env, NativeMethod};

use super::text;
use crate::ffi::options::socket_task_deflate_options;
use crate::ffi::types::socket_task_handle;
use crate::ffi::{hooks, network, options, tls};

/// What Java passes for an option of each kind.
macro_rules! method {
    (choice $name:ident) => {
        native! { static fn $name(handle: jlong, value: jint) -> jint }
    };
    (number $name:ident) => {
        native! { static fn $name(handle: jlong, value: jint) -> jint }
    };
    (size $name:ident) => {
        native! { static fn $name(handle: jlong, value: jlong) -> jint }
    };
    (flag $name:ident) => {
        native! { static fn $name(handle: jlong, value: jboolean) -> jint }
    };
    (none $name:ident) => {
        native! { static fn $name(handle: jlong) -> jint }
    };
    (text $name:ident) => {
        native! { static fn $name(handle: jlong, value: JString) -> jint }
    };
    (texts $name:ident) => {
        native! { static fn $name(handle: jlong, first: JString, second: JString) -> jint }
    };
    (data $name:ident) => {
        native! { static fn $name(handle: jlong, value: jbyte[]) -> jint }
    };
    (datas $name:ident) => {
        native! { static fn $name(handle: jlong, first: jbyte[], second: jbyte[]) -> jint }
    };
}

/// The native of an option of each kind.
macro_rules! setter {
    (choice $name:ident $set:path) => { setter!(@plain $name jint $set, |value| value); };
    // Java has checked that a number is not negative.
    (number $name:ident $set:path) => {
        setter!(@plain $name jint $set, |value| u32::try_from(value).unwrap_or(u32::MAX));
    };
    (size $name:ident $set:path) => { setter!(@plain $name jlong $set, size); };
    (flag $name:ident $set:path) => { setter!(@plain $name jboolean $set, |value| value); };
    (none $name:ident $set:path) => {
        fn $name(_: &mut Env<'_>, _: JClass<'_>, handle: jlong) -> Result<jint> {
            Ok($set(handle as socket_task_handle) as jint)
        }
    };
    (text $name:ident $set:path) => { setter!(@bytes $name $set, text::from_java, value: JString<'_>); };
    (data $name:ident $set:path) => { setter!(@bytes $name $set, array, value: JByteArray<'_>); };
    (texts $name:ident $set:path) => {
        setter!(@bytes $name $set, text::from_java, first: JString<'_>, second: JString<'_>);
    };
    (datas $name:ident $set:path) => {
        setter!(@bytes $name $set, array, first: JByteArray<'_>, second: JByteArray<'_>);
    };
    (@plain $name:ident $java:ident $set:path, $convert:expr) => {
        fn $name(_: &mut Env<'_>, _: JClass<'_>, handle: jlong, value: $java) -> Result<jint> {
            let convert = $convert;
            Ok($set(handle as socket_task_handle, convert(value)) as jint)
        }
    };
    (@bytes $name:ident $set:path, $read:path, $($value:ident: $java:ty),+) => {
        fn $name(env: &mut Env<'_>, _: JClass<'_>, handle: jlong, $($value: $java),+) -> Result<jint> {
            $(let $value = $read(env, &$value)?;)+
            // SAFETY: the bytes outlive the call.
            Ok(unsafe { $set(handle as socket_task_handle, $($value.as_ptr().cast(), $value.len()),+) } as jint)
        }
    };
}

macro_rules! setters {
    ($($kind:ident $name:ident => $set:path;)*) => {
        pub(super) const METHODS: &[NativeMethod<'_>] = &[
            $(method!($kind $name),)*
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
        ];
        $(setter!($kind $name $set);)*
    };
}

setters! {
    texts add_header => options::socket_task_add_header;
    text add_protocol => options::socket_task_add_protocol;
    number set_timeout => options::socket_task_set_timeout;
    number set_close_timeout => options::socket_task_set_close_timeout;
    number set_ping_interval => options::socket_task_set_ping_interval;
    number set_pong_timeout => options::socket_task_set_pong_timeout;
    size set_max_message_size => options::socket_task_set_max_message_size;
    size set_max_buffered_amount => options::socket_task_set_max_buffered_amount;
    flag set_tcp_no_delay => options::socket_task_set_tcp_no_delay;
    choice set_trust_roots => tls::socket_task_set_trust_roots;
    data add_ca_certificates => tls::socket_task_add_ca_certificates;
    text add_pin => tls::socket_task_add_pin;
    text add_accepted_certificate => tls::socket_task_add_accepted_certificate;
    datas set_client_certificate => tls::socket_task_set_client_certificate;
    text set_server_name => tls::socket_task_set_server_name;
    choice set_min_tls_version => tls::socket_task_set_min_tls_version;
    number set_tcp_keepalive => network::socket_task_set_tcp_keepalive;
    texts add_address => network::socket_task_add_address;
    text set_proxy => network::socket_task_set_proxy;
    texts add_proxy_header => network::socket_task_add_proxy_header;
    none set_proxy_from_system => network::socket_task_set_proxy_from_system;
    none set_cookies_from_system => hooks::socket_task_set_cookies_from_system;
    none set_proxy_from_environment => network::socket_task_set_proxy_from_environment;
    number set_follow_redirects => network::socket_task_set_follow_redirects;
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
        threshold: size(threshold.into()),
    };
    let handle = handle as socket_task_handle;
    // SAFETY: a whole struct, which outlives the call.
    Ok(unsafe { options::socket_task_set_per_message_deflate(handle, &options) } as jint)
}

fn array(env: &Env<'_>, array: &JByteArray<'_>) -> Result<Vec<u8>> {
    env.convert_byte_array(array)
}

/// What Java's largest number stands for is as good as more.
pub(super) fn number(number: impl TryInto<jint>) -> jint {
    number.try_into().unwrap_or(jint::MAX)
}

/// Java has checked that the number is not negative. One that no size can be is as good as the largest.
pub(super) fn size(number: jlong) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
