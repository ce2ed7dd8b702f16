package org.rustls.platformverifier;

/** What {@link CertificateVerifier} found. Rust reads the fields by their names. */
final class VerificationResult {
  static final int OK = 0;
  /** The system has no trust store to go by. */
  static final int UNAVAILABLE = 1;
  /** A certificate is past its validity, or not valid yet. */
  static final int EXPIRED = 2;
  /** The system does not trust the chain; the message says why. */
  static final int UNKNOWN_CERTIFICATE = 3;
  /** The certificate was revoked; the message says when. */
  static final int REVOKED = 4;
  /** A certificate cannot be read. */
  static final int INVALID_ENCODING = 5;
  /** The certificate is not for TLS servers. */
  static final int INVALID_EXTENSION = 6;

  final int code;
  /** Never null where there is something wrong. */
  final String message;

  private VerificationResult(int code, String message) {
    this.code = code;
    this.message = message;
  }

  static VerificationResult ok() {
    return new VerificationResult(OK, null);
  }

  static VerificationResult of(int code, Throwable cause) {
    return new VerificationResult(code, String.valueOf(cause.getMessage()));
  }

  static VerificationResult of(int code, String message) {
    return new VerificationResult(code, message);
  }
}
