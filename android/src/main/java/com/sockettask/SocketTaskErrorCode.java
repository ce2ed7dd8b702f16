package com.sockettask;

/** What went wrong, finer than the {@link SocketTaskError.Phase phase}. Later versions may add constants. */
public enum SocketTaskErrorCode {
  /** None of the others; the message tells. */
  OTHER(1),
  /** The time to open ran out; the phase tells where. */
  TIMED_OUT(2),
  /** The host name has no address. */
  NAME_NOT_RESOLVED(3),
  /** The host refused the TCP connection. */
  CONNECTION_REFUSED(4),
  /** There is no route to the host. */
  UNREACHABLE(5),
  /** The connection was reset. */
  CONNECTION_RESET(6),
  /** The connection ended (TCP FIN) where more was due. */
  CONNECTION_ENDED(7),
  /** The TLS handshake failed for another reason than the certificate. */
  TLS_FAILED(8),
  /** The certificate is past its validity. */
  CERTIFICATE_EXPIRED(9),
  /** The certificate is not valid yet. */
  CERTIFICATE_NOT_YET_VALID(10),
  /** The certificate is for other names. */
  CERTIFICATE_WRONG_HOST(11),
  /** No trusted root certificate leads to the certificate. */
  CERTIFICATE_UNKNOWN_ISSUER(12),
  /** The certificate was revoked. */
  CERTIFICATE_REVOKED(13),
  /** The certificate is unacceptable for another reason. */
  CERTIFICATE_INVALID(14),
  /** No certificate of the chain has a pinned key. */
  PIN_MISMATCH(15),
  /** The proxy refused the connection. */
  PROXY_REFUSED(16),
  /** The proxy wants credentials, or others. */
  PROXY_AUTHENTICATION(17),
  /** The server answered with another HTTP status than 101. */
  HTTP_STATUS(18),
  /** The server's response is no valid answer to the opening handshake. */
  BAD_HANDSHAKE(19),
  /** {@code Sec-WebSocket-Accept} does not match the key. */
  ACCEPT_MISMATCH(20),
  /** The server chose a sub-protocol that was not offered. */
  BAD_PROTOCOL(21),
  /** The server chose an extension, or a parameter of one, that was not offered. */
  BAD_EXTENSION(22),
  /** A redirect that may not be followed. */
  BAD_REDIRECT(23),
  /** The peer broke the protocol; it was sent close code 1002. */
  PROTOCOL_VIOLATION(24),
  /** A text message is not UTF-8; the peer was sent close code 1007. */
  INVALID_UTF8(25),
  /** A message is larger than the limit; the peer was sent close code 1009. */
  MESSAGE_TOO_BIG(26),
  /** A compressed message does not decompress; the peer was sent close code 1007. */
  BAD_COMPRESSION(27),
  /** No pong came in time. */
  PONG_TIMEOUT(28),
  /** The platform does not let the app make connections that are not encrypted ({@code ws:}). */
  CLEARTEXT_NOT_PERMITTED(29);

  private final int value;

  SocketTaskErrorCode(int value) {
    this.value = value;
  }

  static SocketTaskErrorCode of(int value) {
    for (SocketTaskErrorCode code : values()) {
      if (code.value == value) {
        return code;
      }
    }
    return OTHER;
  }
}
