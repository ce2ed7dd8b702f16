//! What the library calls in Java: looked up once, when it is loaded, by a thread that finds the app's classes.

use std::sync::OnceLock;

use jni::errors::Result;
use jni::ids::{JMethodID, JStaticMethodID};
use jni::objects::{JClass, JObject};
use jni::refs::Global;
use jni::signature::{JavaType, Primitive};
use jni::strings::JNIStr;
use jni::sys::jvalue;
use jni::{Env, jni_sig, jni_str};

pub(super) const DELIVERY: &JNIStr = jni_str!("com/sockettask/Delivery");
pub(super) const HOOKS: &JNIStr = jni_str!("com/sockettask/Hooks");
pub(super) const PLATFORM: &JNIStr = jni_str!("com/sockettask/Platform");

/// The classes, and methods of them.
pub(super) struct Classes {
    /// Keeps the class loaded, as long as its methods are known.
    _delivery: Global<JClass<'static>>,
    pub on_open: JMethodID,
    pub on_text: JMethodID,
    pub on_bytes: JMethodID,
    pub on_buffer: JMethodID,
    pub on_pong: JMethodID,
    pub on_drain: JMethodID,
    pub on_suspect: JMethodID,
    pub on_alive: JMethodID,
    pub on_reconnecting: JMethodID,
    pub on_error: JMethodID,
    pub on_close: JMethodID,
    pub on_release: JMethodID,
    pub hooks: Global<JClass<'static>>,
    pub proxy: JStaticMethodID,
    pub cookies: JStaticMethodID,
    pub set_cookie: JStaticMethodID,
    pub sign: JStaticMethodID,
    pub refresh: JStaticMethodID,
    pub should_reconnect: JStaticMethodID,
    /// Makes a `SocketTaskError`.
    pub error: JStaticMethodID,
    /// Makes a `SocketTaskLoss`.
    pub loss: JStaticMethodID,
    pub log: JStaticMethodID,
    /// Whether large messages can stay where they are; see `RetainedMessage`.
    pub can_share_memory: bool,
    pub platform: Global<JClass<'static>>,
    pub is_cleartext_permitted: JStaticMethodID,
    pub domain_to_ascii: JStaticMethodID,
    pub system_proxy: JStaticMethodID,
    pub system_cookies: JStaticMethodID,
    pub set_system_cookie: JStaticMethodID,
}

static CLASSES: OnceLock<Classes> = OnceLock::new();

