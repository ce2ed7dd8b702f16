//! The fuzz targets without a fuzzer: with their seeds, and with a bounded number of random inputs.

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, missing_docs)]
mod targets;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn run(name: &str, target: fn(&[u8]), cases: u32, inputs: impl Strategy<Value = Vec<u8>>) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut count = 0;
    for seed in std::fs::read_dir(&seeds).unwrap() {
        target(&std::fs::read(seed.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "no seeds in {}", seeds.display());
    // The same inputs each time: exploring is the fuzzer's part.
    let rng_seed = RngSeed::Fixed(7692);
    let config = ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(input in inputs)| target(&input));
}

/// Bytes among which those that mean something are frequent.
fn bytes(meaningful: &'static [u8], most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![2 => prop::sample::select(meaningful), 1 => any::<u8>()], 0..most)
}

#[test]
fn frame_reader() {
    const MEANINGFUL: &[u8] =
        &[0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0xC2, 1, 2, 3, 126, 127];
    run("frame_reader", targets::frame_reader, 2000, bytes(MEANINGFUL, 200));
}

#[test]
fn assembler() {
    run("assembler", targets::assembler, 500, prop::collection::vec(any::<u8>(), 0..3000));
}

#[test]
fn inflate() {
    const MEANINGFUL: &[u8] = &[0x00, 0xFF, 0xF2, 0x48, 0xCD, 0xC9, 0x07, 0x01, b'a'];
    run("inflate", targets::inflate, 500, bytes(MEANINGFUL, 300));
}

#[test]
fn extensions() {
    const PIECES: &[&str] = &[
        "permessage-deflate",
        "server_no_context_takeover",
        "client_no_context_takeover",
        "server_max_window_bits",
        "client_max_window_bits",
        ";",
        ",",
        "=",
        "\"",
        " ",
        "8",
        "15",
        "10",
        "x",
        "\u{E9}",
    ];
    let value = prop::collection::vec(prop::sample::select(PIECES), 0..12);
    let inputs = (any::<u8>(), value).prop_map(|(choice, value)| {
        let mut input = vec![choice];
        input.extend(b"permessage-deflate");
        input.truncate(if choice % 2 == 0 { 1 } else { input.len() });
        input.extend(value.concat().bytes());
        input
    });
    run("extensions", targets::extensions, 2000, inputs);
}

#[test]
fn url() {
    const MEANINGFUL: &[u8] = b"ws:/\\@?#%[].0x1a:8 \t\xc3\xa9";
    run("url", targets::url, 3000, bytes(MEANINGFUL, 60).prop_map(|rest| [b"ws:", rest.as_slice()].concat()));
}

#[test]
fn proxy_url() {
    const MEANINGFUL: &[u8] = b"htpsock5:/@[].%41:8";
    run("proxy_url", targets::proxy_url, 2000, bytes(MEANINGFUL, 60));
}

#[test]
fn certificates_and_keys() {
    const MEANINGFUL: &[u8] = b"\x30\x82\x03\x02\x01-----BEGIN CERTIFICATE-----\nAAA=";
    run("certificates_and_keys", targets::certificates_and_keys, 2000, bytes(MEANINGFUL, 300));
}

#[test]
fn server_says() {
    const MEANINGFUL: &[u8] =
        b"\x00\x01\x02\x03\x04\x05HTTP/1.1 101 200 \r\n\r\n: \x05\x00\x81\x82\x88\x02\x03\xe8";
    run("server_says", targets::server_says, 300, bytes(MEANINGFUL, 150));
}
