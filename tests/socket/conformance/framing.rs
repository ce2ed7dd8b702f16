//! Sections 1 (framing), 2 (pings and pongs), 3 (reserved bits) and 4 (opcodes).

use socket_task_testing::frame::{Frame, opcode};

use super::{Case, Chop};

#[test]
fn section_1_framing() {
    for (number, (size, chop)) in [
        (0, Chop::Not),
        (125, Chop::Not),
        (126, Chop::Not),
        (127, Chop::Not),
        (128, Chop::Not),
        (65_535, Chop::Not),
        (65_536, Chop::Not),
        (65_536, Chop::Bytes(997)),
    ]
    .into_iter()
    .enumerate()
    {
        let text = Frame::text(vec![b'*'; size]);
        Case::new(format!("1.1.{}", number + 1), std::slice::from_ref(&text))
            .chopped(chop)
            .expects(&[text])
            .run();
        let data = Frame::binary(vec![0xFE; size]);
        Case::new(format!("1.2.{}", number + 1), std::slice::from_ref(&data))
            .chopped(chop)
            .expects(&[data])
            .run();
    }
}

#[test]
fn section_2_pings_and_pongs() {
    let ping_of = |name: &str, payload: &[u8], chop| {
        Case::new(name, &[Frame::ping(payload)]).chopped(chop).expects(&[Frame::pong(payload)]).run();
    };
    ping_of("2.1", b"", Chop::Not);
    ping_of("2.2", b"Hello, world!", Chop::Not);
    ping_of("2.3", &[0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF], Chop::Not);
    ping_of("2.4", &[0xFE; 125], Chop::Not);
    Case::new("2.5", &[Frame::ping([0xFE; 126])]).fails(1002).run();
    ping_of("2.6", &[0xFE; 125], Chop::Bytes(1));
    Case::new("2.7", &[Frame::pong("")]).run();
    Case::new("2.8", &[Frame::pong("unsolicited pong payload")]).run();
    Case::new("2.9", &[Frame::pong("unsolicited pong payload"), Frame::ping("ping payload")])
        .expects(&[Frame::pong("ping payload")])
        .run();
    let pings: Vec<_> = (0..10).map(|number| Frame::ping(format!("payload-{number}"))).collect();
    let pongs: Vec<_> = (0..10).map(|number| Frame::pong(format!("payload-{number}"))).collect();
    Case::new("2.10", &pings).expects(&pongs).run();
    Case::new("2.11", &pings).chopped(Chop::Bytes(1)).expects(&pongs).run();

    // Not in the suite: a fault behind the ping, in the same segment, does not excuse from the pong.
    Case::new("2.ping before a fault", &[Frame::ping("first"), Frame::ping([0; 126])])
        .expects(&[Frame::pong("first")])
        .fails(1002)
        .run();
}

#[test]
fn section_3_reserved_bits() {
    let hello = || Frame::text("Hello, world!");
    let fails = |name: &str, before: &[Frame], bad: Frame, chop| {
        let frames = [before, &[bad, Frame::ping("")]].concat();
        Case::new(name, &frames).chopped(chop).expects(before).fails(1002).run();
    };
    fails("3.1", &[], hello().with_rsv(1), Chop::Not);
    fails("3.2", &[hello()], hello().with_rsv(2), Chop::Not);
    fails("3.3", &[hello()], hello().with_rsv(3), Chop::Frames);
    fails("3.4", &[hello()], hello().with_rsv(4), Chop::Bytes(1));
    fails("3.5", &[], Frame::binary([0xFF; 8]).with_rsv(5), Chop::Not);
    fails("3.6", &[], Frame::ping("Hello, world!").with_rsv(6), Chop::Not);
    fails("3.7", &[], Frame::close(1000, "").with_rsv(7), Chop::Not);
}

#[test]
fn section_4_opcodes() {
    for (section, first) in [(1, 3), (2, 11)] {
        let hello = Frame::text("Hello, world!");
        let name = |number: u8| format!("4.{section}.{number}");
        Case::new(name(1), &[Frame::new(first, "")]).fails(1002).run();
        Case::new(name(2), &[Frame::new(first + 1, "reserved opcode")]).fails(1002).run();
        for (number, payload, chop) in
            [(3, "", Chop::Not), (4, "reserved opcode", Chop::Frames), (5, "reserved opcode", Chop::Bytes(1))]
        {
            let bad = Frame::new(first + number - 1, payload);
            Case::new(name(number), &[hello.clone(), bad, Frame::ping("")])
                .chopped(chop)
                .expects(std::slice::from_ref(&hello))
                .fails(1002)
                .run();
        }
    }
    for reserved in (3..=7).chain(11..=15) {
        Case::new(
            format!("opcode {reserved} inside a message"),
            &[Frame::new(opcode::TEXT, "part").not_final(), Frame::new(reserved, "")],
        )
        .fails(1002)
        .run();
    }
}
