use super::*;
use crate::error::ErrorCode;
use crate::wire::Fault;
use crate::wire::extensions::negotiate;

fn negotiated(options: &DeflateOptions, answer: &str) -> Negotiated {
    negotiate(Some(options), &[answer]).unwrap().unwrap()
}

fn default_inflater() -> Inflater {
    negotiated(&DeflateOptions::default(), NAME).inflater()
}

/// Decompresses all of a part.
fn push(inflater: &mut Inflater, mut part: &[u8], limit: usize) -> Result<(), Fault> {
    loop {
        part = &part[inflater.push(part, limit)?..];
        if part.is_empty() && !inflater.has_more() {
            return Ok(());
        }
    }
}

/// Decompresses a message given in parts of `size` bytes.
fn inflate(inflater: &mut Inflater, message: &[u8], size: usize, limit: usize) -> Result<Vec<u8>, Fault> {
    message.chunks(size).try_for_each(|part| push(inflater, part, limit))?;
    inflater.finish()?;
    let output = inflater.output().to_vec();
    inflater.clear();
    Ok(output)
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn offers() {
    let plain = DeflateOptions::default();
    assert_eq!(plain.offer(), "permessage-deflate; client_max_window_bits");
    let full = DeflateOptions {
        client_no_context_takeover: true,
        server_no_context_takeover: true,
        client_max_window_bits: Some(10),
        server_max_window_bits: Some(12),
        ..plain
    };
    assert_eq!(
        full.offer(),
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
         server_max_window_bits=12; client_max_window_bits=10"
    );
}

#[test]
fn answers_are_reported_as_they_are_meant() {
    let options = DeflateOptions::default();
    for (answer, reported) in [
        ("permessage-deflate", "permessage-deflate"),
        (
            "permessage-deflate;client_max_window_bits=\"10\";server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
        ),
        (
            "permessage-deflate; server_max_window_bits=8; client_no_context_takeover",
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=8",
        ),
    ] {
        assert_eq!(negotiated(&options, answer).to_string(), reported);
    }
}

#[test]
fn answers_that_fail() {
    let options = DeflateOptions::default();
    for parameters in [
        "unknown",
        "unknown=1",
        "server_no_context_takeover; server_no_context_takeover",
        "client_no_context_takeover; client_no_context_takeover",
        "server_max_window_bits=10; server_max_window_bits=10",
        "client_max_window_bits=10; client_max_window_bits=11",
        "server_no_context_takeover=1",
        "client_no_context_takeover=true",
        "server_max_window_bits",
        "client_max_window_bits",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "client_max_window_bits=08",
        "client_max_window_bits=+9",
        "client_max_window_bits=a",
        "Server_Max_Window_Bits",
    ] {
        let answer = format!("permessage-deflate; {parameters}");
        assert!(negotiate(Some(&options), &[&answer]).is_err(), "{answer}");
    }
}

#[test]
fn requests_that_the_server_must_repeat() {
    let options = DeflateOptions { server_no_context_takeover: true, ..DeflateOptions::default() };
    assert!(negotiate(Some(&options), &["permessage-deflate"]).is_err());
    assert!(negotiate(Some(&options), &["permessage-deflate; server_no_context_takeover"]).is_ok());
    let options = DeflateOptions { server_max_window_bits: Some(11), ..DeflateOptions::default() };
    assert!(negotiate(Some(&options), &["permessage-deflate"]).is_err());
    assert!(negotiate(Some(&options), &["permessage-deflate; server_max_window_bits=12"]).is_err());
    assert!(negotiate(Some(&options), &["permessage-deflate; server_max_window_bits=11"]).is_ok());
    assert!(negotiate(Some(&options), &["permessage-deflate; server_max_window_bits=8"]).is_ok());
}

/// RFC 7692, section 7.2.3.
#[test]
fn examples_of_the_standard() {
    for (message, text) in [
        (&b"\xF2\x48\xCD\xC9\xC9\x07\x00"[..], "Hello"), // one block
        (b"\x00\x05\x00\xFA\xFFHello\x00", "Hello"),     // a block without compression
        (b"\xF3\x48\xCD\xC9\xC9\x07\x00\x00", "Hello"),  // a final block
        (b"\xF2\x48\x05\x00\x00\x00\xFF\xFF\xCA\xC9\xC9\x07\x00", "Hello"), // two blocks
        (b"\x00", ""),
    ] {
        for size in 1..=message.len() {
            assert_eq!(inflate(&mut default_inflater(), message, size, 5).unwrap(), text.as_bytes());
        }
    }
    let mut inflater = default_inflater();
    assert_eq!(inflate(&mut inflater, b"\xF2\x48\xCD\xC9\xC9\x07\x00", 7, 5).unwrap(), b"Hello");
    assert_eq!(inflate(&mut inflater, b"\xF2\x00\x11\x00\x00", 5, 5).unwrap(), b"Hello", "from the window");
}

#[test]
fn messages_without_any_byte_are_empty() {
    let mut inflater = default_inflater();
    for _ in 0..2 {
        assert_eq!(inflate(&mut inflater, b"", 1, 5).unwrap(), b"");
        assert_eq!(inflate(&mut inflater, b"\xF2\x48\xCD\xC9\xC9\x07\x00", 7, 5).unwrap(), b"Hello");
    }
}

#[test]
fn final_blocks_anywhere() {
    let hello = b"\xF3\x48\xCD\xC9\xC9\x07\x00";
    for bits in [9, 15] {
        let mut inflater = Inflater::new(bits, true);
        for _ in 0..3 {
            // At the very end, in the middle, and before a message that goes on without one.
            assert_eq!(inflate(&mut inflater, hello, 7, 100).unwrap(), b"Hello");
            let twice = [&hello[..], hello, b"\x00"].concat();
            assert_eq!(inflate(&mut inflater, &twice, 3, 100).unwrap(), b"HelloHello");
            let plain = b"\xF2\x48\xCD\xC9\xC9\x07\x00";
            assert_eq!(inflate(&mut inflater, plain, 7, 100).unwrap(), b"Hello");
        }
    }
}

#[test]
fn messages_that_do_not_decompress() {
    let hello = b"\xF2\x48\xCD\xC9\xC9\x07\x00";
    for message in [
        &b"\x07"[..],                            // a block type that does not exist
        b"\x00\x05\x00\xFA\xFEHello\x00",        // length and its complement disagree
        &[&hello[..], b"\xFF\xFF\xFF"].concat(), // followed by garbage
        &[&hello[..], b"\x00"].concat(),         // followed by a byte too many
        b"\xF3\x48\xCD\xC9\xC9\x07\x00\xFF",     // garbage after the final block
        b"\x00\x05\x00\xFA\xFFHel",              // cut in a block without compression
        &hello[..4],                             // cut in a compressed block
        b"\xF2\x00\x11\x00\x00",                 // refers to what was never sent
    ] {
        for size in [1, 2, 100] {
            let fault = inflate(&mut default_inflater(), message, size, 1000).unwrap_err();
            assert_eq!((fault.close_code, fault.code), (1007, ErrorCode::BadCompression), "{message:02x?}");
        }
    }
}

/// Two messages of CPython's zlib with a window of 512 bytes and context takeover.
#[test]
fn small_windows_of_another_implementation() {
    let text: String = (0..60)
        .map(|i| format!("{{\"id\":{i},\"name\":\"item {}\",\"ok\":{}}},", i * 7, i % 3 != 0))
        .collect();
    let first = unhex(
        "6ccd4b4a43511045d1a9c86ba751df5b55998d6004f1071a5bc1b90b22c23d9cfe62efdbf1f4709ce574bcddbf5e8ef3f174 \
         bdbcdec9713ade9f8ff3e3fdcbe7e5fb74fb35ba9bfa33d78faf7f623bd120c67763ca5e01a8492877e349ccda4d189b15a0 \
         21a1de4d2e626637cbd94c655725a4a40aa818b21d75d09fef6a94a5025033943b52493a5cc0d458ac500d530dca165d0e30 \
         7712330115c294a22ab6340396c1620e6a295381aae9328155b2d802d5c654a11aba6c60b3586c7665e244b98052614b5764 \
         c56206ca822907e54a9781ac592c414532b540a5d165211b166b506b3135a0cad93204580b8985a22aa60cd4045dface5c94 \
         c502553395a034e972013363b142354c35285f7439c0c2492c05540a538aaad8320dd80a167350a54c05aaa6cb04d6c9620b \
         d41853856ae8b27716b2586c40a96fea07",
    );
    let second = unhex(
        "6ccfb90d00310c03c196acdfeebfb10b2e12b1f9800bfeea6c74a867db0cccf8269660621b376aa5a04bcfb68902d3dba453 \
         6c043d18badb548379db7450ccce567360c94cd010f28d6e622fb67a465329e812aa8dec14065b98398d8daa47ea8af2c6e4 \
         131601637e44e52165aa8692eec22a692c44b5914a551793256c8ac65ad47552a3ea61f20a7b4d636f2b3f012a8e283b940c \
         533634e6a23c4985a8304ca6b24b63252a8b548b2ac7e4287b34764575937aa226289947d83d3096a66a48b9a897988ccde2 \
         188da5aa4baa445961b285b9d3d8a87aa4aea8684c3e6119305647541d52a66a28592eac93c642d418a954753159c26ed158 \
         8b7a4e6a543d4cdecdf2348d3d51164b7d00",
    );
    for size in [1, 10, 1000] {
        let answer = "permessage-deflate; server_max_window_bits=9";
        let mut inflater = negotiated(&DeflateOptions::default(), answer).inflater();
        assert_eq!(inflate(&mut inflater, &first, size, text.len()).unwrap(), text.as_bytes());
        assert_eq!(inflate(&mut inflater, &second, size, text.len()).unwrap(), text.as_bytes());
    }
}

#[test]
fn limit_of_the_decompressed_message() {
    let mut deflater = Deflater::new(15, false, 9, 0);
    let message = vec![0; 100_000];
    let compressed = deflater.compress(&message).unwrap().to_vec();
    assert!(compressed.len() < 500);
    for size in [1, 50, 1000] {
        for limit in [0, 1, 1000, 1024, 65_536, 99_999] {
            let mut inflater = default_inflater();
            let fault = inflate(&mut inflater, &compressed, size, limit).unwrap_err();
            assert_eq!((fault.close_code, fault.code), (1009, ErrorCode::MessageTooBig));
            assert!(inflater.footprint().1 <= limit.max(1024));
        }
        assert_eq!(inflate(&mut default_inflater(), &compressed, size, 100_000).unwrap(), message);
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let mut deflater = Deflater::new(15, true, 9, 0);
    let zeros = vec![0; 1 << 20];
    let mut inflater = default_inflater();
    let limit = 3_000_000;
    let fault = (0..1024).find_map(|_| {
        let compressed = deflater.compress(&zeros).unwrap();
        let block = [compressed, &TAIL].concat();
        let result = push(&mut inflater, &block, limit);
        assert!(inflater.footprint().1 <= limit);
        result.err()
    });
    assert_eq!(fault.unwrap().close_code, 1009);
}

#[test]
fn round_trips() {
    let text = "a sentence that is repeated, ".repeat(300);
    let mixed = [&noise(500)[..], text.as_bytes(), &noise(70)].concat();
    for client_bits in 9..=15 {
        for takeover in [true, false] {
            for level in 1..=9 {
                let mut deflater = Deflater::new(client_bits, takeover, level, 0);
                let mut inflater = Inflater::new(client_bits, takeover);
                for message in [text.as_bytes(), &mixed, &text.as_bytes()[..100], &mixed] {
                    let compressed = deflater.compress(message).expect("it is smaller").to_vec();
                    deflater.clear();
                    assert!(compressed.len() < message.len());
                    assert_eq!(inflate(&mut inflater, &compressed, 7, message.len()).unwrap(), message);
                    assert_eq!(inflater.footprint().0, takeover);
                    assert_eq!(deflater.footprint().0, takeover);
                }
            }
        }
    }
}

#[test]
fn our_window_is_as_small_as_agreed() {
    // Only a window of more than 4 KiB reaches back to the first copy.
    let twice = noise(4096).repeat(2);
    let size = |options: &DeflateOptions, answer: &str| {
        negotiated(options, answer).deflater().compress(&twice).map_or(twice.len(), <[u8]>::len)
    };
    let free = DeflateOptions::default();
    let own = |bits| DeflateOptions { client_max_window_bits: Some(bits), ..DeflateOptions::default() };
    assert!(size(&free, NAME) < 5000);
    for bits in 8..=12 {
        let answer = format!("permessage-deflate; client_max_window_bits={bits}");
        assert!(size(&free, &answer) > 8000, "the server's wish, {bits}");
        assert!(size(&own(15), &answer) > 8000);
        assert!(size(&own(bits), NAME) > 8000, "our own, without an answer");
        assert!(size(&own(bits), "permessage-deflate; client_max_window_bits=15") > 8000);
    }
    assert!(size(&own(14), "permessage-deflate; client_max_window_bits=13") < 5000);
}

#[test]
fn context_takeover_as_agreed() {
    let message = [&noise(2000)[..], b"and a little that compresses ".repeat(20).as_slice()].concat();
    let second_size = |options: &DeflateOptions, answer: &str| {
        let mut deflater = negotiated(options, answer).deflater();
        deflater.compress(&message).unwrap();
        deflater.clear();
        deflater.compress(&message).unwrap().len()
    };
    let takeover = DeflateOptions::default();
    let none = DeflateOptions { client_no_context_takeover: true, ..DeflateOptions::default() };
    assert!(second_size(&takeover, NAME) < 300);
    assert!(second_size(&takeover, "permessage-deflate; client_no_context_takeover") > 2000);
    assert!(second_size(&none, NAME) > 2000, "an announcement binds without an answer");
}

#[test]
fn what_does_not_shrink_is_sent_as_it_is() {
    for takeover in [true, false] {
        let mut deflater = Deflater::new(15, takeover, 6, 0);
        let mut inflater = Inflater::new(15, takeover);
        let text = "shrinks ".repeat(100);
        for unsent in noise(200_000).chunks(100_000) {
            assert_eq!(deflater.compress(unsent).map(<[u8]>::len), None);
            assert_eq!(deflater.compress(b""), None);
            assert_eq!(deflater.compress(b"x"), None);
            // What was not sent must not be referred to.
            let sent = [&unsent[..90], text.as_bytes()].concat();
            let compressed = deflater.compress(&sent).unwrap().to_vec();
            deflater.clear();
            assert_eq!(inflate(&mut inflater, &compressed, 100, 10_000).unwrap(), sent);
        }
        assert!(deflater.footprint().1 <= 16 << 10);
    }
}

#[test]
fn what_is_not_to_be_compressed() {
    let text = "shrinks ".repeat(100);
    assert_eq!(Deflater::new(15, true, 6, 801).compress(text.as_bytes()), None, "the threshold");
    assert_eq!(Deflater::new(15, true, 0, 0).compress(text.as_bytes()), None, "level 0");
    assert_eq!(Deflater::new(8, true, 6, 0).compress(text.as_bytes()), None, "a window that zlib has not");
    assert!(Deflater::new(15, true, 6, 800).compress(text.as_bytes()).is_some());
}
