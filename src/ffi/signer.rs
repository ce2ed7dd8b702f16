//! The private key of the client's certificate, where it cannot be handed over.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;

use super::entry::{bytes, enter, out};
use super::handle::configure;
use super::hooks::{Context, socket_task_destroy_callback};
use super::status::{Failure, socket_task_status};
use super::types::socket_task_handle;
use crate::options::{HookId, Identity, SignatureAlgorithm, Signer};

/// How a signature is made: one of `SOCKET_TASK_SIGNATURE_…`, with the numbers of TLS (RFC 8446, section 4.2.3).
pub type socket_task_signature_algorithm = i32;

/// RSASSA-PKCS1-v1_5 with SHA-256. TLS 1.3 has no such signatures.
pub const SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA256: i32 = 0x0401;
/// ECDSA with P-256 and SHA-256; like all of ECDSA in DER, as a SEQUENCE of r and s.
pub const SOCKET_TASK_SIGNATURE_ECDSA_P256_SHA256: i32 = 0x0403;
/// RSASSA-PKCS1-v1_5 with SHA-384.
pub const SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA384: i32 = 0x0501;
/// ECDSA with P-384 and SHA-384.
pub const SOCKET_TASK_SIGNATURE_ECDSA_P384_SHA384: i32 = 0x0503;
/// RSASSA-PKCS1-v1_5 with SHA-512.
pub const SOCKET_TASK_SIGNATURE_RSA_PKCS1_SHA512: i32 = 0x0601;
/// ECDSA with P-521 and SHA-512.
pub const SOCKET_TASK_SIGNATURE_ECDSA_P521_SHA512: i32 = 0x0603;
/// RSASSA-PSS with SHA-256, for the mask too, and a salt as long as the digest.
pub const SOCKET_TASK_SIGNATURE_RSA_PSS_SHA256: i32 = 0x0804;
/// The same with SHA-384.
pub const SOCKET_TASK_SIGNATURE_RSA_PSS_SHA384: i32 = 0x0805;
/// The same with SHA-512.
pub const SOCKET_TASK_SIGNATURE_RSA_PSS_SHA512: i32 = 0x0806;
/// Ed25519.
pub const SOCKET_TASK_SIGNATURE_ED25519: i32 = 0x0807;

/// Takes a signature; see `socket_task_signature_set`. Valid during the signer's call.
pub struct socket_task_signature {
    bytes: Option<Vec<u8>>,
}

/// Is asked to sign `message`: the whole of it, and no digest. It answers by `socket_task_signature_set`, or not at all if it
/// cannot; the handshake fails then. On a thread of the library that may block, for different connections on several at once.
pub type socket_task_sign_callback = Option<
    unsafe extern "C" fn(
        algorithm: socket_task_signature_algorithm,
        message: *const u8,
        length: usize,
        signature: *mut socket_task_signature,
        context: *mut c_void,
    ),
>;

struct Hook {
    sign: unsafe extern "C" fn(
        socket_task_signature_algorithm,
        *const u8,
        usize,
        *mut socket_task_signature,
        *mut c_void,
    ),
    context: Context,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl Signer for Hook {
    fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = socket_task_signature { bytes: None };
        let algorithm = i32::from(algorithm as u16);
        // SAFETY: the promise of whoever set the signer.
        unsafe {
            (self.sign)(algorithm, message.as_ptr(), message.len(), &mut signature, self.context.pointer());
        }
        signature.bytes
    }

    /// The same function with the same context has the same key.
    fn id(&self) -> HookId {
        [self.sign as usize, 0, self.context.pointer() as usize]
    }
}

/// Answers: copies the signature into the place that the signer was given. The last call counts.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for NULL or a length of 0.
///
/// # Safety
/// `signature` is the one that the signer was given, and the signer has not returned; `data` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_signature_set(
    signature: *mut socket_task_signature,
    data: *const u8,
    length: usize,
) -> socket_task_status {
    enter(|| {
        // SAFETY: the caller's promise.
        let (signature, data) = unsafe { (out(signature, "signature")?, bytes(data, length, "data")?) };
        if data.is_empty() {
            return Err(Failure::argument("a signature has no bytes"));
        }
        signature.bytes = Some(data.into());
        Ok(())
    })
}

/// Sets the client's own certificate, as `socket_task_set_client_certificate` does, but for the private key: `sign` has
/// it, in a key store of the platform for example, and is asked for a signature in each TLS handshake with a server that
/// wants the certificate. Sessions are not resumed. The certificates are in PEM, or in DER one after the other, the own one first; its
/// key is RSA, P-256, P-384, P-521 or Ed25519. `destroy`, which can be NULL, is called when `sign` is not called any
/// more; if this function fails, it is called at once.
///
/// Returns `SOCKET_TASK_INVALID_ARGUMENT` for a certificate that is not valid or a `sign` that is NULL,
/// `SOCKET_TASK_INVALID_STATE` after `socket_task_connect`, or `SOCKET_TASK_INVALID_HANDLE`.
///
/// # Safety
/// `certificate` points to `length` bytes. Both callbacks may be called with `context` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn socket_task_set_client_signer(
    handle: socket_task_handle,
    certificate: *const u8,
    length: usize,
    sign: socket_task_sign_callback,
    destroy: socket_task_destroy_callback,
    context: *mut c_void,
) -> socket_task_status {
    let context = Context::new(context, destroy);
    configure(handle, |new| {
        let sign = sign.ok_or_else(|| Failure::argument("sign is NULL"))?;
        // SAFETY: the caller's promise.
        let certificate = unsafe { bytes(certificate, length, "certificate")? };
        let signer = Arc::new(Hook { sign, context });
        new.options.tls.client_certificate = Some(Identity::with_signer(certificate, signer)?);
        Ok(())
    })
}
