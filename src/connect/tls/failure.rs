//! TLS failures in words for people.

use std::io;
use std::net::IpAddr;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError, InvalidMessage, OtherError};

use super::verifier::{PinMismatch, is_ca_used_as_end_entity};
use crate::error::{Error, ErrorCode, Phase};

/// The error of a TLS handshake with the server `host`.
pub(super) fn of_handshake(error: &io::Error, host: &str) -> Error {
    if let Some(error) = of_rustls(error, host) {
        return error;
    }
    if error.kind() == io::ErrorKind::UnexpectedEof {
        let message = format!("{host} closed the connection during the TLS handshake");
        return Error::new(Phase::Tls, ErrorCode::ConnectionEnded, message);
    }
    Error::from_io(Phase::Tls, error, format_args!("the TLS handshake with {host} failed"))
}

/// The error of the TLS layer itself, if it is one.
pub(super) fn of_rustls(error: &io::Error, host: &str) -> Option<Error> {
    let error = error.get_ref()?.downcast_ref::<TlsError>()?;
    let (code, reason) = match error {
        TlsError::InvalidCertificate(certificate) => return Some(of_certificate(certificate, error, host)),
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => (
            ErrorCode::TlsFailed,
            "the server's answer is not TLS; is this the port of a ws:// server?".to_owned(),
        ),
        TlsError::AlertReceived(alert) => (ErrorCode::TlsFailed, of_alert(*alert)),
        other => (ErrorCode::TlsFailed, other.to_string()),
    };
    Some(Error::new(Phase::Tls, code, format!("the TLS handshake with {host} failed: {reason}")))
}

fn of_alert(alert: AlertDescription) -> String {
    let name = alert.as_str().unwrap_or("unknown");
    let meaning = match alert {
        AlertDescription::CertificateRequired => ": it wants a client certificate",
        AlertDescription::UnknownCA
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown => ": it does not accept the client certificate",
        AlertDescription::ProtocolVersion => ": it supports neither of the TLS versions allowed here",
        AlertDescription::UnrecognisedName => ": it does not know this host name",
        _ => "",
    };
    format!("the server sent the alert {name}{meaning}")
}

fn of_certificate(certificate: &CertificateError, error: &TlsError, host: &str) -> Error {
    let (code, reason) = match certificate {
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
        CertificateError::UnknownIssuer => {
            (ErrorCode::CertificateUnknownIssuer, "no trusted authority has issued it".to_owned())
        }
        CertificateError::Revoked => (ErrorCode::CertificateRevoked, "it was revoked".to_owned()),
        CertificateError::BadEncoding => (ErrorCode::CertificateInvalid, "it cannot be read".to_owned()),
        CertificateError::BadSignature => {
            (ErrorCode::CertificateInvalid, "its signature is not of the authority that it names".to_owned())
        }
        _ if is_ca_used_as_end_entity(error) => (
            ErrorCode::CertificateUnknownIssuer,
            "it is the certificate of an authority or self-signed, and not among the trusted ones".to_owned(),
        ),
        CertificateError::Other(OtherError(other)) if other.is::<PinMismatch>() => {
            (ErrorCode::PinMismatch, other.to_string())
        }
        CertificateError::Other(OtherError(other)) => (ErrorCode::CertificateInvalid, other.to_string()),
        other => (ErrorCode::CertificateInvalid, other.to_string()),
    };
    Error::new(Phase::Tls, code, format!("the certificate of {host} is not acceptable: {reason}"))
}

/// A name as the certificate has it, without the words that the path builder puts around it.
fn plain_name(name: &str) -> String {
    if let Some(name) = name.strip_prefix("DnsName(\"").and_then(|rest| rest.strip_suffix("\")")) {
        return name.to_owned();
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
