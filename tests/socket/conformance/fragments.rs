//! Section 5: fragmentation.

use socket_task_testing::frame::Frame;

use super::{Case, Chop, run_in_each_way};

fn part(number: u8) -> String {
    format!("fragment{number}")
}

fn whole(parts: std::ops::RangeInclusive<u8>) -> Frame {
    Frame::text(parts.map(part).collect::<String>())
}

/// The first frame of a fragmented text.
fn first() -> Frame {
    Frame::text(part(1)).not_final()
}

fn middle(number: u8) -> Frame {
    Frame::continuation(part(number)).not_final()
}

fn last(number: u8) -> Frame {
    Frame::continuation(part(number))
}

#[test]
fn section_5_1_to_5_2_fragmented_control_frames() {
    for (name, control) in [("5.1", Frame::ping("a")), ("5.2", Frame::pong("a"))] {
        Case::new(name, &[control.not_final(), Frame::continuation("b")]).fails(1002).run();
    }
    Case::new("a fragmented Close", &[Frame::close(1000, "").not_final()]).fails(1002).run();
}

#[test]
fn section_5_3_to_5_5_two_fragments() {
    run_in_each_way(["5.3", "5.4", "5.5"], |name| {
        Case::new(name, &[first(), last(2)]).expects(&[whole(1..=2)])
    });
}

#[test]
fn section_5_6_to_5_8_a_ping_between_fragments() {
    run_in_each_way(["5.6", "5.7", "5.8"], |name| {
        Case::new(name, &[first(), Frame::ping("ping payload"), last(2)])
            .expects(&[Frame::pong("ping payload"), whole(1..=2)])
    });
}

#[test]
fn section_5_9_to_5_14_continuations_of_nothing() {
    let hello = Frame::text("Hello, world!");
    run_in_each_way(["5.9", "5.10", "5.11"], |name| {
        Case::new(name, &[Frame::continuation("non-continuation payload"), hello.clone()]).fails(1002)
    });
    run_in_each_way(["5.12", "5.13", "5.14"], |name| {
        Case::new(name, &[Frame::continuation("non-continuation payload").not_final(), hello.clone()])
            .fails(1002)
    });
}

#[test]
fn section_5_15_to_5_18_frames_out_of_place() {
    Case::new("5.15", &[first(), last(2), middle(3), Frame::text(part(4))])
        .expects(&[whole(1..=2)])
        .fails(1002)
        .run();
    Case::new("5.16", &[middle(1), Frame::text(part(2)).not_final(), last(3)]).fails(1002).run();
    Case::new("5.17", &[last(1), Frame::text(part(2)).not_final(), last(3)]).fails(1002).run();
    Case::new("5.18", &[first(), Frame::text(part(2))]).fails(1002).run();
    Case::new("a binary message inside a text", &[first(), Frame::binary(part(2))]).fails(1002).run();
}

#[test]
fn section_5_19_to_5_20_five_fragments_and_two_pings() {
    let frames = [
        first(),
        middle(2),
        Frame::ping("pongme 1!"),
        middle(3),
        middle(4),
        Frame::ping("pongme 2!"),
        last(5),
    ];
    let expected = [Frame::pong("pongme 1!"), Frame::pong("pongme 2!"), whole(1..=5)];
    Case::new("5.19", &frames).expects(&expected).run();
    Case::new("5.20", &frames).chopped(Chop::Frames).expects(&expected).run();
    Case::new("5.20, byte by byte", &frames).chopped(Chop::Bytes(1)).expects(&expected).run();
}
