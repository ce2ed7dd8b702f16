package com.sockettask;

/** How a connection was lost, or why it could not be made. Immutable. */
public final class SocketTaskLoss {
  private final int code;
  private final String reason;
  private final boolean clean;
  private final SocketTaskError error;

  SocketTaskLoss(int code, String reason, boolean clean, SocketTaskError error) {
    this.code = code;
    this.reason = reason;
    this.clean = clean;
    this.error = error;
  }

  /** {@return the close code, as {@link SocketTaskClose#getCode}} */
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

  /** {@return why it failed; null where a Close frame of the peer has ended it} */
  public SocketTaskError getError() {
    return error;
  }

  /** Without the reason, which is the peer's. */
  @Override
  public String toString() {
    return "SocketTaskLoss{" + code + (clean ? ", clean" : "") + (error == null ? "}" : ", " + error + "}");
  }
}
