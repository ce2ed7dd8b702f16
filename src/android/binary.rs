//! Received bytes: small messages are copied into an array of Java's, large ones stay where they are, behind a direct
//! buffer, until Java's garbage collector has found that buffer unreachable.

use std::sync::atomic::{AtomicUsize, Ordering};

use jni::Env;
use jni::errors::{Error, JniError, Result};
use jni::objects::{JByteArray, JByteBuffer, JClass};
use jni::sys::{jint, jlong};

use super::classes::classes;
use crate::ffi::message::{socket_task_message, socket_task_message_release, socket_task_message_retain};

/// From this length on a message is not copied into Java's memory. Below, a copy costs about as much as a buffer that the
/// garbage collector has to watch.
const SHARE_FROM: usize = 16 << 10;

/// How many bytes Java may keep. The garbage collector does not see them, and so would not hurry.
const LIMIT: usize = 16 << 20;

/// How many bytes Java keeps.
static KEPT: AtomicUsize = AtomicUsize::new(0);

/// A direct buffer over the message and what keeps that, to be given to [`release`]; none when it is better copied.
///
/// # Safety
/// `message` is the one that the callback was given, which has not returned.
pub(super) unsafe fn share<'local>(
    env: &mut Env<'local>,
    message: *const socket_task_message,
) -> Result<Option<(JByteBuffer<'local>, jlong)>> {
    // SAFETY: the caller's promise.
    let length = unsafe { (*message).length };
    if length < SHARE_FROM || !classes().can_share_memory || !reserve(length) {
        return Ok(None);
    }
    // SAFETY: the caller's promise. The content stays until `release`, and Java is told that it may not be written.
    unsafe {
        let kept = socket_task_message_retain(message);
        let address = kept as jlong;
        match env.new_direct_byte_buffer((*kept).data.cast_mut(), length) {
            Ok(buffer) => Ok(Some((buffer, address))),
            Err(error) => {
                release_kept(kept);
                Err(error)
            }
        }
    }
}

/// Takes room for one message more. One that is larger than all of it is taken when there is no other.
fn reserve(length: usize) -> bool {
    let more = |kept: usize| {
        let sum = kept.checked_add(length)?;
        (kept == 0 || sum <= LIMIT).then_some(sum)
    };
    KEPT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}

/// A Java array of `bytes`.
pub(super) fn copy<'local>(env: &mut Env<'local>, bytes: &[u8]) -> Result<JByteArray<'local>> {
    if jint::try_from(bytes.len()).is_err() {
        return Err(Error::JniCall(JniError::NoMemory));
    }
    env.byte_array_from_slice(bytes)
}

/// `NativeSocket.releaseMessage`: Java's garbage collector has found the buffer unreachable.
pub(super) fn release_message(_: &mut Env<'_>, _: JClass<'_>, message: jlong) -> Result<()> {
    // SAFETY: Java gives back, once, what `share` gave it.
    unsafe { release_kept(message as *const socket_task_message) };
    Ok(())
}

/// # Safety
/// `kept` is what `share` retained.
unsafe fn release_kept(kept: *const socket_task_message) {
    // SAFETY: the caller's promise.
    unsafe {
        KEPT.fetch_sub((*kept).length, Ordering::Relaxed);
        socket_task_message_release(kept);
    }
}

/// `NativeSocket.retainedBytes`, for tests.
pub(super) fn retained_bytes(_: &mut Env<'_>, _: JClass<'_>) -> Result<jlong> {
    Ok(KEPT.load(Ordering::Relaxed) as jlong)
}
