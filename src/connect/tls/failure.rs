//! TLS failures in words for people.

use std::fmt;
use std::io;
use std::net::IpAddr;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError, InvalidMessage, OtherError};

use super::signature::Unverifiable;
use super::verifier::{PinMismatch, is_ca_used_as_end_entity};
use crate::error::{Error, ErrorCode, Phase};

/// What is supported, for those to whom it is not enough.
const SUPPORTED: &str =
    "TLS 1.3, and TLS 1.2 with ECDHE and AES-GCM or ChaCha20-Poly1305; keys RSA, P-256, P-384 and Ed25519";

/// A failure of the TLS layer, in words.
#[derive(Debug)]
struct Failed(TlsError);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            TlsError::InvalidCertificate(certificate) => {
                let (_, reason) = of_certificate(certificate, &self.0);
                write!(f, "the server's certificate is not acceptable: {reason}")
            }
            error => f.write_str(&reason(error)),
        }
    }
}

impl std::error::Error for Failed {}

/// Puts an error that may be of the TLS layer into words, once the handshake is over.
pub(crate) fn in_words(error: io::Error) -> io::Error {
    match error.downcast::<TlsError>() {
        Ok(error) => io::Error::new(io::ErrorKind::InvalidData, Failed(error)),
        // With a page to read about it.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => io::ErrorKind::UnexpectedEof.into(),
        Err(error) => error,
    }
}

/// The error of a TLS handshake with the server `host`.
pub(super) fn of_handshake(error: &io::Error, host: &str) -> Error {
    if let Some(error) = of_tls(error, host) {
        return error;
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        let message = format!("{host} closed the connection during the TLS handshake");
        return Error::new(Phase::Tls, ErrorCode::ConnectionEnded, message);
    }
    Error::from_io(Phase::Tls, error, format_args!("the TLS handshake with {host} failed"))
}

/// The error of the TLS layer itself, if it is one.
pub(super) fn of_tls(error: &io::Error, host: &str) -> Option<Error> {
    let error = error.get_ref()?;
    let error =
        error.downcast_ref::<TlsError>().or_else(|| error.downcast_ref().map(|Failed(error)| error))?;
    Some(match error {
        // The certificate's own is told otherwise; see the verifier.
        TlsError::InvalidCertificate(certificate) if *certificate != CertificateError::BadSignature => {
            let (code, reason) = of_certificate(certificate, error);
            let message = format!("the certificate of {host} is not acceptable: {reason}");
            Error::new(Phase::Tls, code, message)
        }
        error => {
            let message = format!("the TLS handshake with {host} failed: {}", reason(error));
            Error::new(Phase::Tls, ErrorCode::TlsFailed, message)
        }
    })
}

/// In words of our own: those of the TLS layer are names of its types.
pub(super) fn reason(error: &TlsError) -> String {
    match error {
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server's answer is not TLS; is this the port of a ws:// server?"
        }
        TlsError::InvalidMessage(_) | TlsError::PeerSentOversizedRecord => "the server's answer is not valid TLS",
        TlsError::InappropriateMessage { .. }
        | TlsError::InappropriateHandshakeMessage { .. }
        | TlsError::PeerMisbehaved(_) => "the server does not keep to the TLS protocol",
        TlsError::PeerIncompatible(_) => {
            return format!(
                "the server has no version or cipher suite of TLS that can be used; those supported are {SUPPORTED}"
            );
        }
        TlsError::AlertReceived(alert) => return of_alert(*alert),
        TlsError::InvalidCertificate(CertificateError::BadSignature) => {
            "the server's signature in the handshake is not of the key in its certificate"
        }
        TlsError::NoCertificatesPresented => "the server has sent no certificate",
        TlsError::DecryptError => "data from the server was changed on the way or encrypted with another key",
        TlsError::NoApplicationProtocol => "the server does not speak HTTP/1.1",
        TlsError::FailedToGetCurrentTime => "the system does not tell the time",
        TlsError::FailedToGetRandomBytes => "the system gives no random numbers",
        TlsError::Other(OtherError(other)) if other.is::<Unverifiable>() => return other.to_string(),
        // Platforms' verifiers tell so that they could not work at all.
        TlsError::General(reason) => return reason.clone(),
        _ => "the TLS layer cannot go on",
    }
    .to_owned()
}

fn of_alert(alert: AlertDescription) -> String {
    let name = alert.as_str().map_or_else(|| format!("{}", u8::from(alert)), name_in_the_standard);
    let meaning = match alert {
        AlertDescription::CertificateRequired => ": it wants a client certificate",
        AlertDescription::UnknownCA
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown => ": it does not accept the client certificate",
        AlertDescription::ProtocolVersion => ": it supports neither of the TLS versions allowed here",
        AlertDescription::UnrecognisedName => ": it does not know this host name",
        AlertDescription::NoRenegotiation => ": renegotiation is not supported",
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            return format!(
                "the server sent the alert {name}: it wants a client certificate, or supports nothing of {SUPPORTED}"
            );
        }
        _ => "",
    };
    format!("the server sent the alert {name}{meaning}")
}

/// `handshake_failure` for `HandshakeFailure`: as RFC 8446, section 6, writes it.
fn name_in_the_standard(name: &str) -> String {
    let mut written = String::new();
    let mut last_is_lower = false;
    for letter in name.replace("ecognised", "ecognized").replace("PSK", "Psk").chars() {
        if letter.is_ascii_uppercase() && last_is_lower {
            written.push('_');
        }
        last_is_lower = letter.is_ascii_lowercase();
        written.push(letter.to_ascii_lowercase());
    }
    written
}

