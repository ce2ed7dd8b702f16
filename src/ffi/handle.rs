//! Handles: numbers that are looked up on every call, so that a stale or foreign one is an error and
//! not a crash.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::entry::enter;
use super::listener::Callbacks;
use super::questions::Questions;
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::Options;
use crate::reconnect::Socket;

/// What a handle stands for.
pub(super) struct Entry {
    /// What was set so far; None once `connect` has taken it.
    pub new: Mutex<Option<New>>,
    pub socket: OnceLock<Socket>,
    pub questions: Arc<Questions>,
}

/// A connection that was not started yet.
pub(super) struct New {
    pub options: Options,
    pub callbacks: Callbacks,
}

impl Entry {
    pub fn new(new: New) -> Entry {
        Entry { new: Mutex::new(Some(new)), socket: OnceLock::new(), questions: Arc::default() }
    }

    /// Runs `change` on what is set before `connect`.
    pub fn configure<T>(&self, change: impl FnOnce(&mut New) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut new = self.new.lock().unwrap_or_else(PoisonError::into_inner);
        let new = new.as_mut().ok_or_else(|| {
            Failure::state("socket_task_connect was called already: options and callbacks are settled")
        })?;
        change(new)
    }

    /// The connection, if it was started.
    #[inline]
    pub fn started(&self) -> Option<&Socket> {
        self.socket.get().or_else(|| self.being_started())
    }

    /// A callback can begin before `socket_task_connect` has put the connection here, which it does with the lock held.
    #[cold]
    fn being_started(&self) -> Option<&Socket> {
        drop(self.new.lock());
        self.socket.get()
    }

    /// The started connection.
    #[inline]
    pub fn socket(&self) -> Result<&Socket, Failure> {
        self.started().ok_or_else(|| Failure::state("socket_task_connect was not called yet"))
    }
}

/// A place for one entry after another. A handle is its index + 1 in the low half and its generation in
/// the high half.
struct Slot {
    /// Counts the entries that this place has held. From 1, so that no small number is a handle.
    generation: u32,
    entry: Option<Arc<Entry>>,
}

#[derive(Default)]
struct Registry {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

static REGISTRY: RwLock<Registry> = RwLock::new(Registry { slots: Vec::new(), free: Vec::new() });

/// Puts a new entry in and gives its handle.
pub(super) fn insert(entry: Entry) -> Result<socket_task_handle, Failure> {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let index = match registry.free.pop() {
        Some(index) => index,
        None => {
            let index = u32::try_from(registry.slots.len())
                .ok()
                .filter(|&index| index < u32::MAX)
                .ok_or_else(|| Failure {
                    status: socket_task_status::SOCKET_TASK_OUT_OF_RESOURCES,
                    message: "there are no handles left".into(),
                })?;
            registry.slots.push(Slot { generation: 1, entry: None });
            index
        }
    };
    let slot = &mut registry.slots[index as usize];
    slot.entry = Some(Arc::new(entry));
    Ok(u64::from(slot.generation) << 32 | u64::from(index + 1))
}

/// What `handle` stands for.
#[inline]
pub(super) fn find(handle: socket_task_handle) -> Result<Arc<Entry>, Failure> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    let entry = place(handle).and_then(|(index, generation)| {
        let slot = registry.slots.get(index)?;
        slot.entry.as_ref().filter(|_| slot.generation == generation)
    });
    entry.map(Arc::clone).ok_or_else(|| invalid(handle))
}

/// Takes the entry away. The handle is invalid from now on.
pub(super) fn remove(handle: socket_task_handle) -> Result<Arc<Entry>, Failure> {
    let mut guard = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let registry = &mut *guard;
    let (index, generation) = place(handle).ok_or_else(|| invalid(handle))?;
    let slot = registry.slots.get_mut(index).filter(|slot| slot.generation == generation);
    let slot = slot.ok_or_else(|| invalid(handle))?;
    let entry = slot.entry.take().ok_or_else(|| invalid(handle))?;
    REMOVED.fetch_add(1, Ordering::Release);
    // A place whose numbers are used up is given up.
    if let Some(next) = slot.generation.checked_add(1) {
        slot.generation = next;
        registry.free.push(index as u32);
    }
    Ok(entry)
}

/// Index and generation.
fn place(handle: socket_task_handle) -> Option<(usize, u32)> {
    let index = (handle as u32).checked_sub(1)?;
    Some((index as usize, (handle >> 32) as u32))
}

#[cold]
fn invalid(handle: socket_task_handle) -> Failure {
    Failure {
        status: socket_task_status::SOCKET_TASK_INVALID_HANDLE,
        message: if handle == 0 {
            "the handle is 0, which never names a connection".into()
        } else {
            format!("{handle:#x} is not a handle, or was released")
        },
    }
}

/// Counts the entries that were taken away.
static REMOVED: AtomicU64 = AtomicU64::new(0);

/// What a thread has found last. It mostly asks for the same again, and to look in the registry costs more than to queue a
/// short message.
struct Found {
    handle: socket_task_handle,
    /// While nothing else is taken away, it is there.
    removed: u64,
    entry: Arc<Entry>,
}

thread_local! {
    /// Only one that was started: what it keeps alive after its end, until the thread looks for another, is small.
    static LAST_FOUND: Cell<Option<Found>> = const { Cell::new(None) };
}

impl Found {
    #[inline]
    fn is_current(&self, handle: socket_task_handle) -> bool {
        self.handle == handle && self.removed == REMOVED.load(Ordering::Acquire)
    }

    #[cold]
    fn look_up(handle: socket_task_handle) -> Result<Found, Failure> {
        let removed = REMOVED.load(Ordering::Acquire);
        Ok(Found { handle, removed, entry: find(handle)? })
    }
}

/// Runs the body of a function of a handle; see [`enter`].
#[inline]
pub(super) fn with_entry(
    handle: socket_task_handle,
    body: impl FnOnce(&Entry) -> Result<(), Failure>,
) -> socket_task_status {
    enter(|| body(&*find(handle)?))
}

/// As [`with_entry`], for functions that are called again and again for the same handle.
#[inline]
pub(super) fn with_last_entry(
    handle: socket_task_handle,
    body: impl FnOnce(&Entry) -> Result<(), Failure>,
) -> socket_task_status {
    enter(|| {
        // A thread that is being torn down keeps nothing.
        let last = LAST_FOUND.try_with(ptr::from_ref).unwrap_or(ptr::null());
        // SAFETY: it lives until the thread is torn down, which does not begin before this returns.
        let last = unsafe { last.as_ref() };
        let found = match last.and_then(Cell::take) {
            Some(found) if found.is_current(handle) => found,
            _ => Found::look_up(handle)?,
        };
        let result = body(&found.entry);
        if let Some(last) = last
            && found.entry.socket.get().is_some()
        {
            last.set(Some(found));
        }
        result
    })
}

/// Changes what is set before `connect`.
pub(super) fn configure(
    handle: socket_task_handle,
    change: impl FnOnce(&mut New) -> Result<(), Failure>,
) -> socket_task_status {
    with_entry(handle, |entry| entry.configure(change))
}
