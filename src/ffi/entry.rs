//! How C enters: no panic leaves, and pointers become references in one place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use super::status::{Failure, remember, socket_task_status};
use crate::wire::is_valid_utf8;

/// Runs a function's body; its failure becomes the last error of this thread.
#[inline]
pub(super) fn enter(body: impl FnOnce() -> Result<(), Failure>) -> socket_task_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => socket_task_status::SOCKET_TASK_OK,
        Ok(Err(failure)) => remember(failure),
        Err(_) => remember(Failure {
            status: socket_task_status::SOCKET_TASK_INTERNAL,
            message: "an internal error was contained; please report it".into(),
        }),
    }
}

/// The bytes at `data`. NULL is as good as any pointer when there are none.
///
/// # Safety
/// `data` is NULL or points to `length` bytes that nobody changes while `'a` lasts.
#[inline]
pub(super) unsafe fn bytes<'a>(data: *const u8, length: usize, what: &str) -> Result<&'a [u8], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Failure::argument(format!("{what} is NULL but its length is {length}")));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::argument(format!("{what} cannot have {length} bytes")));
    }
    // SAFETY: not NULL, of a possible length; the rest is the caller's promise.
    Ok(unsafe { slice::from_raw_parts(data, length) })
}

/// The text at `data`, checked to be UTF-8.
///
/// # Safety
/// As for [`bytes()`].
#[inline]
pub(super) unsafe fn text<'a>(
    data: *const std::ffi::c_char,
    length: usize,
    what: &str,
) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(data.cast(), length, what) }?;
    if !is_valid_utf8(bytes) {
        return Err(Failure::utf8(what));
    }
    // SAFETY: just checked.
    Ok(unsafe { str::from_utf8_unchecked(bytes) })
}

/// A place for a result.
///
/// # Safety
/// `place` is NULL or points to a writable `T` that nobody else uses while `'a` lasts.
pub(super) unsafe fn out<'a, T>(place: *mut T, what: &str) -> Result<&'a mut T, Failure> {
    // SAFETY: the caller's promise.
    unsafe { place.as_mut() }.ok_or_else(|| Failure::argument(format!("{what} is NULL")))
}

/// A struct of the caller's, if it is not NULL and of a size that is known.
///
/// # Safety
/// `options` is NULL or points to as many bytes as its first field, a `size_t`, says.
pub(super) unsafe fn sized<'a, T>(options: *const T, init: &str) -> Result<Option<&'a T>, Failure> {
    if options.is_null() {
        return Ok(None);
    }
    // SAFETY: every version of such a struct begins with its size.
    let size = unsafe { options.cast::<usize>().read() };
    if size < size_of::<T>() {
        return Err(Failure::argument(format!("struct_size is not set: call {init} first")));
    }
    // SAFETY: the caller's promise, and it is as large as we know it.
    Ok(Some(unsafe { &*options }))
}

/// Writes the defaults into a struct of the caller's, which has `size` bytes. What a newer program has behind our fields stays.
///
/// # Safety
/// `options` is NULL or points to `size` writable bytes.
pub(super) unsafe fn fill<T>(options: *mut T, size: usize, name: &str, defaults: T) -> Result<(), Failure> {
    if options.is_null() {
        return Err(Failure::argument("options is NULL"));
    }
    if size < size_of::<T>() {
        return Err(Failure::argument(format!("{size} was never the size of {name}")));
    }
    // SAFETY: the caller's promise, it is not NULL, and it is as large as we know it.
    unsafe { options.write(defaults) };
    Ok(())
}
