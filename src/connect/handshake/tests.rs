//! The opening handshake against servers that answer well, oddly and badly.

use socket_task_testing::frame::{Frame, encode_all};
use socket_task_testing::http::{response, switching_protocols};
use socket_task_testing::raw::{Peer, Server};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;

use super::*;
use crate::connect::tests::{failed, opened, options, run};
use crate::options::Field;
use crate::wire::deflate::DeflateOptions;

/// Opens a WebSocket on a server that answers with these lines behind a good status line, Upgrade,
/// Connection and Accept; tells the request too.
fn request_of(options: impl FnOnce(&mut Options)) -> String {
    let (sender, receiver) = mpsc::channel();
    let server = Server::tcp(move |mut peer| {
        if let Some(request) = peer.try_open() {
            let _ = sender.send(format!("{}\r\n", request.head()));
        }
    });
    let mut given = super::super::tests::options(&server.url("/"));
    options(&mut given);
    given.url = Url::parse(&server.url(given.url.request_target())).unwrap();
    opened(&given);
    receiver.recv().unwrap()
}

/// The error when the server's answer to the request is `answer`, whose `{accept}` is the right key.
fn error_of(options: impl FnOnce(&mut Options), answer: &'static str) -> Error {
    let server = Server::tcp(move |mut peer| {
        if let Some(request) = peer.read_request() {
            peer.write(answer.replace("{accept}", &request.accept_key()).as_bytes());
            peer.wait_for_end();
        }
    });
    let mut given = super::super::tests::options(&server.url("/"));
    options(&mut given);
    let error = failed(&given);
    assert_eq!(error.phase, Phase::Handshake, "{error}");
    error
}

fn headers(given: &[(&str, &str)]) -> Vec<Field> {
    given.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect()
}

#[test]
fn sends_header_fields_as_given() {
    let given = headers(&[
        ("X-One", "1"),
        ("x-lower", ""),
        ("X-One", "2"),
        ("X-NAME", "张三"),
        ("authorization", "t"),
    ]);
    let head = request_of(|options| options.headers = given);
    assert!(
        head.ends_with("X-One: 1\r\nx-lower: \r\nX-One: 2\r\nX-NAME: 张三\r\nauthorization: t\r\n"),
        "{head}"
    );
    assert!(
        head.contains(concat!("\r\nUser-Agent: socket-task/", env!("CARGO_PKG_VERSION"), "\r\n")),
        "{head}"
    );
    assert!(!head.contains("Origin"), "{head}");
}

#[test]
fn sends_a_request_that_rfc_6455_asks_for() {
    let head = request_of(|options| options.url = Url::parse("ws://x?a=b").unwrap());
    assert!(head.starts_with("GET /?a=b HTTP/1.1\r\nHost: 127.0.0.1:"), "{head}");
    for field in
        ["\r\nConnection: Upgrade\r\n", "\r\nUpgrade: websocket\r\n", "\r\nSec-WebSocket-Version: 13\r\n"]
    {
        assert!(head.contains(field), "{head}");
    }
    assert!(!head.contains("Sec-WebSocket-Extensions") && !head.contains("Sec-WebSocket-Protocol"), "{head}");
    let key = |head: &str| head.split("Sec-WebSocket-Key: ").nth(1).unwrap()[..24].to_owned();
    assert_ne!(key(&head), key(&request_of(|_| ())), "a key is for one request");
}

#[test]
fn sends_every_printable_character_of_a_path_and_a_query() {
    let printable: String = (' '..='~').filter(|&c| c != '#').collect();
    let path = printable.replace('?', "");
    for url in
        [format!("ws://x/{path}"), format!("ws://x/?{printable}"), format!("ws://x/{}", "x".repeat(32_000))]
    {
        let expected = Url::parse(&url).unwrap();
        let head = request_of(|options| options.url = expected.clone());
        assert!(head.starts_with(&format!("GET {} HTTP/1.1\r\n", expected.request_target())), "{head}");
    }
}

#[test]
fn replaces_and_removes_the_user_agent() {
    let head = request_of(|options| options.headers = headers(&[("user-agent", "mine")]));
    assert!(head.contains("\r\nuser-agent: mine\r\n") && !head.contains("socket-task"), "{head}");
    let head = request_of(|options| options.headers = headers(&[("User-Agent", "")]));
    assert!(!head.to_ascii_lowercase().contains("user-agent"), "{head}");
}

