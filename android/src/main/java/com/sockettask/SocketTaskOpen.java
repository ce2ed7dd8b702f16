package com.sockettask;

import java.util.List;

/** What the server said when it opened the WebSocket, and how long that took. Immutable. */
public final class SocketTaskOpen {
  private final int httpStatus;
  private final boolean tlsResumed;
  private final List<SocketTaskHeader> headers;
  private final String[] texts;
  private final SocketTaskTimings timings;
  private final int attempt;

  /** {@code texts}: protocol, extensions, remote address, TLS version, TLS cipher. */
  SocketTaskOpen(
      int httpStatus, boolean tlsResumed, String[] headers, String[] texts, long[] times, int attempt) {
    this.httpStatus = httpStatus;
    this.tlsResumed = tlsResumed;
    this.headers = SocketTaskHeader.list(headers);
    this.texts = texts;
    this.timings = new SocketTaskTimings(times);
    this.attempt = attempt;
  }

  /** {@return the HTTP status: 101} */
  public int getHttpStatus() {
    return httpStatus;
  }

  /** {@return the header fields of the response, in their order; repeated ones are not joined} The list cannot be changed. */
  public List<SocketTaskHeader> getHeaders() {
    return headers;
  }

  /**
   * The value of a header field.
   *
   * @param name the field's name, in whatever case
   * @return the first such field's value; null if there is none
   */
  public String getHeader(String name) {
    return SocketTaskHeader.find(headers, name);
  }

  /** {@return the sub-protocol that the server chose; empty for none} */
  public String getProtocol() {
    return texts[0];
  }

  /** {@return the extensions in use, as in {@code Sec-WebSocket-Extensions}; empty for none} */
  public String getExtensions() {
    return texts[1];
  }

  /** {@return the peer's IP address and port, {@code 192.0.2.1:443} or {@code [2001:db8::1]:443}} */
  public String getRemoteAddress() {
    return texts[2];
  }

  /** {@return {@code TLSv1.2} or {@code TLSv1.3}; empty without TLS} */
  public String getTlsVersion() {
    return texts[3];
  }

  /** {@return the cipher suite in IANA's spelling; empty without TLS} */
  public String getTlsCipher() {
    return texts[4];
  }

  /** {@return whether an earlier TLS session was resumed} */
  public boolean isTlsResumed() {
    return tlsResumed;
  }

  /** {@return when each phase began and ended} */
  public SocketTaskTimings getTimings() {
    return timings;
  }

  /** {@return which attempt in a row this was; 0 for the first} See {@link SocketTaskBuilder#reconnect}. */
  public int getAttempt() {
    return attempt;
  }

  @Override
  public String toString() {
    return "SocketTaskOpen{" + getRemoteAddress() + ", protocol=" + getProtocol() + "}";
  }
}
