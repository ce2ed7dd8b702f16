//! Host names outside ASCII, which the platform has the tables for.

use std::sync::Arc;

use super::super::hook::Slot;
use crate::error::Refused;

/// Converts a host name to ASCII (URL Standard, section 3.3, "domain to ASCII", without `beStrict`); `None` for one that is not
/// valid, or that the platform cannot convert. Called on the thread that reads the URL: it must not block.
pub type DomainToAscii = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

static DOMAIN_TO_ASCII: Slot<DomainToAscii> = Slot::new();

/// Sets who converts host names outside ASCII; `None`: they are refused.
pub fn set_domain_to_ascii(convert: Option<DomainToAscii>) {
    DOMAIN_TO_ASCII.set(convert);
}

/// `name` in ASCII. What the platform answers is held against the standard as a name that was ASCII from the start.
pub(crate) fn domain_to_ascii(name: String) -> Result<String, Refused> {
    if name.is_ascii() {
        return Ok(name);
    }
    let converted = DOMAIN_TO_ASCII.get().and_then(|convert| convert(&name));
    // Without the name: what stands there may be a part of a password.
    converted.filter(|name| !name.is_empty() && name.is_ascii()).ok_or_else(|| {
        Refused::InvalidUrl(
            "the URL's host is not ASCII, and the platform has no conversion of it: give an internationalized name in its \
             Punycode form (xn--…)"
                .into(),
        )
    })
}
