//! What a connection tells: the callbacks of the C ABI, passed on to a `Delivery` of Java's.

use std::ffi::c_void;
use std::slice;

use jni::Env;
use jni::errors::Result;
use jni::objects::JObject;
use jni::refs::Global;
use jni::sys::jvalue;

use super::attach::{Told, with_java};
use super::classes::{call, classes};
use super::options::number;
use super::{binary, causes, text};
use crate::ffi::callbacks::{
    socket_task_on_alive, socket_task_on_close, socket_task_on_drain, socket_task_on_error,
    socket_task_on_message, socket_task_on_open, socket_task_on_pong, socket_task_on_reconnecting,
    socket_task_on_release, socket_task_on_suspect,
};
use crate::ffi::error::socket_task_error;
use crate::ffi::listener::{socket_task_close_event, socket_task_open, socket_task_reconnecting};
use crate::ffi::message::{socket_task_message, socket_task_message_kind};
use crate::ffi::socket::socket_task_close;
use crate::ffi::status::socket_task_status;
use crate::ffi::types::{socket_task_handle, socket_task_span};

/// What the callbacks are called with: keeps the `Delivery`, and through it the listener, until the release.
type Delivery = Global<JObject<'static>>;

/// What the peer is told when a message does not fit (RFC 6455, section 7.4.1).
const MESSAGE_TOO_BIG: u16 = 1009;

/// Makes Java the listener of a connection in state NEW, which nobody else has yet.
pub(super) fn listen(
    env: &Env<'_>,
    handle: socket_task_handle,
    delivery: &JObject<'_>,
) -> Result<socket_task_status> {
    let delivery: Delivery = env.new_global_ref(delivery)?;
    let context: *mut c_void = Box::into_raw(Box::new(delivery)).cast();
    macro_rules! register {
        ($($register:ident($callback:ident);)*) => {
            $(
                // SAFETY: the callbacks can be called with a Delivery on every thread.
                let status = unsafe { $register(handle, Some($callback), context) };
                if status != socket_task_status::SOCKET_TASK_OK {
                    // SAFETY: made above, and not used: nothing is called before the connection starts.
                    drop(unsafe { Box::from_raw(context.cast::<Delivery>()) });
                    return Ok(status);
                }
            )*
        };
    }
    register! {
        socket_task_on_open(opened);
        socket_task_on_message(received);
        socket_task_on_pong(ponged);
        socket_task_on_drain(drained);
        socket_task_on_suspect(suspected);
        socket_task_on_alive(revived);
        socket_task_on_reconnecting(lost);
        socket_task_on_error(failed);
        socket_task_on_close(closed);
        socket_task_on_release(released);
    }
    Ok(socket_task_status::SOCKET_TASK_OK)
}

// SAFETY of the callbacks: the library calls them with what `listen` has registered, one at a time, until `released`;
// what they are given lives until they return, and its texts are UTF-8.

/// Calls a method of the `Delivery`, whose arguments `prepare` makes.
///
/// # Safety
/// `context` is a `Delivery`; see `call` for the rest.
unsafe fn deliver(
    context: *mut c_void,
    what: &str,
    body: impl FnOnce(&mut Env<'_>, &Delivery) -> Result<()>,
) -> bool {
    // SAFETY: the caller's promise.
    let delivery = unsafe { &*context.cast::<Delivery>() };
    let delivered = with_java(|env| body(env, delivery));
    delivered.inspect_err(|error| log::error!("{what} could not be told to Java: {}", Told(error))).is_ok()
}

unsafe extern "C" fn opened(_: socket_task_handle, open: *const socket_task_open, context: *mut c_void) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let (open, headers, texts) = unsafe {
            let open = &*open;
            let texts =
                [open.protocol, open.extensions, open.remote_address, open.tls_version, open.tls_cipher];
            (open, text::headers(env, open.headers, open.header_count)?, texts.map(|text| text::text(text)))
        };
        let texts = text::string_array(env, &texts)?;
        let spans = [open.dns, open.tcp, open.proxy, open.tls, open.handshake];
        let micros = |time: u64| i64::try_from(time).unwrap_or(i64::MAX);
        let times = spans.map(|socket_task_span { start_us, end_us }| [micros(start_us), micros(end_us)]);
        let times = times.as_flattened();
        let spans = env.new_long_array(times.len())?;
        spans.set_region(env, 0, times)?;
        let arguments = [
            jvalue { i: open.http_status },
            jvalue { z: open.tls_resumed },
            jvalue { l: headers.as_raw() },
            jvalue { l: texts.as_raw() },
            jvalue { l: spans.as_raw() },
            jvalue { i: number(open.attempt) },
        ];
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_open, &arguments) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that the connection is open", tell) };
}

