//! Time in the background, for connections that are to be closed while the app is hidden.

use std::sync::Arc;

use crate::options::Slot;

/// Told that a connection needs the app to run in the background for a while (`true`), or does not any more.
pub type BackgroundTimeHook = Arc<dyn Fn(bool) + Send + Sync>;

static HOOK: Slot<BackgroundTimeHook> = Slot::new();

/// Sets who asks the platform for time in the background. It is told in pairs, for several connections at once too; so who
/// counts them knows whether any needs it. Called on any thread, which it must not block; it must not call the library.
pub fn set_background_time_hook(hook: Option<BackgroundTimeHook>) {
    HOOK.set(hook);
}

/// As long as it lives, the app has to run.
pub(crate) struct BackgroundTime(BackgroundTimeHook);

impl BackgroundTime {
    /// `None` where nobody asks the platform.
    pub fn begin() -> Option<BackgroundTime> {
        let hook = HOOK.get()?;
        hook(true);
        Some(BackgroundTime(hook))
    }
}

impl Drop for BackgroundTime {
    fn drop(&mut self) {
        (self.0)(false);
    }
}
