//! How both sides of a `wss:` connection are authenticated.

use std::ffi::c_char;

use super::entry::{bytes, text};
use super::handle::configure;
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::{self, Identity, Sha256, TlsVersion, TrustRoots, check};

/// Which certificate authorities are trusted: one of `SOCKET_TASK_TRUST_ROOTS_…`.
pub type socket_task_trust_roots = i32;

/// The platform's, by the platform's own rules. The default.
pub const SOCKET_TASK_TRUST_ROOTS_SYSTEM: i32 = 0;
/// Mozilla's, as they were when the library was built.
pub const SOCKET_TASK_TRUST_ROOTS_BUNDLED: i32 = 1;
/// None but those of `socket_task_add_ca_certificates`.
pub const SOCKET_TASK_TRUST_ROOTS_NONE: i32 = 2;

/// A TLS version: one of `SOCKET_TASK_TLS_…`.
pub type socket_task_tls_version = i32;

/// TLS 1.2 (RFC 5246).
pub const SOCKET_TASK_TLS_1_2: i32 = 12;
/// TLS 1.3 (RFC 8446).
pub const SOCKET_TASK_TLS_1_3: i32 = 13;

/// Sets which certificate authorities are trusted on `wss:`: one of `SOCKET_TASK_TRUST_ROOTS_…`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another value, or for `SOCKET_TASK_TRUST_ROOTS_BUNDLED`
/// in a library built without them; `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or
/// `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_trust_roots(
    handle: socket_task_handle,
    roots: socket_task_trust_roots,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.tls.roots = match roots {
            SOCKET_TASK_TRUST_ROOTS_SYSTEM => TrustRoots::System,
            SOCKET_TASK_TRUST_ROOTS_BUNDLED => TrustRoots::Bundled.available()?,
            SOCKET_TASK_TRUST_ROOTS_NONE => TrustRoots::None,
            _ => return Err(Failure::argument(format!("{roots} is none of SOCKET_TASK_TRUST_ROOTS_…"))),
        };
        Ok(())
    })
}

/// Trusts more certificate authorities on `wss:`: one or more certificates, as PEM or one as DER. The
/// library copies them.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when there is no certificate in it,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `certificates` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_ca_certificates(
    handle: socket_task_handle,
    certificates: *const u8,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let data = unsafe { bytes(certificates, length, "certificates")? };
        new.options.tls.ca_certificates.extend(options::certificates(data)?);
        Ok(())
    })
}

/// Adds a pin: the SHA-256 digest of a public key (its SubjectPublicKeyInfo). If there are any, a
/// certificate of the verified chain must have one of them.
///
/// `pin` is `sha256/` and 44 characters of Base64, or 64 hexadecimal digits.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no digest, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `pin` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_pin(
    handle: socket_task_handle,
    pin: *const c_char,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let pin = Sha256::parse(unsafe { text(pin, length, "pin")? })?;
        new.options.tls.pins.push(pin);
        Ok(())
    })
}

/// Accepts one certificate of a server as it is, whoever issued it, for whatever host and time: the one
/// with this SHA-256 fingerprint, written as for `socket_task_add_pin`, colons allowed. For self-signed
/// certificates; there is no way to accept all of them.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no digest, `SOCKET_TASK_INVALID_STATE`
/// after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `fingerprint` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_add_accepted_certificate(
    handle: socket_task_handle,
    fingerprint: *const c_char,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let fingerprint = Sha256::parse(unsafe { text(fingerprint, length, "fingerprint")? })?;
        new.options.tls.accepted_certificates.push(fingerprint);
        Ok(())
    })
}

/// Sets the client's own certificate, for servers that ask for one: the certificate and those of its
/// issuers (PEM, the own one first, or one in DER) and the private key (PEM or DER; PKCS #8, SEC 1 or
/// PKCS #1; not encrypted). The library copies both.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` when one of both is not valid or they do not belong together,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `certificate` and `key` point to as many bytes as their lengths say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_client_certificate(
    handle: socket_task_handle,
    certificate: *const u8,
    certificate_length: usize,
    key: *const u8,
    key_length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let (certificate, key) = unsafe {
            (bytes(certificate, certificate_length, "certificate")?, bytes(key, key_length, "key")?)
        };
        new.options.tls.client_certificate = Some(Identity::new(certificate, key)?);
        Ok(())
    })
}

/// Sets the name to ask the server for and to find in its certificate, instead of the URL's host.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a text that is no host name or IP address,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `name` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_server_name(
    handle: socket_task_handle,
    name: *const c_char,
    length: usize,
) -> socket_task_status {
    configure(handle, |new| {
        // SAFETY: the caller's promise.
        let name = unsafe { text(name, length, "name")? };
        check::server_name(name)?;
        new.options.tls.server_name = Some(name.into());
        Ok(())
    })
}

/// Sets the lowest TLS version to accept: `SOCKET_TASK_TLS_1_2`, the default, or `SOCKET_TASK_TLS_1_3`.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for another value, `SOCKET_TASK_INVALID_STATE` after
/// `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub extern "C" fn socket_task_set_min_tls_version(
    handle: socket_task_handle,
    version: socket_task_tls_version,
) -> socket_task_status {
    configure(handle, |new| {
        new.options.tls.min_version = match version {
            SOCKET_TASK_TLS_1_2 => TlsVersion::Tls12,
            SOCKET_TASK_TLS_1_3 => TlsVersion::Tls13,
            _ => return Err(Failure::argument(format!("{version} is none of SOCKET_TASK_TLS_…"))),
        };
        Ok(())
    })
}
