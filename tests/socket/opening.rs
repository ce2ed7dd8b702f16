//! Connections that open.

use std::time::Duration;

use socket_task_testing::frame::{Frame, encode_all};
use socket_task_testing::http;
use socket_task_testing::raw::Server;

use crate::recording::{Event, Recording};
use crate::servers::{options, ws, wss};

#[test]
fn tells_what_the_server_said() {
    for (url, secure) in [(ws("/"), false), (wss("/"), true)] {
        let mut options = options(&url);
        options.protocols = vec!["chat.v2".into(), "chat.v1".into()];
        let mut recording = Recording::connect(options);
        assert_eq!(recording.socket.protocol(), None);
        let open = recording.opened();
        assert_eq!(open.status, 101);
        assert_eq!(open.protocol.as_deref(), Some("chat.v2"));
        assert_eq!(recording.socket.protocol().as_deref(), Some("chat.v2"));
        assert_eq!(open.extensions, "");
        let cookies: Vec<_> = open.headers.iter().filter(|(name, _)| name == "Set-Cookie").collect();
        let expected =
            [("Set-Cookie".to_owned(), b"first=1".to_vec()), ("Set-Cookie".into(), b"second=2".to_vec())];
        assert_eq!(cookies, expected.iter().collect::<Vec<_>>());
        let profile = &open.profile;
        assert!(profile.tcp.start <= profile.tcp.end, "{profile:?}");
        assert!(
            profile.handshake.start >= profile.tls.end && profile.tls.start >= profile.tcp.end,
            "{profile:?}"
        );
        assert!(profile.handshake.duration() > Duration::ZERO, "{profile:?}");
        assert_eq!(profile.tls.duration() > Duration::ZERO, secure, "{profile:?}");
        assert_eq!(profile.tls_version, if secure { "TLSv1.3" } else { "" });
        assert_eq!(profile.tls_cipher.is_empty(), !secure);
        assert!(
            profile.remote_address.is_some_and(|address| url.contains(&address.to_string())),
            "{profile:?}"
        );
        recording.finish();
    }
}

#[test]
fn sends_headers_and_target_as_given() {
    let mut options = options(&ws("/headers?room=%E8%81%8A&x=1"));
    options.headers = [("X-Case-Kept", "Yes"), ("authorization", "Bearer a.b"), ("X-Case-Kept", "again")]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .to_vec();
    options.protocols = vec!["one".into(), "two".into()];
    let mut recording = Recording::connect(options);
    recording.opened();
    let text = recording.text();
    let request = http::Request::new(text.as_bytes());
    assert_eq!(request.target(), "/headers?room=%E8%81%8A&x=1");
    assert_eq!(request.header_values("X-Case-Kept"), ["Yes", "again"]);
    assert!(text.contains("\r\nX-Case-Kept: Yes\r\n"), "{text}");
    assert!(text.contains("\r\nauthorization: Bearer a.b\r\n"), "{text}");
    assert_eq!(request.protocols(), ["one", "two"]);
    assert_eq!(request.header("Sec-WebSocket-Version"), Some("13"));
    assert_eq!(request.header_values("Sec-WebSocket-Key").len(), 1);
    assert!(ws("/").contains(request.header("Host").expect("a Host field")));
    assert_eq!(request.header("Sec-WebSocket-Extensions"), None);
    recording.finish();
}

#[test]
fn a_new_key_for_every_connection() {
    let key = || {
        let mut recording = Recording::connect(options(&ws("/headers")));
        recording.opened();
        let text = recording.text();
        recording.finish();
        http::Request::new(text.as_bytes()).header("Sec-WebSocket-Key").map(str::to_owned)
    };
    assert_ne!(key(), key());
}

#[test]
fn no_byte_behind_the_101_is_lost() {
    let frames =
        [Frame::text("first"), Frame::ping("p"), Frame::binary(vec![7; 70_000]), Frame::close(4000, "end")];
    for cut in [0, 1, 2, 10, 20, 70_000] {
        let bytes = encode_all(&frames);
        let server = Server::tcp(move |mut peer| {
            let (with_response, later) = bytes.split_at(cut.min(bytes.len()));
            peer.open_with(&[], with_response);
            peer.write(later);
            peer.wait_for_end();
        });
        let mut recording = Recording::connect(options(&server.url("/")));
        recording.opened();
        assert_eq!(recording.text(), "first");
        assert_eq!(recording.binary(), vec![7; 70_000]);
        recording.closed();
        recording.finish().assert_closed_without_error(4000, "end", true);
    }
}

#[test]
fn a_response_that_drips() {
    let server = Server::tcp(|mut peer| {
        let request = peer.read_request().expect("a request");
        let mut bytes = http::switching_protocols(&request, &[("X-Slow", "yes")]);
        bytes.extend(Frame::text("slowly").encode());
        peer.drip(&bytes, Duration::from_micros(500));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    let open = recording.opened();
    assert!(open.headers.contains(&("X-Slow".into(), b"yes".to_vec())), "{:?}", open.headers);
    assert_eq!(recording.text(), "slowly");
    recording.closed();
    recording.finish();
}

#[test]
fn header_names_and_tokens_of_the_response_in_any_case() {
    let server = Server::tcp(|mut peer| {
        let request = peer.read_request().expect("a request");
        let head = format!(
            "HTTP/1.1 101 Whatever\r\nUPGRADE: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n\
             sec-websocket-accept:{}\r\n\r\n",
            request.accept_key()
        );
        peer.write(head.as_bytes());
        peer.send(&Frame::text("open"));
        peer.finish();
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    assert_eq!(recording.text(), "open");
    recording.closed();
    recording.finish();
}

#[test]
fn a_server_without_a_wanted_protocol_opens_without_one() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        peer.wait_for_end();
    });
    let mut wanting = options(&server.url("/"));
    wanting.protocols = vec!["chat".into()];
    let mut recording = Recording::connect(wanting);
    assert_eq!(recording.opened().protocol, None);
    recording.finish();
}

#[test]
fn by_host_name() {
    let url = ws("/").replace("127.0.0.1", "localhost");
    let mut recording = Recording::connect(options(&url));
    recording.opened();
    recording.socket.send_text("by name").expect("open");
    assert_eq!(recording.text(), "by name");
    recording.finish();
}

#[test]
fn sixty_four_at_once() {
    let mut recordings: Vec<_> =
        (0..64).map(|i| Recording::connect(options(&if i % 2 == 0 { ws("/") } else { wss("/") }))).collect();
    for (number, recording) in recordings.iter_mut().enumerate() {
        recording.opened();
        recording.socket.send_text(&format!("number {number}")).expect("open");
    }
    for (number, recording) in recordings.iter_mut().enumerate() {
        assert_eq!(recording.text(), format!("number {number}"));
    }
    for recording in recordings {
        let outcome = recording.finish();
        assert!(matches!(outcome.events.last(), Some(Event::Release)));
    }
}
