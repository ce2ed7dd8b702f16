//! What `connect` is given: `NativeOptions` of the seam, and the core's [`Options`] made of it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{ArrayBuffer, Either};
use napi_derive::napi;
use socket_task::options::{
    Field, Identity, Proxy, ProxySource, Reconnect, Sha256, TlsVersion, Url, certificates, check,
};
use socket_task::platform::SystemCookies;
use socket_task::wire::deflate::DeflateOptions;
use socket_task::{Options, Refused, TlsOptions, TrustRoots};

use crate::extra_roots;
use crate::refusal::{Code, Result, refusal};

/// `NativeOptions` of the seam.
#[napi(object, object_to_js = false)]
pub struct NativeOptions<'env> {
    pub url: String,
    pub headers: Vec<String>,
    pub protocols: Vec<String>,
    pub timeout: Option<f64>,
    pub close_timeout: Option<f64>,
    pub max_message_size: Option<f64>,
    pub max_buffered_amount: Option<f64>,
    pub per_message_deflate: Option<NativeDeflate>,
    pub tcp_no_delay: Option<bool>,
    pub ping_interval: Option<f64>,
    pub pong_timeout: Option<f64>,
    pub tls: Option<NativeTls<'env>>,
    pub proxy: Option<String>,
    pub proxy_headers: Option<Vec<String>>,
    pub follow_redirects: Option<f64>,
    pub resolve: Option<Vec<String>>,
    pub tcp_keepalive: Option<f64>,
    pub cookies: Option<Either<bool, String>>,
    pub reconnect: Option<NativeReconnect>,
}

/// `NativeDeflate` of the seam.
#[napi(object, object_to_js = false)]
pub struct NativeDeflate {
    pub server_no_context_takeover: Option<bool>,
    pub client_no_context_takeover: Option<bool>,
    pub server_max_window_bits: Option<f64>,
    pub client_max_window_bits: Option<f64>,
    pub level: Option<f64>,
    pub threshold: Option<f64>,
}

/// `NativeReconnect` of the seam.
#[napi(object, object_to_js = false)]
pub struct NativeReconnect {
    pub min_delay: Option<f64>,
    pub max_delay: Option<f64>,
    pub factor: Option<f64>,
    pub max_attempts: Option<f64>,
    pub stable_after: Option<f64>,
    pub stop_codes: Option<Vec<u32>>,
    pub queue: Option<f64>,
    pub while_hidden: Option<bool>,
    pub should_reconnect: Option<bool>,
    pub refresh: Option<bool>,
}

/// `NativeTls` of the seam.
#[napi(object, object_to_js = false)]
pub struct NativeTls<'env> {
    pub roots: Option<String>,
    pub ca: Option<Vec<NativeCertificateData<'env>>>,
    pub pins: Option<Vec<String>>,
    pub accepted_certificates: Option<Vec<String>>,
    pub client_cert: Option<NativeClientCert<'env>>,
    pub server_name: Option<String>,
    pub min_version: Option<String>,
}

/// `clientCert` of `NativeTls`.
#[napi(object, object_to_js = false)]
pub struct NativeClientCert<'env> {
    pub cert: NativeCertificateData<'env>,
    pub key: NativeCertificateData<'env>,
}

/// `NativeCertificateData` of the seam.
#[napi(object, object_to_js = false)]
pub struct NativeCertificateData<'env> {
    pub pem: Option<String>,
    pub der: Option<ArrayBuffer<'env>>,
}

impl NativeCertificateData<'_> {
    fn content(&self) -> &[u8] {
        match (&self.pem, &self.der) {
            (Some(text), _) => text.as_bytes(),
            (None, Some(bytes)) => bytes,
            (None, None) => &[],
        }
    }
}

impl NativeOptions<'_> {
    /// What the core understands: without cookies that JavaScript keeps, and with whom Node trusts besides.
    pub fn into_core(self, env: &Env) -> Result<Options> {
        let mut options = Options::new(Url::parse(&self.url).map_err(refusal)?);
        options.headers = fields(self.headers);
        options.proxy_headers = fields(self.proxy_headers.unwrap_or_default());
        options.protocols = self.protocols;
        set(&mut options.timeout, self.timeout.map(duration));
        set(&mut options.close_timeout, self.close_timeout.map(duration));
        set(&mut options.max_message_size, self.max_message_size.map(size));
        set(&mut options.max_buffered_amount, self.max_buffered_amount.map(size));
        options.per_message_deflate = self.per_message_deflate.map(NativeDeflate::into_core);
        set(&mut options.tcp_no_delay, self.tcp_no_delay);
        options.ping_interval = self.ping_interval.map(duration).filter(|time| !time.is_zero());
        set(&mut options.pong_timeout, self.pong_timeout.map(duration));
        if let Some(tls) = self.tls {
            options.tls = tls.into_core()?;
        }
        extra_roots::add(env, &mut options.tls);
        options.proxy = match self.proxy.as_deref() {
            None => ProxySource::Direct,
            Some("environment") => ProxySource::Environment,
            Some("system") => ProxySource::System,
            Some(url) => ProxySource::Fixed(Proxy::parse(url).map_err(refusal)?),
        };
        options.cookies = match self.cookies {
            None | Some(Either::A(_)) => None,
            Some(Either::B(word)) if word == "system" => Some(Arc::new(SystemCookies)),
            Some(Either::B(other)) => return Err(unknown("cookies", &other)),
        };
        options.reconnect = self.reconnect.map(|reconnect| Box::new(reconnect.into_core()));
        let redirects = self.follow_redirects.map_or(0, |limit| limit as u32);
        options.follow_redirects = check::follow_redirects(redirects).map_err(refusal)?;
        options.resolve = resolve(pairs(self.resolve.unwrap_or_default()))?;
        let keepalive = self.tcp_keepalive.map(duration).unwrap_or_default();
        options.tcp_keepalive = check::tcp_keepalive(keepalive).map_err(refusal)?;
        Ok(options)
    }
}

