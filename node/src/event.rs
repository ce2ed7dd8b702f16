//! What goes through the queue, and how JavaScript sees it.

use std::time::Duration;

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{Array, ArrayBuffer, Object, Result, ToNapiValue};
use socket_task::connect::timing::Profile;
use socket_task::wire::MessageKind;
use socket_task::{Close, Error, HttpResponse, Open};

/// A binary message of fewer bytes is copied: that is cheaper than memory with a finalizer.
const COPY_BELOW: usize = 16 << 10;

/// `EventKind` of the seam.
#[derive(Clone, Copy)]
enum Kind {
    Open = 1,
    Message = 2,
    Pong = 3,
    Drain = 4,
    Error = 5,
    Close = 6,
    AskCookies = 7,
    SetCookies = 8,
}

/// An event of one connection.
pub enum Event {
    Open(Box<Open>),
    Message(MessageKind, Bytes),
    Pong(Vec<u8>, Option<Duration>),
    Drain(u64),
    Error(Box<Error>),
    Close(Close),
    AskCookies(String),
    SetCookies(String, Vec<String>),
}

impl Event {
    /// About how many bytes of memory it takes in the queue. An empty message takes some, too.
    pub fn size(&self) -> usize {
        let content = match self {
            Event::Message(_, bytes) => bytes.len(),
            Event::Pong(data, _) => data.len(),
            _ => 0,
        };
        size_of::<(u32, Event)>() + content
    }

    /// The tuple `NativeEvent`: id, kind, and what the kind carries.
    pub fn into_js(self, env: &Env, id: u32) -> Result<Array<'_>> {
        match self {
            Event::Open(open) => tuple(env, id, Kind::Open)?.with(open_object(env, &open)?),
            Event::Message(MessageKind::Text, bytes) => tuple(env, id, Kind::Message)?.with(text(&bytes)),
            Event::Message(MessageKind::Binary, bytes) => {
                tuple(env, id, Kind::Message)?.with(array_buffer(env, bytes)?)
            }
            Event::Pong(data, rtt) => {
                let rtt = rtt.map_or(-1.0, milliseconds);
                tuple(env, id, Kind::Pong)?.with(ArrayBuffer::copy_from(env, data)?)?.with(rtt)
            }
            Event::Drain(sent) => tuple(env, id, Kind::Drain)?.with(sent as f64),
            Event::Error(error) => tuple(env, id, Kind::Error)?.with(error_object(env, &error)?),
            Event::Close(close) => tuple(env, id, Kind::Close)?
                .with(u32::from(close.code))?
                .with(close.reason)?
                .with(close.was_clean),
            Event::AskCookies(url) => tuple(env, id, Kind::AskCookies)?.with(url),
            Event::SetCookies(url, values) => tuple(env, id, Kind::SetCookies)?.with(url)?.with(values),
        }
    }
}

fn tuple(env: &Env, id: u32, kind: Kind) -> Result<Array<'_>> {
    env.create_array(0)?.with(id)?.with(kind as u32)
}

trait With: Sized {
    fn with(self, value: impl ToNapiValue) -> Result<Self>;
}

impl With for Array<'_> {
    fn with(mut self, value: impl ToNapiValue) -> Result<Self> {
        self.insert(value)?;
        Ok(self)
    }
}

fn open_object<'env>(env: &'env Env, open: &Open) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("headers", header_list(&open.headers))?;
    object.set("protocol", open.protocol.as_deref().unwrap_or_default())?;
    object.set("extensions", open.extensions.as_str())?;
    let profile = &open.profile;
    let address = profile.remote_address.map(|address| address.to_string());
    object.set("remoteAddress", address.unwrap_or_default())?;
    object.set("tlsVersion", profile.tls_version.as_str())?;
    object.set("tlsCipher", profile.tls_cipher.as_str())?;
    object.set("tlsResumed", profile.tls_resumed)?;
    object.set("profile", profile_object(env, profile)?)?;
    Ok(object)
}

fn profile_object<'env>(env: &'env Env, profile: &Profile) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("dnsStart", milliseconds(profile.dns.start))?;
    object.set("dnsEnd", milliseconds(profile.dns.end))?;
    object.set("tcpStart", milliseconds(profile.tcp.start))?;
    object.set("tcpEnd", milliseconds(profile.tcp.end))?;
    object.set("proxyStart", milliseconds(profile.proxy.start))?;
    object.set("proxyEnd", milliseconds(profile.proxy.end))?;
    object.set("tlsStart", milliseconds(profile.tls.start))?;
    object.set("tlsEnd", milliseconds(profile.tls.end))?;
    object.set("handshakeStart", milliseconds(profile.handshake.start))?;
    object.set("handshakeEnd", milliseconds(profile.handshake.end))?;
    Ok(object)
}

fn error_object<'env>(env: &'env Env, error: &Error) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("phase", error.phase as i32)?;
    object.set("code", error.code as i32)?;
    object.set("osError", error.os_error)?;
    object.set("message", error.message.as_str())?;
    if let Some(response) = &error.response {
        object.set("response", response_object(env, response)?)?;
    }
    Ok(object)
}

fn response_object<'env>(env: &'env Env, response: &HttpResponse) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("status", u32::from(response.status))?;
    object.set("headers", header_list(&response.headers))?;
    object.set("body", String::from_utf8_lossy(&response.body).into_owned())?;
    Ok(object)
}

/// Name, value, name, value, …
fn header_list(headers: &[(String, Vec<u8>)]) -> Vec<String> {
    headers.iter().flat_map(|(name, value)| [name.clone(), header_value(value)]).collect()
}

/// A value is UTF-8 by custom, and Latin-1 by the older standards (RFC 9110, section 5.5).
fn header_value(value: &[u8]) -> String {
    match str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}

/// The core has checked that it is UTF-8; to make sure once more is cheaper than an `unsafe` is worth.
fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Hands the memory over where it belongs to this message alone.
fn array_buffer(env: &Env, bytes: Bytes) -> Result<ArrayBuffer<'_>> {
    if bytes.len() < COPY_BELOW {
        ArrayBuffer::copy_from(env, bytes)
    } else {
        ArrayBuffer::from_data(env, Vec::from(bytes))
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
