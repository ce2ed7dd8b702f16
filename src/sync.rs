//! The standard library's, by another name: `models/` has loom's in its place.

pub(crate) use std::sync::{MutexGuard, atomic};
