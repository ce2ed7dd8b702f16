//! What goes through the queue, and how JavaScript sees it.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{ArrayBuffer, Object, Result};
use socket_task::connect::timing::Profile;
use socket_task::options::Loss;
use socket_task::wire::MessageKind;
use socket_task::{Close, Error, ErrorCode, HttpResponse, Open, Phase, Reconnecting};

use crate::arguments::Arguments;
use crate::line::Line;

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
    Suspect = 9,
    Alive = 10,
    Reconnecting = 11,
    AskRefresh = 12,
    AskReconnect = 13,
    Log = 14,
}

/// `YIELD` of the seam.
const YIELD: u32 = 0;

/// An event of one connection.
pub enum Event {
    Open(Box<Open>),
    Message(MessageKind, Bytes),
    Pong(Vec<u8>, Option<Duration>),
    Drain(u64),
    Suspect(Duration),
    Alive,
    Error(Box<Error>),
    Close(Close),
    AskCookies(String),
    SetCookies(String, Vec<String>),
    Reconnecting(Box<Reconnecting>),
    /// With its ticket.
    AskRefresh(u64, u32, Box<Loss>),
    /// With its ticket, and what the rules say.
    AskReconnect(u64, bool, Box<Loss>),
    /// Of no connection.
    Log(Line),
}

impl Event {
    /// About how many bytes of memory it takes in the queue. An empty message takes some, too.
    pub fn size(&self) -> usize {
        let content = match self {
            Event::Message(_, bytes) => bytes.len(),
            Event::Pong(data, _) => data.len(),
            Event::Log(line) => line.text.len(),
            _ => 0,
        };
        size_of::<(u32, Event)>() + content
    }

    /// Whether it comes later when the events of its connection are held. The opening handshake waits for an answer.
    pub fn can_wait(&self) -> bool {
        !matches!(self, Event::AskCookies(_) | Event::SetCookies(..))
    }

    /// What `onEvent` is called with: id, kind, and what the kind carries.
    ///
    /// An error says that JavaScript has no room for it. Binary messages are copied: memory that belongs to somebody else
    /// cannot be transferred to a worker.
    pub fn into_arguments(self, env: &Env, id: u32) -> Result<Arguments> {
        let kind = |kind| start(env, id, kind);
        match self {
            Event::Open(open) => kind(Kind::Open)?.with(env, open_object(env, &open)?),
            // For ASCII, Latin-1 is the same, and a copy.
            Event::Message(MessageKind::Text, bytes) if bytes.is_ascii() => {
                kind(Kind::Message)?.with(env, env.create_string_latin1(&bytes)?)
            }
            Event::Message(MessageKind::Text, bytes) => kind(Kind::Message)?.with(env, &*text(&bytes)),
            Event::Message(MessageKind::Binary, bytes) => {
                kind(Kind::Message)?.with(env, ArrayBuffer::copy_from(env, bytes)?)
            }
            Event::Pong(data, rtt) => {
                let rtt = rtt.map_or(-1.0, milliseconds);
                kind(Kind::Pong)?.with(env, ArrayBuffer::copy_from(env, data)?)?.with(env, rtt)
            }
            Event::Drain(sent) => kind(Kind::Drain)?.with(env, sent as f64),
            Event::Suspect(silent) => kind(Kind::Suspect)?.with(env, milliseconds(silent).floor()),
            Event::Alive => kind(Kind::Alive),
            Event::Error(error) => kind(Kind::Error)?.with(env, error_object(env, &error)?),
            Event::Close(close) => kind(Kind::Close)?
                .with(env, u32::from(close.code))?
                .with(env, close.reason)?
                .with(env, close.was_clean),
            Event::AskCookies(url) => kind(Kind::AskCookies)?.with(env, url),
            Event::SetCookies(url, values) => kind(Kind::SetCookies)?.with(env, url)?.with(env, values),
            Event::Reconnecting(told) => {
                kind(Kind::Reconnecting)?.with(env, reconnecting_object(env, &told)?)
            }
            Event::AskRefresh(ticket, attempt, loss) => kind(Kind::AskRefresh)?
                .with(env, ticket as f64)?
                .with(env, attempt)?
                .with(env, loss_object(env, &loss)?),
            Event::AskReconnect(ticket, would, loss) => kind(Kind::AskReconnect)?
                .with(env, ticket as f64)?
                .with(env, would)?
                .with(env, loss_object(env, &loss)?),
            Event::Log(mut line) => {
                kind(Kind::Log)?.with(env, line.level as i32)?.with(env, line.take_text())
            }
        }
    }

    /// What is told in the place of a message that JavaScript has no room for.
    pub fn too_big() -> Event {
        let message = "a message is larger than a string or an ArrayBuffer of JavaScript can be";
        Event::Error(Box::new(Error::new(Phase::Protocol, ErrorCode::MessageTooBig, message)))
    }
}

fn start(env: &Env, id: u32, kind: Kind) -> Result<Arguments> {
    Arguments::new().with(env, id)?.with(env, kind as u32)
}

/// In the place of an event: JavaScript is to let the event loop have its turn.
pub fn yielding(env: &Env) -> Result<Arguments> {
    Arguments::new().with(env, 0)?.with(env, YIELD)
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
    object.set("attempt", open.attempt)?;
    Ok(object)
}

fn reconnecting_object<'env>(env: &'env Env, told: &Reconnecting) -> Result<Object<'env>> {
    let mut object = loss_object(env, &told.loss)?;
    object.set("attempt", told.attempt)?;
    object.set("delay", milliseconds(told.delay).round())?;
    object.set("kept", told.kept as f64)?;
    object.set("failed", told.failed as f64)?;
    Ok(object)
}

fn loss_object<'env>(env: &'env Env, loss: &Loss) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("code", u32::from(loss.code))?;
    object.set("reason", loss.reason.as_str())?;
    object.set("wasClean", loss.was_clean)?;
    if let Some(error) = &loss.error {
        object.set("error", error_object(env, error)?)?;
    }
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
fn text(bytes: &Bytes) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
