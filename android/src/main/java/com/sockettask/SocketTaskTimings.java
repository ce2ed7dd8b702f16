package com.sockettask;

/**
 * When the phases of connecting began and ended, in microseconds since the connection was started. Both are the same for a
 * phase that was not needed. Immutable.
 */
public final class SocketTaskTimings {
  private final long[] times;

  /** Start and end of: DNS, TCP, proxy, TLS, handshake. */
  SocketTaskTimings(long[] times) {
    this.times = times;
  }

  /** {@return when resolving the host name began} */
  public long getDnsStart() {
    return times[0];
  }

  /** {@return when the host name was resolved} */
  public long getDnsEnd() {
    return times[1];
  }

  /** {@return when opening the TCP connection began} */
  public long getTcpStart() {
    return times[2];
  }

  /** {@return when the TCP connection was open} */
  public long getTcpEnd() {
    return times[3];
  }

  /** {@return when asking the proxy for the connection began, with the TLS handshake with the proxy} */
  public long getProxyStart() {
    return times[4];
  }

  /** {@return when the proxy had made the connection} */
  public long getProxyEnd() {
    return times[5];
  }

  /** {@return when the TLS handshake with the server began} */
  public long getTlsStart() {
    return times[6];
  }

  /** {@return when the TLS handshake with the server was done} */
  public long getTlsEnd() {
    return times[7];
  }

  /** {@return when the opening handshake began} */
  public long getHandshakeStart() {
    return times[8];
  }

  /** {@return when the opening handshake was done} */
  public long getHandshakeEnd() {
    return times[9];
  }
}
