//! Objects of the application that the library asks while it connects.

/// What tells a resolver or jar of the application's from others: those with the same identity answer the same.
pub type HookId = [usize; 3];

/// The identity of what is the same as itself only.
pub(super) fn address<T: ?Sized>(object: &T) -> HookId {
    [std::ptr::from_ref(object).cast::<()>().addr(), 0, 0]
}
