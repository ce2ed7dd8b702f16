//! Going through a proxy: HTTP `CONNECT` (RFC 9110, section 9.3.6), over TCP or TLS, and SOCKS 5 (RFC 1928).

mod environment;
mod http;
mod socks;

use std::sync::Arc;

use super::stream::Stream;
use super::tcp::Tcp;
use super::timing::{Profile, Timer};
use super::user_agent::user_agent;
use super::{dial, tls};
use crate::error::{Error, ErrorCode, Phase};
use crate::options::{Options, Proxy, ProxyKind, ProxyResolver, ProxySource, TlsOptions, Url};
use crate::{platform, runtime};

/// The proxy to take for `url`.
pub(super) async fn select(source: &ProxySource, url: &Url) -> Result<Option<Proxy>, Error> {
    match source {
        ProxySource::Direct => Ok(None),
        ProxySource::Fixed(proxy) => Ok(Some(proxy.clone())),
        ProxySource::Environment => from_environment(url),
        ProxySource::System => match platform::system_proxy() {
            Some(resolver) => ask(resolver, url).await,
            None => from_environment(url),
        },
        ProxySource::Resolver(resolver) => ask(Arc::clone(resolver), url).await,
    }
}

fn from_environment(url: &Url) -> Result<Option<Proxy>, Error> {
    environment::proxy_for(url, |name| std::env::var(name).ok())
        .map_err(|refused| failed(ErrorCode::Other, refused.to_string()))
}

async fn ask(resolver: Arc<dyn ProxyResolver>, url: &Url) -> Result<Option<Proxy>, Error> {
    let url = url.clone();
    runtime::call_hook(resolver.id(), move || resolver.proxy_for(&url))
        .await
        .map_err(|error| failed(ErrorCode::Other, format!("cannot find out the proxy: {error}")))
}

/// Connects to the server of `url` through `proxy`. Whatever fails, the phase is [`Phase::Proxy`].
pub(super) async fn connect(
    proxy: &Proxy,
    url: &Url,
    options: &Options,
    timer: &Timer,
    profile: &mut Profile,
) -> Result<Stream, Error> {
    let unreachable = |error: Error| Error {
        phase: Phase::Proxy,
        message: format!("cannot reach the proxy {proxy}: {}", error.message),
        ..error
    };
    let stream = dial::dial(&proxy.host, proxy.port, options, timer, profile).await.map_err(unreachable)?;
    let mut stream = Stream::Plain(Tcp::new(stream));
    let doing = format!("asking the proxy {proxy} for a connection to {}", url.host_with_port());
    let ask = async {
        if proxy.kind == ProxyKind::Https {
            (stream, _) =
                tls::handshake(stream, &proxy.host, &tls_options(options)).await.map_err(unreachable)?;
        }
        match proxy.kind {
            ProxyKind::Http | ProxyKind::Https => {
                http::connect(&mut stream, proxy, url, &options.proxy_headers, user_agent(options)).await
            }
            ProxyKind::Socks5 => socks::connect(&mut stream, proxy, url).await,
        }?;
        Ok(stream)
    };
    timer.measure(&mut profile.proxy, Phase::Proxy, &doing, ask).await
}

/// The proxy's certificate is checked against the same roots. Everything else is meant for the server.
fn tls_options(options: &Options) -> TlsOptions {
    let TlsOptions { roots, ca_certificates, min_version, .. } = &options.tls;
    TlsOptions {
        roots: *roots,
        ca_certificates: ca_certificates.clone(),
        min_version: *min_version,
        ..TlsOptions::default()
    }
}

fn failed(code: ErrorCode, message: impl Into<String>) -> Error {
    Error::new(Phase::Proxy, code, message)
}

#[cfg(test)]
mod tests;
