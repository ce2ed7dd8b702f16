//! A network that fails in every way that a seed brings about, and a server behind it that keeps count of what arrives.

mod proxy;
mod random;
mod server;
mod worlds;

pub use proxy::{Fate, Proxy};
pub use random::Random;
pub use server::Ledger;
pub use worlds::{Journal, World, dawdle, run_worlds};
