//! The C ABI, for Java (feature `android`): natives for the classes in `android/`, registered when the library is loaded.
//!
//! A Java `long` is a handle of the C ABI, so that a stale one is as harmless as there; the events come by its callbacks.
//! Nothing here holds any logic of a connection.
//!
//! | file | what it holds |
//! | --- | --- |
//! | [`socket`] | `create`, `connect`, `send`, `close`, `release` and what can be asked |
//! | [`options`] | what is settled before `connect` |
//! | [`hooks`] | what the library asks the app while it connects, and the log |
//! | [`reconnect`] | one connection after another |
//! | [`events`] | what a connection tells |
//! | [`causes`] | why one was lost |
//! | [`binary`] | received bytes, and how long they stay |
//! | [`text`] | texts, on their way in and out |
//! | [`platform`] | what Android tells the library, and is asked by it |
//! | [`attach`] | threads of the library that call Java |
//! | [`classes`] | classes and methods that are called |
#![allow(unsafe_code)]

/// A native method. Whether Java declares it static, as all are, is looked at in builds for debugging, which are tested.
macro_rules! native {
    ($($method:tt)*) => { jni::native_method! { $($method)*, abi_check = UnsafeDebugOnly } };
}

mod attach;
mod binary;
mod causes;
mod classes;
mod events;
mod hooks;
mod options;
mod platform;
mod reconnect;
mod socket;
mod text;

use std::ffi::c_void;
use std::ptr;

use jni::errors::{Result, ThrowRuntimeExAndDefault};
use jni::sys::{self, jint};
use jni::{Env, EnvUnowned, jni_str};

/// Called by Java when it has loaded the library. What is missing in the app is left as Java's exception.
///
/// # Safety
/// `vm` is the Java machine that calls.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut sys::JavaVM, _reserved: *mut c_void) -> jint {
    let mut env = ptr::null_mut();
    // SAFETY: the caller's promise, and this is a thread of Java's.
    let status = unsafe { ((**vm).v1_2.GetEnv)(vm, &mut env, sys::JNI_VERSION_1_6) };
    if status != sys::JNI_OK {
        return sys::JNI_ERR;
    }
    // SAFETY: just given by the machine, and used before this function returns.
    let mut env = unsafe { EnvUnowned::from_raw(env.cast()) };
    let registered = env.with_env(|env| register(env).map(|()| true)).resolve::<ThrowRuntimeExAndDefault>();
    if registered { sys::JNI_VERSION_1_6 } else { sys::JNI_ERR }
}

fn register(env: &mut Env<'_>) -> Result<()> {
    classes::find(env)?;
    let socket = env.find_class(jni_str!("com/sockettask/NativeSocket"))?;
    let platform = env.find_class(classes::PLATFORM)?;
    // SAFETY: native! has checked each function against its signature.
    unsafe {
        env.register_native_methods(&socket, &socket::METHODS)?;
        env.register_native_methods(&socket, options::METHODS)?;
        env.register_native_methods(&socket, &hooks::METHODS)?;
        env.register_native_methods(&socket, &reconnect::METHODS)?;
        env.register_native_methods(&platform, &platform::METHODS)
    }
}
