//! A server that agrees to permessage-deflate as it is told, and a client that sends each message back.

use socket_task::wire::deflate::DeflateOptions;
use socket_task::{ErrorCode, Phase};
use socket_task_testing::frame::{Frame, RSV1, opcode};
use socket_task_testing::raw::{Peer, Server};

use crate::decoder::Decoder;
use crate::encoder::Encoder;
use crate::recording::{Event, Outcome, Recording};
use crate::servers::options;

/// What the server answers to the offer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Agreement {
    pub server_no_context_takeover: bool,
    pub client_no_context_takeover: bool,
    pub server_max_window_bits: Option<u8>,
    pub client_max_window_bits: Option<u8>,
}

impl Agreement {
    fn answer(&self) -> String {
        let mut answer = "permessage-deflate".to_owned();
        if self.server_no_context_takeover {
            answer.push_str("; server_no_context_takeover");
        }
        if self.client_no_context_takeover {
            answer.push_str("; client_no_context_takeover");
        }
        if let Some(bits) = self.server_max_window_bits {
            answer.push_str(&format!("; server_max_window_bits={bits}"));
        }
        if let Some(bits) = self.client_max_window_bits {
            answer.push_str(&format!("; client_max_window_bits={bits}"));
        }
        answer
    }

    pub fn encoder(&self) -> Encoder {
        Encoder::new(self.server_max_window_bits.unwrap_or(15), !self.server_no_context_takeover)
    }

    pub fn decoder(&self) -> Decoder {
        Decoder::new(self.client_max_window_bits.unwrap_or(15), !self.client_no_context_takeover)
    }
}

/// Offers permessage-deflate and compresses every message.
pub fn everything() -> DeflateOptions {
    DeflateOptions { threshold: 0, ..DeflateOptions::default() }
}

/// A compressed message in one frame.
pub fn compressed(opcode: u8, payload: Vec<u8>) -> Frame {
    Frame::new(opcode, payload).with_rsv(RSV1)
}

/// Cuts a compressed message into frames of at most `size` bytes.
pub fn fragments(opcode: u8, payload: &[u8], size: usize) -> Vec<Frame> {
    let mut frames: Vec<_> = payload.chunks(size).map(|part| Frame::continuation(part).not_final()).collect();
    if let Some(first) = frames.first_mut() {
        (first.opcode, first.rsv) = (opcode, RSV1);
    }
    if let Some(last) = frames.last_mut() {
        last.fin = true;
    }
    frames
}

/// Runs one connection whose server answers with `agreement` and goes on with `script` once it is open.
pub fn run(
    agreement: Agreement,
    offered: DeflateOptions,
    script: impl FnOnce(Peer) + Send + 'static,
) -> Outcome {
    let mut script = Some(script);
    let server = Server::tcp(move |mut peer| {
        peer.open_with(&[("Sec-WebSocket-Extensions", &agreement.answer())], b"");
        let script = script.take().expect("one connection");
        script(peer);
    });
    let mut options = options(&server.url("/"));
    options.per_message_deflate = Some(offered);
    options.max_message_size = 1 << 20;
    let mut recording = Recording::connect_with(options, |socket, event| match event {
        Event::Text(text) => socket.send_text(text).expect("open"),
        Event::Binary(data) => socket.send_binary(data).expect("open"),
        _ => {}
    });
    recording.closed();
    // What compression has saved is not waiting either.
    let waiting = recording.socket.buffered_amount();
    let outcome = recording.finish();
    drop(server);
    assert_eq!(waiting, 0, "{agreement:?}");
    outcome
}

/// Runs a connection that the server ends well when `script` is done.
pub fn run_well(
    agreement: Agreement,
    offered: DeflateOptions,
    script: impl FnOnce(&mut Peer) + Send + 'static,
) {
    let outcome = run(agreement, offered, |mut peer| {
        script(&mut peer);
        peer.send(&Frame::close(1000, ""));
        assert_eq!(peer.receive(), Some(Frame::close(1000, "")));
        peer.finish();
    });
    outcome.assert_closed_without_error(1000, "", true);
}

/// Expects the client to fail, with this close code, on what the server sends.
pub fn run_into_fault(bytes: Vec<u8>, close_code: u16, code: ErrorCode) {
    let outcome = run(Agreement::default(), everything(), move |mut peer| {
        peer.write(&bytes);
        assert_eq!(peer.receive(), Some(Frame::close(close_code, "")), "{code:?}");
        assert_eq!(peer.receive(), None, "{code:?}");
        peer.finish();
    });
    outcome.assert_failed(Phase::Protocol, code, 1006);
}

/// Receives a message, compressed or not, and expects this one.
pub fn expect_echo(peer: &mut Peer, decoder: &mut Decoder, kind: u8, message: &[u8]) -> Frame {
    let frame = peer.receive().expect("an echo");
    assert!(frame.fin && frame.opcode == kind, "{} of {} bytes", frame.opcode, frame.payload.len());
    let decoded = match frame.rsv {
        0 => frame.payload.clone(),
        rsv => {
            assert_eq!(rsv, RSV1);
            decoder.message(&frame.payload).expect("a compressed message")
        }
    };
    let same = decoded.iter().zip(message).take_while(|(left, right)| left == right).count();
    assert!(decoded == message, "differs at {same} of {}", message.len());
    frame
}

/// Sends compressed messages in frames of at most `size` bytes, one after the other, and expects each back.
pub fn exchange(peer: &mut Peer, agreement: Agreement, messages: &[Vec<u8>], size: usize) {
    let (mut encoder, mut decoder) = (agreement.encoder(), agreement.decoder());
    for message in messages {
        let payload = encoder.message(message);
        for frame in fragments(opcode::BINARY, &payload, size) {
            peer.send(&frame);
        }
        expect_echo(peer, &mut decoder, opcode::BINARY, message);
    }
}
