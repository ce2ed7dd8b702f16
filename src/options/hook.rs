//! Objects of the application, and of the platform, that the library asks while it connects.

use std::sync::{PoisonError, RwLock};

/// What tells a resolver or jar of the application's from others: those with the same identity answer the same.
pub type HookId = [usize; 3];

/// The identity of what is the same as itself only.
pub(super) fn address<T: ?Sized>(object: &T) -> HookId {
    [std::ptr::from_ref(object).cast::<()>().addr(), 0, 0]
}

/// What the whole process asks, if somebody has set it.
pub(crate) struct Slot<T>(RwLock<Option<T>>);

impl<T: Clone> Slot<T> {
    pub(crate) const fn new() -> Slot<T> {
        Slot(RwLock::new(None))
    }

    pub(crate) fn set(&self, hook: Option<T>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = hook;
    }

    pub(crate) fn get(&self) -> Option<T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
