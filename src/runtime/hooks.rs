//! Calls of what the app and its platform have set to be asked. One that never answers costs its own connections only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Semaphore;

use super::{Panicked, Pool};

/// How many calls of one hook there can be at once. Its others wait for these, and no other hook's do.
const CALLS: usize = 32;

static THREADS: Pool = Pool::new("socket-task-ask", 512);

/// Of hooks that are being called.
static TURNS: Mutex<BTreeMap<[usize; 3], Weak<Semaphore>>> = Mutex::new(BTreeMap::new());

/// Runs `call`, of the hook with this identity, on a thread that may block.
pub(crate) async fn call_hook<T: Send + 'static>(
    hook: [usize; 3],
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    let turn = turns(hook).acquire_owned().await.map_err(|_| Panicked)?;
    THREADS
        .call(move || {
            let _turn = turn;
            call()
        })
        .await
}

fn turns(hook: [usize; 3]) -> Arc<Semaphore> {
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    turns.retain(|_, semaphore| semaphore.strong_count() > 0);
    if let Some(semaphore) = turns.get(&hook).and_then(Weak::upgrade) {
        return semaphore;
    }
    let semaphore = Arc::new(Semaphore::new(CALLS));
    turns.insert(hook, Arc::downgrade(&semaphore));
    semaphore
}
