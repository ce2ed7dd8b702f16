//! The C ABI, for Java: natives for the classes in `android/`, registered when the library is loaded.
//!
//! A Java `long` is a handle of the C ABI, so that a stale one is as harmless as there.
#![allow(unsafe_code)]

mod socket;

use std::ffi::c_void;

use jni::errors::{Result, ThrowRuntimeExAndDefault};
use jni::sys::{self, jint};
use jni::{Env, EnvUnowned, jni_str};

/// Called by Java when it has loaded the library: registers the natives.
///
/// # Safety
/// `vm` is the Java machine that calls.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn JNI_OnLoad(vm: *mut sys::JavaVM, _reserved: *mut c_void) -> jint {
    let mut env = std::ptr::null_mut();
    // SAFETY: the caller's promise; it is on a thread of Java.
    let status = unsafe { ((**vm).v1_2.GetEnv)(vm, &mut env, sys::JNI_VERSION_1_6) };
    if status != sys::JNI_OK {
        return sys::JNI_ERR;
    }
    // SAFETY: just given by the machine, and used before this function returns.
    let mut env = unsafe { EnvUnowned::from_raw(env.cast()) };
    let registered =
        env.with_env(|env| register(env).map(|()| true)).resolve::<ThrowRuntimeExAndDefault>();
    if registered { sys::JNI_VERSION_1_6 } else { sys::JNI_ERR }
}

fn register(env: &mut Env<'_>) -> Result<()> {
    let class = env.find_class(jni_str!("com/sockettask/NativeSocket"))?;
    // SAFETY: native_method! has checked each function against its signature.
    unsafe { env.register_native_methods(class, &socket::METHODS) }
}
