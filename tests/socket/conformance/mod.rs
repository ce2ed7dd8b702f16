//! Every case of the Autobahn Testsuite's sections 1 to 7, 9, 10, 12 and 13, in kind, through a real connection.
//!
//! The client echoes each message; the server sends what a case says and reads what the client makes of it. The names
//! of the cases are the testsuite's, so that one that fails can be looked up there. The testsuite itself is run
//! by `make conformance`.

mod close;
mod deflate;
mod fragments;
mod framing;
mod limits;
mod utf8;

use std::thread;
use std::time::Duration;

use socket_task::{Close, Phase, Socket};
use socket_task_testing::frame::Frame;
use socket_task_testing::raw::{Peer, Server};

use crate::recording::{Event, Recording};
use crate::servers::options;

/// How the server cuts what it sends.
#[derive(Clone, Copy, Debug)]
enum Chop {
    /// All frames in one write.
    Not,
    /// Each frame in a write of its own, with a pause before the next.
    Frames,
    /// So many bytes in each write.
    Bytes(usize),
}

#[derive(Clone, Copy, Debug)]
enum End {
    /// The server closes with 1000, and the client answers.
    Closes,
    /// The client sends a Close frame with this code and fails.
    Fails(u16),
}

struct Case {
    name: String,
    frames: Vec<Vec<u8>>,
    chop: Chop,
    expected: Vec<Frame>,
    end: End,
}

impl Case {
    /// A case in which the server sends these frames.
    fn new(name: impl Into<String>, frames: &[Frame]) -> Case {
        Case::of_bytes(name, frames.iter().map(Frame::encode).collect())
    }

    /// A case in which the server sends these bytes.
    fn of_bytes(name: impl Into<String>, frames: Vec<Vec<u8>>) -> Case {
        Case { name: name.into(), frames, chop: Chop::Not, expected: Vec::new(), end: End::Closes }
    }

    fn chopped(mut self, chop: Chop) -> Case {
        self.chop = chop;
        self
    }

    /// Expects these frames from the client, and no others but its Close.
    fn expects(mut self, frames: &[Frame]) -> Case {
        self.expected = frames.to_vec();
        self
    }

    /// Expects the client to fail the connection with this close code.
    fn fails(mut self, code: u16) -> Case {
        self.end = End::Fails(code);
        self
    }

    /// Runs it.
    fn run(self) {
        let Case { name, frames, chop, expected, end } = self;
        let context = name.clone();
        let server = Server::tcp(move |mut peer| {
            peer.open();
            write(&mut peer, &frames, chop);
            for frame in &expected {
                let received = peer.receive();
                assert!(
                    received.as_ref() == Some(frame),
                    "{context}: {}, not {}",
                    brief(&received),
                    brief(&Some(frame.clone()))
                );
            }
            let code = match end {
                End::Closes => {
                    peer.send(&Frame::close(1000, ""));
                    1000
                }
                End::Fails(code) => code,
            };
            let close = peer.receive();
            assert_eq!(
                close.as_ref().and_then(Frame::close_code),
                Some(code),
                "{context}: {}",
                brief(&close)
            );
            peer.end();
            let more = peer.receive();
            assert!(more.is_none(), "{context}: behind the Close: {}", brief(&more));
            peer.finish();
        });
        let outcome = Recording::connect_with(options(&server.url("/")), echo).run();
        drop(server);
        let clean = Close { code: 1000, reason: String::new(), was_clean: true };
        let abnormal = Close { code: 1006, reason: String::new(), was_clean: false };
        match end {
            End::Closes => {
                assert_eq!(outcome.close(), Some(&clean), "{name}: {:?}", outcome.error());
                assert_eq!(outcome.error(), None, "{name}");
            }
            End::Fails(_) => {
                assert_eq!(outcome.close(), Some(&abnormal), "{name}");
                assert_eq!(outcome.error().map(|error| error.phase), Some(Phase::Protocol), "{name}");
            }
        }
    }
}

/// Runs the case with its frames in one write, in one write each, and byte by byte.
fn run_in_each_way(names: [&str; 3], case: impl Fn(&str) -> Case) {
    for (name, chop) in names.into_iter().zip([Chop::Not, Chop::Frames, Chop::Bytes(1)]) {
        case(name).chopped(chop).run();
    }
}

fn write(peer: &mut Peer, frames: &[Vec<u8>], chop: Chop) {
    match chop {
        Chop::Not => peer.write(&frames.concat()),
        Chop::Frames => {
            for frame in frames {
                peer.write(frame);
                thread::sleep(Duration::from_millis(2));
            }
        }
        Chop::Bytes(size) => frames.concat().chunks(size).for_each(|chunk| peer.write(chunk)),
    }
}

/// The testsuite's client: it sends back every message.
fn echo(socket: &Socket, event: &Event) {
    let _ = match event {
        Event::Text(text) => socket.send_text(text),
        Event::Binary(data) => socket.send_binary(data),
        _ => Ok(()),
    };
}

fn brief(frame: &Option<Frame>) -> String {
    match frame {
        Some(Frame { opcode, payload, .. }) => {
            let head = &payload[..payload.len().min(40)];
            format!("opcode {opcode} with {} bytes: {:?}", payload.len(), String::from_utf8_lossy(head))
        }
        None => "the end".to_owned(),
    }
}