/// Looks everything up. To be called while the library is loaded.
pub(super) fn find(env: &mut Env<'_>) -> Result<()> {
    let delivery = env.find_class(DELIVERY)?;
    let hooks = env.find_class(HOOKS)?;
    let platform = env.find_class(PLATFORM)?;
    let classes = Classes {
        on_open: env.get_method_id(
            &delivery,
            jni_str!("onOpen"),
            jni_sig!("(IZ[Ljava/lang/String;[Ljava/lang/String;[JI)V"),
        )?,
        on_text: env.get_method_id(&delivery, jni_str!("onText"), jni_sig!("(Ljava/lang/String;)V"))?,
        on_bytes: env.get_method_id(&delivery, jni_str!("onBytes"), jni_sig!("([B)V"))?,
        on_buffer: env.get_method_id(
            &delivery,
            jni_str!("onBuffer"),
            jni_sig!("(Ljava/nio/ByteBuffer;J)V"),
        )?,
        on_pong: env.get_method_id(&delivery, jni_str!("onPong"), jni_sig!("([BJ)V"))?,
        on_drain: env.get_method_id(&delivery, jni_str!("onDrain"), jni_sig!("(J)V"))?,
        on_suspect: env.get_method_id(&delivery, jni_str!("onSuspect"), jni_sig!("(J)V"))?,
        on_alive: env.get_method_id(&delivery, jni_str!("onAlive"), jni_sig!("()V"))?,
        on_reconnecting: env.get_method_id(
            &delivery,
            jni_str!("onReconnecting"),
            jni_sig!("(IILcom/sockettask/SocketTaskLoss;II)V"),
        )?,
        on_error: env.get_method_id(
            &delivery,
            jni_str!("onError"),
            jni_sig!("(Lcom/sockettask/SocketTaskError;)V"),
        )?,
        on_close: env.get_method_id(&delivery, jni_str!("onClose"), jni_sig!("(ILjava/lang/String;Z)V"))?,
        on_release: env.get_method_id(&delivery, jni_str!("onRelease"), jni_sig!("()V"))?,
        proxy: env.get_static_method_id(
            &hooks,
            jni_str!("proxyFor"),
            jni_sig!(
                "(Lcom/sockettask/SocketTaskBuilder$ProxyResolver;Ljava/lang/String;)Ljava/lang/String;"
            ),
        )?,
        cookies: env.get_static_method_id(
            &hooks,
            jni_str!("cookiesFor"),
            jni_sig!("(Lcom/sockettask/SocketTaskBuilder$CookieJar;Ljava/lang/String;)Ljava/lang/String;"),
        )?,
        set_cookie: env.get_static_method_id(
            &hooks,
            jni_str!("setCookie"),
            jni_sig!("(Lcom/sockettask/SocketTaskBuilder$CookieJar;Ljava/lang/String;Ljava/lang/String;)V"),
        )?,
        sign: env.get_static_method_id(
            &hooks,
            jni_str!("sign"),
            jni_sig!("(Lcom/sockettask/ClientKey;I[B)[B"),
        )?,
        refresh: env.get_static_method_id(
            &hooks,
            jni_str!("refresh"),
            jni_sig!(
                "(Lcom/sockettask/SocketTaskReconnectOptions$Refresher;JILcom/sockettask/SocketTaskLoss;J)V"
            ),
        )?,
        should_reconnect: env.get_static_method_id(
            &hooks,
            jni_str!("shouldReconnect"),
            jni_sig!(
                "(Lcom/sockettask/SocketTaskReconnectOptions$Decider;Lcom/sockettask/SocketTaskLoss;Z)Z"
            ),
        )?,
        error: env.get_static_method_id(
            &hooks,
            jni_str!("error"),
            jni_sig!("(IIIILjava/lang/String;[Ljava/lang/String;[B)Lcom/sockettask/SocketTaskError;"),
        )?,
        loss: env.get_static_method_id(
            &hooks,
            jni_str!("loss"),
            jni_sig!("(ILjava/lang/String;ZLcom/sockettask/SocketTaskError;)Lcom/sockettask/SocketTaskLoss;"),
        )?,
        log: env.get_static_method_id(&hooks, jni_str!("log"), jni_sig!("(ILjava/lang/String;)V"))?,
        can_share_memory: env
            .call_static_method(&hooks, jni_str!("canShareMemory"), jni_sig!("()Z"), &[])?
            .z()?,
        is_cleartext_permitted: env.get_static_method_id(
            &platform,
            jni_str!("isCleartextPermitted"),
            jni_sig!("(Ljava/lang/String;)Z"),
        )?,
        domain_to_ascii: env.get_static_method_id(
            &platform,
            jni_str!("domainToAscii"),
            jni_sig!("(Ljava/lang/String;)Ljava/lang/String;"),
        )?,
        system_proxy: env.get_static_method_id(
            &platform,
            jni_str!("proxyFor"),
            jni_sig!("(Ljava/lang/String;)Ljava/lang/String;"),
        )?,
        system_cookies: env.get_static_method_id(
            &platform,
            jni_str!("cookiesFor"),
            jni_sig!("(Ljava/lang/String;)Ljava/lang/String;"),
        )?,
        set_system_cookie: env.get_static_method_id(
            &platform,
            jni_str!("setCookie"),
            jni_sig!("(Ljava/lang/String;Ljava/lang/String;)V"),
        )?,
        _delivery: env.new_global_ref(&delivery)?,
        hooks: env.new_global_ref(&hooks)?,
        platform: env.new_global_ref(&platform)?,
    };
    // A second loading would find the same.
    let _ = CLASSES.set(classes);
    Ok(())
}

/// What was found when the library was loaded.
pub(super) fn classes() -> &'static Classes {
    CLASSES.get().expect("nothing calls Java before the library is loaded")
}

/// Calls a method that returns nothing.
///
/// # Safety
/// `method` is one of `object`'s class, without a result, and `arguments` are what it takes.
pub(super) unsafe fn call(
    env: &mut Env<'_>,
    object: &JObject<'_>,
    method: JMethodID,
    arguments: &[jvalue],
) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe { env.call_method_unchecked(object, method, JavaType::Primitive(Primitive::Void), arguments)? };
    Ok(())
}

/// Calls a static method that returns nothing.
///
/// # Safety
/// `method` is one of `class`, without a result, and `arguments` are what it takes.
pub(super) unsafe fn call_static(
    env: &mut Env<'_>,
    class: &JClass<'_>,
    method: JStaticMethodID,
    arguments: &[jvalue],
) -> Result<()> {
    let nothing = JavaType::Primitive(Primitive::Void);
    // SAFETY: the caller's promise.
    unsafe { env.call_static_method_unchecked(class, method, nothing, arguments)? };
    Ok(())
}
