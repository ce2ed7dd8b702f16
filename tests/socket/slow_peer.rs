//! A peer that reads slowly, but never stops: it gets all that was sent, and is not taken for dead meanwhile.

use std::io::Read;
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::Duration;

use socket_task::Options;
use socket_task_testing::frame::{Frame, opcode};
use socket_task_testing::raw::{Peer, Server};

use crate::recording::Recording;
use crate::servers::{CERTIFICATES, options};

const SIZE: usize = 1 << 20;

/// So much is read in each step of [`PAUSE`]: 500 kB/s.
const STEP: usize = 10_000;

/// More than the systems of both ends keep, and a step with which it takes as long.
const LARGE: usize = 12 << 20;
const LARGE_STEP: usize = 100_000;

const PAUSE: Duration = Duration::from_millis(20);

/// A fraction of the time that [`SIZE`] takes, and many times [`PAUSE`].
const PATIENCE: Duration = Duration::from_millis(700);

/// Reads as a slow server does, until `received` has `length` bytes. False at the end.
fn receive(peer: &mut Peer, received: &mut Vec<u8>, length: usize, step: usize) -> bool {
    let mut buffer = vec![0; step];
    while received.len() < length {
        sleep(PAUSE);
        match peer.read(&mut buffer) {
            Ok(0) | Err(_) => return false,
            Ok(count) => received.extend_from_slice(&buffer[..count]),
        }
    }
    true
}

/// Receives a frame: its kind, the length of its payload, and the payload if it is a control frame. Others are large, and
/// take long to unmask.
fn receive_frame(peer: &mut Peer, received: &mut Vec<u8>, step: usize) -> Option<(u8, usize, Vec<u8>)> {
    const LARGE_HEADER: usize = 14;
    receive(peer, received, 2, step).then_some(())?;
    if received[1] & 0x7F == 127 {
        receive(peer, received, LARGE_HEADER, step).then_some(())?;
        let length = u64::from_be_bytes(received[2..10].try_into().expect("8 bytes")) as usize;
        receive(peer, received, LARGE_HEADER + length, step).then_some(())?;
        let opcode = received[0] & 0xF;
        received.drain(..LARGE_HEADER + length);
        return Some((opcode, length, Vec::new()));
    }
    let size = 6 + usize::from(received[1] & 0x7F);
    receive(peer, received, size, step).then_some(())?;
    let frame = Frame::read(&received[..size]).expect("a whole frame");
    received.drain(..size);
    Some((frame.opcode, frame.payload.len(), frame.payload))
}

/// A server that reads slowly, answers, and tells the code of each frame and the length of its payload.
fn slow_server(tls: bool, step: usize) -> (Server, Receiver<(u8, usize)>) {
    let (frames, seen) = channel();
    let script = move |mut peer: Peer| {
        peer.open();
        let mut received = Vec::new();
        while let Some((opcode, length, payload)) = receive_frame(&mut peer, &mut received, step) {
            // The test may have seen enough.
            let _ = frames.send((opcode, length));
            match opcode {
                opcode::PING => peer.send(&Frame::pong(payload)),
                opcode::CLOSE => {
                    peer.send(&Frame::new(opcode, payload));
                    return peer.finish();
                }
                _ => peer.send(&Frame::text("received")),
            }
        }
    };
    let server =
        if tls { Server::tls(CERTIFICATES.good.server_config(), script) } else { Server::tcp(script) };
    (server, seen)
}

fn impatient(server: &Server) -> Options {
    Options { close_timeout: PATIENCE, ..options(&server.url_for_host("localhost", "/")) }
}

// Windows does not tell what the peer has acknowledged.
#[test]
#[cfg_attr(windows, ignore)]
fn all_that_is_queued_and_the_close_frame_arrive() {
    for tls in [false, true] {
        let (server, seen) = slow_server(tls, STEP);
        let mut recording = Recording::connect(impatient(&server));
        recording.opened();
        recording.socket.send_binary(&vec![1; SIZE]).expect("room");
        recording.socket.close(Some(1000), "").expect("acceptable");
        recording.closed();
        recording.finish().assert_closed_without_error(1000, "", true);
        assert_eq!(seen.try_iter().collect::<Vec<_>>(), [(opcode::BINARY, SIZE), (opcode::CLOSE, 2)]);
    }
}

#[test]
fn it_is_the_same_after_a_release() {
    let (server, seen) = slow_server(false, LARGE_STEP);
    let mut recording = Recording::connect(impatient(&server));
    recording.opened();
    recording.socket.send_binary(&vec![1; LARGE]).expect("room");
    recording.finish().assert_released_early();
    assert_eq!(seen.recv(), Ok((opcode::BINARY, LARGE)));
    assert_eq!(seen.recv(), Ok((opcode::CLOSE, 2)));
}

// Windows does not tell what the peer has acknowledged.
#[test]
#[cfg_attr(windows, ignore)]
fn a_probe_finds_it_alive() {
    for tls in [false, true] {
        let (server, seen) = slow_server(tls, STEP);
        let mut recording = Recording::connect(impatient(&server));
        recording.opened();
        recording.socket.send_binary(&vec![1; SIZE]).expect("room");
        recording.socket.probe(PATIENCE);
        assert_eq!(recording.text(), "received");
        recording.finish();
        // To the end of the connection: the server reads slowly what came before it, too.
        let kinds: Vec<_> =
            seen.iter().map(|(opcode, _)| opcode).take_while(|&kind| kind != opcode::CLOSE).collect();
        assert!(kinds.contains(&opcode::PING) && kinds.contains(&opcode::BINARY), "{kinds:?}");
    }
}

/// What waits here can still be counted, and a ping or a Close frame can be before it; what the system has taken is gone.
#[cfg(target_os = "linux")]
#[test]
fn the_system_takes_little_more_than_it_can_send() {
    /// The systems of both ends take five times as much where nobody asks them not to.
    const MOST: usize = 512 << 10;
    let (read, is_read) = channel();
    let server = Server::tcp(move |mut peer| {
        peer.keep_at_most(64 << 10);
        peer.open();
        let mut received = Vec::new();
        while receive(&mut peer, &mut received, SIZE, STEP) && read.send(received.len()).is_ok() {
            received.clear();
        }
    });
    let mut recording = Recording::connect(options(&server.url("/")));
    recording.opened();
    recording.socket.send_binary(&vec![1; LARGE]).expect("open");
    let received = is_read.recv_timeout(Duration::from_secs(20)).expect("the server reads");
    let taken = LARGE - recording.socket.buffered_amount();
    assert!(taken < received + MOST, "{received} bytes were read, {taken} taken");
    drop(is_read);
    drop(recording);
    drop(server);
}
