//! Sections 12 (permessage-deflate) and 13 (its parameters).

use socket_task::wire::deflate::DeflateOptions;
use socket_task_testing::deflate::{Deflate, Parameters};
use socket_task_testing::frame::{Frame, RSV1, opcode};
use socket_task_testing::raw::{Peer, Server};

use super::echo;
use crate::recording::Recording;
use crate::servers::options;

/// Messages of each kind and size; the testsuite sends a thousand of each.
const MESSAGES: usize = 20;

/// Sizes of messages, and of the frames that they are sent in: 0 for one frame.
const SIZES: [(usize, usize); 18] = [
    (16, 0),
    (64, 0),
    (256, 0),
    (1024, 0),
    (4096, 0),
    (8192, 0),
    (16384, 0),
    (32768, 0),
    (65536, 0),
    (131_072, 0),
    (8192, 256),
    (16384, 256),
    (32768, 256),
    (65536, 256),
    (131_072, 256),
    (131_072, 1024),
    (131_072, 4096),
    (131_072, 32768),
];

/// The contents that the testsuite compresses, in kind: JSON, markup, text beyond ASCII, noise, and one byte repeated.
#[derive(Clone, Copy, Debug)]
enum Content {
    Json,
    Markup,
    Chinese,
    Noise,
    Same,
}

impl Content {
    const ALL: [Content; 5] =
        [Content::Json, Content::Markup, Content::Chinese, Content::Noise, Content::Same];

