//! Cookies, which the application or its platform keeps.

use std::fmt;
use std::sync::Arc;

use super::HookId;
use super::url::Url;
use crate::error::{Error, ErrorCode, Phase};

/// Keeps the cookies of the opening handshake. The library itself stores none.
///
/// The calls come from a thread that may block, one for each request and one for each response that has
/// `Set-Cookie`; the time that they take counts towards [`Options::timeout`](crate::Options::timeout).
pub trait CookieJar: fmt::Debug + Send + Sync {
    /// The value of the `Cookie` field for a request to `url`; `None` sends none.
    fn cookies(&self, url: &Url) -> Option<String>;

    /// Takes the values of the `Set-Cookie` fields of a response from `url`, one for each field.
    fn set_cookies(&self, url: &Url, values: &[String]);

    /// Jars with the same identity keep the same cookies; by default each is alone. See [`crate::prewarm`].
    fn id(&self) -> HookId {
        super::address(self)
    }
}

/// Asks the jar for the `Cookie` field.
pub(super) async fn ask(jar: &Arc<dyn CookieJar>, url: &Url) -> Result<Option<String>, Error> {
    let (jar, url) = (Arc::clone(jar), url.clone());
    let cookies = blocking(move || jar.cookies(&url)).await?.filter(|cookies| !cookies.is_empty());
    if let Some(cookies) = &cookies {
        super::headers::check("Cookie", cookies)
            .map_err(|refused| Error::new(Phase::Handshake, ErrorCode::Other, refused.to_string()))?;
    }
    Ok(cookies)
}

/// Hands the `Set-Cookie` fields of a response to the jar.
pub(super) async fn store(
    jar: &Arc<dyn CookieJar>,
    url: &Url,
    headers: &[(String, Vec<u8>)],
) -> Result<(), Error> {
    let values: Vec<String> = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("Set-Cookie"))
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
        .collect();
    if values.is_empty() {
        return Ok(());
    }
    let (jar, url) = (Arc::clone(jar), url.clone());
    blocking(move || jar.set_cookies(&url, &values)).await
}

async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(call).await.map_err(|error| {
        Error::new(Phase::Handshake, ErrorCode::Other, format!("the cookie jar failed: {error}"))
    })
}
