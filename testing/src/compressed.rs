//! An echo that compresses: permessage-deflate (RFC 7692) with whatever parameters the path asks for.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::deflate::{Deflate, Parameters};
use crate::frame::{Frame, RSV1, opcode};
use crate::http::{self, Request};

/// What the parameters of the path want; 0 and 1 for what is a flag.
fn parameters(request: &Request) -> Parameters {
    let flag = |name: &str| request.number(name, 0) != 0;
    let bits = |name: &str| request.parameter(name).and_then(|bits| bits.parse().ok());
    Parameters {
        server_no_context_takeover: flag("server_no_context_takeover"),
        client_no_context_takeover: flag("client_no_context_takeover"),
        server_max_window_bits: bits("server_max_window_bits"),
        client_max_window_bits: bits("client_max_window_bits"),
    }
}

/// Sends each message back, compressed. The text `report` is answered with `wire=… plain=…`: the bytes of payloads so far as they
/// came, and what they were when decompressed.
pub(crate) async fn echo(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: &Request,
) -> io::Result<()> {
    let parameters = parameters(request);
    let answer = parameters.answer();
    let headers = [("Sec-WebSocket-Extensions", answer.as_str())];
    stream.write_all(&http::switching_protocols(request, &headers)).await?;
    let mut deflate = Deflate::new(parameters);
    let (mut wire, mut plain) = (0, 0);
    let mut received = Vec::new();
    loop {
        let mut rest = &received[..];
        let Ok(frame) = Frame::read(&mut rest) else {
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            continue;
        };
        let read = received.len() - rest.len();
        received.drain(..read);
        match frame.opcode {
            opcode::TEXT | opcode::BINARY => {
                let payload = match frame.rsv {
                    RSV1 => deflate.decompress(&frame.payload),
                    _ => frame.payload.clone(),
                };
                let answer = if payload == b"report" {
                    format!("wire={wire} plain={plain}").into_bytes()
                } else {
                    wire += frame.payload.len();
                    plain += payload.len();
                    payload
                };
                let answer = Frame::new(frame.opcode, deflate.compress(&answer)).with_rsv(RSV1);
                stream.write_all(&answer.encode()).await?;
            }
            opcode::PING => stream.write_all(&Frame::pong(frame.payload).encode()).await?,
            opcode::CLOSE => {
                stream.write_all(&frame.encode()).await?;
                return stream.shutdown().await;
            }
            _ => {}
        }
    }
}