#[test]
fn turns_userinfo_into_basic_authorization() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::tcp(move |mut peer| {
        if let Some(request) = peer.try_open() {
            let _ = sender.send(format!("{}\r\n", request.head()));
        }
    });
    // The example of RFC 7617, section 2.
    let url = server.url("/x").replace("ws://", "ws://Aladdin:open%20sesame@");
    opened(&options(&url));
    let head = receiver.recv().unwrap();
    assert!(head.starts_with("GET /x HTTP/1.1\r\nHost: 127.0.0.1:"), "{head}");
    assert!(head.contains("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"), "{head}");
    let mut own = options(&url);
    own.headers = headers(&[("authorization", "Bearer x")]);
    opened(&own);
    let head = receiver.recv().unwrap();
    assert!(head.contains("\r\nauthorization: Bearer x\r\n") && !head.contains("Basic"), "{head}");
}

#[test]
fn keeps_what_comes_behind_the_response() {
    let frames: Vec<Frame> = (0..100).map(|number| Frame::text(format!("message {number}"))).collect();
    let expected = encode_all(&frames);
    let behind = expected.clone();
    let server = Server::tcp(move |mut peer| {
        peer.open_with(&[], &behind);
        peer.wait_for_end();
    });
    let opened = opened(&options(&server.url("/")));
    assert_eq!(opened.rest, expected);
}

#[test]
fn loses_no_byte_between_the_response_and_the_frames() {
    let expected: Vec<u8> = (0..200_000u32).map(|number| number as u8).collect();
    let behind = expected.clone();
    let server = Server::tcp(move |mut peer| {
        peer.open_with(&[], &behind);
        peer.finish();
    });
    let options = options(&server.url("/"));
    let received = run(async {
        let mut opened = crate::connect::open(&options).await.unwrap();
        let mut received = opened.rest.to_vec();
        opened.stream.read_to_end(&mut received).await.unwrap();
        received
    });
    assert_eq!(received, expected);
}

/// Opens a WebSocket on a server with this answer, whose `{accept}` is the right key.
fn accepted(
    prepare: impl FnOnce(&mut Options),
    answer: &'static str,
) -> crate::connect::Opened<crate::connect::Stream> {
    let server = Server::tcp(move |mut peer| {
        if let Some(request) = peer.read_request() {
            peer.write(answer.replace("{accept}", &request.accept_key()).as_bytes());
        }
    });
    let mut given = options(&server.url("/"));
    prepare(&mut given);
    opened(&given)
}

#[test]
fn accepts_each_legal_spelling_of_the_response() {
    for answer in [
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\n\
         sec-websocket-accept: {accept}\r\n\r\n",
        "HTTP/1.1 101 \r\nUPGRADE:websocket\r\nConnection: keep-alive\r\nConnection:upgrade\r\n\
         Sec-WebSocket-Accept:   {accept}  \r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n\
         HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n",
        "HTTP/1.1 101 X\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {accept}\n\n",
    ] {
        let opened = accepted(|_| (), answer);
        assert_eq!((opened.status, opened.protocol, opened.rest.len()), (101, None, 0), "{answer}");
    }
}

/// As the servers, proxies and devices of bug reports write it; nothing in it can be read in two ways.
#[test]
fn accepts_a_response_with_the_faults_of_real_servers() {
    for answer in [
        // Folded fields, also between the name and the value, and with a tab.
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection:\r\n Upgrade\r\nX-Folded: a\r\n\tb\r\n   c\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n",
        "HTTP/1.1 101 X\r\nX Powered By: y\r\nno colon\r\n: no name\r\nUpgrade : websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n",
        "HTTP/1.0 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
        "\r\nHTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
        "\r\n\r\n\nHTTP/1.1 101\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
        "HTTP/1.1  101  X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
    ] {
        let opened = accepted(|_| (), answer);
        assert_eq!((opened.status, opened.rest.len()), (101, 0), "{answer}");
        if answer.contains("Folded") {
            assert!(opened.headers.contains(&("X-Folded".to_owned(), b"a b c".to_vec())), "{answer}");
        }
    }
}

