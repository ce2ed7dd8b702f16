//! loom's, where the library has the standard library's.

pub use loom::sync::{Mutex, MutexGuard, atomic};
