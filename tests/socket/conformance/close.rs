//! Section 7: closing.

use std::thread;

use socket_task_testing::frame::Frame;
use socket_task_testing::raw::Server;

use super::{Case, echo};
use crate::recording::{Outcome, Recording};
use crate::servers::options;

/// The server sends these frames, the last but a few of them a Close; the client must send `expected` and nothing else.
fn closing(name: &str, frames: Vec<Frame>, expected: Vec<Frame>) -> Outcome {
    let context = name.to_owned();
    let server = Server::tcp(move |mut peer| {
        peer.open();
        for frame in &frames {
            peer.send(frame);
        }
        for frame in &expected {
            assert!(peer.receive().as_ref() == Some(frame), "{context}");
        }
        peer.end();
        assert_eq!(peer.receive(), None, "{context}");
        peer.finish();
    });
    let outcome = Recording::connect_with(options(&server.url("/")), echo).run();
    drop(server);
    outcome
}

#[test]
fn section_7_1_close_and_what_comes_behind_it() {
    let close = || Frame::close(1000, "");
    let hello = || Frame::text("Hello World!");
    // A message right before a Close: the connection closes before the app has answered.
    let clean = |name, frames: Vec<Frame>| {
        closing(name, frames, vec![close()]).assert_closed_without_error(1000, "", true);
    };
    clean("7.1.2", vec![close(), close()]);
    clean("7.1.3", vec![close(), Frame::ping("")]);
    clean("7.1.4", vec![close(), hello()]);
    clean("7.1.5", vec![Frame::text("fragment1").not_final(), close(), Frame::continuation("fragment2")]);
    Case::new("7.1.1", &[hello()]).expects(&[hello()]).run();
}

#[test]
fn section_7_1_6_a_large_message_before_the_close() {
    let server = Server::tcp(|mut peer| {
        peer.open();
        let text = Frame::text("BAsd7&jh23".repeat(26 * 1024));
        peer.write(&[text.encode(), Frame::close(1000, "").encode(), Frame::ping("").encode()].concat());
        // The echo is on its way or not, but whole if it is.
        let mut frame = peer.receive();
        if frame.as_ref() == Some(&text) {
            frame = peer.receive();
        }
        assert_eq!(frame, Some(Frame::close(1000, "")));
        peer.end();
        assert_eq!(peer.receive(), None);
        peer.finish();
    });
    Recording::connect_with(options(&server.url("/")), echo)
        .run()
        .assert_closed_without_error(1000, "", true);
}

#[test]
fn section_7_3_payloads() {
    closing("7.3.1", vec![Frame::close_empty()], vec![Frame::close_empty()])
        .assert_closed_without_error(1005, "", true);
    Case::new("7.3.2", &[Frame::new(8, "a")]).fails(1002).run();
    for (name, reason) in
        [("7.3.3", String::new()), ("7.3.4", "Hello World!".to_owned()), ("7.3.5", "*".repeat(123))]
    {
        let server = Server::tcp({
            let reason = reason.clone();
            move |mut peer| {
                peer.open();
                peer.send(&Frame::close(1000, &reason));
                assert_eq!(peer.receive().as_ref().and_then(Frame::close_code), Some(1000), "{name}");
                peer.finish();
            }
        });
        Recording::connect(options(&server.url("/"))).run().assert_closed_without_error(1000, &reason, true);
    }
    Case::new("7.3.6", &[Frame::close(1000, &"*".repeat(124))]).fails(1002).run();
}

#[test]
fn section_7_5_reason_that_is_not_utf8() {
    let mut frame = Frame::close(1000, "");
    frame.payload.extend(b"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80edited");
    Case::new("7.5.1", &[frame]).fails(1007).run();
}

#[test]
fn section_7_7_valid_codes() {
    let codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
    for (number, code) in codes.into_iter().enumerate() {
        let name = format!("7.7.{}", number + 1);
        closing(&name, vec![Frame::close(code, "")], vec![Frame::close(code, "")])
            .assert_closed_without_error(code, "", true);
    }
}

#[test]
fn section_7_9_and_7_13_invalid_codes() {
    let codes = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535];
    for (number, code) in codes.into_iter().enumerate() {
        Case::new(format!("7.9.{} or 7.13: {code}", number + 1), &[Frame::close(code, "")]).fails(1002).run();
    }
}

#[test]
fn a_close_between_many_messages_is_answered_at_once() {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(|| {
                let mut frames = vec![Frame::text("x"); 200];
                frames.push(Frame::close(4000, "now"));
                let server = Server::tcp(move |mut peer| {
                    peer.open();
                    peer.write(&frames.iter().flat_map(Frame::encode).collect::<Vec<_>>());
                    assert_eq!(peer.receive_close().and_then(|close| close.close_code()), Some(4000));
                    peer.finish();
                });
                Recording::connect_with(options(&server.url("/")), echo)
                    .run()
                    .assert_closed_without_error(4000, "now", true);
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("no panic");
    }
}
