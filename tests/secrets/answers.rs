//! Marks in what servers and proxies answer: of their own, and as echoes of what they were sent.

use std::io::Read;

use socket_task::options::{Proxy, ProxySource};
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{Peer, Server};

use crate::options::{marked, marked_url};
use crate::told::{MARK, Told};

/// Heads of responses. `ACCEPT` is what the handshake asks for, `REQUEST` all that was sent.
const ANSWERS: [&str; 32] = [
    "HTTP/1.1 101 MARK\r\nACCEPT\r\nSet-Cookie: MARK=MARK\r\nX-Echo: MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Protocol: bearer.MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Protocol: MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Protocol: chat, bearer.MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Protocol: bearer.MARK\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate; MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover=MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate;=MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate; MARK=\"MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nUpgrade: MARK\r\nConnection: MARK\r\nSec-WebSocket-Accept: MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: MARK\r\n\r\n",
    "HTTP/1.1 401 MARK\r\nWWW-Authenticate: Bearer MARK\r\nSet-Cookie: MARK=MARK\r\nContent-Length: 6\r\n\r\nMARK",
    "HTTP/1.1 403 Forbidden: /MARK?token=MARK\r\nContent-Length: 6\r\n\r\nMARK",
    "HTTP/1.1 400 Bad Request\r\nContent-Length: 18\r\n\r\nHTTPS on this: MARK",
    "HTTP/1.1 200 MARK\r\nMARK MARK\r\nMARK\r\n MARK\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: /MARK?MARK\r\n\r\n",
    "HTTP/1.1 MARK\r\n\r\n",
    "HTTP/1.1 101\0MARK\r\n\r\n",
    "HTTP/1.1 101 X\r\nMARK\0: MARK\r\n\r\n",
    "HTTP/MARK 101 X\r\n\r\n",
    "HTTP/2 101 MARK\r\n\r\n",
    "MARK\r\n\r\n",
    "{\"error\": \"MARK\"}\r\n",
    "220 MARK ESMTP\r\n",
    "SSH-2.0-MARK\r\n",
    "REQUEST",
    "HTTP/1.1 404 REQUEST\r\n\r\n",
    "",
];

/// A server that answers everybody so.
fn answering(answer: &'static str) -> Server {
    Server::tcp(move |mut peer| respond(&mut peer, answer))
}

/// A server that says so before it has read anything.
fn at_once(answer: &'static str) -> Server {
    Server::tcp(move |mut peer| {
        peer.write(answer.replace("MARK", MARK).as_bytes());
        peer.end();
        let _ = peer.read_to_end(&mut Vec::new());
    })
}

fn respond(peer: &mut Peer, answer: &str) {
    let Some(request) = peer.read_request() else { return };
    let accept = format!(
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}",
        if request.header("Sec-WebSocket-Key").is_some() { request.accept_key() } else { String::new() }
    );
    let answer = answer.replace("ACCEPT", &accept).replace("MARK", MARK).replace("REQUEST", request.head());
    peer.write(answer.as_bytes());
    peer.end();
    // What the client still says, so that it sees the end and no reset.
    let _ = peer.read_to_end(&mut Vec::new());
}

pub fn of_servers(told: &'static Told) {
    let mut opened = 0;
    for answer in ANSWERS {
        let server = answering(answer);
        for redirects in [0, 2] {
            let mut options = marked(&marked_url(&server.url("/")));
            options.follow_redirects = redirects;
            opened += usize::from(told.connect(options));
        }
    }
    assert_eq!(opened, 4, "a proper answer opens, with a sub-protocol or without");
}

pub fn redirects(told: &'static Told) {
    for location in [
        "Location: ws://u:MARK@127.0.0.1:1/MARK?MARK#MARK",
        "Location: ws://u:MARK/x@127.0.0.1:1/",
        "Location: http://u:MARK%0a@127.0.0.1:1/MARK",
        "Location: ftp://127.0.0.1/MARK?MARK",
        "Location: MARK:MARK",
        "Location: ws://127.0.0.1:MARK/",
        "Location: //u:MARK@127.0.0.1:1/MARK",
        "Location: /MARK?MARK",
        "Location: MARK",
        "X-Other: MARK",
    ] {
        let server = Server::tcp(move |mut peer| {
            respond(&mut peer, &format!("HTTP/1.1 307 MARK\r\nSet-Cookie: MARK\r\n{location}\r\n\r\n"));
        });
        let mut options = marked(&marked_url(&server.url("/")));
        options.follow_redirects = 2;
        assert!(!told.connect(options), "{location}");
    }
}

/// An open connection, and what a server may get wrong in it.
pub fn frames(told: &'static Told) {
    let reason = |code: u16| Frame::close(code, MARK).encode();
    let mut invalid = Frame::close(1000, MARK);
    invalid.payload.push(0xFF);
    let mut text = Frame::text(MARK);
    text.payload.push(0xFF);
    for frames in [
        reason(1006),
        invalid.encode(),
        text.encode(),
        Frame::ping(MARK.repeat(30)).encode(),
        Frame::text(MARK).with_rsv(4).encode(),
        Frame::text(MARK).with_rsv(2).encode(),
        Frame::continuation(MARK).encode(),
        [
            Frame::text(MARK).encode(),
            Frame::binary(MARK.as_bytes()).encode(),
            Frame::close(1000, "").encode(),
        ]
        .concat(),
        MARK.as_bytes().to_vec(),
    ] {
        let server = Server::tcp(move |mut peer| {
            if peer.try_open().is_some() {
                peer.write(&frames);
                peer.receive_close();
            }
        });
        assert!(told.connect(marked(&marked_url(&server.url("/")))));
    }
}

/// Proxies of each kind, before a server that is none.
pub fn of_proxies(told: &'static Told) {
    for answer in [
        "HTTP/1.1 407 MARK\r\nProxy-Authenticate: Basic realm=\"MARK\"\r\nContent-Length: 6\r\n\r\nMARK",
        "HTTP/1.1 407 MARK\r\nProxy-Authenticate: Digest nonce=\"MARK\", Negotiate MARK\r\n\r\n",
        "HTTP/1.1 502 MARK\r\nX-Error: MARK\r\nContent-Length: 6\r\n\r\nMARK",
        "HTTP/1.1 302 MARK\r\nLocation: http://u:MARK@h/MARK\r\n\r\n",
        "HTTP/1.1 200 MARK\r\n\r\nMARK",
        "HTTP/1.1 200 MARK\r\n\r\n",
        "HTTP/1.1 MARK\r\n\r\n",
        "MARK\r\n\r\n",
        "REQUEST",
        "",
    ] {
        let answers = [answering(answer), at_once(answer), at_once(answer)];
        for (scheme, proxy) in ["http", "https", "socks5"].into_iter().zip(&answers) {
            let mut options = marked(&marked_url("ws://nobody.invalid/"));
            let url = format!("{scheme}://u:{MARK}@{}", proxy.address());
            options.proxy = ProxySource::Fixed(Proxy::parse(&url).expect("a valid URL"));
            assert!(!told.connect(options), "{answer}");
        }
    }
}