#[test]
fn a_refusal_with_an_odd_line_still_tells_its_status_and_the_other_fields() {
    for odd in ["X Powered By: y", "no colon", "Set-Cookie\u{b}: x", ": y", "Server : x", "X-Folded: a\r\n b"]
    {
        let answer = format!(
            "HTTP/1.1 401 Unauthorized\r\n{odd}\r\nWWW-Authenticate: Bearer\r\nContent-Length: 2\r\n\r\nno"
        );
        let response = refused(move |peer| peer.write(answer.as_bytes()));
        assert_eq!((response.status, response.body.as_slice()), (401, &b"no"[..]), "{odd}");
        assert!(
            response.headers.contains(&("WWW-Authenticate".to_owned(), b"Bearer".to_vec())),
            "{odd}: {response:?}"
        );
    }
}

#[test]
fn accepts_a_response_in_single_bytes() {
    let server = Server::tcp(|mut peer| {
        let request = peer.read_request().unwrap();
        let padding = "x".repeat(1000);
        peer.drip(&switching_protocols(&request, &[("X-Long", &padding)]), Duration::ZERO);
    });
    assert_eq!(opened(&options(&server.url("/"))).headers[3].1.len(), 1000);
}

#[test]
fn accepts_the_chosen_sub_protocol_or_none() {
    let offer = |options: &mut Options| options.protocols = vec!["chat".into(), "superchat".into()];
    let opened = accepted(
        offer,
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
         Sec-WebSocket-Protocol: superchat\r\n\r\n",
    );
    assert_eq!(opened.protocol.as_deref(), Some("superchat"));
    let none = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";
    assert_eq!(accepted(offer, none).protocol, None);
    let head = request_of(|options| options.protocols = vec!["chat".into(), "superchat".into()]);
    assert!(head.contains("\r\nSec-WebSocket-Protocol: chat, superchat\r\n"), "{head}");
}

#[test]
fn refuses_a_sub_protocol_that_was_not_offered() {
    let answer = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
                  Sec-WebSocket-Protocol: other\r\n\r\n";
    let error = error_of(|_| (), answer);
    assert_eq!(error.code, ErrorCode::BadProtocol);
    assert!(error.message.contains("a sub-protocol, but none was offered"), "{error}");
    let error = error_of(|options| options.protocols = vec!["chat".into()], answer);
    assert_eq!(error.code, ErrorCode::BadProtocol);
    assert!(error.message.ends_with("chose a sub-protocol that was not offered"), "{error}");
    assert_eq!(error.response.unwrap().status, 101);
    let twice = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
                 Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n\r\n";
    let error = error_of(|options| options.protocols = vec!["chat".into()], twice);
    assert_eq!(error.code, ErrorCode::BadHandshake);
}

#[test]
fn negotiates_permessage_deflate() {
    let offer = |options: &mut Options| options.per_message_deflate = Some(DeflateOptions::default());
    let head = request_of(offer);
    assert!(
        head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"),
        "{head}"
    );
    let answer = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
                  Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n";
    let opened = accepted(offer, answer);
    assert!(opened.deflate.is_some());
    assert_eq!(opened.extensions, "permessage-deflate; server_no_context_takeover");
    let error = error_of(|_| (), answer);
    assert_eq!(error.code, ErrorCode::BadExtension);
    assert!(error.message.contains("permessage-deflate"), "{error}");
}

#[test]
fn tells_what_is_wrong_with_a_response() {
    use ErrorCode::{AcceptMismatch, BadExtension, BadHandshake, BadProtocol};
    for (answer, code, reason) in [
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            AcceptMismatch,
            "does not match",
        ),
        ("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", AcceptMismatch, "has no"),
        (
            "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
            BadHandshake,
            "Upgrade: websocket",
        ),
        (
            "HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
            BadHandshake,
            "Upgrade: websocket",
        ),
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgraded\r\nSec-WebSocket-Accept: {accept}\r\n\r\n",
            BadHandshake,
            "Connection: Upgrade",
        ),
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
             Sec-WebSocket-Protocol:\r\n\r\n",
            BadProtocol,
            "Sec-WebSocket-Protocol in the server's response is empty",
        ),
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
             Sec-WebSocket-Extensions: \r\n\r\n",
            BadExtension,
            "Sec-WebSocket-Extensions in the server's response is empty",
        ),
        (
            "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n",
            BadHandshake,
            "more than once",
        ),
        ("SSH-2.0-OpenSSH_9.7\r\n", BadHandshake, "not HTTP/1.1, but SSH"),
        ("HTTP/2 101\r\n\r\n", BadHandshake, "but another version of HTTP"),
        ("HTTP/1.1 abc\r\n\r\n", BadHandshake, "not valid HTTP/1.1"),
        ("HTTP/1.1 101 X\r\nbad header\r\n\r\n", BadHandshake, "Upgrade: websocket"),
        ("HTTP/1.1 101 X\r\nUp\0grade: x\r\n\r\n", BadHandshake, "not valid HTTP/1.1"),
        ("\r\n\r\nSSH-2.0-OpenSSH_9.7\r\n", BadHandshake, "not HTTP/1.1, but SSH"),
        ("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{16}", BadHandshake, "is TLS"),
    ] {
        let error = error_of(|_| (), answer);
        assert_eq!(error.code, code, "{answer}: {error}");
        assert!(error.message.contains(reason), "{answer}: {error}");
    }
}

