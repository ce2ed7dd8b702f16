//! What hooks have answered while a connection was made: whoever adopts it later may be another user, in another network.

use super::timing::Timer;
use super::{cookies, proxy};
use crate::error::{Error, Phase};
use crate::options::{Options, Proxy, ProxySource, Secret, Url};

/// For each URL that was asked for, redirects included.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(super) proxies: Vec<(Url, Option<Proxy>)>,
    pub(super) cookies: Vec<(Url, Secret<Option<String>>)>,
}

/// Whether hooks have a say in how the connection is made.
pub(crate) fn asks_hooks(options: &Options) -> bool {
    options.cookies.is_some() || is_hook(&options.proxy)
}

pub(super) fn is_hook(proxy: &ProxySource) -> bool {
    matches!(proxy, ProxySource::System | ProxySource::Resolver(_))
}

impl Answers {
    /// Asks again, within `options.timeout`, and tells whether all answers are the same.
    pub(crate) async fn still_hold(&self, options: &Options) -> Result<bool, Error> {
        let timer = Timer::start(options.timeout);
        for (url, before) in &self.proxies {
            let select = proxy::select(&options.proxy, url);
            if timer.limit(Phase::Proxy, "looking for a proxy", select).await? != *before {
                return Ok(false);
            }
        }
        let Some(jar) = &options.cookies else { return Ok(true) };
        for (url, before) in &self.cookies {
            let ask = cookies::ask(jar, url);
            if timer.limit(Phase::Handshake, "asking for cookies", ask).await? != *before.expose() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