    fn frame(self, size: usize, number: usize) -> Frame {
        let repeated = |unit: String| {
            let mut text = unit.repeat(size / unit.len() + 1);
            let mut end = size;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            Frame::text(text)
        };
        match self {
            Content::Json => {
                repeated(format!(r#"{{"id":{number},"name":"张三","tags":["a","b"],"ok":true}},"#))
            }
            Content::Markup => {
                repeated(format!("<li class=\"item-{number}\"><a href=\"/p/{number}\">Page</a></li>\n"))
            }
            Content::Chinese => {
                repeated(format!("第{number}条消息：天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。"))
            }
            Content::Noise => {
                let mut state = number as u32 + 1;
                let mut next = || {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                };
                Frame::binary((0..size).map(|_| next()).collect::<Vec<_>>())
            }
            Content::Same => Frame::binary(vec![number as u8; size]),
        }
    }
}

/// Sends `message` compressed, in frames of `size` bytes (0 for one).
fn send(peer: &mut Peer, deflate: &mut Deflate, message: &Frame, size: usize) {
    let payload = deflate.compress(&message.payload);
    let chunks: Vec<&[u8]> = if size == 0 { vec![&payload] } else { payload.chunks(size).collect() };
    let mut bytes = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let frame = match number {
            0 => Frame::new(message.opcode, *chunk).with_rsv(RSV1),
            _ => Frame::new(opcode::CONTINUATION, *chunk),
        };
        let frame = if number + 1 == chunks.len() { frame } else { frame.not_final() };
        bytes.extend(frame.encode());
    }
    peer.write(&bytes);
}

/// Reads a message, compressed or not.
fn receive(peer: &mut Peer, deflate: &mut Deflate) -> Frame {
    let mut message = peer.receive().expect("a message");
    while !message.fin {
        let next = peer.receive().expect("the rest of the message");
        assert_eq!((next.opcode, next.rsv), (opcode::CONTINUATION, 0));
        message.payload.extend(next.payload);
        message.fin = next.fin;
    }
    if message.rsv == RSV1 {
        message.payload = deflate.decompress(&message.payload);
        message.rsv = 0;
    }
    message
}

/// Agrees on `parameters`, and has every kind of content echoed in these sizes.
fn echoes(name: &str, offer: DeflateOptions, parameters: Parameters, sizes: &'static [(usize, usize)]) {
    let context = name.to_owned();
    let server = Server::tcp(move |mut peer| {
        let answer = parameters.answer();
        let request = peer.open_with(&[("Sec-WebSocket-Extensions", &answer)], b"");
        let offered = request.header("Sec-WebSocket-Extensions").expect("an offer").to_owned();
        assert!(offered.starts_with("permessage-deflate"), "{offered}");
        let mut deflate = Deflate::new(parameters);
        for (size, frame_size) in sizes {
            for content in Content::ALL {
                for number in 0..MESSAGES {
                    let message = content.frame(*size, number);
                    send(&mut peer, &mut deflate, &message, *frame_size);
                    let echoed = receive(&mut peer, &mut deflate);
                    assert!(echoed == message, "{context}: {content:?} of {size} bytes, number {number}");
                }
            }
        }
        peer.send(&Frame::close(1000, ""));
        assert!(peer.receive_close().is_some());
        peer.finish();
    });
    let mut options = options(&server.url("/"));
    // Everything is compressed, however short.
    options.per_message_deflate = Some(DeflateOptions { threshold: 0, ..offer });
    let mut recording = Recording::connect_with(options, echo);
    assert!(recording.opened().extensions.starts_with("permessage-deflate"), "{name}");
    recording.run().assert_closed_without_error(1000, "", true);
}

#[test]
fn section_12_every_content_and_size() {
    echoes("12", DeflateOptions::default(), Parameters::default(), &SIZES);
}

/// The sizes of section 13, fewer of them.
const FEWER: &[(usize, usize)] = &[(16, 0), (1024, 0), (65536, 0), (131_072, 256)];

#[test]
fn section_13_parameters() {
    let none = DeflateOptions::default;
    let agreed = Parameters::default;
    for (name, offer, parameters) in [
        ("13.1: nothing asked for", none(), agreed()),
        (
            "13.2: no context takeover",
            DeflateOptions { server_no_context_takeover: true, ..none() },
            Parameters { server_no_context_takeover: true, ..agreed() },
        ),
        (
            "13.3: small window",
            DeflateOptions { server_max_window_bits: Some(9), ..none() },
            Parameters { server_max_window_bits: Some(9), ..agreed() },
        ),
        (
            "13.4: full window",
            DeflateOptions { server_max_window_bits: Some(15), ..none() },
            Parameters { server_max_window_bits: Some(15), ..agreed() },
        ),
        (
            "13.5: no context takeover, small window",
            DeflateOptions { server_no_context_takeover: true, server_max_window_bits: Some(9), ..none() },
            Parameters { server_no_context_takeover: true, server_max_window_bits: Some(9), ..agreed() },
        ),
        (
            "13.6: no context takeover, full window",
            DeflateOptions { server_no_context_takeover: true, server_max_window_bits: Some(15), ..none() },
            Parameters { server_no_context_takeover: true, server_max_window_bits: Some(15), ..agreed() },
        ),
        (
            "13.7: both ends restricted",
            DeflateOptions {
                client_no_context_takeover: true,
                server_no_context_takeover: true,
                client_max_window_bits: Some(10),
                server_max_window_bits: Some(9),
                ..none()
            },
            Parameters {
                client_no_context_takeover: true,
                server_no_context_takeover: true,
                client_max_window_bits: Some(10),
                server_max_window_bits: Some(9),
            },
        ),
        (
            "the server restricts the client",
            none(),
            Parameters { client_no_context_takeover: true, client_max_window_bits: Some(9), ..agreed() },
        ),
    ] {
        echoes(name, offer, parameters, FEWER);
    }
}

/// Opens with permessage-deflate, sends these bytes, and expects this close code.
fn fails(bytes: Vec<u8>, limit: usize, code: u16) {
    let server = Server::tcp(move |mut peer| {
        peer.open_with(&[("Sec-WebSocket-Extensions", "permessage-deflate")], &bytes);
        assert_eq!(peer.receive_close().and_then(|close| close.close_code()), Some(code));
        peer.finish();
    });
    let mut options = options(&server.url("/"));
    options.per_message_deflate = Some(DeflateOptions::default());
    options.max_message_size = limit;
    let outcome = Recording::connect(options).run();
    assert_eq!(outcome.error().map(|error| error.phase), Some(socket_task::Phase::Protocol));
    outcome.assert_closed(1006, "", false);
}

#[test]
fn compressed_messages_that_are_wrong() {
    let compressed = |message: &[u8]| Deflate::new(Parameters::default()).compress(message);
    let whole = usize::MAX;
    // No deflate data, and a stored block whose length does not match its complement.
    fails(Frame::binary([0xFF; 20]).with_rsv(RSV1).encode(), whole, 1007);
    fails(Frame::text([0x00, 0x05, 0x00, 0x00, 0x00, b'x']).with_rsv(RSV1).encode(), whole, 1007);
    // Text that is not UTF-8 once it is decompressed.
    fails(Frame::text(compressed(b"good until \xC0\x80")).with_rsv(RSV1).encode(), whole, 1007);
    // RSV1 where it may not be: on a continuation, on a control frame.
    let payload = compressed(b"Hello, Hello");
    let (front, back) = payload.split_at(3);
    let first = Frame::text(front).with_rsv(RSV1).not_final().encode();
    fails([first, Frame::continuation(back).with_rsv(RSV1).encode()].concat(), whole, 1002);
    fails(Frame::ping("").with_rsv(RSV1).encode(), whole, 1002);
    fails(Frame::text("x").with_rsv(0b010).encode(), whole, 1002);
    // A small frame that is a large message.
    fails(Frame::binary(compressed(&vec![0; 10 << 20])).with_rsv(RSV1).encode(), 1 << 20, 1009);
}
