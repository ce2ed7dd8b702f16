//! TLS 1.2 and 1.3 with the server's certificate checked: the handshake and its configuration.

mod blocking;
mod failure;
pub(super) mod records;
mod signature;
mod verifier;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls::sign::SingleCertAndKey;
use tokio_rustls::TlsConnector;

pub(crate) use failure::in_words;
#[cfg(target_os = "android")]
pub(crate) use verifier::ANDROID_CAN_BE_ASKED;

use super::stream::Stream;
use crate::error::{Error, ErrorCode, Phase};
use crate::options::tls::crypto;
use crate::options::{Host, Identity, TlsOptions, TlsVersion, TrustRoots};
use crate::runtime;

/// How many different [`TlsOptions`] keep their configuration, and with it their TLS sessions.
const CACHED_CONFIGURATIONS: usize = 8;

/// Configurations by their options, the last used one at the end. A connection that finds its
/// configuration here neither reads the trusted roots again nor makes a full handshake with a server it
/// knows. Different options never share a configuration: a session that one set of pins and roots has
/// accepted is not resumed under another.
static CONFIGURATIONS: Mutex<Vec<(TlsOptions, Arc<ClientConfig>)>> = Mutex::new(Vec::new());

/// Whether the platform's verifier waits: for Java or Security.framework, which ask the network at times. On the others
/// it is like any other code.
const VERIFIER_BLOCKS: bool = cfg!(any(test, target_os = "android", target_vendor = "apple"));

/// What was negotiated.
pub(crate) struct Negotiated {
    pub(crate) version: String,
    pub(crate) cipher: String,
    pub(crate) resumed: bool,
}

/// Makes the TLS handshake over `stream` with the server at `host`, which messages name so.
pub(crate) async fn handshake(
    stream: Stream,
    host: &Host,
    options: &TlsOptions,
) -> Result<(Stream, Negotiated), Error> {
    let name = server_name(host, options)?;
    let signer = options.client_certificate.as_ref().and_then(Identity::signer_id);
    let connector = TlsConnector::from(configuration(options).await?);
    let shown = name.to_str().into_owned();
    let handshake = connector.connect(name, stream);
    let stream = if signer.is_some() || VERIFIER_BLOCKS && options.roots == TrustRoots::System {
        blocking::run(handshake, signer).await.unwrap_or_else(|error| Err(io::Error::other(error)))
    } else {
        handshake.await
    };
    let stream = stream.map_err(|error| failure::of_handshake(&error, &shown))?;
    let (_, connection) = stream.get_ref();
    let text = |name: Option<&str>| name.unwrap_or_default().to_owned();
    let negotiated = Negotiated {
        version: text(connection.protocol_version().and_then(|version| version.as_str()))
            .replacen("TLSv1_", "TLSv1.", 1),
        cipher: text(connection.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str()))
            .replacen("TLS13_", "TLS_", 1),
        resumed: connection.handshake_kind() == Some(rustls::HandshakeKind::Resumed),
    };
    Ok((Stream::tls(stream), negotiated))
}

/// A TLS failure that only shows once data is read: TLS 1.3 clients are done before the server has seen
/// their certificate.
pub(crate) fn late_failure(error: &std::io::Error, host: &Host) -> Option<Error> {
    failure::of_tls(error, &host.to_string())
}

/// The name in the Server Name Indication that the certificate must be valid for.
fn server_name(host: &Host, options: &TlsOptions) -> Result<ServerName<'static>, Error> {
    let name = match (&options.server_name, host) {
        (Some(name), _) => ServerName::try_from(name.clone()),
        // The dot at the end makes a name absolute for the resolver; certificates do not have it.
        (None, Host::Name(name)) => ServerName::try_from(name.trim_end_matches('.').to_owned()),
        (None, Host::V4(address)) => Ok(ServerName::IpAddress((*address).into())),
        (None, Host::V6(address, _)) => Ok(ServerName::IpAddress((*address).into())),
    };
    name.map_err(|_| {
        Error::new(Phase::Tls, ErrorCode::TlsFailed, format!("{host} cannot be the name in a certificate"))
    })
}

fn configurations() -> MutexGuard<'static, Vec<(TlsOptions, Arc<ClientConfig>)>> {
    CONFIGURATIONS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cached(
    cache: &mut Vec<(TlsOptions, Arc<ClientConfig>)>,
    options: &TlsOptions,
) -> Option<Arc<ClientConfig>> {
    let index = cache.iter().position(|(cached, _)| cached == options)?;
    let entry = cache.remove(index);
    let config = Arc::clone(&entry.1);
    cache.push(entry);
    Some(config)
}

async fn configuration(options: &TlsOptions) -> Result<Arc<ClientConfig>, Error> {
    if let Ok(mut cache) = CONFIGURATIONS.try_lock()
        && let Some(config) = cached(&mut cache, options)
    {
        return Ok(config);
    }
    // Roots are read from files and parsed. That takes milliseconds, which other sockets should not wait.
    let options = options.clone();
    let built = runtime::run_blocking(move || {
        let mut cache = configurations();
        if let Some(config) = cached(&mut cache, &options) {
            return Ok(config);
        }
        let config = Arc::new(build(&options)?);
        // Its owner would wait in vain for the end of one that is kept here.
        if options.client_certificate.as_ref().and_then(Identity::signer_id).is_some() {
            return Ok(config);
        }
        if cache.len() == CACHED_CONFIGURATIONS {
            cache.remove(0);
        }
        cache.push((options, Arc::clone(&config)));
        Ok(config)
    });
    let failed =
        |reason: String| Error::new(Phase::Tls, ErrorCode::TlsFailed, format!("cannot set up TLS: {reason}"));
    match built.await {
        Ok(Ok(config)) => Ok(config),
        Ok(Err(error)) => Err(failed(failure::reason(&error))),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn build(options: &TlsOptions) -> Result<ClientConfig, rustls::Error> {
    let provider = crypto::provider();
    let versions: &[_] = match options.min_version {
        TlsVersion::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        TlsVersion::Tls13 => &[&rustls::version::TLS13],
    };
    let verifier = verifier::Verifier::new(options, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &options.client_certificate {
        Some(identity) => {
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified_key())))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests;