#[test]
fn limits_the_size_of_the_response_header() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 101 X\r\n");
        for _ in 0..100 {
            peer.write(format!("X-Filler: {}\r\n", "x".repeat(1000)).as_bytes());
        }
        peer.wait_for_end();
    });
    let error = failed(&options(&server.url("/")));
    assert_eq!(error.code, ErrorCode::BadHandshake);
    assert!(error.message.contains("larger than 65536 bytes"), "{error}");
    // Interim responses without end are no way around it.
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        for _ in 0..100 {
            peer.write(format!("HTTP/1.1 103 X\r\nX: {}\r\n\r\n", "x".repeat(1000)).as_bytes());
        }
        peer.wait_for_end();
    });
    let error = failed(&options(&server.url("/")));
    assert!(error.message.contains("larger than 65536 bytes"), "{error}");
}

/// The error of a server that refuses with what `script` sends after the request.
fn refused(script: impl Fn(&mut Peer) + Send + 'static) -> HttpResponse {
    let server = Server::tcp(move |mut peer| {
        peer.read_request();
        script(&mut peer);
        peer.wait_for_end();
    });
    let error = failed(&options(&server.url("/")));
    assert_eq!((error.phase, error.code), (Phase::Handshake, ErrorCode::HttpStatus), "{error}");
    let response = *error.response.unwrap();
    assert!(error.message.contains(&format!("HTTP status {}", response.status)), "{}", error.message);
    response
}

#[test]
fn reports_other_statuses_with_headers_and_body() {
    for status in [200, 301, 400, 401, 403, 404, 500, 503] {
        let fields = [("Retry-After", "120"), ("X-a", "1"), ("x-A", "2")];
        let response = refused(move |peer| peer.write(&response(status, &fields, b"no entry")));
        assert_eq!((response.status, response.body.as_slice()), (status, &b"no entry"[..]));
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        assert_eq!(response.headers[..3], fields);
    }
}

#[test]
fn reads_the_beginning_of_each_kind_of_body() {
    let start = Instant::now();
    let response_of = |bytes: &'static [u8]| refused(move |peer| peer.write(bytes)).body;
    assert_eq!(response_of(b"HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n"), b"");
    assert_eq!(
        response_of(b"HTTP/1.1 403 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
        b"abcde"
    );
    let long = refused(|peer| peer.write(&response(403, &[], &[b'x'; 5000])));
    assert_eq!(long.body, [b'x'; HttpResponse::BODY_LIMIT]);
    let split = refused(|peer| {
        peer.write(b"HTTP/1.1 403 X\r\nContent-Length: 4\r\n\r\nab");
        std::thread::sleep(Duration::from_millis(100));
        peer.write(b"cd");
    });
    assert_eq!(split.body, b"abcd");
    assert!(start.elapsed() < Duration::from_secs(1), "no body here needs waiting: {:?}", start.elapsed());
    // Neither a length nor an end: what came in a second.
    assert_eq!(response_of(b"HTTP/1.1 403 X\r\n\r\nabc"), b"abc");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_short_timeout_still_reports_the_status() {
    let server = Server::tcp(|mut peer| {
        peer.read_request();
        peer.write(b"HTTP/1.1 503 X\r\n\r\n");
        peer.wait_for_end();
    });
    let mut options = options(&server.url("/"));
    options.timeout = Duration::from_millis(300);
    let start = Instant::now();
    assert_eq!(failed(&options).code, ErrorCode::HttpStatus);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
