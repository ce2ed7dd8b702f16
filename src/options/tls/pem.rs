//! PEM (RFC 7468) as people have it: from files of every system, environment variables, JSON and chat windows.

use rustls::pki_types::pem::PemObject;

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// The labels that messages may repeat. Any other text behind BEGIN may be part of a key.
const LABELS: [&str; 10] = [
    "CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "CERTIFICATE REQUEST",
    "PUBLIC KEY",
    "PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "RSA PRIVATE KEY",
    "EC PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PKCS7",
];

/// Reads each `T` of `data`. `None`: this is no PEM.
///
/// Read where it can only mean one thing: a byte order mark, UTF-16, any kind of line break (also written as `\n`, as in
/// environment variables, or lost), blanks, and text around the sections.
///
/// # Errors
/// What is wrong with the text, without any of it: that may be a key.
pub(super) fn read<T: PemObject>(data: &[u8]) -> Option<Result<Vec<T>, String>> {
    let text = plain(data);
    find(&text, BEGIN)?;
    Some(canonical(&text).and_then(|canonical| {
        let items: Result<Vec<T>, _> = T::pem_slice_iter(&canonical).collect();
        match items {
            Ok(items) if items.is_empty() => Err(other_labels(&canonical)),
            Ok(items) => Ok(items),
            Err(_) => Err("what its PEM text holds between BEGIN and END is not Base64".to_owned()),
        }
    }))
}

/// What `data`, in which there is no PEM, seems to be, if it is text.
pub(super) fn what_else(data: &[u8]) -> Option<String> {
    let text = plain(data);
    let text = std::str::from_utf8(&text).ok()?.trim();
    if !text.chars().all(|c| c == '\n' || c == '\r' || c == '\t' || !c.is_control()) {
        return None;
    }
    let lines = text.lines().count();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n ".contains(&byte);
    Some(if text.is_empty() {
        "it is empty".to_owned()
    } else if text.len() >= 100 && text.bytes().all(is_base64) {
        format!("its {lines} lines look like Base64, but the lines BEGIN and END of PEM are missing")
    } else if lines == 1 && (text.contains(['/', '\\']) || text.ends_with(".pem") || text.ends_with(".crt")) {
        "it looks like the name of a file; give what the file holds".to_owned()
    } else {
        format!(
            "it is a text of {} bytes and no PEM: there is no line that begins with -----BEGIN",
            text.len()
        )
    })
}

/// As ASCII with line feeds: without the byte order mark, without UTF-16, and with `\n` for what stands for it.
fn plain(data: &[u8]) -> Vec<u8> {
    let units = |of: fn([u8; 2]) -> u16| {
        let units = data[2..].chunks_exact(2).map(|pair| of([pair[0], pair[1]]));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    let text = match data {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes).into_bytes(),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes).into_bytes(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest.to_vec(),
        _ => data.to_vec(),
    };
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text.as_slice();
    while let [first, more @ ..] = rest {
        (rest, _) = match (first, more) {
            // A backslash is neither Base64 nor part of a label.
            (b'\\', [b'n' | b'r', more @ ..]) => (more, plain.push(b'\n')),
            (byte, more) => (more, plain.push(*byte)),
        };
    }
    plain
}

/// The sections alone, each line of them where it belongs.
fn canonical(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut canonical = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = find(rest, BEGIN) {
        let label_on = &rest[begin + BEGIN.len()..];
        let label = match find(label_on, DASHES) {
            Some(length) if !label_on[..length].contains(&b'\n') => &label_on[..length],
            _ => return Err("a BEGIN line of its PEM text does not end with -----".to_owned()),
        };
        let body_on = &label_on[label.len() + DASHES.len()..];
        let end_line = [b"-----END ", label, DASHES].concat();
        let body = match find(body_on, &end_line) {
            Some(length) if find(&body_on[..length], BEGIN).is_none() => &body_on[..length],
            _ => return Err("its PEM text has no END line for the BEGIN line".to_owned()),
        };
        canonical.extend([BEGIN, label, DASHES, b"\n"].concat());
        canonical.extend(body.iter().filter(|byte| !byte.is_ascii_whitespace() || **byte == b'\n'));
        canonical.extend([b"\n", end_line.as_slice(), b"\n"].concat());
        rest = &body_on[body.len() + end_line.len()..];
    }
    Ok(canonical)
}

