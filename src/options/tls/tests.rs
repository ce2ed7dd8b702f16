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
