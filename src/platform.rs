//! What the platform tells the library, for all connections of the process: the system's proxy, and what the app
//! permits.
//!
//! The code for Android and iOS sets these before the app connects. Without it there is no system proxy but the one of
//! the environment variables, and everything is permitted.

use std::sync::{Arc, PoisonError, RwLock};

use crate::error::{Error, ErrorCode, Phase};
use crate::options::{HookId, ProxyResolver, Url};
use crate::runtime;

/// Tells whether the app permits connections that are not encrypted (`ws:`) to a host. Called from a thread that may
/// block.
pub type CleartextPolicy = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What tells the policy from the app's hooks: there is one for the process.
const POLICY_ID: HookId = [0, 0, 1];

static SYSTEM_PROXY: RwLock<Option<Arc<dyn ProxyResolver>>> = RwLock::new(None);
static CLEARTEXT_POLICY: RwLock<Option<CleartextPolicy>> = RwLock::new(None);

/// Sets who knows the proxy for [`ProxySource::System`](crate::options::ProxySource); `None`: the environment
/// variables do.
pub fn set_system_proxy(resolver: Option<Arc<dyn ProxyResolver>>) {
    *SYSTEM_PROXY.write().unwrap_or_else(PoisonError::into_inner) = resolver;
}

/// Sets who permits `ws:`; `None`: all of it is.
pub fn set_cleartext_policy(policy: Option<CleartextPolicy>) {
    *CLEARTEXT_POLICY.write().unwrap_or_else(PoisonError::into_inner) = policy;
}

pub(crate) fn system_proxy() -> Option<Arc<dyn ProxyResolver>> {
    SYSTEM_PROXY.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Whether the app permits a connection to `url`.
pub(crate) async fn check_permitted(url: &Url) -> Result<(), Error> {
    let policy = CLEARTEXT_POLICY.read().unwrap_or_else(PoisonError::into_inner).clone();
    let Some(policy) = policy.filter(|_| !url.is_secure()) else { return Ok(()) };
    let host = url.host().to_string();
    let asked = runtime::call_hook(POLICY_ID, move || policy(&host));
    match asked.await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let message = format!(
                "the app's network security policy does not permit ws:, which is not encrypted, to {}; use wss:",
                url.host()
            );
            Err(Error::new(Phase::Url, ErrorCode::CleartextNotPermitted, message))
        }
        Err(error) => {
            let message = format!("cannot find out whether the app permits ws: to {}: {error}", url.host());
            Err(Error::new(Phase::Url, ErrorCode::Other, message))
        }
    }
}