/// Which sections there are instead of those that were looked for.
fn other_labels(canonical: &[u8]) -> String {
    let has = |label: &&str| find(canonical, format!("-----BEGIN {label}-----").as_bytes()).is_some();
    match LABELS.iter().filter(|label| has(label)).copied().collect::<Vec<_>>().join(", ") {
        labels if labels.is_empty() => "its PEM text holds none".to_owned(),
        labels => format!("its PEM text holds {labels} and none"),
    }
}

fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len()).position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;

    use super::*;

    const PEM: &str = include_str!("testdata/ec.pem");

    fn certificates(data: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
        read(data).expect("PEM")
    }

    #[test]
    fn reads_every_unambiguous_spelling() {
        let expected = certificates(PEM.as_bytes()).unwrap();
        assert_eq!(expected.len(), 1);
        let utf16 = |of: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(PEM.encode_utf16().flat_map(of)).collect()
        };
        let spellings: Vec<Vec<u8>> = vec![
            format!("\u{feff}{PEM}").into(),
            PEM.replace('\n', "\r\n").into(),
            PEM.replace('\n', "\r").into(),
            PEM.replace('\n', "\\n").into(),
            PEM.replace('\n', "\\r\\n").into(),
            PEM.replace('\n', "").into(),
            PEM.replace('\n', " ").into(),
            PEM.replace('\n', " \n\t ").into(),
            PEM.trim_end().into(),
            format!("subject=/CN=x\nissuer=/CN=y\n  {PEM}\n\nthe end").into(),
            format!("\"{}\"", PEM.replace('\n', "\\n")).into(),
            utf16(u16::to_le_bytes, [0xFF, 0xFE]),
            utf16(u16::to_be_bytes, [0xFE, 0xFF]),
        ];
        for spelling in spellings {
            assert_eq!(certificates(&spelling), Ok(expected.clone()), "{}", spelling.escape_ascii());
        }
        let key = include_str!("testdata/ec-sec1.key");
        let bundle = format!("{key}{PEM}{}{PEM}", include_str!("testdata/rsa-pkcs8.key"));
        assert_eq!(
            certificates(bundle.as_bytes()).unwrap().len(),
            2,
            "keys among certificates are passed over"
        );
    }

    #[test]
    fn tells_what_is_wrong_and_none_of_the_text() {
        let key = include_str!("testdata/ec-pkcs8.key");
        let body = key.lines().nth(1).unwrap();
        for (text, expected) in [
            (key.to_owned(), "holds PRIVATE KEY and none"),
            (key.replace("-----END", "END"), "no END line"),
            (key.replace("KEY-----\nM", "KEY\nM"), "does not end with -----"),
            (PEM.replace('\n', "n"), "not Base64"),
            (key.replace('\n', "*").replace("PRIVATE KEY", "CERTIFICATE"), "not Base64"),
            (format!("-----BEGIN {body}-----\n-----END {body}-----"), "holds none"),
            (format!("{PEM}{}", &PEM[..PEM.len() / 2]), "no END line"),
        ] {
            let fault = certificates(text.as_bytes()).unwrap_err();
            assert!(fault.contains(expected), "{fault}");
            assert!(body.as_bytes().windows(4).all(|part| find(fault.as_bytes(), part).is_none()), "{fault}");
        }
    }

    #[test]
    fn tells_what_a_text_without_pem_seems_to_be() {
        let body: String =
            PEM.lines().filter(|line| !line.contains("-----")).flat_map(|line| [line, "\n"]).collect();
        let lines = body.lines().count();
        for (text, expected) in [
            ("", "it is empty".to_owned()),
            (" \r\n", "it is empty".to_owned()),
            ("abc", "it is a text of 3 bytes and no PEM".to_owned()),
            ("/etc/ssl/ca.pem", "looks like the name of a file".to_owned()),
            ("ca.crt", "looks like the name of a file".to_owned()),
            (&body, format!("its {lines} lines look like Base64")),
        ] {
            assert!(read::<CertificateDer<'_>>(text.as_bytes()).is_none(), "{text}");
            assert!(what_else(text.as_bytes()).unwrap().contains(&expected), "{text}");
        }
        assert_eq!(what_else(&[0x30, 0x82, 1, 0]), None);
    }
}
