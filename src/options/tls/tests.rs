//! Certificates and identities, good and bad.

use socket_task_testing::certificates::Authority;

use super::*;

#[test]
fn refuses_identities_that_are_not_valid() {
    let message = |certificate: &[u8], key: &[u8]| match Identity::new(certificate, key) {
        Err(Refused::InvalidArgument(message)) => message,
        other => panic!("{other:?}"),
    };
    let (ec, key) = (include_bytes!("testdata/ec.pem"), include_bytes!("testdata/ec-sec1.key"));
    assert!(message(ec, include_bytes!("testdata/encrypted.key")).contains("is encrypted"));
    assert!(
        message(ec, include_bytes!("testdata/rsa-pkcs8.key")).contains("does not belong to its certificate")
    );
    assert!(message(ec, b"no key").contains("private key is not valid"));
    assert!(message(ec, ec).contains("private key is not valid"));
    assert!(message(b"", key).contains("certificate is not valid"));
    assert!(!format!("{:?}", Identity::new(ec, key)).contains("PRIVATE"));
}

/// In any spelling: the words of the reader of PEM have the text in them as a list of numbers.
#[test]
fn no_part_of_a_key_is_in_a_text() {
    let (ec, key) = (include_bytes!("testdata/ec.pem"), include_str!("testdata/ec-sec1.key"));
    let one_line = key.replace('\n', "n");
    let no_end = key.replace("-----END EC", "-----END RSA");
    let short_begin = key.replacen("KEY-----", "KEY----", 1);
    let no_base64 = key.replace("MHcC", "MH*C");
    let certificate = key.replace("EC PRIVATE KEY", "CERTIFICATE");
    for broken in [&one_line, &no_end, &short_begin, &no_base64, &certificate] {
        for refused in [
            Identity::new(ec, broken.as_bytes()).unwrap_err(),
            Identity::new(broken.as_bytes(), key.as_bytes()).unwrap_err(),
            certificates(broken.as_bytes()).unwrap_err(),
            Sha256::parse(broken).unwrap_err(),
            check::server_name(broken).unwrap_err(),
        ] {
            let text = refused.to_string();
            assert!(text.len() < 160, "{text}");
            for part in ["MH", "77, 72", "4d48", "KEY-"] {
                assert!(!text.contains(part), "{text}");
            }
        }
    }
}

#[test]
fn reads_certificates_in_pem_and_der() {
    let authority = Authority::new("authority");
    let two = format!("a comment\r\n{}\n{}", authority.pem().replace('\n', "\r\n"), authority.pem());
    assert_eq!(certificates(two.as_bytes()), Ok(vec![authority.der(), authority.der()]));
    assert_eq!(certificates(&authority.der()), Ok(vec![authority.der()]));
    let key = include_bytes!("testdata/ec-sec1.key");
    let broken = authority.pem().replace("MII", "AAA");
    for wrong in [&b""[..], b"text", key, broken.as_bytes(), b"-----BEGIN CERTIFICATE-----\n????"] {
        assert!(matches!(certificates(wrong), Err(Refused::InvalidArgument(_))), "{}", wrong.escape_ascii());
    }
}
