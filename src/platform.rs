//! What the platform tells the library, for all connections of the process: the system's proxy, the cookies that it
//! keeps, and what the app permits.
//!
//! The code for Android and iOS sets these before the app connects. Without it there is no system proxy but the one of
//! the environment variables, there are no cookies, and everything is permitted.

mod background;
mod surroundings;

use std::sync::Arc;

use crate::error::{Error, ErrorCode, Phase};
use crate::options::{CookieJar, HookId, ProxyResolver, Slot, Url};
pub use crate::options::{DomainToAscii, set_domain_to_ascii};
use crate::runtime;
pub(crate) use background::BackgroundTime;
pub use background::{BackgroundTimeHook, set_background_time_hook};
pub(crate) use surroundings::{Surroundings, hope, watch};
pub use surroundings::{set_foreground, set_network};

/// Tells whether the app permits connections that are not encrypted (`ws:`) to a host. Called from a thread that may
/// block.
pub type CleartextPolicy = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// What tells the policy from the app's hooks: there is one for the process.
const POLICY_ID: HookId = [0, 0, 1];

static SYSTEM_PROXY: Slot<Arc<dyn ProxyResolver>> = Slot::new();
static SYSTEM_COOKIES: Slot<Arc<dyn CookieJar>> = Slot::new();
static CLEARTEXT_POLICY: Slot<CleartextPolicy> = Slot::new();

/// Sets who knows the proxy for [`ProxySource::System`](crate::options::ProxySource); `None`: the environment
/// variables do.
pub fn set_system_proxy(resolver: Option<Arc<dyn ProxyResolver>>) {
    SYSTEM_PROXY.set(resolver);
}

/// Sets who keeps the cookies that [`SystemCookies`] stands for; `None`: nobody does.
pub fn set_system_cookies(jar: Option<Arc<dyn CookieJar>>) {
    SYSTEM_COOKIES.set(jar);
}

/// Sets who permits `ws:`; `None`: all of it is.
pub fn set_cleartext_policy(policy: Option<CleartextPolicy>) {
    CLEARTEXT_POLICY.set(policy);
}

pub(crate) fn system_proxy() -> Option<Arc<dyn ProxyResolver>> {
    SYSTEM_PROXY.get()
}

/// The cookies that the platform keeps for all of the app, for [`Options::cookies`](crate::Options::cookies); none where
/// it keeps none.
#[derive(Debug)]
pub struct SystemCookies;

impl SystemCookies {
    fn jar() -> Option<Arc<dyn CookieJar>> {
        SYSTEM_COOKIES.get()
    }
}

impl CookieJar for SystemCookies {
    fn cookies(&self, url: &Url) -> Option<String> {
        Self::jar()?.cookies(url)
    }

    fn set_cookies(&self, url: &Url, values: &[String]) {
        if let Some(jar) = Self::jar() {
            jar.set_cookies(url, values);
        }
    }

    /// They are the same for the whole process.
    fn id(&self) -> HookId {
        [std::ptr::from_ref(&SYSTEM_COOKIES).addr(), 0, 0]
    }
}

/// Whether the app permits a connection to `url`.
pub(crate) async fn check_permitted(url: &Url) -> Result<(), Error> {
    let policy = CLEARTEXT_POLICY.get();
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