fn of_certificate(certificate: &CertificateError, error: &TlsError) -> (ErrorCode, String) {
    let invalid = |reason: &str| (ErrorCode::CertificateInvalid, reason.to_owned());
    match certificate {
        CertificateError::Expired => (ErrorCode::CertificateExpired, "it has expired".to_owned()),
        CertificateError::ExpiredContext { time, not_after } => (
            ErrorCode::CertificateExpired,
            format!("it expired on {}; this device's clock says {}", date(*not_after), date(*time)),
        ),
        CertificateError::NotValidYet => {
            (ErrorCode::CertificateNotYetValid, "it is not valid yet".to_owned())
        }
        CertificateError::NotValidYetContext { time, not_before } => (
            ErrorCode::CertificateNotYetValid,
            format!("it is not valid before {}; this device's clock says {}", date(*not_before), date(*time)),
        ),
        CertificateError::NotValidForName => {
            (ErrorCode::CertificateWrongHost, "it is for another host".to_owned())
        }
        CertificateError::NotValidForNameContext { presented, .. } => (
            ErrorCode::CertificateWrongHost,
            match presented.iter().map(|name| plain_name(name)).collect::<Vec<_>>().join(", ") {
                names if names.is_empty() => "it is valid for no host name".to_owned(),
                names => format!("it is valid for {names}"),
            },
        ),
        CertificateError::UnknownIssuer => (
            ErrorCode::CertificateUnknownIssuer,
            format!("no trusted authority has issued it; {HOW_TO_TRUST}"),
        ),
        _ if is_ca_used_as_end_entity(error) => (
            ErrorCode::CertificateUnknownIssuer,
            format!(
                "it is the certificate of an authority or self-signed, and not among the trusted ones; {HOW_TO_TRUST}"
            ),
        ),
        CertificateError::Revoked => (ErrorCode::CertificateRevoked, "it was revoked".to_owned()),
        CertificateError::BadEncoding => invalid("it cannot be read"),
        CertificateError::BadSignature => invalid("its signature is not valid"),
        CertificateError::UnhandledCriticalExtension => {
            invalid("it has a critical extension that is not known here")
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => invalid(
            "it or one of its authorities is signed in a way that cannot be verified here; with RSA (2048 to 8192 bits), \
             P-256, P-384 and Ed25519 it can",
        ),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            invalid("it is not meant for servers")
        }
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. }
        | CertificateError::InvalidOcspResponse => invalid("whether it was revoked cannot be found out"),
        CertificateError::Other(OtherError(other)) if other.is::<PinMismatch>() => {
            (ErrorCode::PinMismatch, other.to_string())
        }
        CertificateError::Other(OtherError(other)) => invalid(
            &other.downcast_ref().map_or_else(|| other.to_string(), |error| of_path(error).to_owned()),
        ),
        _ => invalid("the platform does not accept it"),
    }
}

const HOW_TO_TRUST: &str =
    "the TLS options can name its authority as trusted, or the certificate as accepted by its fingerprint";

/// What the path builder tells by the names of its variants.
fn of_path(error: &webpki::Error) -> &'static str {
    match error {
        webpki::Error::UnsupportedCertVersion => "it is not of version 3 of X.509",
        webpki::Error::EndEntityUsedAsCa => "the certificate that issued it is not of an authority",
        webpki::Error::NameConstraintViolation => "its authority may not issue certificates for this host",
        webpki::Error::PathLenConstraintViolated => {
            "there are more authorities between it and the root than allowed"
        }
        webpki::Error::MaximumPathDepthExceeded
        | webpki::Error::MaximumPathBuildCallsExceeded
        | webpki::Error::MaximumSignatureChecksExceeded => "the way to its root is too long to be followed",
        _ => "it does not keep to the rules for certificates (RFC 5280)",
    }
}

/// A name as the certificate has it, without the words that the path builder puts around it.
fn plain_name(name: &str) -> String {
    if let Some(name) = name.strip_prefix("DnsName(\"").and_then(|rest| rest.strip_suffix("\")")) {
        return match name.parse::<IpAddr>() {
            Ok(_) => format!("{name} (as a host name, not as an address)"),
            Err(_) => name.to_owned(),
        };
    }
    match name.strip_prefix("IpAddress(").and_then(|rest| rest.strip_suffix(')')) {
        Some(address) => {
            address.parse::<IpAddr>().map_or_else(|_| address.to_owned(), |address| address.to_string())
        }
        None => name.to_owned(),
    }
}

/// The date and time in UTC.
fn date(time: UnixTime) -> String {
    let seconds = time.as_secs();
    let (days, second) = (seconds / 86400, seconds % 86400);
    // Counted from 1 March of the year 0, leap days come last in a year: 146097 days make 400 years.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn names_alerts_as_the_standard_does() {
        for (alert, expected) in [
            (AlertDescription::HandshakeFailure, "handshake_failure"),
            (AlertDescription::UnknownCA, "unknown_ca"),
            (AlertDescription::UnrecognisedName, "unrecognized_name"),
            (AlertDescription::UnknownPSKIdentity, "unknown_psk_identity"),
            (AlertDescription::Unknown(200), "200"),
        ] {
            assert!(
                of_alert(alert).starts_with(&format!("the server sent the alert {expected}")),
                "{alert:?}"
            );
        }
    }

    #[test]
    fn writes_dates() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_735_689_599, "2024-12-31 23:59:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            assert_eq!(date(UnixTime::since_unix_epoch(Duration::from_secs(seconds))), expected);
        }
    }
}
