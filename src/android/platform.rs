//! What Android tells the library, and what the library asks Android: Java's `Platform`.

use std::sync::Arc;
#[cfg(target_os = "android")]
use std::sync::atomic::Ordering;

use jni::errors::Result;
use jni::ids::JStaticMethodID;
use jni::objects::{JClass, JObject};
use jni::signature::{JavaType, Primitive};
use jni::sys::{jboolean, jint, jvalue};
use jni::{Env, NativeMethod};

use super::attach::{Told, with_java};
use super::classes::{call_static, classes};
use super::socket::milliseconds;
use super::{hooks, text};
#[cfg(target_os = "android")]
use crate::connect::ANDROID_CAN_BE_ASKED;
use crate::ffi::platform::{socket_task_probe_all, socket_task_set_foreground, socket_task_set_network};
use crate::options::{CookieJar, HookId, Proxy, ProxyResolver, Url};
use crate::platform;

pub(super) const METHODS: [NativeMethod<'_>; 4] = [
    native! { static fn install(application_context: JObject) },
    native! { static fn probe_all(deadline_milliseconds: jint) },
    native! { static fn set_network(is_there: jboolean) },
    native! { static fn set_foreground(is_in_front: jboolean) },
];

/// `Platform.install`.
fn install<'local>(env: &mut Env<'local>, _: JClass<'local>, context: JObject<'local>) -> Result<()> {
    #[cfg(target_os = "android")]
    {
        rustls_platform_verifier::android::init_with_env(env, context)?;
        ANDROID_CAN_BE_ASKED.store(true, Ordering::Release);
    }
    // Elsewhere the certificates of servers are not verified in Java.
    #[cfg(not(target_os = "android"))]
    let _ = (env, context);
    platform::set_cleartext_policy(Some(Arc::new(is_cleartext_permitted)));
    platform::set_domain_to_ascii(Some(Arc::new(domain_to_ascii)));
    platform::set_system_proxy(Some(Arc::new(SystemProxy)));
    platform::set_system_cookies(Some(Arc::new(WebViewCookies)));
    Ok(())
}

/// `Platform.probeAll`.
fn probe_all(_: &mut Env<'_>, _: JClass<'_>, deadline: jint) -> Result<()> {
    socket_task_probe_all(milliseconds(deadline));
    Ok(())
}

/// `Platform.setNetwork`.
fn set_network(_: &mut Env<'_>, _: JClass<'_>, is_there: jboolean) -> Result<()> {
    socket_task_set_network(is_there);
    Ok(())
}

/// `Platform.setForeground`.
fn set_foreground(_: &mut Env<'_>, _: JClass<'_>, is_in_front: jboolean) -> Result<()> {
    socket_task_set_foreground(is_in_front);
    Ok(())
}

/// Whether the app may connect to `host` without TLS. It may when Android does not say.
fn is_cleartext_permitted(host: &str) -> bool {
    let ask = |env: &mut Env<'_>| {
        let host = text::to_java(env, host)?;
        let (class, method) = (&classes().platform, classes().is_cleartext_permitted);
        let (boolean, arguments) = (JavaType::Primitive(Primitive::Boolean), [jvalue { l: host.as_raw() }]);
        // SAFETY: what the method takes and returns.
        unsafe { env.call_static_method_unchecked(class, method, boolean, &arguments)?.z() }
    };
    with_java(ask).unwrap_or_else(|error| {
        log::warn!("Android could not be asked whether ws: is permitted: {}", Told(&error));
        true
    })
}

fn domain_to_ascii(name: &str) -> Option<String> {
    // SAFETY: the method takes a text and returns one or null.
    unsafe { ask("the ASCII form of a host", classes().domain_to_ascii, name) }
}

/// The proxy of Android's settings.
#[derive(Debug)]
struct SystemProxy;

impl ProxyResolver for SystemProxy {
    fn proxy_for(&self, url: &Url) -> Option<Proxy> {
        // SAFETY: the method takes a text and returns one or null.
        let answer = unsafe { ask("its proxy", classes().system_proxy, &url.href()) }?;
        Proxy::parse(&answer)
            .inspect_err(|refused| log::warn!("the system's proxy is ignored: {refused}"))
            .ok()
    }

    /// There is one for the process.
    fn id(&self) -> HookId {
        [0; 3]
    }
}

/// The cookies of the app's WebViews, which React Native's own networking shares.
#[derive(Debug)]
struct WebViewCookies;

impl CookieJar for WebViewCookies {
    fn cookies(&self, url: &Url) -> Option<String> {
        // SAFETY: the method takes a text and returns one or null.
        unsafe { ask("its cookies", classes().system_cookies, &url.to_http()) }
    }

    fn set_cookies(&self, url: &Url, values: &[String]) {
        let tell = |env: &mut Env<'_>| {
            let url = text::to_java(env, &url.to_http())?;
            for value in values {
                let value = text::to_java(env, value)?;
                let (class, method) = (&classes().platform, classes().set_system_cookie);
                let arguments = [jvalue { l: url.as_raw() }, jvalue { l: value.as_raw() }];
                // SAFETY: what the method takes.
                unsafe { call_static(env, class, method, &arguments)? };
            }
            Ok(())
        };
        if let Err(error) = with_java(tell) {
            log::warn!("Android could not be told a cookie: {}", Told(&error));
        }
    }
}

/// Asks a method of Java's `Platform` for `what` it has for a URL, or for a host name.
///
/// # Safety
/// `method` takes a text and returns one or null.
unsafe fn ask(what: &str, method: JStaticMethodID, url: &str) -> Option<String> {
    let ask = |env: &mut Env<'_>| {
        let url = text::to_java(env, url)?;
        let arguments = [jvalue { l: url.as_raw() }];
        // SAFETY: the caller's promise.
        let answer = unsafe {
            env.call_static_method_unchecked(&classes().platform, method, JavaType::Object, &arguments)?
        };
        hooks::string(env, answer.l()?)
    };
    with_java(ask)
        .inspect_err(|error| log::warn!("Android could not be asked for {what}: {}", Told(error)))
        .ok()?
}
