package com.sockettask;

/** How a connection ended, as it was on the wire. Immutable. */
public final class SocketTaskClose {
  private final int code;
  private final String reason;
  private final boolean clean;

  SocketTaskClose(int code, String reason, boolean clean) {
    this.code = code;
    this.reason = reason;
    this.clean = clean;
  }

  /**
   * {@return the peer's close code; 1005 when its Close frame had none, 1006 when no Close frame came, 1015 when the TLS
   * handshake itself failed (RFC 6455, section 7.4.1)}
   */
  public int getCode() {
    return code;
  }

  /** {@return the peer's reason; empty for none} */
  public String getReason() {
    return reason;
  }

  /** {@return whether both sides sent a Close frame (RFC 6455, section 7.1.4)} */
  public boolean wasClean() {
    return clean;
  }

  @Override
  public String toString() {
    return "SocketTaskClose{" + code + ", " + reason + (clean ? ", clean}" : "}");
  }
}
