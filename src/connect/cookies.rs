//! The cookies of the opening handshake: asked for, and handed on.

use std::sync::Arc;

use crate::error::{Error, ErrorCode, Phase};
use crate::options::{CookieJar, HookId, Url, headers};
use crate::runtime;

/// Asks the jar for the `Cookie` field.
pub(super) async fn ask(jar: &Arc<dyn CookieJar>, url: &Url) -> Result<Option<String>, Error> {
    let (jar, url) = (Arc::clone(jar), url.clone());
    let cookies = call(jar.id(), move || jar.cookies(&url)).await?.filter(|cookies| !cookies.is_empty());
    if let Some(cookies) = &cookies {
        headers::check("Cookie", cookies)
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
    call(jar.id(), move || jar.set_cookies(&url, &values)).await
}

async fn call<T: Send + 'static>(jar: HookId, call: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    runtime::call_hook(jar, call).await.map_err(|error| {
        Error::new(Phase::Handshake, ErrorCode::Other, format!("the cookie jar failed: {error}"))
    })
}