impl NativeDeflate {
    fn into_core(self) -> DeflateOptions {
        let mut options = DeflateOptions::default();
        set(&mut options.server_no_context_takeover, self.server_no_context_takeover);
        set(&mut options.client_no_context_takeover, self.client_no_context_takeover);
        // A number is never negative, and one that is too large for the type is its largest: the core refuses both.
        options.server_max_window_bits = self.server_max_window_bits.map(|bits| bits as u8);
        options.client_max_window_bits = self.client_max_window_bits.map(|bits| bits as u8);
        set(&mut options.level, self.level.map(|level| level as u8));
        set(&mut options.threshold, self.threshold.map(size));
        options
    }
}

impl NativeReconnect {
    /// What the core understands, without the two that ask.
    fn into_core(self) -> Reconnect {
        let mut options = Reconnect::default();
        let times = [
            (&mut options.min_delay, self.min_delay),
            (&mut options.max_delay, self.max_delay),
            (&mut options.stable_after, self.stable_after),
        ];
        for (time, value) in times {
            *time = value.map_or(*time, duration);
        }
        options.factor = self.factor.unwrap_or(options.factor);
        options.max_attempts = self.max_attempts.map(|most| most as u32);
        if let Some(codes) = self.stop_codes {
            // A number that is no u16 is no close code either.
            options.stop_codes = codes.into_iter().map(|code| u16::try_from(code).unwrap_or(0)).collect();
        }
        options.queue = self.queue.map_or(0, |bytes| bytes as usize);
        options.while_hidden = self.while_hidden.unwrap_or(false);
        options
    }
}

impl NativeTls<'_> {
    fn into_core(self) -> Result<TlsOptions> {
        let mut options = TlsOptions::default();
        match self.roots.as_deref() {
            None | Some("system") => options.roots = TrustRoots::System,
            Some("bundled") => options.roots = TrustRoots::Bundled,
            Some("none") => options.roots = TrustRoots::None,
            Some(other) => return Err(unknown("tls.roots", other)),
        }
        match self.min_version.as_deref() {
            None | Some("TLSv1.2") => options.min_version = TlsVersion::Tls12,
            Some("TLSv1.3") => options.min_version = TlsVersion::Tls13,
            Some(other) => return Err(unknown("tls.minVersion", other)),
        }
        for data in self.ca.iter().flatten() {
            options.ca_certificates.extend(certificates(data.content()).map_err(of("tls.ca"))?);
        }
        options.pins = digests(self.pins, "tls.pins")?;
        options.accepted_certificates = digests(self.accepted_certificates, "tls.acceptedCertificates")?;
        if let Some(NativeClientCert { cert, key }) = &self.client_cert {
            let identity = Identity::new(cert.content(), key.content()).map_err(of("tls.clientCert"))?;
            options.client_certificate = Some(identity);
        }
        self.server_name.as_deref().map_or(Ok(()), check::server_name).map_err(of("tls.serverName"))?;
        options.server_name = self.server_name;
        Ok(options)
    }
}

/// Whole milliseconds, rounded up. NaN and negative numbers are 0, and everything that is too long is the longest.
pub fn duration(milliseconds: f64) -> Duration {
    Duration::from_millis((milliseconds.ceil() as u32).into())
}

/// Bytes. Larger numbers than a size can be are the largest.
fn size(bytes: f64) -> usize {
    bytes as usize
}

fn set<T>(option: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *option = value;
    }
}

/// Name, value, name, value, …
fn pairs(list: Vec<String>) -> impl Iterator<Item = (String, String)> {
    let mut items = list.into_iter();
    std::iter::from_fn(move || Some((items.next()?, items.next()?)))
}

pub fn fields(list: Vec<String>) -> Vec<Field> {
    pairs(list).map(|(name, value)| (name, value.into())).collect()
}

/// The addresses of each host, in their order.
fn resolve(pairs: impl Iterator<Item = (String, String)>) -> Result<Vec<(String, Vec<IpAddr>)>> {
    let mut hosts: Vec<(String, Vec<IpAddr>)> = Vec::new();
    for (host, address) in pairs {
        let address = check::address(&host, &address).map_err(refusal)?;
        match hosts.last_mut().filter(|(last, _)| *last == host) {
            Some((_, addresses)) => addresses.push(address),
            None => hosts.push((host, vec![address])),
        }
    }
    Ok(hosts)
}

fn digests(texts: Option<Vec<String>>, option: &'static str) -> Result<Vec<Sha256>> {
    let parse = |text: &String| Sha256::parse(text).map_err(of(option));
    texts.iter().flatten().map(parse).collect()
}

/// The refusal of an option within another, whose name the core's text does not have.
fn of(option: &'static str) -> impl Fn(Refused) -> napi::Error<Code> {
    move |refused| refusal(Refused::InvalidArgument(format!("{option}: {refused}")))
}

fn unknown(option: &str, value: &str) -> napi::Error<Code> {
    refusal(Refused::InvalidArgument(format!("{option} cannot be {value:?}")))
}
