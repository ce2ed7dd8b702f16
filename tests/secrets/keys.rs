//! Keys and certificates whose text is broken, each part of which is a mark.

use socket_task::options::{Identity, Sha256, certificates};

use crate::options::marked;
use crate::told::Told;

/// What becomes of PEM in environment variables, JSON, chat windows and clumsy hands.
const FAULTS: [(&str, &str); 16] = [
    ("\n", "n"),
    ("\n", "\n*"),
    ("\n", "\\\\n"),
    ("\n", "\u{2028}"),
    ("-", ""),
    ("-", "--"),
    ("-", " "),
    ("-----BEGIN", "-----BEGINS"),
    ("-----END", "-----"),
    ("-----END", "-----BEGIN"),
    ("BEGIN ", "BEGIN X"),
    ("BEGIN ", "BEGIN MII"),
    ("KEY", "CERTIFICATE"),
    ("CERTIFICATE", "PRIVATE KEY"),
    ("A", "!"),
    ("=", ""),
];

const FILES: [&str; 4] = [
    include_str!("../../src/options/tls/testdata/ec-pkcs8.key"),
    include_str!("../../src/options/tls/testdata/ec-sec1.key"),
    include_str!("../../src/options/tls/testdata/rsa-pkcs1.key"),
    include_str!("../../src/options/tls/testdata/encrypted.key"),
];

const CERTIFICATE: &str = include_str!("../../src/options/tls/testdata/ec.pem");

pub fn broken(told: &'static Told) {
    for text in FILES.iter().chain([&CERTIFICATE]) {
        mark(told, text);
    }
    for text in FILES.into_iter().chain([CERTIFICATE]) {
        for (from, to) in FAULTS {
            let other = text.replace(from, to);
            each_place(told, other.as_bytes());
            each_place(told, &other.as_bytes()[..other.len() / 2]);
        }
        each_place(told, text.as_bytes());
        each_place(told, &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    }
    let mut options = marked("wss://127.0.0.1:9/");
    options.tls.client_certificate =
        Some(Identity::new(CERTIFICATE.as_bytes(), FILES[0].as_bytes()).expect("a pair"));
    options.tls.ca_certificates = certificates(CERTIFICATE.as_bytes()).expect("a certificate");
    told.value(&options.tls);
    told.connect(options);
}

/// Searches for what stands in the lines of a key, as text and as the list of its bytes.
fn mark(told: &Told, text: &str) {
    for line in text.lines().filter(|line| line.len() >= 24 && !line.contains('-') && !line.contains(':')) {
        told.also(line[..12].to_owned());
        told.also(line[12..24].to_owned());
        told.also(line.bytes().take(5).map(|byte| byte.to_string()).collect::<Vec<_>>().join(", "));
    }
}

/// Gives it as a certificate, as a key, as an authority, and where a digest or a name belongs.
fn each_place(told: &Told, data: &[u8]) {
    for result in [Identity::new(CERTIFICATE.as_bytes(), data), Identity::new(data, FILES[0].as_bytes())] {
        match result {
            Ok(identity) => told.value(&identity),
            Err(refused) => told.refused::<()>(Err(refused)),
        }
    }
    match certificates(data) {
        // The certificates themselves are rustls' own type, which has nothing to hide in a certificate.
        Ok(certificates) => assert!(!certificates.is_empty()),
        Err(refused) => told.refused::<()>(Err(refused)),
    }
    let text = String::from_utf8_lossy(data);
    told.refused(Sha256::parse(&text));
    let mut options = marked("wss://127.0.0.1:9/");
    options.tls.server_name = Some(text.into_owned());
    told.refused(options.validate());
}