unsafe extern "C" fn received(
    handle: socket_task_handle,
    message: *const socket_task_message,
    context: *mut c_void,
) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let (kind, bytes) =
            unsafe { ((*message).kind, slice::from_raw_parts((*message).data, (*message).length)) };
        if kind == socket_task_message_kind::SOCKET_TASK_TEXT {
            // SAFETY: the library has checked the text.
            let string = text::to_java(env, unsafe { str::from_utf8_unchecked(bytes) })?;
            // SAFETY: what the method takes.
            return unsafe { call(env, delivery, classes().on_text, &[jvalue { l: string.as_raw() }]) };
        }
        // SAFETY: see above.
        if let Some((buffer, message)) = unsafe { binary::share(env, message)? } {
            let arguments = [jvalue { l: buffer.as_raw() }, jvalue { j: message }];
            // SAFETY: what the method takes. It gives the message back, whatever happens to it.
            return unsafe { call(env, delivery, classes().on_buffer, &arguments) };
        }
        let array = binary::copy(env, bytes)?;
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_bytes, &[jvalue { l: array.as_raw() }]) }
    };
    // SAFETY: see above.
    if !unsafe { deliver(context, "a message", tell) } {
        // Java has no memory for it. What is missing may not go unnoticed.
        let reason = "no memory for a message";
        // SAFETY: the reason is as long as it says.
        unsafe { socket_task_close(handle, MESSAGE_TOO_BIG, reason.as_ptr().cast(), reason.len()) };
    }
}

unsafe extern "C" fn ponged(
    _: socket_task_handle,
    data: *const u8,
    length: usize,
    rtt_us: i64,
    context: *mut c_void,
) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let data = binary::copy(env, unsafe { slice::from_raw_parts(data, length) })?;
        let arguments = [jvalue { l: data.as_raw() }, jvalue { j: rtt_us }];
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_pong, &arguments) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "a pong", tell) };
}

unsafe extern "C" fn drained(_: socket_task_handle, sent: u64, context: *mut c_void) {
    let sent = i64::try_from(sent).unwrap_or(i64::MAX);
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_drain, &[jvalue { j: sent }]) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that the queue has drained", tell) };
}

unsafe extern "C" fn suspected(_: socket_task_handle, silent_ms: u32, context: *mut c_void) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_suspect, &[jvalue { j: silent_ms.into() }]) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that the peer is suspect", tell) };
}

unsafe extern "C" fn revived(_: socket_task_handle, context: *mut c_void) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_alive, &[]) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that the peer lives", tell) };
}

unsafe extern "C" fn lost(
    _: socket_task_handle,
    reconnecting: *const socket_task_reconnecting,
    context: *mut c_void,
) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let (reconnecting, loss) = unsafe { (&*reconnecting, causes::loss(env, (*reconnecting).loss)?) };
        let arguments = [
            jvalue { i: number(reconnecting.attempt) },
            jvalue { i: number(reconnecting.delay_ms) },
            jvalue { l: loss.as_raw() },
            jvalue { i: number(reconnecting.kept) },
            jvalue { i: number(reconnecting.failed) },
        ];
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_reconnecting, &arguments) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that another attempt follows", tell) };
}

unsafe extern "C" fn failed(_: socket_task_handle, error: *const socket_task_error, context: *mut c_void) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let error = unsafe { causes::error(env, error)? };
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_error, &[jvalue { l: error.as_raw() }]) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "an error", tell) };
}

unsafe extern "C" fn closed(
    _: socket_task_handle,
    close: *const socket_task_close_event,
    context: *mut c_void,
) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: see above.
        let (close, reason) = unsafe { (&*close, text::text((*close).reason)) };
        let reason = text::to_java(env, reason)?;
        let arguments =
            [jvalue { i: close.code.into() }, jvalue { l: reason.as_raw() }, jvalue { z: close.was_clean }];
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_close, &arguments) }
    };
    // SAFETY: see above.
    unsafe { deliver(context, "that the connection is closed", tell) };
}

unsafe extern "C" fn released(_: socket_task_handle, context: *mut c_void) {
    let tell = |env: &mut Env<'_>, delivery: &Delivery| {
        // SAFETY: what the method takes.
        unsafe { call(env, delivery, classes().on_release, &[]) }
    };
    // SAFETY: see above; and nobody uses the Delivery any more.
    unsafe {
        deliver(context, "the release", tell);
        drop(Box::from_raw(context.cast::<Delivery>()));
    }
}
