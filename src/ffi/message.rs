//! Messages, and how to keep one beyond its callback.

use std::sync::atomic::{AtomicUsize, Ordering, fence};

use bytes::Bytes;

use crate::wire::{Message, MessageKind};

/// What a message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum socket_task_message_kind {
    /// Text: valid UTF-8, not NUL-terminated.
    SOCKET_TASK_TEXT = 1,
    /// Bytes.
    SOCKET_TASK_BINARY = 2,
}

/// A received message. Valid during the callback; `socket_task_message_retain` keeps it longer. Only
/// the library makes one: a copy of the struct cannot be retained.
#[repr(C)]
pub struct socket_task_message {
    /// Size of this struct in the library that fills it in, in bytes.
    pub struct_size: usize,
    /// Text or binary.
    pub kind: socket_task_message_kind,
    /// The content; never NULL.
    pub data: *const u8,
    /// Its length in bytes.
    pub length: usize,
}

/// What lies behind the public part of every message that C gets to see.
#[repr(C)]
struct Head<'a> {
    public: socket_task_message,
    /// Set while the message is on the stack of a callback, and not yet a [`Retained`].
    delivered: Option<&'a Message<'a>>,
}

#[repr(C)]
struct Retained {
    head: Head<'static>,
    references: AtomicUsize,
    /// Keeps the content alive.
    _content: Bytes,
}

/// Calls `give` with what C is told of `message`.
#[inline]
pub(super) fn with_c_message(message: &Message<'_>, give: impl FnOnce(*const socket_task_message)) {
    let head = Head { public: public(message.kind(), message.as_bytes()), delivered: Some(message) };
    give((&raw const head).cast());
}

#[inline]
fn public(kind: MessageKind, content: &[u8]) -> socket_task_message {
    socket_task_message {
        struct_size: size_of::<socket_task_message>(),
        kind: match kind {
            MessageKind::Text => socket_task_message_kind::SOCKET_TASK_TEXT,
            MessageKind::Binary => socket_task_message_kind::SOCKET_TASK_BINARY,
        },
        data: content.as_ptr(),
        length: content.len(),
    }
}

/// Keeps a message beyond its callback. Its content is not copied where that would keep no more than twice
/// its length alive: from 32 KiB on, and from 1 KiB on when it came in several pieces or compressed.
///
/// To be called inside the callback, or with a message that is retained already (that counts its
/// references), on any thread. The result is to be given to `socket_task_message_release` once for each
/// call.
///
/// Returns the message that lasts, at another address than the one in the callback; NULL for NULL.
///
/// # Safety
/// `message` is NULL, or came from the library and is still valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_message_retain(
    message: *const socket_task_message,
) -> *const socket_task_message {
    if message.is_null() {
        return message;
    }
    // SAFETY: the caller's promise: every message of the library begins with a Head.
    let head = unsafe { &*message.cast::<Head<'_>>() };
    match head.delivered {
        Some(delivered) => {
            let content = delivered.to_bytes();
            let head = Head { public: public(delivered.kind(), &content), delivered: None };
            Box::into_raw(Box::new(Retained { head, references: AtomicUsize::new(1), _content: content }))
                .cast()
        }
        None => {
            // SAFETY: a message that is not on a callback's stack is a Retained.
            let retained = unsafe { &*message.cast::<Retained>() };
            retained.references.fetch_add(1, Ordering::Relaxed);
            message
        }
    }
}

/// Lets go of a message that was retained. NULL, and a message that a callback was given, are left
/// alone. From any thread.
///
/// # Safety
/// `message` is NULL, or came from the library and is still valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_message_release(message: *const socket_task_message) {
    if message.is_null() {
        return;
    }
    // SAFETY: the caller's promise: every message of the library begins with a Head.
    if unsafe { &*message.cast::<Head<'_>>() }.delivered.is_some() {
        return;
    }
    let retained = message.cast::<Retained>().cast_mut();
    // SAFETY: a message that is not on a callback's stack is a Retained.
    if unsafe { &*retained }.references.fetch_sub(1, Ordering::Release) == 1 {
        // What other threads did with the content comes before its end.
        fence(Ordering::Acquire);
        // SAFETY: made by Box::into_raw, and this was the last reference.
        drop(unsafe { Box::from_raw(retained) });
    }
}
