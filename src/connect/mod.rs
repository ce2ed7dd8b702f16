//! From a URL to an open WebSocket: name resolution, TCP, a proxy, TLS, the opening handshake.

mod answers;
mod cookies;
mod dial;
mod handshake;
mod proxy;
mod redirect;
mod renegotiation;
mod stream;
mod tcp;
pub mod timing;
mod tls;
mod user_agent;

use bytes::Bytes;
use data_encoding::BASE64;

use crate::error::{Error, ErrorCode, HttpResponse, Phase};
use crate::options::{Field, Options};
use crate::platform;
use crate::wire::deflate::Negotiated;
pub(crate) use answers::{Answers, asks_hooks};
use handshake::{Accepted, Answer, rejected_response};
use renegotiation::Renegotiation;
pub(crate) use stream::Stream;
use tcp::Tcp;
use timing::{Profile, Timer};
#[cfg(target_os = "android")]
pub(crate) use tls::ANDROID_CAN_BE_ASKED;
use user_agent::user_agent;

/// A WebSocket after its opening handshake, before its first frame.
#[derive(Debug)]
pub(crate) struct Opened<S> {
    pub(crate) stream: S,
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
    /// What hooks have answered.
    pub(crate) answers: Answers,
}

/// Opens a WebSocket, within `options.timeout`. Dropping the future closes all that it began.
///
/// # Errors
/// The phase is the one that failed or in which the time ran out.
pub(crate) async fn open(options: &Options) -> Result<Opened<Stream>, Error> {
    let timer = Timer::start(options.timeout);
    let mut redirected: Option<Options> = None;
    let mut redirects = 0;
    let mut answers = Answers::default();
    loop {
        let request = redirected.as_ref().unwrap_or(options);
        let mut profile = Profile::default();
        let mut stream = connect(request, &timer, &mut profile, &mut answers).await?;
        let doing = format!("waiting for the response of {}", request.url.host());
        let renegotiation = Renegotiation::default();
        let answer = shake_hands(&mut stream, request, &timer, &mut answers, &renegotiation);
        let answer = timer.measure(&mut profile.handshake, Phase::Handshake, &doing, answer).await;
        let answer = answer.map_err(|error| renegotiation.explain(error))?;
        match answer {
            Answer::Accepted(Accepted { head, protocol, deflate, rest }) => {
                return Ok(Opened {
                    stream,
                    rest,
                    status: head.status,
                    headers: head.fields,
                    protocol,
                    extensions: deflate.as_ref().map(Negotiated::to_string).unwrap_or_default(),
                    deflate,
                    profile,
                    answers,
                });
            }
            Answer::Refused(head, _) if options.follow_redirects > 0 && redirect::is_redirect(&head) => {
                let next = match redirects < options.follow_redirects {
                    true => redirect::follow(request, &head),
                    false => Err(redirect::too_many(options.follow_redirects)),
                };
                let response =
                    || HttpResponse { status: head.status, headers: head.fields, body: Vec::new() };
                redirected = Some(next.map_err(|error| error.with_response(response()))?);
                redirects += 1;
            }
            Answer::Refused(head, rest) => {
                let response = rejected_response::read(&mut stream, head, rest, timer.remaining()).await;
                let mut message =
                    format!("the server answered with HTTP status {} instead of 101", response.status);
                if !request.url.is_secure() && is_of_a_port_for_tls(&response) {
                    message += "; this is a port for wss";
                }
                let error = Error::new(Phase::Handshake, ErrorCode::HttpStatus, message);
                return Err(renegotiation.explain(error).with_response(response));
            }
        }
    }
}

/// Whether a server says that it got plain HTTP on a port for TLS. nginx, Apache and Go's servers do so.
fn is_of_a_port_for_tls(response: &HttpResponse) -> bool {
    let body = String::from_utf8_lossy(&response.body);
    response.status == 400 && (body.contains("HTTPS") || body.contains("SSL-enabled"))
}

/// Makes the connection that the opening handshake goes over.
async fn connect(
    options: &Options,
    timer: &Timer,
    profile: &mut Profile,
    answers: &mut Answers,
) -> Result<Stream, Error> {
    let url = &options.url;
    timer.limit(Phase::Url, "asking whether ws: is permitted", platform::check_permitted(url)).await?;
    let select = proxy::select(&options.proxy, url);
    let proxy = timer.limit(Phase::Proxy, "looking for a proxy", select).await?;
    if answers::is_hook(&options.proxy) {
        answers.proxies.push((url.clone(), proxy.clone()));
    }
    let stream = match proxy {
        Some(proxy) => proxy::connect(&proxy, url, options, timer, profile).await?,
        None => {
            let stream = dial::dial(url.host(), url.port(), options, timer, profile).await?;
            profile.proxy = timer.skip();
            Stream::Plain(Tcp::new(stream))
        }
    };
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

/// The opening handshake, with the cookies that belong to it.
async fn shake_hands(
    stream: &mut Stream,
    options: &Options,
    timer: &Timer,
    answers: &mut Answers,
    renegotiation: &Renegotiation,
) -> Result<Answer, Error> {
    let mut fields = fields(options);
    let jar = options.cookies.as_ref().filter(|_| !is_given(options, "Cookie"));
    if let Some(jar) = jar {
        // With limits of its own, since no answer of a jar is none of the server's.
        let ask = cookies::ask(jar, &options.url);
        let cookies = timer.limit(Phase::Handshake, "asking for cookies", ask).await?;
        answers.cookies.push((options.url.clone(), cookies.clone().into()));
        if let Some(cookies) = cookies {
            fields.push(("Cookie".to_owned(), cookies.into()));
        }
    }
    let mut stream = renegotiation.watch(stream);
    let answer = handshake::handshake(&mut stream, &options.url, &fields, options).await?;
    if let Some(jar) = &options.cookies {
        let (Answer::Accepted(Accepted { head, .. }) | Answer::Refused(head, _)) = &answer;
        let store = cookies::store(jar, &options.url, &head.fields);
        timer.limit(Phase::Handshake, "handing on cookies", store).await?;
    }
    Ok(answer)
}

fn is_given(options: &Options, name: &str) -> bool {
    options.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
}

/// The header fields to send: the application's, and the ones that it leaves to us.
fn fields(options: &Options) -> Vec<Field> {
    let mut fields = Vec::with_capacity(options.headers.len() + 3);
    if !is_given(options, "User-Agent") {
        fields.push(("User-Agent".to_owned(), user_agent(options).into()));
    }
    if let Some(credentials) = options.url.credentials()
        && !is_given(options, "Authorization")
    {
        fields.push((
            "Authorization".to_owned(),
            format!("Basic {}", BASE64.encode(credentials.expose())).into(),
        ));
    }
    let removed =
        |(name, value): &&Field| value.expose().is_empty() && name.eq_ignore_ascii_case("User-Agent");
    fields.extend(options.headers.iter().filter(|field| !removed(field)).cloned());
    fields
}

#[cfg(test)]
mod tests;
