package com.sockettask;

import java.util.List;

/** Why a connection failed. Immutable. */
public final class SocketTaskError {
  /** The part of a connection's life in which it failed. */
  public enum Phase {
    /** Reading the URL, or asking whether the app may connect to it. */
    URL,
    /** Resolving the host name. */
    DNS,
    /** Opening the TCP connection. */
    TCP,
    /** Asking a proxy for the connection. */
    PROXY,
    /** The TLS handshake, the check of the certificate included. */
    TLS,
    /** The opening handshake (RFC 6455, section 4). */
    HANDSHAKE,
    /** The open connection: the peer broke the WebSocket protocol. */
    PROTOCOL,
    /** The open connection: the peer stopped answering. */
    TIMEOUT,
    /** The open connection: it ended without a Close frame. */
    CLOSED;

    private static final Phase[] PHASES = values();
  }

  private final Phase phase;
  private final SocketTaskErrorCode code;
  private final int osError;
  private final int httpStatus;
  private final String message;
  private final List<SocketTaskHeader> headers;
  private final byte[] body;

  SocketTaskError(
      int phase, int code, int osError, int httpStatus, String message, String[] headers, byte[] body) {
    this.phase = Phase.PHASES[phase - 1];
    this.code = SocketTaskErrorCode.of(code);
    this.osError = osError;
    this.httpStatus = httpStatus;
    this.message = message;
    this.headers = SocketTaskHeader.list(headers);
    this.body = body;
  }

  /** {@return where in the connection's life it failed} */
  public Phase getPhase() {
    return phase;
  }

  /** {@return what went wrong, for programs} */
  public SocketTaskErrorCode getCode() {
    return code;
  }

  /** {@return what went wrong, for people, in English} */
  public String getMessage() {
    return message;
  }

  /** {@return the operating system's error number ({@code errno}); 0 when there is none} */
  public int getOsError() {
    return osError;
  }

  /** {@return the HTTP status of a server or proxy that refused; 0 when there is none} */
  public int getHttpStatus() {
    return httpStatus;
  }

  /** {@return the header fields of the refusal, in their order; empty when there is none} The list cannot be changed. */
  public List<SocketTaskHeader> getHeaders() {
    return headers;
  }

  /**
   * The value of a header field of the refusal.
   *
   * @param name the field's name, in whatever case
   * @return the first such field's value; null if there is none
   */
  public String getHeader(String name) {
    return SocketTaskHeader.find(headers, name);
  }

  /** {@return the first bytes of the refusal's body, 1024 at most; a new array for each call} */
  public byte[] getBody() {
    return body.clone();
  }

  @Override
  public String toString() {
    return "SocketTaskError{" + phase + ", " + code + ": " + message + "}";
  }
}
