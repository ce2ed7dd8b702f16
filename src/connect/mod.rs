//! From a URL to an open WebSocket: name resolution, TCP, TLS, opening handshake.

pub(crate) mod dial;
pub(crate) mod handshake;
pub mod headers;
pub(crate) mod stream;
pub mod timing;
pub mod tls;
pub mod url;

use bytes::Bytes;
use data_encoding::BASE64;

use crate::error::{Error, ErrorCode, HttpResponse, Phase};
use crate::options::Options;
use crate::wire::deflate::Negotiated;
use handshake::{Accepted, Answer};
pub(crate) use stream::Stream;
use timing::{Profile, Timer};
use url::Url;

/// Sent unless the application gives its own `User-Agent`; an empty one removes the field.
const USER_AGENT: &str = concat!("socket-task/", env!("CARGO_PKG_VERSION"));

/// A WebSocket after its opening handshake, before its first frame.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    /// What the server sent behind the blank line of its response: the first frames.
    pub(crate) rest: Bytes,
    /// HTTP status: 101.
    pub(crate) status: u16,
    /// The response's header fields in the order and spelling in which they came.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// The sub-protocol that the server chose.
    pub(crate) protocol: Option<String>,
    /// The extensions in use, as in `Sec-WebSocket-Extensions`; empty for none.
    pub(crate) extensions: String,
    pub(crate) deflate: Option<Negotiated>,
    pub(crate) profile: Profile,
}

/// Opens a WebSocket, within `options.timeout`. Dropping the future closes all that it began.
///
/// # Errors
/// The phase is the one that failed or in which the time ran out.
pub(crate) async fn open(options: &Options) -> Result<Opened, Error> {
    let timer = Timer::start(options.timeout);
    let url = &options.url;
    let mut profile = Profile::default();
    let mut stream = connect(url, options, &timer, &mut profile).await?;
    let fields = fields(url, options);
    let answer = timer
        .measure(
            &mut profile.handshake,
            Phase::Handshake,
            "waiting for the server's response",
            handshake::handshake(&mut stream, url, &fields, options),
        )
        .await;
    match answer {
        Ok(Answer::Accepted(Accepted { head, protocol, deflate, rest })) => Ok(Opened {
            stream,
            rest,
            status: head.status,
            headers: head.fields,
            protocol,
            extensions: deflate.as_ref().map(Negotiated::to_string).unwrap_or_default(),
            deflate,
            profile,
        }),
        Ok(Answer::Refused(response)) => Err(refusal(response)),
        Err(error) => Err(error),
    }
}

/// Makes the connection that the opening handshake goes over.
async fn connect(
    url: &Url,
    options: &Options,
    timer: &Timer,
    profile: &mut Profile,
) -> Result<Stream, Error> {
    let stream = Stream::Plain(dial::dial(url.host(), url.port(), options, timer, profile).await?);
    if !url.is_secure() {
        profile.tls = timer.skip();
        return Ok(stream);
    }
    let doing = format!("making the TLS handshake with {}", url.host());
    let handshake = tls::handshake(stream, url.host(), &options.tls);
    let (stream, negotiated) = timer.measure(&mut profile.tls, Phase::Tls, &doing, handshake).await?;
    profile.tls_version = negotiated.version;
    profile.tls_cipher = negotiated.cipher;
    profile.tls_resumed = negotiated.resumed;
    Ok(stream)
}

/// The header fields to send: the application's, and the ones that it leaves to us.
fn fields(url: &Url, options: &Options) -> Vec<(String, String)> {
    let given = |name: &str| options.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    let mut fields = Vec::with_capacity(options.headers.len() + 2);
    if !given("User-Agent") {
        fields.push(("User-Agent".to_owned(), USER_AGENT.to_owned()));
    }
    if let Some(credentials) = url.credentials()
        && !given("Authorization")
    {
        fields.push(("Authorization".to_owned(), format!("Basic {}", BASE64.encode(credentials))));
    }
    let removed =
        |(name, value): &&(String, String)| value.is_empty() && name.eq_ignore_ascii_case("User-Agent");
    fields.extend(options.headers.iter().filter(|field| !removed(field)).cloned());
    fields
}

fn refusal(response: HttpResponse) -> Error {
    let message = format!("the server answered with HTTP status {} instead of 101", response.status);
    let error = Error::new(Phase::Handshake, ErrorCode::HttpStatus, message);
    Error { response: Some(Box::new(response)), ..error }
}
