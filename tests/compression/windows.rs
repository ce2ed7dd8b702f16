//! Windows of each size, kept over messages or not (RFC 7692, section 7.1).

use socket_task::wire::deflate::DeflateOptions;
use socket_task_testing::frame::opcode;

use crate::decoder::Decoder;
use crate::encoder::Encoder;
use crate::server::{Agreement, compressed, everything, exchange, expect_echo, run_well};

/// Bytes in which every three are followed by others each time: matches are short unless something is repeated.
fn noise(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// `length` bytes of JSON.
fn json(length: usize) -> Vec<u8> {
    let rows = (0..).map(|row| {
        format!(
            "{{\"id\":{row},\"name\":\"名字 {}\",\"ratio\":{}.{}}},\n",
            row * 7919 % 1000,
            row % 10,
            row * 31 % 97
        )
    });
    let mut text: Vec<u8> = Vec::new();
    for row in rows {
        text.extend_from_slice(row.as_bytes());
        if text.len() >= length {
            text.truncate(length);
            return text;
        }
    }
    unreachable!("there is no last row")
}

/// Messages whose matches reach back by exactly the window: within one message, and into the one before.
fn at_the_edge(window_bits: u8) -> Vec<Vec<u8>> {
    let window = 1 << window_bits;
    let block = noise(window, window_bits.into());
    vec![[&block[..], &block].concat(), block.clone(), [&block[window / 2..], &block[..window / 2]].concat()]
}

#[test]
fn servers_matches_reach_back_to_the_last_byte_of_its_window() {
    for bits in 8..=15 {
        for no_takeover in [false, true] {
            let agreement = Agreement {
                server_no_context_takeover: no_takeover,
                server_max_window_bits: Some(bits),
                ..Agreement::default()
            };
            let messages = at_the_edge(bits);
            let mut encoder = agreement.encoder();
            messages.iter().for_each(|message| drop(encoder.message(message)));
            assert_eq!(encoder.farthest, 1 << bits, "the test does not test what it should");
            run_well(agreement, everything(), move |peer| {
                exchange(peer, agreement, &messages, usize::MAX);
            });
        }
    }
}

#[test]
fn clients_matches_stay_within_its_window() {
    for bits in 9..=15 {
        for no_takeover in [false, true] {
            let agreement = Agreement {
                client_no_context_takeover: no_takeover,
                client_max_window_bits: Some(bits),
                ..Agreement::default()
            };
            let messages = [at_the_edge(bits), vec![json(20_000), json(5000)]].concat();
            run_well(agreement, everything(), move |peer| exchange(peer, agreement, &messages, usize::MAX));
        }
    }
}

/// The two tests above can fail: the decoder does not read what looks back past the window.
#[test]
fn decoder_notices_a_larger_window() {
    let [first, ..] = &at_the_edge(10)[..] else { unreachable!() };
    let payload = Encoder::new(10, true).message(first);
    assert_eq!(Decoder::new(10, true).message(&payload).as_ref(), Some(first));
    assert_ne!(Decoder::new(9, true).message(&payload).as_ref(), Some(first));
}

/// And that it forgets where nothing may be kept.
#[test]
fn decoder_notices_a_context_taken_over() {
    let message = noise(300, 1);
    let mut encoder = Encoder::new(15, true);
    let payloads = [encoder.message(&message), encoder.message(&message)];
    for (takeover, expected) in [(true, Some(&message)), (false, None)] {
        let mut decoder = Decoder::new(15, takeover);
        assert_eq!(decoder.message(&payloads[0]).as_ref(), Some(&message));
        let second = decoder.message(&payloads[1]);
        assert_eq!(second.as_ref() == Some(&message), expected.is_some());
    }
}

/// zlib has no window of 256 bytes, and a sender need not compress (RFC 7692, section 6).
#[test]
fn with_a_window_of_256_bytes_the_client_does_not_compress() {
    let agreement = Agreement { client_max_window_bits: Some(8), ..Agreement::default() };
    run_well(agreement, everything(), move |peer| {
        let (mut encoder, mut decoder) = (agreement.encoder(), agreement.decoder());
        for message in [json(100), json(5000)] {
            peer.send(&compressed(opcode::BINARY, encoder.message(&message)));
            assert_eq!(expect_echo(peer, &mut decoder, opcode::BINARY, &message).rsv, 0);
        }
    });
}

#[test]
fn clients_own_parameters_bind_it() {
    let offered = DeflateOptions {
        client_no_context_takeover: true,
        client_max_window_bits: Some(10),
        server_no_context_takeover: true,
        server_max_window_bits: Some(11),
        ..everything()
    };
    // A server may leave the client's two unanswered, and choose a smaller window than it was asked for.
    let agreement = Agreement {
        server_no_context_takeover: true,
        server_max_window_bits: Some(9),
        ..Agreement::default()
    };
    let messages = [at_the_edge(9), at_the_edge(10), vec![json(20_000), json(20_000)]].concat();
    run_well(agreement, offered, move |peer| {
        let promised =
            Agreement { client_no_context_takeover: true, client_max_window_bits: Some(10), ..agreement };
        exchange(peer, promised, &messages, usize::MAX);
    });
}

#[test]
fn every_combination() {
    let sizes = [16, 1000, 0, 20_000, 1001];
    for case in 0..64_u8 {
        let bits = |choice: u8| [None, Some(9), Some(12), Some(15)][usize::from(choice & 3)];
        let agreement = Agreement {
            server_no_context_takeover: case & 1 != 0,
            client_no_context_takeover: case & 2 != 0,
            server_max_window_bits: bits(case >> 2),
            client_max_window_bits: bits(case >> 4),
        };
        let fragment = [usize::MAX, 256, 7][usize::from(case % 3)];
        run_well(agreement, everything(), move |peer| {
            exchange(peer, agreement, &sizes.map(json), fragment);
        });
    }
}

#[test]
fn large_messages() {
    let agreement = Agreement::default();
    for (size, fragment) in [(131_072, usize::MAX), (65_536, 256), (262_144, 32_768)] {
        run_well(agreement, everything(), move |peer| {
            exchange(peer, agreement, &[json(size), noise(1000, 3), json(1000)], fragment);
        });
    }
    run_well(agreement, everything(), move |peer| {
        exchange(peer, agreement, &[noise(65_536, 3), noise(65_536, 3)], 4096);
    });
}
