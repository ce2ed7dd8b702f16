//! Threads of the library that call Java.

use std::any::Any;
use std::ffi::c_void;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use jni::errors::{Error, JniError, Result};
use jni::sys;
use jni::{Env, JavaVM};

/// Runs `body` on this thread, attached to Java; what it leaves behind, references and exceptions, is cleared away.
///
/// # Errors
/// Those of `body`, an exception that it left, a panic (`JniError::Unknown`), or a Java that takes no more threads.
pub(super) fn with_java<T>(body: impl FnOnce(&mut Env<'_>) -> Result<T>) -> Result<T> {
    let (mut body, mut result) = (Some(body), None);
    attached(&mut |env| {
        let Some(body) = body.take() else { return Ok(()) };
        result = Some(body(env)?);
        Ok(())
    })?;
    result.ok_or(Error::JniCall(JniError::Unknown))
}

/// The part of [`with_java`] that is there once for all that is run.
fn attached(body: &mut dyn FnMut(&mut Env<'_>) -> Result<()>) -> Result<()> {
    let vm = JavaVM::singleton()?;
    attach(&vm)?;
    catch_unwind(AssertUnwindSafe(|| vm.attach_current_thread(body))).unwrap_or_else(contained)
}

/// A failure for the log. The message of a Java exception is left out: the app's own may have a secret in it.
pub(super) struct Told<'a>(pub(super) &'a Error);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Error::CaughtJavaException { name, .. } => write!(f, "{name} was thrown"),
            other => other.fmt(f),
        }
    }
}

/// Cannot be told to C, nor to Java: it is logged.
#[cold]
fn contained(_: Box<dyn Any + Send>) -> Result<()> {
    log::error!("an internal error was contained; please report it");
    Err(Error::JniCall(JniError::Unknown))
}

/// Attaches this thread, if it is not one of Java's, until it ends. As a daemon: a Java machine waits for all others
/// before it exits.
fn attach(vm: &JavaVM) -> Result<()> {
    thread_local! {
        // What thread_local! makes of it on Android looks to clippy as if it were not const.
        #[cfg_attr(target_os = "android", allow(clippy::missing_const_for_thread_local))]
        static ATTACHED: std::cell::OnceCell<Attached> = const { std::cell::OnceCell::new() };
    }
    let gone = |_| Error::JniCall(JniError::ThreadDetached);
    if ATTACHED.try_with(|attached| attached.get().is_some()).map_err(gone)? || vm.is_thread_attached()? {
        return Ok(());
    }
    let mut arguments = sys::JavaVMAttachArgs {
        version: sys::JNI_VERSION_1_6,
        name: c"socket-task".as_ptr().cast_mut(),
        group: ptr::null_mut(),
    };
    let (raw, arguments) = (vm.get_raw(), (&raw mut arguments).cast::<c_void>());
    let mut env = ptr::null_mut();
    // SAFETY: a machine that lives as long as the process; the arguments are only read.
    match unsafe { ((**raw).v1_4.AttachCurrentThreadAsDaemon)(raw, &mut env, arguments) } {
        sys::JNI_OK => {}
        sys::JNI_ENOMEM => return Err(Error::JniCall(JniError::NoMemory)),
        _ => return Err(Error::JniCall(JniError::Unknown)),
    }
    ATTACHED.try_with(|attached| drop(attached.set(Attached(raw)))).map_err(gone)
}

/// A thread that we have attached. Android ends the process when one ends without being detached.
struct Attached(*mut sys::JavaVM);

impl Drop for Attached {
    fn drop(&mut self) {
        // SAFETY: the machine lives as long as the process, and nothing of Java is on the stack of a thread that ends.
        unsafe { ((**self.0).v1_4.DetachCurrentThread)(self.0) };
    }
}
